package org.eventstreaming.update;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RowSentencesTest {
  @Test
  void a_message_about_a_document_without_a_row_says_nothing_of_later_entries() {
    String message = "Could not map it: no." + RowSentences.LATER_ENTRIES_WAIT + " Correct it.";

    assertThat(RowSentences.areIn(message)).isTrue();
    assertThat(RowSentences.without(message)).isEqualTo("Could not map it: no. Correct it.");
  }

  @Test
  void a_message_about_a_document_without_a_row_says_nothing_of_a_retry() {
    String link = RowSentences.retriedWhen("Customer A. B, and\nSons is here");
    String message = "Customer A. B, and\nSons may not be read." + link + " Grant it.";

    assertThat(RowSentences.areIn(message)).isTrue();
    assertThat(RowSentences.without(message))
        .isEqualTo("Customer A. B, and\nSons may not be read. Grant it.");
  }

  @Test
  void a_message_that_says_nothing_of_a_row_stays_as_it_is() {
    String message = "The site did not answer, and every hour. It is retried when asked.";

    assertThat(RowSentences.areIn(message)).isFalse();
    assertThat(RowSentences.without(message)).isEqualTo(message);
  }
}
