package org.eventstreaming.settings;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A length of time as people write it: {@code 30 s}, {@code 1 h 30 min}, {@code 90 days}. */
public final class LengthOfTime {
  private static final Pattern PART = Pattern.compile("\\s*([0-9]+)\\s*([a-z]+)\\s*");

  private LengthOfTime() {}

  /**
   * Also takes the ISO form, {@code PT30S}.
   *
   * @throws IllegalArgumentException saying how it is written
   */
  public static Duration of(String text) {
    var lower = text.strip().toLowerCase(Locale.ROOT);
    try {
      if (lower.startsWith("p") || lower.startsWith("-p")) {
        return Duration.parse(lower);
      }
      if (lower.equals("0")) {
        return Duration.ZERO;
      }
      var length = Duration.ZERO;
      var part = PART.matcher(lower);
      var end = 0;
      while (part.lookingAt()) {
        var unit = unit(part.group(2)).orElseThrow(() -> wrong(text));
        length = length.plus(Duration.of(Long.parseLong(part.group(1)), unit));
        end = part.end();
        part.region(end, lower.length());
      }
      if (end == 0 || end < lower.length()) {
        throw wrong(text);
      }
      return length;
    } catch (DateTimeParseException | ArithmeticException | NumberFormatException wrong) {
      throw wrong(text);
    }
  }

  public static String text(Duration length) {
    if (length.isZero()) {
      return "0 s";
    }
    var abs = length.abs();
    var parts = new ArrayList<String>();
    part(parts, abs.toDaysPart(), "d");
    part(parts, abs.toHoursPart(), "h");
    part(parts, abs.toMinutesPart(), "min");
    part(parts, abs.toSecondsPart(), "s");
    part(parts, abs.toMillisPart(), "ms");
    return (length.isNegative() ? "-" : "") + String.join(" ", parts);
  }

  /** Refuses a length that is not longer than 0, by the name of its setting. */
  static void positive(String setting, Duration length) {
    if (length.isNegative() || length.isZero()) {
      throw new IllegalArgumentException(setting + " must be longer than 0, was " + text(length));
    }
  }

  private static void part(List<String> parts, long count, String unit) {
    if (count > 0) {
      parts.add(count + " " + unit);
    }
  }

  private static Optional<ChronoUnit> unit(String word) {
    return switch (word) {
      case "ms", "millisecond", "milliseconds" -> Optional.of(ChronoUnit.MILLIS);
      case "s", "sec", "second", "seconds" -> Optional.of(ChronoUnit.SECONDS);
      case "m", "min", "minute", "minutes" -> Optional.of(ChronoUnit.MINUTES);
      case "h", "hour", "hours" -> Optional.of(ChronoUnit.HOURS);
      case "d", "day", "days" -> Optional.of(ChronoUnit.DAYS);
      default -> Optional.empty();
    };
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "must be a length of time such as 500 ms, 30 s, 10 min, 1 h or 90 days, was " + text);
  }
}
