package org.eventstreaming.expression;

/** The text is not an expression, or asks for what the language does not offer. */
public final class MalformedExpression extends RuntimeException {
  private final int line;
  private final int column;
  private final String why;

  MalformedExpression(Place place, String why) {
    super("line %d, column %d: %s".formatted(place.line(), place.column(), why));
    this.line = place.line();
    this.column = place.column();
    this.why = why;
  }

  /** Counted from 1. */
  public int line() {
    return line;
  }

  /** Counted from 1, in characters. */
  public int column() {
    return column;
  }

  /** The message without the place, for those who report the place otherwise. */
  public String why() {
    return why;
  }
}
