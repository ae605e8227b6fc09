package org.eventstreaming.synclog;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eventstreaming.store.ProducerStates;
import org.eventstreaming.store.SiteLinks;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FailedEntry;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.PassedOver;
import org.eventstreaming.update.Sentence;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdatePage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives every followed entry its row in the Event Sync Log, in the transaction that applied it. */
public final class WriteSyncLog {
  private static final Logger LOG = LoggerFactory.getLogger(WriteSyncLog.class);
  private static final int LONGEST = 1_000;

  private final SyncLog syncLog;
  private final SiteLinks links;
  private final ProducerStates producers;

  /** Producers whose first documents are known to be here. */
  private final Set<String> arrived = ConcurrentHashMap.newKeySet();

  /**
   * @param links of the documents that went to target sites
   */
  public WriteSyncLog(SyncLog syncLog, SiteLinks links, ProducerStates producers) {
    this.syncLog = syncLog;
    this.links = links;
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
          written.add(page.identity(synced.entry().remote()).awaited());
        }
      }
      if (update instanceof PassedOver passed) {
        boolean isRemembered = passed.why().isRemembered();
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
    page.dependencies().brought().keySet().forEach(along -> written.add(along.awaited()));
    Set<String> failed = syncLog.write(page.run(), outcomes);
    if (page.run().producer().target() != null) {
      links.logged(page.run().producer().producerUrl(), concluded(page, outcomes));
    }
    syncLog.wake(written);
    if (page.run().retry()) {
      syncLog.wakeUnreadable(
          page.run().producer().producerUrl(),
          written.stream().map(DocumentKey::doctype).collect(Collectors.toSet()));
    }
    syncLog.passOver(page.run().producer().producerUrl(), remembered);
    producers.passedOver(page.run().producer().producerUrl(), passedOver);
    List<FailedEntry> rows =
        failed.isEmpty() ? List.of() : syncLog.failed(page.run().producer().producerUrl(), failed);
    rows.forEach(WriteSyncLog::logFailed);
    logArrived(page, outcomes);
    return rows.isEmpty() ? page : page.withFailed(rows);
  }

  /** The documents of the page, and what came along with them. */
  private static List<IdentityKey> concluded(UpdatePage page, List<SyncOutcome> outcomes) {
    return Stream.concat(
            outcomes.stream().map(outcome -> page.identity(outcome.entry().remote())),
            page.dependencies().brought().keySet().stream())
        .distinct()
        .toList();
  }

  private static void logFailed(FailedEntry entry) {
    LOG.warn(
        "{} of {} {} from {} is Failed: {} 'event-streaming synclog show {}' shows it.",
        line(entry.updateType()),
        line(entry.refDoctype()),
        line(entry.docname()),
        entry.producerUrl(),
        Sentence.of(line(String.valueOf(entry.error()))),
        entry.syncLog());
  }

  /** What a site sends makes one line of the log, and no endless one. */
  private static String line(String text) {
    String one = text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
    return one.length() <= LONGEST ? one : one.substring(0, LONGEST) + " …";
  }

  private void logArrived(UpdatePage page, List<SyncOutcome> outcomes) {
    String url = page.run().producer().producerUrl();
    if (arrived.contains(url)) {
      return;
    }
    List<SyncOutcome> synced =
        outcomes.stream().filter(SyncOutcome.Synced.class::isInstance).toList();
    if (synced.isEmpty()) {
      return;
    }
    if (producers.arrived(url)) {
      LOG.info(
          "The first documents of {} are here: {} {}{}",
          url,
          line(synced.get(0).entry().refDoctype()),
          line(synced.get(0).entry().docname()),
          synced.size() == 1 ? "" : " and %d more".formatted(synced.size() - 1));
    }
    arrived.add(url);
  }

  /** No DocType has a longer name: what claims so is not worth a row. */
  private static boolean isDoctype(String refDoctype) {
    return !refDoctype.isEmpty() && refDoctype.length() <= 140;
  }
}
