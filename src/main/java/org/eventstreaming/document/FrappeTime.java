package org.eventstreaming.document;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Frappe's Datetime: naive text in the time zone of its site (protocol: frappe-wire 3). In the hour
 * that a fall-back makes happen twice such a text means two moments.
 */
public final class FrappeTime {
  /** Before any Frappe site. */
  public static final String EVER = "1900-01-01 00:00:00.000000";

  private static final Pattern TEXT =
      Pattern.compile(
          "(\\d{4})-(\\d{1,2})-(\\d{1,2})"
              + "(?:[T ](\\d{1,2}):(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d*))?)?)?");
  private static final Pattern OFFSET =
      Pattern.compile("(.*:.*?)(?:Z|[-+][0-9]{2}(?::?[0-9]{2})?)");
  private static final Pattern OF_A_DAY =
      Pattern.compile("([0-9]{1,3}):([0-9]{1,2})(?::([0-9]{1,2})(?:\\.([0-9]*))?)?");
  private static final DateTimeFormatter SIX_DIGITS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");
  private static final int NANO_DIGITS = 9;
  private static final int WHOLE = "2026-01-01 00:00:00".length();

  private FrappeTime() {}

  /**
   * Empty if the text is no time: also where it names a day that does not exist, or its own offset
   * from UTC (then it is not naive).
   */
  public static Optional<LocalDateTime> parse(String text) {
    if (isUsual(text)) {
      return time(
          digits(text, 0, 4),
          digits(text, 5, 7),
          digits(text, 8, 10),
          digits(text, 11, 13),
          digits(text, 14, 16),
          digits(text, 17, 19),
          digits(text, 20, 26) * 1_000);
    }
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return time(
        number(matcher, 1),
        number(matcher, 2),
        number(matcher, 3),
        number(matcher, 4),
        number(matcher, 5),
        number(matcher, 6),
        nanos(matcher.group(7)));
  }

  /**
   * The form that nearly all times come in: recognised without the pattern, it is read ten times
   * faster.
   */
  private static boolean isUsual(String text) {
    if (text.length() != 26) {
      return false;
    }
    for (int i = 0; i < 26; i++) {
      char expected =
          switch (i) {
            case 4, 7 -> '-';
            case 10 -> ' ';
            case 13, 16 -> ':';
            case 19 -> '.';
            default -> '0';
          };
      char found = text.charAt(i);
      if (expected == '0' ? found < '0' || found > '9' : found != expected) {
        return false;
      }
    }
    return true;
  }

  private static int digits(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      number = number * 10 + (text.charAt(i) - '0');
    }
    return number;
  }

  private static Optional<LocalDateTime> time(
      int year, int month, int day, int hour, int minute, int second, int nanos) {
    boolean exists =
        month >= 1
            && month <= 12
            && YearMonth.of(year, month).isValidDay(day)
            && hour < 24
            && minute < 60
            && second < 60;
    return exists
        ? Optional.of(LocalDateTime.of(year, month, day, hour, minute, second, nanos))
        : Optional.empty();
  }

  /** With six digits of a second, what is finer is cut. */
  public static String format(LocalDateTime time) {
    return SIX_DIGITS.format(time);
  }

  /**
   * The moment that the text means in the zone: of two, the earlier; for a time that a spring
   * transition leaves out, as if the clock had not yet been put forward.
   *
   * @throws IllegalArgumentException if the text is no time; ask {@link #parse} first where it may
   *     be none
   */
  public static Instant at(String text, ZoneId zone) {
    return parse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "A time must read YYYY-MM-DD HH:MM:SS[.ffffff], was \"%s\"".formatted(text)))
        .atZone(zone)
        .toInstant();
  }

  /** The same for a text that may be no time, which is then empty. */
  public static Optional<Instant> instant(@Nullable String text, ZoneId zone) {
    return text == null ? Optional.empty() : parse(text).map(time -> time.atZone(zone).toInstant());
  }

  /** Of two moments that the text means, the later; empty for what is no time. */
  public static Optional<Instant> latest(String text, ZoneId zone) {
    return parse(text).map(time -> time.atZone(zone).withLaterOffsetAtOverlap().toInstant());
  }

  /** Whether the text means two moments: its order among others cannot be known then. */
  public static boolean meansTwoMoments(String text, ZoneId zone) {
    return parse(text).map(time -> zone.getRules().getValidOffsets(time).size() > 1).orElse(false);
  }

  /**
   * Where to read from so that nothing is missed that was written within {@code overlap} before the
   * cursor was. Goes back further by the length of a fall-back when the cursor lies in the hour
   * that happens twice, or up to {@code overlap} after it: what is written in its second pass may
   * bear a smaller time than what was read in its first. Goes back over the gap of a spring
   * transition. A cursor that is no time is returned as it came.
   */
  public static String before(String cursor, Duration overlap, ZoneId zone) {
    return parse(cursor).map(time -> format(before(time, overlap, zone))).orElse(cursor);
  }

  private static LocalDateTime before(LocalDateTime cursor, Duration overlap, ZoneId zone) {
    LocalDateTime onTheClock = cursor.minus(overlap);
    LocalDateTime inTruth = cursor.atZone(zone).minus(overlap).toLocalDateTime();
    LocalDateTime earlier = inTruth.isBefore(onTheClock) ? inTruth : onTheClock;
    return earlier.minus(repeated(cursor, overlap, zone.getRules()));
  }

  private static Duration repeated(LocalDateTime cursor, Duration overlap, ZoneRules rules) {
    // a day is more than any offset from UTC: no transition in reach is left out
    Instant from = cursor.minus(overlap).minusDays(1).toInstant(ZoneOffset.UTC);
    Duration repeated = Duration.ZERO;
    ZoneOffsetTransition transition = rules.nextTransition(from);
    while (transition != null && !transition.getDateTimeAfter().isAfter(cursor)) {
      if (transition.isOverlap() && !cursor.isAfter(transition.getDateTimeBefore().plus(overlap))) {
        repeated = repeated.minus(transition.getDuration());
      }
      transition = rules.nextTransition(transition.getInstant());
    }
    return repeated;
  }

  /**
   * The text without an offset from UTC at its end: PostgreSQL passes over one in a time without a
   * time zone, which a Datetime is.
   */
  public static String withoutOffset(String text) {
    Matcher matcher = OFFSET.matcher(text);
    return matcher.matches() ? matcher.group(1) : text;
  }

  /** Whether it is a Datetime down to its seconds, without an offset. */
  public static boolean isWhole(String text) {
    return text.length() >= WHOLE && parse(text).isPresent();
  }

  /** A Datetime in the one form of all texts that mean the same; null where it is none. */
  static @Nullable String naive(String text) {
    return lenient(text).map(FrappeTime::format).orElse(null);
  }

  /** The day of a Date, be it written with a time or without; null where it is none. */
  static @Nullable String dateIn(String text) {
    return lenient(text).map(time -> time.toLocalDate().toString()).orElse(null);
  }

  private static Optional<LocalDateTime> lenient(String text) {
    return parse(text).or(() -> parse(withoutOffset(text)));
  }

  /**
   * A Time with two digits for each of its parts, and six of a fraction where it has one; null
   * where it is no Time.
   */
  static @Nullable String padded(String text) {
    Matcher matcher = OF_A_DAY.matcher(text.strip());
    if (!matcher.matches() || number(matcher, 2) > 59 || number(matcher, 3) > 59) {
      return null;
    }
    String padded =
        "%02d:%02d:%02d".formatted(number(matcher, 1), number(matcher, 2), number(matcher, 3));
    int micros = nanos(matcher.group(4)) / 1_000;
    return micros == 0 ? padded : padded + ".%06d".formatted(micros);
  }

  private static int number(Matcher matcher, int group) {
    String digits = matcher.group(group);
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  private static int nanos(@Nullable String fraction) {
    if (fraction == null) {
      return 0;
    }
    String digits = (fraction + "0".repeat(NANO_DIGITS)).substring(0, NANO_DIGITS);
    return Integer.parseInt(digits);
  }
}
