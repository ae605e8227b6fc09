package org.eventstreaming.expression;

/** The text is no expression, or asks for what the language does not offer. */
public final class MalformedExpression extends RuntimeException {
  private final int line;
  private final int column;

  MalformedExpression(Place place, String message) {
    super("line %d, column %d: %s".formatted(place.line(), place.column(), message));
    this.line = place.line();
    this.column = place.column();
  }

  /** Counted from 1. */
  public int line() {
    return line;
  }

  /** Counted from 1, in characters. */
  public int column() {
    return column;
  }
}
