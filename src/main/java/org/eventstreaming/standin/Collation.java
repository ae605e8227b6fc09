package org.eventstreaming.standin;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** How the database under a site compares texts, and names with them. */
enum Collation {
  /** Without case, accents and trailing blanks, as MariaDB does. */
  FOLDED {
    @Override
    String key(String text) {
      var end = text.length();
      while (end > 0 && text.charAt(end - 1) == ' ') {
        end--;
      }
      var trimmed = text.substring(0, end);
      return isPlain(trimmed)
          ? trimmed.toLowerCase(Locale.ROOT)
          : MARKS
              .matcher(Normalizer.normalize(trimmed, Normalizer.Form.NFD))
              .replaceAll("")
              .toUpperCase(Locale.ROOT)
              .toLowerCase(Locale.ROOT);
    }
  },
  /** Character by character, as PostgreSQL and SQLite do. */
  EXACT {
    @Override
    String key(String text) {
      return text;
    }
  };

  private static final Pattern MARKS = Pattern.compile("\\p{M}+");

  /** Equal for texts that are equal to the database. */
  abstract String key(String text);

  int compare(String one, String other) {
    return key(one).compareTo(key(other));
  }

  private static boolean isPlain(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }
}
