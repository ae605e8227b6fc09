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
