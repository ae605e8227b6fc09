package org.eventstreaming.store;

import org.eventstreaming.update.PassedOver;
import org.eventstreaming.update.RenamedUpdate;
import org.eventstreaming.update.StoredDocuments;
import org.eventstreaming.update.UpdatePage;

/** Reads the documents of a page as they are here, all at once. Nothing else does. */
public final class ReadStored {
  private final DocumentStore documents;

  public ReadStored(DocumentStore documents) {
    this.documents = documents;
  }

  public StoredDocuments of(UpdatePage page) {
    return documents.copies(
        page.run().producer().producerUrl(),
        page.updates().stream()
            .filter(update -> !(update instanceof PassedOver) && !(update instanceof RenamedUpdate))
            .map(update -> update.entry().remote())
            .distinct()
            .filter(remote -> page.known(remote).here())
            .map(page::identity)
            .toList());
  }
}
