package org.eventstreaming.store;

import org.eventstreaming.update.StoredDocuments;
import org.eventstreaming.update.UpdatePage;

/** Reads the documents of a page as they are here, all at once. Nothing else does. */
public final class ReadStoredDocuments {
  private final DocumentStore documents;

  public ReadStoredDocuments(DocumentStore documents) {
    this.documents = documents;
  }

  public StoredDocuments of(UpdatePage page) {
    return documents.copies(
        page.run().producer().producerUrl(),
        page.lines().keySet().stream()
            .filter(remote -> page.known(remote).here())
            .map(page::identity)
            .toList());
  }
}
