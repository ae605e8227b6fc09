package org.eventstreaming.poll;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdatePage;

/**
 * Drops entries that have a row in the Event Sync Log. A poll reads the time before the cursor
 * again (overlap), and a producer can send an entry twice.
 *
 * <p>A retry keeps all entries: each of them has a row.
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
