package org.eventstreaming.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void few_measurements_have_their_least_and_greatest_as_interval() {
    assertThat(Spread.of(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(new Spread(2.5, 1, 4));
  }

  @Test
  void of_twenty_the_interval_reaches_from_the_fifth_to_the_sixteenth() {
    assertThat(Spread.of(IntStream.rangeClosed(1, 20).mapToObj(i -> (double) i).toList()))
        .isEqualTo(new Spread(10.5, 5, 16));
  }
}
