package org.eventstreaming.expression;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.eventstreaming.expression.Value.Int;
import org.eventstreaming.expression.Value.Real;
import org.eventstreaming.expression.Value.Text;

/** Numbers and strings as they are written in an expression. */
final class Literals {
  private final Source source;
  private final List<Node> parts = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  Literals(Source source) {
    this.source = source;
  }

  static Value number(Token token, Source source) {
    try {
      BigInteger integer = NumberText.integer(token.text(), 0);
      if (integer != null) {
        Evaluation.bits(integer.bitLength());
        return new Int(integer);
      }
    } catch (Refused e) {
      throw source.malformed(token.start(), String.valueOf(e.getMessage()));
    }
    Double real = NumberText.real(token.text());
    // a whole number only comes here with zeros before it, which Python refuses, too
    boolean fraction = token.text().chars().anyMatch(c -> c == '.' || c == 'e' || c == 'E');
    if (real == null || !fraction) {
      throw source.malformed(
          token.start(), "'%s' is no number".formatted(Shorten.text(token.text())));
    }
    return new Real(real);
  }

  /** Strings that follow one another are one. */
  Node join(List<Token> strings) {
    for (Token string : strings) {
      add(string);
    }
    int start = strings.get(0).start();
    if (parts.isEmpty()) {
      return new Node.Literal(start, new Text(text.toString()));
    }
    endText(start);
    return new Node.Joined(start, List.copyOf(parts));
  }

  private void endText(int offset) {
    if (!text.isEmpty()) {
      parts.add(new Node.Literal(offset, new Text(text.toString())));
      text.setLength(0);
    }
  }

  private void add(Token string) {
    String all = source.text();
    int open = string.start() + string.text().length();
    String quote = all.substring(open, open + 1);
    int quotes = all.startsWith(quote.repeat(3), open) ? 3 : 1;
    boolean raw = string.text().contains("r");
    boolean formatted = string.text().contains("f");
    int end = string.end() - quotes;
    int at = open + quotes;
    while (at < end) {
      char character = all.charAt(at);
      if (character == '\\' && !raw) {
        at = escape(at);
      } else if (formatted && (character == '{' || character == '}')) {
        at = brace(at, end);
      } else {
        text.append(character);
        at++;
      }
    }
  }

  /** Gives the offset behind it. */
  private int brace(int at, int end) {
    String all = source.text();
    if (at + 1 < end && all.charAt(at + 1) == all.charAt(at)) {
      text.append(all.charAt(at));
      return at + 2;
    }
    if (all.charAt(at) == '}') {
      throw source.malformed(at, "a single '}' in an f-string; write }} for a brace");
    }
    endText(at);
    source.deeper(at);
    Parser field = new Parser(source, at + 1, end);
    Node value = field.tupleOrExpression();
    Token next = field.current();
    if (next.is("!")) {
      value = converted(value, field);
      next = field.current();
    }
    if (next.is(":") || next.is("=")) {
      throw source.malformed(
          next.start(),
          "'%s' in an f-string is not offered; '%%.2f' %% value formats a number"
              .formatted(next.text()));
    }
    if (!next.is("}")) {
      throw field.unexpected("'}'");
    }
    parts.add(value);
    source.shallower();
    return next.end();
  }

  private Node converted(Node value, Parser field) {
    field.take("!");
    Token conversion = field.current();
    field.advance();
    return switch (conversion.text()) {
      case "s" -> value;
      case "r" -> new Node.Represented(conversion.start(), value);
      default ->
          throw source.malformed(conversion.start(), "in an f-string only !s and !r are offered");
    };
  }

  /** Gives the offset behind it. What is no escape stays as it is written. */
  private int escape(int at) {
    char letter = source.text().charAt(at + 1);
    switch (letter) {
      case '\n' -> {}
      case '\\', '\'', '"' -> text.append(letter);
      case 'a' -> text.append('\u0007');
      case 'b' -> text.append('\b');
      case 'f' -> text.append('\f');
      case 'n' -> text.append('\n');
      case 'r' -> text.append('\r');
      case 't' -> text.append('\t');
      case 'v' -> text.append('\u000b');
      case 'x' -> {
        return hexadecimal(at, 2);
      }
      case 'u' -> {
        return hexadecimal(at, 4);
      }
      case 'U' -> {
        return hexadecimal(at, 8);
      }
      case 'N' -> throw source.malformed(at, "\\N is not offered; write the character itself");
      default -> {
        if (letter >= '0' && letter <= '7') {
          return octal(at);
        }
        text.append('\\').append(letter);
      }
    }
    return at + 2;
  }

  private int hexadecimal(int at, int digits) {
    int start = at + 2;
    int value = 0;
    for (int i = start; i < start + digits; i++) {
      int digit = i < source.text().length() ? Character.digit(source.text().charAt(i), 16) : -1;
      if (digit < 0) {
        throw source.malformed(at, "the escape needs %d hexadecimal digits".formatted(digits));
      }
      value = value << 4 | digit;
    }
    if (!Character.isValidCodePoint(value)
        || (value <= Character.MAX_VALUE && Character.isSurrogate((char) value))) {
      throw source.malformed(at, "the escape is no character");
    }
    text.appendCodePoint(value);
    return start + digits;
  }

  private int octal(int at) {
    int end = at + 1;
    int value = 0;
    while (end < at + 4 && Character.digit(source.text().charAt(end), 8) >= 0) {
      value = value << 3 | Character.digit(source.text().charAt(end), 8);
      end++;
    }
    text.append((char) value);
    return end;
  }
}
