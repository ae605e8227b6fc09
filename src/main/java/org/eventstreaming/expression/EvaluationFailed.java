package org.eventstreaming.expression;

/**
 * The expression has no value for this document: what Python would raise, or more than a limit
 * allows. The same document would fail again.
 */
public final class EvaluationFailed extends RuntimeException {
  private final int line;
  private final int column;

  EvaluationFailed(Place place, String message) {
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
