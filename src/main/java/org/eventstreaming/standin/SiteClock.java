package org.eventstreaming.standin;

import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** The site's time: naive local text with microseconds, never the same twice, never backwards. */
final class SiteClock {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS");
  private static final String MIDNIGHT = " 00:00:00.000000";

  private Clock clock = Clock.systemUTC();
  private ZoneId zone;
  private LocalDateTime last = LocalDateTime.MIN;

  SiteClock(ZoneId zone) {
    this.zone = zone;
  }

  synchronized void use(Clock other) {
    clock = other;
    last = LocalDateTime.MIN;
  }

  synchronized void move(ZoneId other) {
    zone = other;
    last = LocalDateTime.MIN;
  }

  synchronized String next() {
    var now = LocalDateTime.ofInstant(clock.instant(), zone).truncatedTo(ChronoUnit.MICROS);
    last = now.isAfter(last) ? now : last.plus(1, ChronoUnit.MICROS);
    return (last.equals(last.truncatedTo(ChronoUnit.SECONDS)) ? SECONDS : MICROS).format(last);
  }

  /** Lets nothing that is stamped from now on lie before this moment. */
  synchronized void reach(String text) {
    var moment = moment(text);
    if (moment != null) {
      var reached = LocalDateTime.parse(moment, MICROS);
      last = reached.isAfter(last) ? reached : last;
    }
  }

  /** A date or time in the one form that compares as text; null where the text is neither. */
  static @Nullable String moment(String text) {
    if (text.length() < 10 || text.charAt(4) != '-' || text.charAt(7) != '-') {
      return null;
    }
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if ((c < '0' || c > '9') && c != '-' && c != ' ' && c != ':' && c != '.' && c != 'T') {
        return null;
      }
    }
    var spaced = text.replace('T', ' ');
    return spaced.length() >= MIDNIGHT.length() + 10
        ? spaced.substring(0, MIDNIGHT.length() + 10)
        : spaced + MIDNIGHT.substring(spaced.length() - 10);
  }
}
