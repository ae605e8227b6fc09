package org.eventstreaming.expression;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.eventstreaming.expression.Value.Bool;
import org.eventstreaming.expression.Value.Int;
import org.eventstreaming.expression.Value.Mapping;
import org.eventstreaming.expression.Value.None;
import org.eventstreaming.expression.Value.Numeric;
import org.eventstreaming.expression.Value.Real;
import org.eventstreaming.expression.Value.Sequence;
import org.eventstreaming.expression.Value.SetValue;
import org.eventstreaming.expression.Value.Text;
import org.jspecify.annotations.Nullable;

/** All functions by name: Python's, and those of {@code frappe}. */
final class Functions {
  static final Map<String, Function> BY_NAME = byName();

  /** A double has no digit beyond. */
  private static final int MOST_DECIMALS = 400;

  private static Map<String, Function> byName() {
    Map<String, Function> functions = new TreeMap<>(FrappeFunctions.BY_NAME);
    functions.put("int", Functions::integer);
    functions.put("long", Functions::integer);
    functions.put("float", Functions::real);
    functions.put("round", Functions::round);
    functions.put("str", (arguments, run) -> text(arguments.bind(0, "object")[0], run));
    functions.put("bool", (arguments, run) -> bool(arguments.bind(0, "object")[0]));
    functions.put("len", (arguments, run) -> length(arguments.only("object"), run));
    functions.put("abs", (arguments, run) -> absolute(arguments.only("number"), run));
    functions.put("any", (arguments, run) -> decides(true, arguments.only("list"), run));
    functions.put("all", (arguments, run) -> decides(false, arguments.only("list"), run));
    functions.put("sum", Functions::sum);
    functions.put("min", (arguments, run) -> extreme(Comparison.LESS, arguments, run));
    functions.put("max", (arguments, run) -> extreme(Comparison.GREATER, arguments, run));
    return Map.copyOf(functions);
  }

  private static Value integer(Arguments arguments, Evaluation run) {
    @Nullable Value[] bound = arguments.bind(0, "number", "base");
    Value value = bound[0];
    if (value == null) {
      return Int.of(0);
    }
    int radix = bound[1] == null ? 10 : arguments.integer(bound[1], "base");
    if (radix != 0 && (radix < 2 || radix > 36)) {
      throw new Refused("the base of int() must be 0 or from 2 to 36, not %d".formatted(radix));
    }
    if (value instanceof Text text) {
      BigInteger read = NumberText.integer(text.value(), radix);
      if (read == null) {
        throw NumberText.notANumber("int", text);
      }
      return run.integer(read);
    }
    if (bound[1] != null) {
      throw Refused.operand("int() with a base needs a text", value);
    }
    if (value instanceof Real real) {
      return run.integer(whole("int", real).toBigInteger());
    }
    if (value instanceof Numeric number) {
      return run.integer(number.integer());
    }
    throw cannotRead("int", value);
  }

  private static BigDecimal whole(String function, Real real) {
    if (!Double.isFinite(real.value())) {
      throw new Refused("%s() has no integer for %s".formatted(function, Repr.of(real)));
    }
    return new BigDecimal(real.value());
  }

  private static Value real(Arguments arguments, Evaluation run) {
    Value value = arguments.bind(0, "number")[0];
    if (value == null) {
      return new Real(0);
    }
    if (value instanceof Text text) {
      run.work(text.weight());
      Double read = NumberText.real(text.value());
      if (read == null) {
        throw NumberText.notANumber("float", text);
      }
      return new Real(read);
    }
    if (value instanceof Numeric number) {
      return new Real(Arithmetic.real(number));
    }
    throw cannotRead("float", value);
  }

  private static Refused cannotRead(String function, Value value) {
    return new Refused(
        "%s() cannot read %s%s"
            .formatted(
                function,
                value.type(),
                value instanceof None
                    ? "; a field that is empty is None: frappe.utils.flt and cint make 0 of it"
                    : ""));
  }

  /** To the even neighbour where both are equally near. */
  private static Value round(Arguments arguments, Evaluation run) {
    @Nullable Value[] bound = arguments.bind(1, "number", "ndigits");
    if (!(bound[0] instanceof Numeric number)) {
      throw Refused.operand("round() needs a number", bound[0] == null ? None.NONE : bound[0]);
    }
    if (arguments.absent(bound[1])) {
      return run.integer(
          number instanceof Real real
              ? whole("round", real).setScale(0, RoundingMode.HALF_EVEN).toBigInteger()
              : number.integer());
    }
    int digits = arguments.integer(bound[1], "ndigits");
    if (number instanceof Real real) {
      return new Real(rounded(real.value(), digits));
    }
    if (digits >= 0) {
      return run.integer(number.integer());
    }
    if (digits < -Evaluation.MOST_BITS) {
      return Int.of(0);
    }
    BigDecimal rounded = new BigDecimal(number.integer()).setScale(digits, RoundingMode.HALF_EVEN);
    return run.integer(rounded.toBigInteger());
  }

  static double rounded(double value, int digits) {
    if (!Double.isFinite(value) || value == 0 || digits > MOST_DECIMALS) {
      return value;
    }
    if (digits < -MOST_DECIMALS) {
      return Math.copySign(0, value);
    }
    double rounded = new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
    if (Double.isInfinite(rounded)) {
      throw new Refused("the rounded number is too large for a float");
    }
    return Math.copySign(rounded, value);
  }

  private static Value text(@Nullable Value value, Evaluation run) {
    return value instanceof Text text ? text : run.text(value == null ? "" : Repr.str(value));
  }

  private static Value bool(@Nullable Value value) {
    return Bool.of(value != null && value.truthy());
  }

  private static Value length(Value value, Evaluation run) {
    if (value instanceof Text text) {
      run.work(text.weight());
      return Int.of(Characters.length(text.value()));
    }
    if (value instanceof Sequence sequence) {
      return Int.of(sequence.items().size());
    }
    if (value instanceof SetValue set) {
      return Int.of(set.items().size());
    }
    if (value instanceof Mapping mapping) {
      return Int.of(mapping.entries().size());
    }
    throw new Refused(
        "len() needs a text or a list, not %s%s"
            .formatted(
                value.type(),
                value instanceof None ? "; (doc.x or []) makes an empty list of it" : ""));
  }

  private static Value absolute(Value value, Evaluation run) {
    if (value instanceof Real real) {
      return new Real(Math.abs(real.value()));
    }
    if (value instanceof Numeric number) {
      return run.integer(number.integer().abs());
    }
    throw Refused.operand("abs() needs a number", value);
  }

  private static Value decides(boolean deciding, Value list, Evaluation run) {
    for (Iterator<Value> values = Iteration.over(list, run); values.hasNext(); ) {
      if (values.next().truthy() == deciding) {
        return Bool.of(deciding);
      }
    }
    return Bool.of(!deciding);
  }

  private static Value sum(Arguments arguments, Evaluation run) {
    @Nullable Value[] bound = arguments.bind(1, "list", "start");
    Value sum = bound[1] == null ? Int.of(0) : bound[1];
    if (sum instanceof Text) {
      throw new Refused("sum() does not join texts; use ''.join(…)");
    }
    Arithmetic arithmetic = new Arithmetic(run);
    Value list = bound[0] == null ? None.NONE : bound[0];
    for (Iterator<Value> values = Iteration.over(list, run); values.hasNext(); ) {
      sum = arithmetic.apply(Operator.ADD, sum, values.next());
    }
    return sum;
  }

  private static Value extreme(Comparison better, Arguments arguments, Evaluation run) {
    boolean several = arguments.positional().size() > 1;
    Value standIn = arguments.named().get("default");
    if (arguments.positional().isEmpty()
        || arguments.named().size() > (standIn == null ? 0 : 1)
        || (several && standIn != null)) {
      throw new Refused(
          "%s() needs a list, which may have a 'default', or several values"
              .formatted(arguments.function()));
    }
    Iterator<Value> values =
        several
            ? arguments.positional().iterator()
            : Iteration.over(arguments.positional().get(0), run);
    Value best = null;
    while (values.hasNext()) {
      Value next = values.next();
      best = best == null || better.holds(next, best, run) ? next : best;
    }
    if (best != null) {
      return best;
    }
    if (standIn == null) {
      throw new Refused("%s() of an empty list; give it default=…".formatted(arguments.function()));
    }
    return standIn;
  }

  private Functions() {}
}
