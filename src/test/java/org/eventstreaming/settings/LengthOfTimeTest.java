package org.eventstreaming.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LengthOfTimeTest {

  @ParameterizedTest
  @CsvSource({
    "30 s, PT30S, 30 s",
    "30s, PT30S, 30 s",
    "10 min, PT10M, 10 min",
    "10m, PT10M, 10 min",
    "90 days, P90D, 90 d",
    "90d, P90D, 90 d",
    "1 Day, P1D, 1 d",
    "500ms, PT0.5S, 500 ms",
    "1h, PT1H, 1 h",
    "1 h 30 min, PT1H30M, 1 h 30 min",
    "PT30S, PT30S, 30 s",
    "p2d, P2D, 2 d",
    "-PT3S, PT-3S, -3 s",
    "0, PT0S, 0 s",
    "90 s, PT1M30S, 1 min 30 s"
  })
  void a_length_of_time_is_read_as_people_write_it(String text, Duration length, String shown) {
    assertThat(LengthOfTime.of(text)).isEqualTo(length);
    assertThat(LengthOfTime.text(length)).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "30",
        "s",
        "30 x",
        "1.5 h",
        "-3 s",
        "30 s,",
        "PT",
        "99999999999999999999 s",
        "9999999999999999 d"
      })
  void anything_else_is_refused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LengthOfTime.of(text))
        .withMessage(
            "must be a length of time such as 500 ms, 30 s, 10 min, 1 h or 90 days, was " + text);
  }
}
