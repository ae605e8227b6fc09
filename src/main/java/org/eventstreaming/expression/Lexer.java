package org.eventstreaming.expression;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eventstreaming.expression.Token.Kind;

/** Cuts a stretch of the text into words, one at a time. Line ends are blanks. */
final class Lexer {
  private static final Set<String> KEYWORDS =
      Set.of(
          "and",
          "or",
          "not",
          "in",
          "is",
          "if",
          "else",
          "for",
          "True",
          "False",
          "None",
          "lambda",
          "as",
          "assert",
          "async",
          "await",
          "break",
          "class",
          "continue",
          "def",
          "del",
          "elif",
          "except",
          "finally",
          "from",
          "global",
          "import",
          "nonlocal",
          "pass",
          "raise",
          "return",
          "try",
          "while",
          "with",
          "yield");

  /** Longer ones first. */
  private static final List<String> OPERATORS =
      List.of(
          "...", "**", "//", "<<", ">>", "<=", ">=", "==", "!=", ":=", "+", "-", "*", "/", "%", "&",
          "|", "^", "~", "<", ">", "(", ")", "[", "]", "{", "}", ",", ":", ".", "=", "!");

  /** What people write who know another language, and what it is called in this one. */
  private static final Map<String, String> FOREIGN =
      Map.of(
          "&&",
          "'and'",
          "||",
          "'or'",
          "<>",
          "'!='",
          "===",
          "'=='",
          "!==",
          "'!='",
          "=!",
          "'!='",
          "=>",
          "'>='",
          "=<",
          "'<='",
          "?",
          "'a if condition else b'");

  private final String text;
  private final int to;
  private int at;

  Lexer(String text, int from, int to) {
    this.text = text;
    this.at = from;
    this.to = to;
  }

  Token next() {
    skipBlanks();
    if (at >= to) {
      return new Token(Kind.END, "the end", to, to);
    }
    int character = text.codePointAt(at);
    if (Character.isDigit(character) || (character == '.' && digit(at + 1))) {
      return number();
    }
    if (Character.isUnicodeIdentifierStart(character) || character == '_') {
      return word();
    }
    if (character == '"' || character == '\'') {
      return string(at);
    }
    return operator();
  }

  private void skipBlanks() {
    while (at < to) {
      char character = text.charAt(at);
      if (character == '#') {
        int end = text.indexOf('\n', at);
        at = end < 0 ? to : Math.min(end, to);
      } else if (character == '\\' && at + 1 < to && text.charAt(at + 1) == '\n') {
        at += 2;
      } else if (Characters.blank(character)) {
        at++;
      } else {
        return;
      }
    }
  }

  private boolean digit(int offset) {
    return offset < to && text.charAt(offset) >= '0' && text.charAt(offset) <= '9';
  }

  /** Java also lets invisible characters be part of a name. */
  private static boolean partOfName(int character) {
    return Character.isUnicodeIdentifierPart(character)
        && !Character.isIdentifierIgnorable(character);
  }

  private Token word() {
    int start = at;
    while (at < to && partOfName(text.codePointAt(at))) {
      at += Character.charCount(text.codePointAt(at));
    }
    String word = text.substring(start, at);
    if (at < to && (text.charAt(at) == '"' || text.charAt(at) == '\'')) {
      return string(start);
    }
    return new Token(KEYWORDS.contains(word) ? Kind.KEYWORD : Kind.NAME, word, start, at);
  }

  private Token number() {
    int start = at;
    while (at < to) {
      int character = text.codePointAt(at);
      boolean exponentSign =
          (character == '+' || character == '-')
              && (text.charAt(at - 1) == 'e' || text.charAt(at - 1) == 'E')
              && !text.startsWith("0x", start)
              && !text.startsWith("0X", start);
      if (!partOfName(character) && character != '.' && !exponentSign) {
        break;
      }
      at += Character.charCount(character);
    }
    return new Token(Kind.NUMBER, text.substring(start, at), start, at);
  }

  /** Ends at the first quote like its own that no backslash precedes, as in Python up to 3.11. */
  private Token string(int start) {
    String prefix = text.substring(start, at).toLowerCase(Locale.ROOT);
    if (!Set.of("", "r", "u", "f", "rf", "fr").contains(prefix)) {
      throw malformed(start, "a string cannot begin with '%s'".formatted(prefix));
    }
    String quote = text.substring(at, at + 1);
    String end = text.startsWith(quote.repeat(3), at) ? quote.repeat(3) : quote;
    at += end.length();
    while (!text.startsWith(end, at)) {
      if (at >= to || (end.length() == 1 && text.charAt(at) == '\n')) {
        throw malformed(start, "the string has no end; it needs a closing %s".formatted(end));
      }
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    at += end.length();
    if (at > to) {
      throw malformed(start, "the string has no end; it needs a closing %s".formatted(end));
    }
    return new Token(Kind.STRING, prefix, start, at);
  }

  private Token operator() {
    for (Map.Entry<String, String> foreign : FOREIGN.entrySet()) {
      if (text.startsWith(foreign.getKey(), at) && !longer(foreign.getKey())) {
        throw malformed(
            at,
            "'%s' is not Python; did you mean %s?".formatted(foreign.getKey(), foreign.getValue()));
      }
    }
    for (String operator : OPERATORS) {
      if (text.startsWith(operator, at) && at + operator.length() <= to) {
        int start = at;
        at += operator.length();
        return new Token(Kind.OPERATOR, operator, start, at);
      }
    }
    throw malformed(
        at,
        "the character %s has no meaning here"
            .formatted(Repr.of(new Value.Text(Character.toString(text.codePointAt(at))))));
  }

  /** Whether a longer foreign operator begins here too, which then says it better. */
  private boolean longer(String symbol) {
    return FOREIGN.keySet().stream()
        .anyMatch(other -> other.length() > symbol.length() && text.startsWith(other, at));
  }

  private MalformedExpression malformed(int offset, String message) {
    return new MalformedExpression(Place.of(text, offset), message);
  }
}
