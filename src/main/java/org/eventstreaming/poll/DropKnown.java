package org.eventstreaming.poll;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdatePage;

/**
 * Drops what is logged already: polls look back behind the cursor, and producers send entries
 * twice. The unique key of the Event Sync Log decides.
 */
public final class DropKnown {
  private final SyncLog syncLog;

  public DropKnown(SyncLog syncLog) {
    this.syncLog = syncLog;
  }

  public UpdatePage drop(UpdatePage page) {
    if (page.run().retry()) {
      return page;
    }
    List<String> names = page.updates().stream().map(update -> update.entry().name()).toList();
    Set<String> seen = new HashSet<>(syncLog.known(page.run().producer().producerUrl(), names));
    List<Update> fresh = new ArrayList<>();
    for (Update update : page.updates()) {
      if (seen.add(update.entry().name())) {
        fresh.add(update);
      }
    }
    return page.withUpdates(fresh);
  }
}
