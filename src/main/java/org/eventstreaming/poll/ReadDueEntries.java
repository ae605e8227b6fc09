package org.eventstreaming.poll;

import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.settings.PollSettings;
import org.eventstreaming.store.ProducerStates;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.update.Guarded;
import org.eventstreaming.update.Lease;
import org.eventstreaming.update.SyncRun;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdatePage;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries of the Event Sync Log that are due: the head of each document's line and the
 * entries that wait behind it. They are read in pages like those of a producer's log.
 */
public final class ReadDueEntries {
  private final ProducerStates producers;
  private final SyncLog syncLog;
  private final PollSettings settings;

  public ReadDueEntries(ProducerStates producers, SyncLog syncLog, PollSettings settings) {
    this.producers = producers;
    this.syncLog = syncLog;
    this.settings = settings;
  }

  /** Whether an entry of a producer is due. Only then a lease is acquired. */
  public boolean anyDue(EventProducer producer) {
    return !syncLog.due(producer.producerUrl(), doctypes(producer), 1).isEmpty();
  }

  private static Set<String> doctypes(EventProducer producer) {
    return producer.producerDoctypes().stream()
        .map(ProducerDoctype::remoteDoctype)
        .collect(Collectors.toSet());
  }

  /**
   * Pages until no entry is due. An entry that failed again in this run is not read again.
   *
   * <p>The last element is null. Whether there is another page is known only once the page before
   * is applied, and the route asks earlier.
   */
  public Iterator<@Nullable UpdatePage> read(Lease lease) {
    return new Guarded<>(
        new DuePages(producers.state(lease.producer().producerUrl()).run(lease, true)));
  }

  private final class DuePages implements Iterator<@Nullable UpdatePage> {
    private final SyncRun run;
    private final Set<String> tried = new HashSet<>();
    private boolean ended;

    DuePages(SyncRun run) {
      this.run = run;
    }

    @Override
    public boolean hasNext() {
      return !ended;
    }

    @Override
    public @Nullable UpdatePage next() {
      if (ended) {
        throw new NoSuchElementException();
      }
      List<UpdateLogEntry> due =
          syncLog.due(run.producer().producerUrl(), run.followed(), settings.page());
      boolean news = false;
      for (UpdateLogEntry entry : due) {
        news |= tried.add(entry.name());
      }
      ended = !news;
      return news ? UpdatePage.read(run, due, "", Optional.empty(), false) : null;
    }
  }
}
