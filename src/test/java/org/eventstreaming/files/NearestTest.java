package org.eventstreaming.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  private static final List<String> ALLOWED = List.of("use_same_name", "user", "read");

  @Test
  void a_slip_of_the_pen_finds_the_word_that_was_meant() {
    assertThat(Nearest.to("use_samename", ALLOWED)).contains("use_same_name");
    assertThat(Nearest.to("usre", ALLOWED)).contains("user");
  }

  @Test
  void another_word_finds_none() {
    assertThat(Nearest.to("password", ALLOWED)).isEmpty();
    assertThat(Nearest.to("rid", ALLOWED)).isEmpty();
  }
}
