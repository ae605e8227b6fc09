package org.eventstreaming.target;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.store.OpenedMaster;
import org.eventstreaming.store.OpenedMasters;
import org.eventstreaming.update.Lease;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restores masters of target sites that a process left enabled when it ended. It runs before any
 * other work on their producer. Masters that another process has enabled now are in use, as long as
 * that process has the lease.
 */
public final class RestoreMasters {
  private static final Logger LOG = LoggerFactory.getLogger(RestoreMasters.class);

  private final Targets targets;
  private final OpenedMasters masters;
  private final CloseMasters closeMasters;

  public RestoreMasters(Targets targets, OpenedMasters masters) {
    this.targets = targets;
    this.masters = masters;
    this.closeMasters = new CloseMasters(masters);
  }

  /** Restores the masters of the producer's target. Answers the lease given. */
  public Lease restore(Lease lease) {
    if (lease.producer().target() != null) {
      restore(lease.producer(), lease.producer().producerUrl())
          .forEach(
              one ->
                  LOG.info(
                      "{} of {} was left enabled by a process that ended: {}.",
                      one.opened().master(),
                      lease.producer().target().url(),
                      one.ending() == null ? "it could not be disabled" : one.ending().text()));
    }
    return lease;
  }

  private List<CloseMasters.Closed> restore(EventProducer producer, @Nullable String ours) {
    String url = Objects.requireNonNull(producer.target()).url();
    List<OpenedMaster> left = masters.leftOpen(url, ours);
    return left.isEmpty() ? List.of() : closeMasters.close(targets.of(producer), left);
  }

  /**
   * Restores the masters that are not in use, without a lease.
   *
   * @return the masters that were, or are, enabled on the target site of the producer
   */
  public List<LeftOpen> look(EventProducer producer) {
    List<OpenedMaster> open = masters.open(Objects.requireNonNull(producer.target()).url());
    List<LeftOpen> found = new ArrayList<>();
    Set<Long> closed = new HashSet<>();
    if (!open.isEmpty()) {
      for (CloseMasters.Closed one : restore(producer, null)) {
        closed.add(one.opened().id());
        found.add(new LeftOpen(one.opened(), one.ending(), one.error()));
      }
      open.stream()
          .filter(one -> !closed.contains(one.id()))
          .forEach(one -> found.add(new LeftOpen(one, null, null)));
    }
    return found;
  }

  /**
   * A master that was enabled.
   *
   * @param ending how the opening ended; null where it lasts
   * @param error why it could not be restored; null where it could, or is in use
   */
  public record LeftOpen(
      OpenedMaster master, OpenedMaster.@Nullable Ending ending, @Nullable String error) {}
}
