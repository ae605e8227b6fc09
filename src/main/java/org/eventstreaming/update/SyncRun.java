package org.eventstreaming.update;

import java.time.ZoneId;
import java.util.Set;
import java.util.stream.Collectors;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;

/**
 * One run of work on a producer: of a poll, a retry, a load, a reconciliation or a comparison.
 *
 * @param zone the producer's time zone: its naive times are in it
 * @param approved the document types that the producer approved for us
 * @param retry whether it goes through what waits here, not through the producer's log
 * @param hasLog whether the producer has an update log; a stock site has none
 */
public record SyncRun(
    Lease lease, ZoneId zone, Set<String> approved, boolean retry, boolean hasLog) {
  public SyncRun {
    approved = Set.copyOf(approved);
  }

  /** The same under another lease. */
  public SyncRun with(Lease other) {
    return new SyncRun(other, zone, approved, retry, hasLog);
  }

  public EventProducer producer() {
    return lease.producer();
  }

  /** Why there is an entry of our own for what a list of the producer shows. */
  public Cause foundBeside() {
    return hasLog ? Cause.RECONCILE : Cause.MODIFIED;
  }

  /** A document of the producer as what it is here. */
  public IdentityKey identity(DocumentKey remote) {
    return new IdentityKey(remote, producer().refDoctype(remote.doctype()));
  }

  /** Types that are asked for, subscribed to and approved. */
  public Set<String> followed() {
    return producer().producerDoctypes().stream()
        .filter(row -> !row.unsubscribe())
        .map(ProducerDoctype::remoteDoctype)
        .filter(approved::contains)
        .collect(Collectors.toUnmodifiableSet());
  }
}
