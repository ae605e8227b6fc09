package org.eventstreaming.expression;

/** Keeps what a document holds from filling a message. */
final class Shorten {
  private static final int MOST_CHARACTERS = 40;

  static String text(String text) {
    return Characters.length(text) <= MOST_CHARACTERS
        ? text
        : text.substring(0, Characters.offset(text, MOST_CHARACTERS)) + "…";
  }

  private Shorten() {}
}
