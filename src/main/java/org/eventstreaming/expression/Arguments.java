package org.eventstreaming.expression;

import java.util.List;
import java.util.Map;
import org.eventstreaming.expression.Value.None;
import org.eventstreaming.expression.Value.Numeric;
import org.eventstreaming.expression.Value.Real;
import org.eventstreaming.expression.Value.Text;
import org.jspecify.annotations.Nullable;

/** The values that a function or method is called with. */
record Arguments(String function, List<Value> positional, Map<String, Value> named) {
  /** Puts each argument in the place of its parameter; null where one is left out. */
  @Nullable Value[] bind(int required, String... parameters) {
    if (positional.size() > parameters.length) {
      throw new Refused(
          "%s() takes at most %d arguments, %d are given"
              .formatted(function, parameters.length, positional.size()));
    }
    @Nullable Value[] bound = new Value[parameters.length];
    for (int i = 0; i < positional.size(); i++) {
      bound[i] = positional.get(i);
    }
    List<String> names = List.of(parameters);
    named.forEach(
        (name, value) -> {
          int place = names.indexOf(name);
          if (place < 0 || bound[place] != null) {
            throw new Refused(
                "%s() %s '%s'"
                    .formatted(
                        function, place < 0 ? "has no argument" : "is given twice its", name));
          }
          bound[place] = value;
        });
    for (int i = 0; i < required; i++) {
      if (bound[i] == null) {
        throw new Refused("%s() needs its argument '%s'".formatted(function, parameters[i]));
      }
    }
    return bound;
  }

  /** The one argument that the function must have. */
  Value only(String parameter) {
    Value value = bind(1, parameter)[0];
    return value == null ? None.NONE : value;
  }

  String text(@Nullable Value value, String parameter) {
    if (value instanceof Text text) {
      return text.value();
    }
    throw Refused.operand(
        "%s() needs text as '%s'".formatted(function, parameter),
        value == null ? None.NONE : value);
  }

  /** An integer, cut to the range of an int: what is larger than that means "all". */
  int integer(Value value, String parameter) {
    if (value instanceof Numeric number && !(number instanceof Real)) {
      return number.integer().bitLength() < Integer.SIZE
          ? number.integer().intValue()
          : number.integer().signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    }
    throw Refused.operand("%s() needs an int as '%s'".formatted(function, parameter), value);
  }

  boolean absent(@Nullable Value value) {
    return value == null || value instanceof None;
  }
}
