package org.eventstreaming.expression;

/** An operation has no result; the node that asked for it adds the place. */
final class Refused extends RuntimeException {
  Refused(String message) {
    super(message, null, false, false);
  }

  static Refused operand(String what, Value value) {
    return new Refused("%s, not %s".formatted(what, value.type()));
  }
}
