package org.eventstreaming.files;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/** Which allowed word a person may have meant. */
public final class Nearest {
  private Nearest() {}

  /** The nearest of the allowed words; empty when none is close enough to be a slip of the pen. */
  public static Optional<String> to(String word, Collection<String> allowed) {
    return within(Math.max(1, Math.min(3, word.length() / 3)), word, allowed);
  }

  /** The end of a message about an unknown word: which was meant, where one is close enough. */
  public static String question(String word, Collection<String> allowed) {
    return to(word, allowed).map(": did you mean %s?"::formatted).orElse("");
  }

  /** The nearest of the allowed words, if at most so many letters are different. */
  public static Optional<String> within(int edits, String word, Collection<String> allowed) {
    return allowed.stream()
        .filter(candidate -> Math.abs(candidate.length() - word.length()) <= edits)
        .filter(candidate -> distance(word, candidate) <= edits)
        .min(
            Comparator.<String>comparingInt(candidate -> distance(word, candidate))
                .thenComparing(candidate -> Math.abs(candidate.length() - word.length())));
  }

  /** Letters to insert, remove or replace; two that changed places count as one. */
  private static int distance(String from, String to) {
    var beforeLast = new int[to.length() + 1];
    var last = IntStream.rangeClosed(0, to.length()).toArray();
    for (var i = 1; i <= from.length(); i++) {
      var row = new int[to.length() + 1];
      row[0] = i;
      for (var j = 1; j <= to.length(); j++) {
        var same = from.charAt(i - 1) == to.charAt(j - 1);
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + (same ? 0 : 1));
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      beforeLast = last;
      last = row;
    }
    return last[to.length()];
  }
}
