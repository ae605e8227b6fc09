package org.eventstreaming.settings;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How large a file is, as people write it: {@code 500KB}, {@code 25 MB}; of 1024 each. */
public final class SizeOfFile {
  private static final Pattern SIZE = Pattern.compile("\\s*([0-9]{1,9})\\s*([KMG]?)B\\s*");
  private static final String UNITS = "KMG";

  private SizeOfFile() {}

  /**
   * In bytes.
   *
   * @throws IllegalArgumentException saying how it is written
   */
  public static long of(String text) {
    Matcher size = SIZE.matcher(text.toUpperCase(Locale.ROOT));
    if (!size.matches()) {
      throw new IllegalArgumentException(
          "must be a size such as 500KB, 25MB or 1GB, was '" + text + "'");
    }
    String unit = size.group(2);
    return Long.parseLong(size.group(1)) << (unit.isEmpty() ? 0 : 10 * (UNITS.indexOf(unit) + 1));
  }

  /** In the largest unit that leaves one or more, rounded. */
  public static String text(long bytes) {
    double size = bytes;
    String unit = "bytes";
    for (int i = 0; i < UNITS.length() && size >= 1024; i++) {
      size /= 1024;
      unit = UNITS.charAt(i) + "B";
    }
    return size == Math.rint(size)
        ? "%.0f %s".formatted(size, unit)
        : String.format(Locale.ROOT, "%.1f %s", size, unit);
  }
}
