package org.eventstreaming.expression;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.eventstreaming.expression.Value.Day;
import org.eventstreaming.expression.Value.Dict;
import org.eventstreaming.expression.Value.Int;
import org.eventstreaming.expression.Value.Mapping;
import org.eventstreaming.expression.Value.None;
import org.eventstreaming.expression.Value.Numeric;
import org.eventstreaming.expression.Value.Real;
import org.eventstreaming.expression.Value.Sequence;
import org.eventstreaming.expression.Value.Text;
import org.jspecify.annotations.Nullable;

/** What follows a value and asks it for something. */
sealed interface Trailer {
  int offset();

  Value apply(Value target, Evaluation run);

  /** {@code .name}: a field of a document or row. */
  record Attribute(int offset, String name) implements Trailer {
    @Override
    public Value apply(Value target, Evaluation run) {
      if (target instanceof DocumentValue document) {
        return document.field(name);
      }
      if (target instanceof Dict row) {
        Value value = row.find(new Text(name));
        return value == null ? None.NONE : value;
      }
      if (target instanceof Day day) {
        switch (name) {
          case "year" -> {
            return Int.of(day.value().getYear());
          }
          case "month" -> {
            return Int.of(day.value().getMonthValue());
          }
          case "day" -> {
            return Int.of(day.value().getDayOfMonth());
          }
          default -> {}
        }
      }
      throw new Refused("%s has no field '%s'%s".formatted(target.type(), name, advice(target)));
    }

    private String advice(Value target) {
      if (Methods.NAMES.contains(name)) {
        return "; to call it, write %s()".formatted(name);
      }
      if (target instanceof None) {
        return "; the value before it is empty";
      }
      return target instanceof Sequence
          ? "; it is a list: take one row with [0], or go through it with [row.%s for row in …]"
              .formatted(name)
          : "";
    }
  }

  /** {@code [index]}. */
  record Subscript(int offset, Node index) implements Trailer {
    @Override
    public Value apply(Value target, Evaluation run) {
      Value key = index.evaluate(run);
      if (target instanceof Mapping mapping) {
        Value value = mapping.find(run.key(key, 0));
        if (value == null) {
          throw new Refused(
              "there is no key %s; .get(…) gives None where a key may be missing"
                  .formatted(Shorten.text(Repr.of(key))));
        }
        return value;
      }
      if (target instanceof Sequence sequence) {
        return sequence.items().get(position(key, sequence.items().size()));
      }
      if (target instanceof Text text) {
        run.work(text.weight());
        int position = position(key, Characters.length(text.value()));
        int start = Characters.offset(text.value(), position);
        return new Text(Character.toString(text.value().codePointAt(start)));
      }
      throw new Refused("%s has no elements".formatted(target.type()));
    }

    private static int position(Value key, int size) {
      if (!(key instanceof Numeric number) || number instanceof Real) {
        throw Refused.operand("an index must be an int", key);
      }
      BigInteger index = number.integer();
      BigInteger position = index.signum() < 0 ? index.add(BigInteger.valueOf(size)) : index;
      if (position.signum() < 0 || position.compareTo(BigInteger.valueOf(size)) >= 0) {
        throw new Refused("there is no element %s, there are %d".formatted(index, size));
      }
      return position.intValue();
    }
  }

  /** {@code [from:to:step]}. */
  record Slice(int offset, @Nullable Node from, @Nullable Node to, @Nullable Node step)
      implements Trailer {
    @Override
    public Value apply(Value target, Evaluation run) {
      Value first = value(from, run);
      Value last = value(to, run);
      Value by = value(step, run);
      if (target instanceof Sequence sequence) {
        List<Value> items = new ArrayList<>();
        for (int position : positions(first, last, by, sequence.items().size(), run)) {
          items.add(sequence.items().get(position));
        }
        return run.sequence(sequence, items);
      }
      if (target instanceof Text text) {
        int[] characters = text.value().codePoints().toArray();
        int[] positions = positions(first, last, by, characters.length, run);
        StringBuilder slice = new StringBuilder(positions.length);
        for (int position : positions) {
          slice.appendCodePoint(characters[position]);
        }
        return run.text(slice.toString());
      }
      throw new Refused("%s cannot be sliced".formatted(target.type()));
    }

    private static Value value(@Nullable Node node, Evaluation run) {
      return node == null ? None.NONE : node.evaluate(run);
    }

    private static int[] positions(Value from, Value to, Value step, int size, Evaluation run) {
      run.work(size);
      int by = step instanceof None ? 1 : clamped(step, size + 1);
      if (by == 0) {
        throw new Refused("the step of a slice cannot be zero");
      }
      int lowest = by > 0 ? 0 : -1;
      int highest = by > 0 ? size : size - 1;
      int first = bound(from, by > 0 ? lowest : highest, lowest, highest, size);
      int last = bound(to, by > 0 ? highest : lowest, lowest, highest, size);
      int count = by > 0 ? last - first : first - last;
      int taken = count <= 0 ? 0 : (count - 1) / Math.abs(by) + 1;
      int[] positions = new int[taken];
      for (int i = 0; i < taken; i++) {
        positions[i] = first + i * by;
      }
      return positions;
    }

    private static int bound(Value value, int absent, int lowest, int highest, int size) {
      if (value instanceof None) {
        return absent;
      }
      int bound = clamped(value, 2 * size + 2);
      return Math.max(lowest, Math.min(highest, bound < 0 ? bound + size : bound));
    }

    private static int clamped(Value value, int most) {
      if (!(value instanceof Numeric number) || number instanceof Real) {
        throw Refused.operand("the bounds of a slice must be int or None", value);
      }
      BigInteger limit = BigInteger.valueOf(most);
      return number.integer().min(limit).max(limit.negate()).intValue();
    }
  }

  /** {@code .name(…)}. */
  record Method(int offset, String name, ArgumentNodes arguments) implements Trailer {
    @Override
    public Value apply(Value target, Evaluation run) {
      return Methods.call(target, arguments.evaluate(name, run), run);
    }
  }
}
