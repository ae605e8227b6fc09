package org.eventstreaming.producer;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;

/**
 * The hours of the day in which a site is left to its people, in its own time zone.
 *
 * @param from the first moment of them
 * @param to the first moment after them; before {@code from} where they go past midnight
 */
public record QuietHours(LocalTime from, LocalTime to) {
  public QuietHours {
    if (from.equals(to)) {
      throw new IllegalArgumentException("must not begin and end at the same time, was " + from);
    }
  }

  /**
   * Reads {@code 22:00-06:00}.
   *
   * @throws IllegalArgumentException saying what they must be
   */
  public static QuietHours of(String text) {
    String[] ends = text.split("-", -1);
    if (ends.length == 2) {
      try {
        return new QuietHours(LocalTime.parse(ends[0].strip()), LocalTime.parse(ends[1].strip()));
      } catch (DateTimeException e) {
        // reported below, with the whole text
      }
    }
    throw new IllegalArgumentException(
        "must be two times of day, hours with two digits, as in 22:00-06:00, was '" + text + "'");
  }

  public boolean include(Instant moment, ZoneId zone) {
    LocalTime time = moment.atZone(zone).toLocalTime();
    boolean begun = !time.isBefore(from);
    boolean ended = !time.isBefore(to);
    return from.isBefore(to) ? begun && !ended : begun || !ended;
  }
}
