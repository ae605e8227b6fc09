package org.eventstreaming.expression;

/** The evaluation has ended for good; carries the place to the one who knows the text. */
final class Stopped extends RuntimeException {
  private final int offset;

  Stopped(int offset, RuntimeException why) {
    super(why.getMessage(), why, false, false);
    this.offset = offset;
  }

  int offset() {
    return offset;
  }
}
