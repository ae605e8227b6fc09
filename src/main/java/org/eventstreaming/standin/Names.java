package org.eventstreaming.standin;

import java.util.Random;

/** The names that the site itself gives. */
final class Names {
  private static final String LETTERS = "0123456789abcdefghijklmnopqrstuv";

  private final Random random = new Random(17);

  synchronized String hash() {
    var name = new StringBuilder();
    random.ints(10, 0, LETTERS.length()).forEach(i -> name.append(LETTERS.charAt(i)));
    return name.toString();
  }
}
