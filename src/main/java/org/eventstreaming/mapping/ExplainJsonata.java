package org.eventstreaming.mapping;

import com.dashjoin.jsonata.JException;
import java.util.Objects;

/** Says in plain words what is wrong with a JSONata expression, and at which of its characters. */
final class ExplainJsonata {
  private static final String END = "(end)";

  private final String text;

  ExplainJsonata(String text) {
    this.text = text;
  }

  MalformedText explain(Throwable malformed) {
    if (malformed instanceof JException known) {
      return wrong(why(known), known.getLocation() - 1);
    }
    int comment = text.lastIndexOf("/*");
    return comment >= 0 && text.indexOf("*/", comment) < 0
        ? wrong("a comment is not closed by */", comment)
        : wrong("it cannot be read, or is nested too deep", 0);
  }

  private static String why(JException known) {
    String found = named(known.getCurrent());
    String wanted = named(known.getExpected());
    return switch (Objects.requireNonNullElse(known.getError(), "")) {
      case "S0101" -> "a text is not closed by its quote";
      case "S0102" -> "a number is too large";
      case "S0103", "S0104" -> "a text has an unknown escape after its \\";
      case "S0105" -> "a quoted name is not closed by its backquote";
      case "S0106" -> "a comment is not closed by */";
      case "S0201" -> found + " is not allowed here: an operator is missing before it";
      // the library names what it met first
      case "S0202" -> "%s is missing before %s".formatted(found, wanted);
      case "S0203" -> found + " is missing before the end";
      case "S0207" -> "it ends where a value must follow";
      case "S0211" -> found + " is not allowed here: a value is missing before it";
      case "S0212" -> "a variable must precede :=, as $x";
      case "S0302" -> "a regular expression is not closed by /";
      default -> Objects.requireNonNullElse(known.getMessage(), "it cannot be read");
    };
  }

  private static String named(Object symbol) {
    return END.equals(symbol) ? "the end" : "'" + symbol + "'";
  }

  private MalformedText wrong(String why, int at) {
    return MalformedText.at(text, at, "is not JSONata: " + why);
  }
}
