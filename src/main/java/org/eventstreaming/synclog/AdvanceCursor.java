package org.eventstreaming.synclog;

import org.eventstreaming.store.ProducerStates;
import org.eventstreaming.update.UpdatePage;

/** Leaves a page behind: the next poll asks after it. */
public final class AdvanceCursor {
  private final ProducerStates producers;

  public AdvanceCursor(ProducerStates producers) {
    this.producers = producers;
  }

  public UpdatePage advance(UpdatePage page) {
    page.move().ifPresent(move -> producers.advance(page.run().producer().producerUrl(), move));
    return page;
  }
}
