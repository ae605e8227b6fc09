package org.eventstreaming.expression;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Map;
import org.eventstreaming.expression.Value.Bool;
import org.eventstreaming.expression.Value.Mapping;
import org.eventstreaming.expression.Value.Numeric;
import org.eventstreaming.expression.Value.Real;
import org.eventstreaming.expression.Value.Sequence;
import org.eventstreaming.expression.Value.SetValue;
import org.eventstreaming.expression.Value.Text;
import org.eventstreaming.expression.Value.Tuple;

/** Values as text: Python's {@code str} and {@code repr}. */
final class Repr {
  /** With so many digits every double reads back as itself; with 15 it may. */
  private static final int ENOUGH_DIGITS = 17;

  private static final int DIGITS_A_DOUBLE_KEEPS = 15;

  private final StringBuilder text = new StringBuilder();

  static String str(Value value) {
    return value instanceof Text string
        ? string.value()
        : value instanceof Value.Day day ? day.value().toString() : of(value);
  }

  static String of(Value value) {
    Repr repr = new Repr();
    repr.add(value);
    return repr.text.toString();
  }

  private void add(Value value) {
    Evaluation.room(text.length());
    if (value instanceof Text string) {
      addQuoted(string.value());
    } else if (value instanceof Bool bool) {
      text.append(bool.value() ? "True" : "False");
    } else if (value instanceof Real real) {
      text.append(real(real.value()));
    } else if (value instanceof Numeric number) {
      text.append(number.integer());
    } else if (value instanceof Sequence sequence) {
      boolean tuple = sequence instanceof Tuple;
      addAll(tuple ? "(" : "[", sequence.items());
      text.append(tuple ? sequence.items().size() == 1 ? ",)" : ")" : "]");
    } else if (value instanceof SetValue set) {
      addAll(set.items().isEmpty() ? "set(" : "{", set.items());
      text.append(set.items().isEmpty() ? ')' : '}');
    } else if (value instanceof Mapping mapping) {
      addEntries(mapping.entries());
    } else if (value instanceof Value.Day day) {
      text.append(
          "datetime.date(%d, %d, %d)"
              .formatted(
                  day.value().getYear(), day.value().getMonthValue(), day.value().getDayOfMonth()));
    } else if (value instanceof Value.None) {
      text.append("None");
    } else {
      throw new Refused("a comprehension without brackets has no text; put it in […]");
    }
  }

  private void addAll(String open, Iterable<Value> items) {
    text.append(open);
    String separator = "";
    for (Value item : items) {
      text.append(separator);
      add(item);
      separator = ", ";
    }
  }

  private void addEntries(Map<Value, Value> entries) {
    text.append('{');
    String separator = "";
    for (Map.Entry<Value, Value> entry : entries.entrySet()) {
      text.append(separator);
      add(entry.getKey());
      text.append(": ");
      add(entry.getValue());
      separator = ", ";
    }
    text.append('}');
  }

  private void addQuoted(String value) {
    char quote = value.indexOf('\'') >= 0 && value.indexOf('"') < 0 ? '"' : '\'';
    text.append(quote);
    value.codePoints().forEach(character -> addEscaped(character, quote));
    text.append(quote);
  }

  private void addEscaped(int character, char quote) {
    switch (character) {
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      case '\\' -> text.append("\\\\");
      default -> {
        if (character == quote) {
          text.append('\\').append(quote);
        } else if (character == ' ' || printable(character)) {
          text.appendCodePoint(character);
        } else if (character < 0x100) {
          text.append("\\x%02x".formatted(character));
        } else {
          text.append((character < 0x10000 ? "\\u%04x" : "\\U%08x").formatted(character));
        }
      }
    }
  }

  private static boolean printable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** The shortest digits that read back as the same double, where Java 17 may give longer ones. */
  static BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    int digits = Math.abs(value) < Double.MIN_NORMAL ? 1 : DIGITS_A_DOUBLE_KEEPS;
    while (true) {
      BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (digits == ENOUGH_DIGITS || rounded.doubleValue() == value) {
        return rounded.stripTrailingZeros();
      }
      digits++;
    }
  }

  private static String real(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    String sign = Math.copySign(1, value) < 0 ? "-" : "";
    if (Double.isInfinite(value)) {
      return sign + "inf";
    }
    if (value == 0) {
      return sign + "0.0";
    }
    BigDecimal shortest = shortest(value);
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent < -4 || exponent >= 16) {
      String digits = shortest.unscaledValue().abs().toString();
      String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
      return sign + digits.charAt(0) + fraction + exponent(exponent);
    }
    String plain = shortest.toPlainString();
    return shortest.scale() > 0 ? plain : plain + ".0";
  }

  /** As C prints it: a sign and two digits at least. */
  static String exponent(int exponent) {
    return "e%s%02d".formatted(exponent < 0 ? "-" : "+", Math.abs(exponent));
  }
}
