package org.eventstreaming.expression;

/**
 * A read that an expression asked for is not possible, now or later: no such doctype, or none may
 * be read here. The message goes to the author of the expression.
 */
public final class ReadRefused extends RuntimeException {
  public ReadRefused(String message) {
    super(message);
  }
}
