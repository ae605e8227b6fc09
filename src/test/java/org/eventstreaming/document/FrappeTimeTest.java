package org.eventstreaming.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrappeTimeTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final ZoneId ST_JOHNS = ZoneId.of("America/St_Johns");
  private static final ZoneId KOLKATA = ZoneId.of("Asia/Kolkata");
  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

  @ParameterizedTest
  @CsvSource({
    "2024-05-01 10:15:30.123456, 2024-05-01T10:15:30.123456",
    "2024-05-01 10:15:30, 2024-05-01T10:15:30",
    "2024-05-01 10:15, 2024-05-01T10:15",
    "2024-05-01, 2024-05-01T00:00",
    "2024-05-01T10:15:30, 2024-05-01T10:15:30",
    "2024-05-01 9:05:00, 2024-05-01T09:05",
    "2024-05-01 10:00:0.05, 2024-05-01T10:00:00.05",
    "2024-05-01 13:26:50.21885, 2024-05-01T13:26:50.21885",
    "2024-05-01 10:15:30.1234567891, 2024-05-01T10:15:30.123456789",
    "2024-02-29 00:00:00, 2024-02-29T00:00"
  })
  void the_forms_that_sites_write_are_understood(String text, LocalDateTime time) {
    assertThat(FrappeTime.parse(text)).contains(time);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "10:15:30",
        "2023-02-29",
        "2024-13-01",
        "2024-05-00",
        "0000-00-00 00:00:00",
        "2024-05-01 24:00:00",
        "2024-05-01 10:60:00",
        "2024-05-01 10:15:60",
        "2024-05-01T10:15:30Z",
        "2024-05-01 10:15:30+02:00"
      })
  void what_is_no_naive_time_gives_none(String text) {
    assertThat(FrappeTime.parse(text)).isEmpty();
  }

  @Test
  void a_time_is_written_with_six_digits() {
    assertThat(FrappeTime.format(LocalDateTime.parse("2024-05-01T10:15:30")))
        .isEqualTo("2024-05-01 10:15:30.000000");
    assertThat(FrappeTime.format(LocalDateTime.parse("2024-05-01T10:15:30.123456789")))
        .isEqualTo("2024-05-01 10:15:30.123456");
  }

  @Test
  void a_text_is_read_in_the_zone_of_its_site() {
    assertThat(FrappeTime.at("2024-05-01 10:15:30", KOLKATA))
        .isEqualTo(Instant.parse("2024-05-01T04:45:30Z"));
  }

  @Test
  void of_two_moments_the_earlier_is_meant() {
    assertThat(FrappeTime.at("2024-10-27 02:30:00", BERLIN))
        .isEqualTo(Instant.parse("2024-10-27T00:30:00Z"));
  }

  @Test
  void a_time_that_spring_leaves_out_is_read_as_if_the_clock_had_not_changed() {
    assertThat(FrappeTime.at("2024-03-31 02:30:00", BERLIN))
        .isEqualTo(Instant.parse("2024-03-31T01:30:00Z"));
  }

  @Test
  void no_moment_is_made_of_a_text_that_is_no_time() {
    assertThatThrownBy(() -> FrappeTime.at("soon", BERLIN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"soon\"");
  }

  @Test
  void before_a_cursor_is_the_overlap_earlier() {
    assertThat(FrappeTime.before("2024-05-01 10:15:30.123456", TEN_MINUTES, BERLIN))
        .isEqualTo("2024-05-01 10:05:30.123456");
    assertThat(FrappeTime.before("2024-05-01 00:05:00", TEN_MINUTES, KOLKATA))
        .isEqualTo("2024-04-30 23:55:00.000000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0042", "2024-02-30 10:00:00"})
  void a_cursor_that_is_no_time_is_returned_as_it_came(String cursor) {
    assertThat(FrappeTime.before(cursor, TEN_MINUTES, BERLIN)).isEqualTo(cursor);
  }

  @ParameterizedTest
  @CsvSource({
    // until the clock is put back there is one of each
    "2024-10-27 01:59:59, 2024-10-27 01:49:59.000000",
    // first or second pass: nobody knows
    "2024-10-27 02:00:00, 2024-10-27 00:50:00.000000",
    "2024-10-27 02:59:59, 2024-10-27 01:49:59.000000",
    // just after
    "2024-10-27 03:05:00, 2024-10-27 01:55:00.000000",
    "2024-10-27 03:10:00, 2024-10-27 02:00:00.000000",
    // and all is as ever
    "2024-10-27 03:10:01, 2024-10-27 03:00:01.000000"
  })
  void autumn_in_berlin_goes_back_another_hour(String cursor, String before) {
    assertThat(FrappeTime.before(cursor, TEN_MINUTES, BERLIN)).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "2024-11-03 00:59:59, 2024-11-03 00:49:59.000000",
    "2024-11-03 01:30:00, 2024-11-03 00:20:00.000000",
    "2024-11-03 02:05:00, 2024-11-03 00:55:00.000000",
    "2024-11-03 02:10:01, 2024-11-03 02:00:01.000000",
    // until 2011 the clock went back one minute after midnight, into the day before
    "2010-11-06 23:30:00, 2010-11-06 22:20:00.000000",
    "2010-11-07 00:05:00, 2010-11-06 22:55:00.000000"
  })
  void autumn_in_st_johns_goes_back_another_hour(String cursor, String before) {
    assertThat(FrappeTime.before(cursor, TEN_MINUTES, ST_JOHNS)).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin, 2024-03-31 01:59:59, 2024-03-31 01:49:59.000000",
    "Europe/Berlin, 2024-03-31 03:05:00, 2024-03-31 01:55:00.000000",
    "Europe/Berlin, 2024-03-31 03:10:00, 2024-03-31 03:00:00.000000",
    "America/St_Johns, 2024-03-10 03:05:00, 2024-03-10 01:55:00.000000",
    // a time that does not exist: never forward
    "Europe/Berlin, 2024-03-31 02:30:00, 2024-03-31 02:20:00.000000"
  })
  void spring_goes_back_over_the_hour_that_is_left_out(ZoneId zone, String cursor, String before) {
    assertThat(FrappeTime.before(cursor, TEN_MINUTES, zone)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Europe/Berlin", "America/St_Johns"})
  void nothing_written_within_the_overlap_before_the_cursor_is_missed(ZoneId zone) {
    var written = Instant.parse("2024-01-01T00:00:00Z");
    var end = Instant.parse("2025-01-01T00:00:00Z");

    while (written.isBefore(end)) {
      String cursor = FrappeTime.format(LocalDateTime.ofInstant(written, zone));
      String from = FrappeTime.before(cursor, TEN_MINUTES, zone);
      for (int minutes = -10; minutes <= 0; minutes++) {
        var entry = written.plus(Duration.ofMinutes(minutes));
        assertThat(FrappeTime.format(LocalDateTime.ofInstant(entry, zone)))
            .isGreaterThanOrEqualTo(from);
      }
      written = written.plus(Duration.ofMinutes(7));
    }
  }

  @Test
  void in_the_hour_that_happens_twice_a_text_means_two_moments() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");

    assertThat(FrappeTime.meansTwoMoments("2030-10-27 02:00:00", berlin)).isTrue();
    assertThat(FrappeTime.meansTwoMoments("2030-10-27 02:59:59.999999", berlin)).isTrue();
    assertThat(FrappeTime.meansTwoMoments("2030-10-27 03:00:00", berlin)).isFalse();
    assertThat(FrappeTime.meansTwoMoments("2030-03-31 02:30:00", berlin)).isFalse();
    assertThat(FrappeTime.meansTwoMoments("no time", berlin)).isFalse();
  }
}
