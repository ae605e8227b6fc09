package org.eventstreaming.mapping;

import com.jayway.jsonpath.InvalidPathException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in plain words what is wrong with a JSONPath, and at which of its characters. */
final class ExplainJsonPath {
  /** What the library does not see. */
  static final String OPEN_BRACKET = "open bracket";

  private static final Pattern POSITION = Pattern.compile("(?:position:?|at index) (\\d+)");
  private static final Pattern FUNCTION = Pattern.compile("Arguments to function: '(\\w+)'");
  private static final Pattern FILTER =
      Pattern.compile("Failed to parse filter: (.*), error on position: (\\d+)");

  private final String text;

  ExplainJsonPath(String text) {
    this.text = text;
  }

  MalformedText explain(InvalidPathException malformed) {
    String said = Objects.requireNonNullElse(malformed.getMessage(), "");
    Matcher filter = FILTER.matcher(said);
    Matcher function = FUNCTION.matcher(said);
    if (filter.find()) {
      int at = Math.max(0, text.indexOf(filter.group(1))) + Integer.parseInt(filter.group(2));
      return wrong("the filter cannot be read from here on", at);
    }
    if (function.find()) {
      String name = function.group(1);
      return wrong(
          "the parenthesis of %s() is not closed".formatted(name), text.indexOf(name + "("));
    }
    if (said.equals(OPEN_BRACKET)) {
      return wrong(bracket("[ is not closed by ]"), text.lastIndexOf('['));
    }
    if (said.startsWith("Could not parse token")) {
      int at = position(said);
      return text.startsWith("[?", at)
          ? wrong("a filter is written [?(…)], and this one is not closed or has no (…)", at)
          : wrong(bracket("[ is not closed by ], or holds something else"), at);
    }
    if (said.startsWith("Path must not end")) {
      return wrong("a name must follow the last dot", text.length() - 1);
    }
    if (said.contains("blank characters")) {
      return wrong("a name with a blank is written in brackets, as ['my name']", position(said));
    }
    if (said.startsWith("Property has not been closed")) {
      return wrong("a name in brackets is not closed by its quote and ]", text.lastIndexOf('['));
    }
    if (said.startsWith("Property must be separated")) {
      return wrong("names in brackets are separated by commas", position(said));
    }
    if (said.startsWith("Could not find matching close for /")) {
      return wrong("a regular expression is not closed by /", text.indexOf('/'));
    }
    if (said.startsWith("Could not find matching close quote")) {
      return wrong(
          "a text is not closed by its quote",
          Math.max(text.lastIndexOf('\''), text.lastIndexOf('"')));
    }
    if (said.contains("ArrayIndexOperation") || said.contains("SliceOperation")) {
      return wrong(bracket("this is not an index"), text.lastIndexOf('['));
    }
    if (said.startsWith("Illegal character at position")) {
      return wrong("after $ a . or [ must follow", position(said));
    }
    return wrong("it cannot be read", 0);
  }

  private static String bracket(String wrong) {
    return wrong + ": in [ ] stands an index, a name in quotes, * or a filter ?(…)";
  }

  private MalformedText wrong(String why, int at) {
    return MalformedText.at(text, at, "is not a JSONPath: " + why);
  }

  private static int position(String said) {
    Matcher position = POSITION.matcher(said);
    return position.find() ? Integer.parseInt(position.group(1)) : 0;
  }
}
