package org.eventstreaming.expression;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.eventstreaming.expression.Value.Generator;
import org.eventstreaming.expression.Value.Mapping;
import org.eventstreaming.expression.Value.None;
import org.eventstreaming.expression.Value.Sequence;
import org.eventstreaming.expression.Value.SetValue;
import org.eventstreaming.expression.Value.Text;

/** Goes through what a value holds: elements, characters, keys. Each one counts as a step. */
final class Iteration {
  static Iterator<Value> over(Value value, Evaluation run) {
    Iterator<Value> values = uncounted(value);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return values.hasNext();
      }

      @Override
      public Value next() {
        run.step();
        return values.next();
      }
    };
  }

  static List<Value> all(Value value, Evaluation run) {
    List<Value> all = new ArrayList<>();
    over(value, run).forEachRemaining(all::add);
    return all;
  }

  private static Iterator<Value> uncounted(Value value) {
    if (value instanceof Sequence sequence) {
      return sequence.items().iterator();
    }
    if (value instanceof SetValue set) {
      return set.items().iterator();
    }
    if (value instanceof Mapping mapping) {
      return mapping.entries().keySet().iterator();
    }
    if (value instanceof Generator generator) {
      return generator.values();
    }
    if (value instanceof Text text) {
      return text.value()
          .codePoints()
          .mapToObj(character -> (Value) new Text(Character.toString(character)))
          .iterator();
    }
    throw new Refused(
        "%s is no list%s"
            .formatted(
                value.type(),
                value instanceof None
                    ? "; a field that is empty is None, (doc.x or []) makes it an empty list"
                    : ""));
  }

  private Iteration() {}
}
