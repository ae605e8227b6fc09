package org.eventstreaming.expression;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import org.eventstreaming.expression.Value.ListValue;
import org.eventstreaming.expression.Value.Mapping;
import org.eventstreaming.expression.Value.Numeric;
import org.eventstreaming.expression.Value.Real;
import org.eventstreaming.expression.Value.Text;
import org.eventstreaming.expression.Value.Tuple;

/** {@code "…" % arguments}. */
final class PercentFormat {
  private static final String FLAGS = "-+ #0";

  /** Digits cost more than characters do. */
  private static final int MOST_DIGITS = 1000;

  private final String format;
  private final Value arguments;
  private final List<Value> inOrder;
  private final Evaluation run;
  private final StringBuilder text = new StringBuilder();
  private int at;
  private int used;

  PercentFormat(Text format, Value arguments, Evaluation run) {
    this.format = format.value();
    this.arguments = arguments;
    this.inOrder = arguments instanceof Tuple tuple ? tuple.items() : List.of(arguments);
    this.run = run;
  }

  Text text() {
    while (at < format.length()) {
      char character = format.charAt(at++);
      if (character == '%') {
        conversion();
      } else {
        text.append(character);
      }
      Evaluation.room(text.length());
    }
    // as in Python, what can be asked by key need not be used up
    boolean byKey = arguments instanceof Mapping || arguments instanceof ListValue;
    if (used < inOrder.size() && !byKey) {
      throw new Refused("the format has fewer places than there are values after %");
    }
    return run.text(text.toString());
  }

  private void conversion() {
    Value keyed = peek() == '(' ? keyed() : null;
    String flags = flags();
    int width = number();
    String allFlags = width < 0 ? flags + "-" : flags;
    int precision = -1;
    if (peek() == '.') {
      at++;
      precision = Math.max(0, number());
    }
    if ("hlL".indexOf(peek()) >= 0 && peek() != 0) {
      at++;
    }
    char conversion = peek();
    at++;
    if (conversion == '%') {
      text.append('%');
      return;
    }
    if (precision > MOST_DIGITS && conversion != 's' && conversion != 'r') {
      throw new Refused("the format asks for more than %,d digits".formatted(MOST_DIGITS));
    }
    Spec spec = new Spec(allFlags, Math.abs(width), precision, conversion);
    if ("sdiurfFeEgGxXoc".indexOf(conversion) < 0 || conversion == 0) {
      throw new Refused(
          conversion == 0
              ? "the format ends after its %; write %% for a percent sign"
              : "%%%s is no conversion; write %%%% for a percent sign".formatted(conversion));
    }
    text.append(spec.format(keyed == null ? next() : keyed));
  }

  /** NUL at the end. */
  private char peek() {
    return at < format.length() ? format.charAt(at) : 0;
  }

  private Value keyed() {
    if (!(arguments instanceof Mapping mapping)) {
      throw new Refused("%(…)s needs a dict or doc after %");
    }
    int depth = 0;
    int start = at + 1;
    do {
      if (at >= format.length()) {
        throw new Refused("%( has no closing parenthesis");
      }
      depth += format.charAt(at) == '(' ? 1 : format.charAt(at) == ')' ? -1 : 0;
      at++;
    } while (depth > 0);
    String key = format.substring(start, at - 1);
    Value value = mapping.find(new Text(key));
    if (value == null) {
      throw new Refused("there is no key %s".formatted(Shorten.text(Repr.of(new Text(key)))));
    }
    return value;
  }

  private Value next() {
    if (used >= inOrder.size()) {
      throw new Refused("the format has more places than there are values after %");
    }
    return inOrder.get(used++);
  }

  private String flags() {
    int start = at;
    while (at < format.length() && FLAGS.indexOf(format.charAt(at)) >= 0) {
      at++;
    }
    return format.substring(start, at);
  }

  /** A width or precision; * takes it from the values. */
  private int number() {
    if (peek() == '*') {
      at++;
      Value value = next();
      if (!(value instanceof Numeric width) || width instanceof Real) {
        throw Refused.operand("* in a format needs an int", value);
      }
      Evaluation.room(
          width.integer().abs().bitLength() > 31
              ? Long.MAX_VALUE
              : width.integer().abs().longValue());
      return width.integer().intValue();
    }
    long number = 0;
    while (peek() >= '0' && peek() <= '9') {
      number = number * 10 + (peek() - '0');
      Evaluation.room(number);
      at++;
    }
    return (int) number;
  }

  /** One conversion, such as {@code %-8.2f}. */
  private record Spec(String flags, int width, int precision, char conversion) {
    String format(Value value) {
      return switch (conversion) {
        case 's' -> padded("", cut(Repr.str(value)), false);
        case 'r' -> padded("", cut(Repr.of(value)), false);
        case 'c' -> padded("", character(value), false);
        case 'd', 'i', 'u' -> integer(whole(value), 10, "");
        case 'x' -> integer(strict(value), 16, "0x");
        case 'X' -> integer(strict(value), 16, "0X");
        case 'o' -> integer(strict(value), 8, "0o");
        default -> real(value);
      };
    }

    private boolean flag(char flag) {
      return flags.indexOf(flag) >= 0;
    }

    private String cut(String text) {
      return precision < 0 || Characters.length(text) <= precision
          ? text
          : text.substring(0, Characters.offset(text, precision));
    }

    private String character(Value value) {
      if (value instanceof Text text && Characters.length(text.value()) == 1) {
        return text.value();
      }
      if (value instanceof Numeric number && !(number instanceof Real)) {
        BigInteger point = number.integer();
        if (point.signum() >= 0
            && point.bitLength() <= 21
            && Character.isValidCodePoint(point.intValue())) {
          return Character.toString(point.intValue());
        }
        throw Refused.operand("%%%s needs a character below 0x110000".formatted(conversion), value);
      }
      throw Refused.operand("%c needs one character", value);
    }

    private BigInteger whole(Value value) {
      if (value instanceof Real real) {
        if (!Double.isFinite(real.value())) {
          throw new Refused("%%%s has no integer for %s".formatted(conversion, Repr.of(real)));
        }
        return new BigDecimal(real.value()).toBigInteger();
      }
      return strict(value);
    }

    private BigInteger strict(Value value) {
      if (value instanceof Numeric number && !(number instanceof Real)) {
        return number.integer();
      }
      throw Refused.operand("%%%s needs a number".formatted(conversion), value);
    }

    private String integer(BigInteger value, int radix, String prefix) {
      String digits = value.abs().toString(radix);
      if (conversion == 'X') {
        digits = digits.toUpperCase(Locale.ROOT);
      }
      String zeros = "0".repeat(Math.max(0, precision - digits.length()));
      String before = sign(value.signum() < 0) + (flag('#') ? prefix : "");
      return padded(before, zeros + digits, true);
    }

    private String sign(boolean negative) {
      return negative ? "-" : flag('+') ? "+" : flag(' ') ? " " : "";
    }

    private String real(Value value) {
      if (!(value instanceof Numeric number)) {
        throw Refused.operand("%%%s needs a number".formatted(conversion), value);
      }
      double real = Arithmetic.real(number);
      String sign = sign(Math.copySign(1, real) < 0 && !Double.isNaN(real));
      String digits =
          Double.isNaN(real)
              ? "nan"
              : Double.isInfinite(real) ? "inf" : digits(new BigDecimal(Math.abs(real)));
      boolean upper = Character.isUpperCase(conversion);
      return padded(sign, upper ? digits.toUpperCase(Locale.ROOT) : digits, true);
    }

    private String digits(BigDecimal value) {
      int decimals = precision < 0 ? 6 : precision;
      return switch (conversion) {
        case 'f', 'F' -> pointed(value.setScale(decimals, RoundingMode.HALF_EVEN).toPlainString());
        case 'e', 'E' -> scientific(value, decimals);
        default -> general(value, Math.max(1, decimals));
      };
    }

    private String pointed(String digits) {
      return flag('#') && digits.indexOf('.') < 0 ? digits + "." : digits;
    }

    private String scientific(BigDecimal value, int decimals) {
      if (value.signum() == 0) {
        return pointed(BigDecimal.ZERO.setScale(decimals).toPlainString()) + "e+00";
      }
      BigDecimal rounded = value.round(new MathContext(decimals + 1, RoundingMode.HALF_EVEN));
      int exponent = rounded.precision() - rounded.scale() - 1;
      BigDecimal mantissa = rounded.scaleByPowerOfTen(-exponent).setScale(decimals);
      return pointed(mantissa.toPlainString()) + Repr.exponent(exponent);
    }

    /** Whichever is shorter; zeros at the end fall away unless # keeps them. */
    private String general(BigDecimal value, int digits) {
      BigDecimal rounded = value.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      int exponent = rounded.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
      if (exponent < -4 || exponent >= digits) {
        String text = scientific(value, digits - 1);
        int e = text.indexOf('e');
        return withoutZeros(text.substring(0, e)) + text.substring(e);
      }
      return withoutZeros(
          pointed(value.setScale(digits - 1 - exponent, RoundingMode.HALF_EVEN).toPlainString()));
    }

    private String withoutZeros(String digits) {
      if (flag('#') || digits.indexOf('.') < 0) {
        return digits;
      }
      int end = digits.length();
      while (digits.charAt(end - 1) == '0') {
        end--;
      }
      return digits.substring(0, digits.charAt(end - 1) == '.' ? end - 1 : end);
    }

    private String padded(String before, String digits, boolean number) {
      int missing = width - Characters.length(before) - Characters.length(digits);
      if (missing <= 0) {
        return before + digits;
      }
      if (flag('-')) {
        return before + digits + " ".repeat(missing);
      }
      return number && flag('0')
          ? before + "0".repeat(missing) + digits
          : " ".repeat(missing) + before + digits;
    }
  }
}
