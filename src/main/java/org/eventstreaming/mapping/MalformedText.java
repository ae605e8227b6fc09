package org.eventstreaming.mapping;

/** The text of an expression cannot be compiled; line and column are counted from 1 within it. */
final class MalformedText extends Exception {
  private static final long serialVersionUID = 1L;
  private final int line;
  private final int column;

  MalformedText(String message, int line, int column) {
    super(message);
    this.line = line;
    this.column = column;
  }

  /** Wrong at this character of the text; at its end where it has none there. */
  static MalformedText at(String text, int index, String message) {
    String before = text.substring(0, Math.max(0, Math.min(index, text.length())));
    int lineStart = before.lastIndexOf('\n') + 1;
    return new MalformedText(
        message,
        (int) before.chars().filter(c -> c == '\n').count() + 1,
        before.codePointCount(lineStart, before.length()) + 1);
  }

  String why() {
    return String.valueOf(getMessage());
  }

  int line() {
    return line;
  }

  int column() {
    return column;
  }
}
