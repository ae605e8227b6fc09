package org.eventstreaming.synclog;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eventstreaming.store.ProducerStates;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.PassedOver;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdatePage;

/** Gives every followed entry its row in the Event Sync Log, in the transaction that applied it. */
public final class WriteSyncLog {
  private final SyncLog syncLog;
  private final ProducerStates producers;

  public WriteSyncLog(SyncLog syncLog, ProducerStates producers) {
    this.syncLog = syncLog;
    this.producers = producers;
  }

  public UpdatePage write(UpdatePage page) {
    List<SyncOutcome> outcomes = new ArrayList<>();
    Set<DocumentKey> written = new LinkedHashSet<>();
    Map<String, Integer> passedOver = new TreeMap<>();
    List<String> remembered = new ArrayList<>();
    for (Update update : page.updates()) {
      if (update instanceof SyncOutcome outcome) {
        outcomes.add(outcome);
        if (outcome instanceof SyncOutcome.Synced synced) {
          written.add(synced.local());
          written.add(page.counterpart(synced.entry().remote()).awaited());
        }
      }
      if (update instanceof PassedOver passed) {
        boolean isRemembered = passed.why() == PassedOver.Why.CONDITION_NOT_MET;
        if (isRemembered) {
          remembered.add(passed.entry().name());
        }
        // what else is not newer than the cursor was counted when it came first
        if (passed.why().isCounted()
            && (isRemembered || passed.entry().creation().compareTo(page.since()) > 0)
            && isDoctype(passed.entry().refDoctype())) {
          passedOver.merge(passed.entry().refDoctype(), 1, Integer::sum);
        }
      }
    }
    page.needs().brought().keySet().forEach(along -> written.add(along.awaited()));
    syncLog.write(page.pull(), outcomes);
    syncLog.wake(written);
    syncLog.passOver(page.pull().producer().producerUrl(), remembered);
    producers.passedOver(page.pull().producer().producerUrl(), passedOver);
    return page;
  }

  /** No DocType has a longer name: what claims so is not worth a row. */
  private static boolean isDoctype(String refDoctype) {
    return !refDoctype.isEmpty() && refDoctype.length() <= 140;
  }
}
