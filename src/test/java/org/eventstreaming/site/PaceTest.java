package org.eventstreaming.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.eventstreaming.stream.TestStream.TestClock;
import org.junit.jupiter.api.Test;

class PaceTest {
  private final TestClock clock = new TestClock();
  private final Pace pace = new Pace(clock);

  @Test
  void each_slow_list_halves_the_next_down_to_a_few_rows() {
    assertThat(pace.rows(1_000)).isEqualTo(1_000);

    call(10);
    assertThat(pace.rows(1_000)).isEqualTo(500);

    for (int i = 0; i < 20; i++) {
      call(60);
    }
    assertThat(pace.rows(1_000)).isEqualTo(20);
    assertThat(pace.rows(5)).isEqualTo(5);
  }

  @Test
  void five_quick_ones_in_a_row_double_it_and_what_lies_between_begins_anew() {
    call(10);
    call(10);

    for (int seconds : new int[] {1, 1, 1, 1, 5, 1, 1, 1, 1}) {
      call(seconds);
    }
    assertThat(pace.rows(1_000)).isEqualTo(250);

    call(1);
    assertThat(pace.rows(1_000)).isEqualTo(500);

    for (int i = 0; i < 20; i++) {
      call(1);
    }
    assertThat(pace.rows(1_000)).isEqualTo(1_000);
  }

  @Test
  void one_that_times_out_counts_as_slow() {
    assertThatThrownBy(
            () ->
                pace.timed(
                    () -> {
                      clock.advance(Duration.ofSeconds(150));
                      throw new IllegalStateException("no answer");
                    }))
        .hasMessage("no answer");

    assertThat(pace.rows(1_000)).isEqualTo(500);
  }

  private void call(int seconds) {
    pace.timed(
        () -> {
          clock.advance(Duration.ofSeconds(seconds));
          return "";
        });
  }
}
