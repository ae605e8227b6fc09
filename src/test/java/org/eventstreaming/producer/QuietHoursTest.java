package org.eventstreaming.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuietHoursTest {
  private static final ZoneId KOLKATA = ZoneId.of("Asia/Kolkata");

  /** The site is 5 h 30 min ahead of UTC. */
  @ParameterizedTest
  @CsvSource({
    "22:00-06:00, 2026-11-25T16:29:59Z, false",
    "22:00-06:00, 2026-11-25T16:30:00Z, true",
    "22:00-06:00, 2026-11-25T20:00:00Z, true",
    "22:00-06:00, 2026-11-26T00:29:59Z, true",
    "22:00-06:00, 2026-11-26T00:30:00Z, false",
    "09:00-17:00, 2026-11-25T03:30:00Z, true",
    "09:00-17:00, 2026-11-25T11:29:59Z, true",
    "09:00-17:00, 2026-11-25T11:30:00Z, false",
    "09:00-17:00, 2026-11-25T20:00:00Z, false",
  })
  void they_are_hours_of_the_sites_own_day(String hours, Instant moment, boolean quiet) {
    assertThat(QuietHours.of(hours).include(moment, KOLKATA)).isEqualTo(quiet);
  }
}
