package org.eventstreaming.poll;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.eventstreaming.store.StoredVersion;
import org.eventstreaming.update.DocumentKey;
import org.junit.jupiter.api.Test;

class OwnEntryTest {
  private static final DocumentKey DOCUMENT = new DocumentKey("Part", "n1");

  @Test
  void the_same_about_the_same_document_has_the_same_name() {
    assertThat(name("2026-01-01T10:00:00Z", 2)).isEqualTo(name("2026-01-01T10:00:00Z", 2));
    assertThat(name("2026-01-01T10:00:00Z", 2)).isNotEqualTo(name("2026-01-01T10:00:00Z", 3));
  }

  @Test
  void about_another_document_that_got_the_name_it_has_another() {
    assertThat(name("2026-01-01T10:00:00Z", 2)).isNotEqualTo(name("2026-01-02T10:00:00Z", 2));
  }

  private static String name(String creation, long version) {
    StoredVersion held =
        new StoredVersion(DOCUMENT, version, null, Instant.parse(creation), "Administrator");
    return OwnEntry.delete(DOCUMENT, held, "note", "2026-01-03 10:00:00").name();
  }
}
