package org.eventstreaming.expression;

import java.util.function.IntPredicate;

/** Texts by characters as Python counts them, and what Python takes for a blank. */
final class Characters {
  static boolean blank(int character) {
    return Character.isWhitespace(character)
        || Character.isSpaceChar(character)
        || character == 0x85;
  }

  static String strip(String text) {
    return strip(text, Characters::blank, true, true);
  }

  static String strip(String text, IntPredicate dropped, boolean left, boolean right) {
    int start = 0;
    int end = text.length();
    while (left && start < end && dropped.test(text.codePointAt(start))) {
      start += Character.charCount(text.codePointAt(start));
    }
    while (right && end > start && dropped.test(text.codePointBefore(end))) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(start, end);
  }

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** The offset in the string of the character that Python would count so. */
  static int offset(String text, int characters) {
    return text.offsetByCodePoints(0, characters);
  }

  private Characters() {}
}
