package org.eventstreaming.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SqlNameTest {
  @Test
  void a_name_that_fits_stays_as_it_is() {
    assertThat(SqlName.of("a".repeat(63))).isEqualTo("a".repeat(63));
    assertThat(SqlName.of("Sales \"Invoice\"")).isEqualTo("Sales \"Invoice\"");
  }

  @Test
  void a_longer_one_is_cut_and_ends_in_a_hash_that_reports_it_from_others() {
    assertThat(SqlName.of("a".repeat(64))).matches("a{54}_[0-9a-f]{8}").hasSize(63);
    assertThat(SqlName.of("a".repeat(64))).isNotEqualTo(SqlName.of("a".repeat(65)));
  }

  @Test
  void it_is_cut_between_characters_and_never_inside_one() {
    for (int before = 0; before < 4; before++) {
      for (String character : new String[] {"é", "東", "😀"}) {
        String cut = SqlName.of("x".repeat(before) + character.repeat(63));

        assertThat(cut.getBytes(UTF_8).length).isBetween(60, 63);
        assertThat(cut).doesNotContain("\uFFFD").matches("(?s)x*[^x]+_[0-9a-f]{8}");
      }
    }
  }
}
