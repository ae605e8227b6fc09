package org.eventstreaming.stream;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicReference;

/** Moments for entries that a test writes itself: in the stand-in's zone, now, each later. */
final class TestTimes {
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS");
  private static final AtomicReference<LocalDateTime> LAST =
      new AtomicReference<>(LocalDateTime.MIN);

  private TestTimes() {}

  static String next() {
    LocalDateTime now = LocalDateTime.now(ZoneId.of("Asia/Kolkata"));
    return MICROS.format(
        LAST.updateAndGet(last -> now.isAfter(last) ? now : last.plusNanos(1_000)));
  }
}
