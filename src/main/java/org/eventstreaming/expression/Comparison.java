package org.eventstreaming.expression;

import java.util.Iterator;
import java.util.List;
import org.eventstreaming.expression.Value.Bool;
import org.eventstreaming.expression.Value.Day;
import org.eventstreaming.expression.Value.Generator;
import org.eventstreaming.expression.Value.Mapping;
import org.eventstreaming.expression.Value.None;
import org.eventstreaming.expression.Value.Numeric;
import org.eventstreaming.expression.Value.Sequence;
import org.eventstreaming.expression.Value.SetValue;
import org.eventstreaming.expression.Value.Text;
import org.jspecify.annotations.Nullable;

/** The operators that ask how two values compare. */
enum Comparison {
  LESS("<"),
  GREATER(">"),
  LESS_OR_EQUAL("<="),
  GREATER_OR_EQUAL(">="),
  EQUAL("=="),
  NOT_EQUAL("!="),
  IN("in"),
  NOT_IN("not in"),
  IS("is"),
  IS_NOT("is not");

  private final String symbol;

  Comparison(String symbol) {
    this.symbol = symbol;
  }

  boolean holds(Value left, Value right, Evaluation run) {
    return switch (this) {
      case EQUAL -> equal(left, right, run);
      case NOT_EQUAL -> !equal(left, right, run);
      case IN -> contains(right, left, run);
      case NOT_IN -> !contains(right, left, run);
      case IS -> identical(left, right);
      case IS_NOT -> !identical(left, right);
      case LESS, GREATER, LESS_OR_EQUAL, GREATER_OR_EQUAL -> ordered(left, right, run);
    };
  }

  static boolean equal(Value left, Value right, Evaluation run) {
    run.work(Math.min(left.weight(), right.weight()));
    return left.equals(right);
  }

  /** Python leaves open whether equal numbers and texts are one object; here they are. */
  private static boolean identical(Value left, Value right) {
    if (left instanceof Bool || left instanceof Numeric || left instanceof Text) {
      return left.getClass() == right.getClass() && left.equals(right);
    }
    return left instanceof None ? right instanceof None : left == right;
  }

  static boolean contains(Value container, Value value, Evaluation run) {
    if (container instanceof Text text) {
      if (!(value instanceof Text part)) {
        throw Refused.operand("only text can be in a text", value);
      }
      run.search(text.value(), part.value());
      return text.value().contains(part.value());
    }
    if (container instanceof Sequence sequence) {
      run.work(sequence.weight());
      return sequence.items().contains(value);
    }
    if (container instanceof SetValue set) {
      if (value instanceof SetValue) {
        return false;
      }
      return set.items().contains(run.key(value, set.items().size()));
    }
    if (container instanceof Mapping mapping) {
      return mapping.find(run.key(value, 0)) != null;
    }
    if (container instanceof Generator generator) {
      for (Iterator<Value> values = generator.values(); values.hasNext(); ) {
        if (equal(values.next(), value, run)) {
          return true;
        }
      }
      return false;
    }
    throw new Refused(
        "'in' needs a text, a list or the like on its right, not %s%s"
            .formatted(
                container.type(),
                container instanceof None ? "; a field that is empty is None" : ""));
  }

  private boolean ordered(Value left, Value right, Evaluation run) {
    if (left instanceof SetValue first && right instanceof SetValue second) {
      run.work(first.weight() + second.weight());
      return subset(first, second);
    }
    Integer order = order(left, right, run);
    return order != null && accepts(order);
  }

  private boolean subset(SetValue left, SetValue right) {
    boolean equal = left.items().size() == right.items().size();
    return switch (this) {
      case LESS -> !equal && right.items().containsAll(left.items());
      case LESS_OR_EQUAL -> right.items().containsAll(left.items());
      case GREATER -> !equal && left.items().containsAll(right.items());
      default -> left.items().containsAll(right.items());
    };
  }

  private boolean accepts(int order) {
    return switch (this) {
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      default -> order >= 0;
    };
  }

  /** Null where a number is not a number. */
  private @Nullable Integer order(Value left, Value right, Evaluation run) {
    if (left instanceof Numeric first && right instanceof Numeric second) {
      return Numeric.compare(first, second);
    }
    if (left instanceof Text first && right instanceof Text second) {
      run.work(Math.min(first.weight(), second.weight()));
      return first.compareTo(second);
    }
    if (left instanceof Day first && right instanceof Day second) {
      return first.value().compareTo(second.value());
    }
    if (left instanceof Sequence first
        && right instanceof Sequence second
        && first.getClass() == second.getClass()) {
      run.work(Math.min(first.weight(), second.weight()));
      return order(first.items(), second.items(), run);
    }
    throw new Refused(
        "%s cannot compare %s and %s%s"
            .formatted(symbol, left.type(), right.type(), advice(left, right)));
  }

  /** The first two that differ decide. */
  private @Nullable Integer order(List<Value> left, List<Value> right, Evaluation run) {
    int length = Math.min(left.size(), right.size());
    for (int i = 0; i < length; i++) {
      if (!left.get(i).equals(right.get(i))) {
        return order(left.get(i), right.get(i), run);
      }
    }
    return Integer.compare(left.size(), right.size());
  }

  private static String advice(Value left, Value right) {
    if (left instanceof None || right instanceof None) {
      return "; a field that is empty is None, (doc.x or 0) makes it 0";
    }
    if (left instanceof Day || right instanceof Day) {
      return "; frappe.utils.getdate(…) makes a date of a text";
    }
    if (left instanceof Text || right instanceof Text) {
      return "; int(…) or float(…) makes a number of a text";
    }
    return "";
  }
}
