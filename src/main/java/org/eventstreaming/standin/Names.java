package org.eventstreaming.standin;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** The names that the site itself makes: random ones, and the counters of its series. */
final class Names {
  private static final String LETTERS = "0123456789abcdefghijklmnopqrstuv";
  private static final String DIGITS = "#####";

  private final Random random = new Random(17);
  private final Map<String, Integer> counters = new HashMap<>();

  synchronized String hash() {
    var name = new StringBuilder();
    random.ints(10, 0, LETTERS.length()).forEach(i -> name.append(LETTERS.charAt(i)));
    return name.toString();
  }

  /** The next name of a series such as {@code INV-.YYYY.-.####}: five digits where it has none. */
  synchronized String next(String series, String today) {
    var name = new StringBuilder();
    for (var part : (series.contains("#") ? series : series + "." + DIGITS).split("\\.", -1)) {
      name.append(
          switch (part) {
            case "YYYY" -> today.substring(0, 4);
            case "YY" -> today.substring(2, 4);
            case "MM" -> today.substring(5, 7);
            case "DD" -> today.substring(8, 10);
            default -> part.startsWith("#") ? count(name.toString(), part.length()) : part;
          });
    }
    return name.toString();
  }

  private String count(String prefix, int digits) {
    var number = counters.merge(prefix, 1, Integer::sum).toString();
    return "0".repeat(Math.max(0, digits - number.length())) + number;
  }
}
