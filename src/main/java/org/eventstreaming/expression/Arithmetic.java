package org.eventstreaming.expression;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eventstreaming.expression.Value.Bool;
import org.eventstreaming.expression.Value.Mapping;
import org.eventstreaming.expression.Value.Numeric;
import org.eventstreaming.expression.Value.Real;
import org.eventstreaming.expression.Value.Sequence;
import org.eventstreaming.expression.Value.SetValue;
import org.eventstreaming.expression.Value.Text;
import org.jspecify.annotations.Nullable;

/** What the operators do. */
final class Arithmetic {
  private final Evaluation run;

  Arithmetic(Evaluation run) {
    this.run = run;
  }

  Value apply(Operator operator, Value left, Value right) {
    if (left instanceof Numeric first && right instanceof Numeric second) {
      return first instanceof Real || second instanceof Real
          ? reals(operator, first, second)
          : integers(operator, first, second);
    }
    Value result =
        switch (operator) {
          case ADD -> join(left, right);
          case MULTIPLY ->
              left instanceof Numeric times ? repeat(right, times) : repeat(left, right);
          case MODULO ->
              left instanceof Text format ? new PercentFormat(format, right, run).text() : null;
          case OR, AND, XOR, SUBTRACT -> sets(operator, left, right);
          case LEFT, RIGHT, DIVIDE, FLOOR, POWER -> null;
        };
    if (result == null) {
      throw unsupported(operator, left, right);
    }
    return result;
  }

  Value negate(Value value) {
    if (value instanceof Real real) {
      return new Real(-real.value());
    }
    return run.integer(integer("-", value).negate());
  }

  Value plus(Value value) {
    return value instanceof Real ? value : run.integer(integer("+", value));
  }

  Value invert(Value value) {
    return run.integer(integer("~", value).not());
  }

  private static BigInteger integer(String operator, Value value) {
    if (value instanceof Numeric number && !(number instanceof Real)) {
      return number.integer();
    }
    throw new Refused("%s cannot be applied to %s".formatted(operator, value.type()));
  }

  private Value integers(Operator operator, Numeric left, Numeric right) {
    BigInteger first = left.integer();
    BigInteger second = right.integer();
    boolean bools = left instanceof Bool && right instanceof Bool;
    return switch (operator) {
      case ADD -> run.integer(first.add(second));
      case SUBTRACT -> run.integer(first.subtract(second));
      case MULTIPLY -> run.integer(first.multiply(second));
      case DIVIDE -> new Real(quotient(first, notZero(second)));
      case FLOOR -> run.integer(floor(first, notZero(second)));
      case MODULO -> {
        BigInteger remainder = first.mod(notZero(second).abs());
        boolean below = second.signum() < 0 && remainder.signum() != 0;
        yield run.integer(below ? remainder.add(second) : remainder);
      }
      case POWER -> power(first, second);
      case LEFT -> shiftLeft(first, second);
      case RIGHT -> run.integer(first.shiftRight(shift(second)));
      case AND -> bits(first.and(second), bools);
      case OR -> bits(first.or(second), bools);
      case XOR -> bits(first.xor(second), bools);
    };
  }

  private Value bits(BigInteger value, boolean bool) {
    return bool ? Bool.of(value.signum() != 0) : run.integer(value);
  }

  private static BigInteger notZero(BigInteger divisor) {
    if (divisor.signum() == 0) {
      throw new Refused("division by zero");
    }
    return divisor;
  }

  private static BigInteger floor(BigInteger dividend, BigInteger divisor) {
    BigInteger[] parts = dividend.divideAndRemainder(divisor);
    boolean below = parts[1].signum() != 0 && parts[1].signum() != divisor.signum();
    return below ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  /**
   * Rounded once, as Python does: the quotient is taken to more bits than a double has, its last
   * bit that says whether anything was left, and only then rounded.
   */
  static double quotient(BigInteger dividend, BigInteger divisor) {
    int shift = Math.max(0, divisor.bitLength() - dividend.bitLength() + 66);
    BigInteger[] parts = dividend.abs().shiftLeft(shift).divideAndRemainder(divisor.abs());
    BigInteger scaled = parts[1].signum() == 0 ? parts[0] : parts[0].setBit(0);
    BigDecimal exact =
        new BigDecimal(scaled).divide(new BigDecimal(BigInteger.ONE.shiftLeft(shift)));
    double value = exact.doubleValue();
    if (Double.isInfinite(value)) {
      throw new Refused("the quotient of these integers is too large for a float");
    }
    return dividend.signum() < 0 == divisor.signum() < 0 ? value : -value;
  }

  private Value power(BigInteger base, BigInteger exponent) {
    if (exponent.signum() < 0) {
      return new Real(power(real(base), real(exponent)));
    }
    boolean stays = base.abs().compareTo(BigInteger.ONE) <= 0;
    if (stays) {
      return run.integer(
          exponent.signum() == 0
              ? BigInteger.ONE
              : base.signum() < 0 && !exponent.testBit(0) ? BigInteger.ONE : base);
    }
    // at least so many bits: the base has one more than its logarithm
    Evaluation.bits(exponent.bitLength() > 31 ? Long.MAX_VALUE : exponent.longValue());
    Evaluation.bits((base.abs().bitLength() - 1L) * exponent.longValue());
    return run.integer(base.pow(exponent.intValue()));
  }

  private Value shiftLeft(BigInteger value, BigInteger by) {
    int shift = shift(by);
    if (value.signum() != 0) {
      Evaluation.bits((long) value.bitLength() + shift);
    }
    return value.signum() == 0 ? run.integer(value) : run.integer(value.shiftLeft(shift));
  }

  private static int shift(BigInteger by) {
    if (by.signum() < 0) {
      throw new Refused("a shift cannot be negative");
    }
    return by.bitLength() > 31 ? Integer.MAX_VALUE : by.intValue();
  }

  static double real(BigInteger value) {
    double real = value.doubleValue();
    if (Double.isInfinite(real)) {
      throw new Refused("the integer is too large for a float");
    }
    return real;
  }

  /** The number as a float. */
  static double real(Numeric number) {
    return number instanceof Real real ? real.value() : real(number.integer());
  }

  private Value reals(Operator operator, Numeric left, Numeric right) {
    double first = real(left);
    double second = real(right);
    return switch (operator) {
      case ADD -> new Real(first + second);
      case SUBTRACT -> new Real(first - second);
      case MULTIPLY -> new Real(first * second);
      case DIVIDE -> new Real(first / notZero(second));
      case FLOOR -> new Real(floor(first, notZero(second)));
      case MODULO -> new Real(modulo(first, notZero(second)));
      case POWER -> new Real(power(first, second));
      case OR, XOR, AND, LEFT, RIGHT -> throw unsupported(operator, left, right);
    };
  }

  private static double notZero(double divisor) {
    if (divisor == 0) {
      throw new Refused("division by zero");
    }
    return divisor;
  }

  /** The remainder has the sign of the divisor, also where it is zero. */
  private static double modulo(double dividend, double divisor) {
    double remainder = dividend % divisor;
    if (remainder == 0) {
      return Math.copySign(0, divisor);
    }
    return (divisor < 0) == (remainder < 0) ? remainder : remainder + divisor;
  }

  private static double floor(double dividend, double divisor) {
    double remainder = dividend % divisor;
    double quotient = (dividend - remainder) / divisor;
    if (remainder != 0 && (divisor < 0) != (remainder < 0)) {
      quotient -= 1;
    }
    if (quotient == 0) {
      return Math.copySign(0, dividend / divisor);
    }
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
  }

  private static double power(double base, double exponent) {
    if (base == 0 && exponent < 0) {
      throw new Refused("zero cannot be raised to a negative power");
    }
    if (base == 1 || exponent == 0) {
      return 1;
    }
    if (base == -1 && Double.isInfinite(exponent)) {
      return 1;
    }
    boolean finite = Double.isFinite(base) && Double.isFinite(exponent);
    if (finite && base < 0 && exponent != Math.rint(exponent)) {
      throw new Refused("a root of a negative number is complex, which is not offered");
    }
    double result = StrictMath.pow(base, exponent);
    if (finite && Double.isInfinite(result)) {
      throw new Refused("the power is too large for a float");
    }
    return result;
  }

  private @Nullable Value join(Value left, Value right) {
    if (left instanceof Text first && right instanceof Text second) {
      Evaluation.room((long) first.value().length() + second.value().length());
      return run.text(first.value() + second.value());
    }
    if (left instanceof Sequence first
        && right instanceof Sequence second
        && first.getClass() == second.getClass()) {
      Evaluation.room(first.weight() + second.weight());
      List<Value> items = new ArrayList<>(first.items());
      items.addAll(second.items());
      return run.sequence(first, items);
    }
    return null;
  }

  private @Nullable Value repeat(Value value, Value times) {
    if (!(times instanceof Numeric number)
        || number instanceof Real
        || !(value instanceof Text || value instanceof Sequence)) {
      return null;
    }
    int count = number.integer().bitLength() > 31 ? Integer.MAX_VALUE : number.integer().intValue();
    if (number.integer().signum() <= 0) {
      count = 0;
    }
    if (value instanceof Text text) {
      Evaluation.room((long) text.value().length() * count);
      return run.text(text.value().isEmpty() ? "" : text.value().repeat(count));
    }
    Sequence sequence = (Sequence) value;
    if (sequence.items().isEmpty()) {
      return sequence;
    }
    Evaluation.room(sequence.weight() * count);
    List<Value> items = new ArrayList<>(sequence.items().size() * count);
    for (int i = 0; i < count; i++) {
      items.addAll(sequence.items());
    }
    return run.sequence(sequence, items);
  }

  private @Nullable Value sets(Operator operator, Value left, Value right) {
    if (operator == Operator.OR
        && left instanceof Mapping first
        && right instanceof Mapping second) {
      Evaluation.room(first.weight() + second.weight());
      Map<Value, Value> entries = new LinkedHashMap<>(first.entries());
      entries.putAll(second.entries());
      return run.dict(entries);
    }
    if (!(left instanceof SetValue first && right instanceof SetValue second)) {
      return null;
    }
    run.work(first.weight() + second.weight());
    Set<Value> items = new LinkedHashSet<>(first.items());
    switch (operator) {
      case OR -> items.addAll(second.items());
      case AND -> items.retainAll(second.items());
      case SUBTRACT -> items.removeAll(second.items());
      default -> {
        items.removeAll(second.items());
        second.items().stream().filter(item -> !first.items().contains(item)).forEach(items::add);
      }
    }
    return run.set(items);
  }

  private static Refused unsupported(Operator operator, Value left, Value right) {
    String advice = "";
    if (operator == Operator.ADD && left instanceof Text != right instanceof Text) {
      advice = "; make both text with str() or both numbers with flt()";
    } else if (left instanceof Value.None || right instanceof Value.None) {
      advice = "; a field that is empty is None, (doc.x or 0) makes it 0";
    } else if (left instanceof Value.Day || right instanceof Value.Day) {
      advice = "; use frappe.utils.add_days or frappe.utils.date_diff";
    }
    return new Refused(
        "%s cannot be applied to %s and %s%s"
            .formatted(operator.symbol(), left.type(), right.type(), advice));
  }
}
