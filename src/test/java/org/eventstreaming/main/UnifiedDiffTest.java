package org.eventstreaming.main;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnifiedDiffTest {
  private static final String TWENTY =
      IntStream.rangeClosed(1, 20).mapToObj(i -> i + "\n").collect(Collectors.joining());

  @Test
  void equal_texts_have_no_hunks() {
    assertThat(UnifiedDiff.of(TWENTY, TWENTY).hunks(0)).isEmpty();
  }

  @Test
  void changes_that_are_near_are_one_hunk_and_those_that_are_not_are_two() {
    UnifiedDiff diff =
        UnifiedDiff.of(
            TWENTY, TWENTY.replace("\n5\n", "\nfive\n").replace("\n8\n", "\n").concat("21\n"));

    assertThat(diff.added()).isEqualTo(2);
    assertThat(diff.removed()).isEqualTo(2);
    assertThat(diff.hunks(0))
        .containsExactly(
            "@@ -2,10 +2,9 @@",
            " 2",
            " 3",
            " 4",
            "-5",
            "+five",
            " 6",
            " 7",
            "-8",
            " 9",
            " 10",
            " 11",
            "@@ -18,3 +17,4 @@",
            " 18",
            " 19",
            " 20",
            "+21");
  }

  @Test
  void lines_that_were_left_out_of_the_second_text_are_counted() {
    assertThat(UnifiedDiff.of("", "a\n").hunks(1)).containsExactly("@@ -0,0 +2,1 @@", "+a");
    assertThat(UnifiedDiff.of("a\n", "").hunks(0)).containsExactly("@@ -1,1 +0,0 @@", "-a");
  }
}
