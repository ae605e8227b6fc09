package org.eventstreaming.site;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which names a site may take for one: MariaDB compares without case, accents and trailing blanks,
 * other databases exactly. It only narrows down what a site is asked; what it answers decides.
 */
final class Spelling {
  private static final Pattern MARKS = Pattern.compile("\\p{M}+");

  private Spelling() {}

  /** Equal for names that may be one. */
  static String rough(String name) {
    return MARKS
        .matcher(Normalizer.normalize(name.stripTrailing(), Normalizer.Form.NFKD))
        .replaceAll("")
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT);
  }
}
