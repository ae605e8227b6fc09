package org.eventstreaming.expression;

import java.math.BigInteger;
import org.eventstreaming.expression.Value.Text;
import org.jspecify.annotations.Nullable;

/** Numbers that are written as text: {@code int("…")} and {@code float("…")}. */
final class NumberText {
  /** More digits than any allowed integer has; a text may be longer than its number. */
  private static final int MOST_DIGITS = Evaluation.MOST_BITS + 1;

  /**
   * The integer in Python's spelling, null where the text is none.
   *
   * @param radix 2 to 36, or 0 to take it from a prefix such as 0x
   */
  static @Nullable BigInteger integer(String text, int radix) {
    String rest = Characters.strip(text);
    boolean negative = rest.startsWith("-");
    if (negative || rest.startsWith("+")) {
      rest = rest.substring(1);
    }
    int base = radix;
    int prefixed = prefix(rest);
    boolean afterPrefix = prefixed != 0 && (radix == 0 || radix == prefixed);
    if (afterPrefix) {
      base = prefixed;
      rest = rest.substring(2);
    } else if (radix == 0) {
      base = 10;
    }
    String digits = digits(rest, base, afterPrefix);
    if (digits == null || (radix == 0 && !afterPrefix && leadingZero(digits))) {
      return null;
    }
    BigInteger value = new BigInteger(digits, base);
    return negative ? value.negate() : value;
  }

  private static int prefix(String text) {
    if (text.length() < 2 || text.charAt(0) != '0') {
      return 0;
    }
    return switch (text.charAt(1)) {
      case 'x', 'X' -> 16;
      case 'o', 'O' -> 8;
      case 'b', 'B' -> 2;
      default -> 0;
    };
  }

  private static boolean leadingZero(String digits) {
    return digits.charAt(0) == '0' && digits.chars().anyMatch(digit -> digit != '0');
  }

  /** The digits alone, null where anything else is among them. */
  private static @Nullable String digits(String text, int base, boolean underscoreFirst) {
    StringBuilder digits = new StringBuilder();
    boolean separable = underscoreFirst;
    boolean separated = false;
    for (int character : text.codePoints().toArray()) {
      int digit = Character.digit(character, base);
      if (digit >= 0) {
        digits.append(Character.forDigit(digit, base));
        separable = true;
        separated = false;
      } else if (character == '_' && separable) {
        separable = false;
        separated = true;
      } else {
        return null;
      }
      if (digits.length() > MOST_DIGITS) {
        Evaluation.bits(Long.MAX_VALUE);
      }
    }
    return digits.isEmpty() || separated ? null : digits.toString();
  }

  /** The double in Python's spelling, null where the text is none. */
  static @Nullable Double real(String text) {
    String stripped = Characters.strip(text);
    boolean signed = stripped.startsWith("-") || stripped.startsWith("+");
    double sign = stripped.startsWith("-") ? -1 : 1;
    String rest = signed ? stripped.substring(1) : stripped;
    if (rest.equalsIgnoreCase("inf") || rest.equalsIgnoreCase("infinity")) {
      return sign * Double.POSITIVE_INFINITY;
    }
    if (rest.equalsIgnoreCase("nan")) {
      return Double.NaN;
    }
    String plain = decimal(rest);
    return plain == null ? null : Double.valueOf(sign * Double.parseDouble(plain));
  }

  /** Digits, a point, digits, an exponent, without underscores; null where it is anything else. */
  private static @Nullable String decimal(String text) {
    StringBuilder plain = new StringBuilder();
    boolean point = false;
    boolean exponent = false;
    boolean digitSeen = false;
    int before = -1;
    for (int character : text.codePoints().toArray()) {
      int digit = Character.digit(character, 10);
      if (digit >= 0) {
        plain.append((char) ('0' + digit));
        digitSeen = true;
      } else if (character == '.' && !point && !exponent && before != '_') {
        plain.append('.');
        point = true;
      } else if ((character == 'e' || character == 'E')
          && !exponent
          && digitSeen
          && before != '_') {
        plain.append('e');
        exponent = true;
        digitSeen = false;
      } else if ((character == '+' || character == '-') && before == 'e') {
        plain.append((char) character);
      } else if (character != '_' || before < 0 || Character.digit(before, 10) < 0) {
        return null;
      }
      before = character == 'E' ? 'e' : character;
    }
    return digitSeen && before != '_' ? plain.toString() : null;
  }

  static Refused notANumber(String function, Text text) {
    String shown = text.value().length() > 40 ? text.value().substring(0, 40) + "…" : text.value();
    return new Refused("%s() cannot read %s".formatted(function, Repr.of(new Text(shown))));
  }

  private NumberText() {}
}
