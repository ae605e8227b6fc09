package org.eventstreaming.poll;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.store.ProducerStates;
import org.eventstreaming.update.Hindrance;
import org.eventstreaming.update.Lease;
import org.eventstreaming.update.LeaseHolder;
import org.eventstreaming.update.LeaseLost;
import org.eventstreaming.update.LeaseTaken;
import org.eventstreaming.update.NextTurn;
import org.eventstreaming.update.Released;
import org.eventstreaming.update.UpdatePage;
import org.eventstreaming.update.Work;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Acquires and releases the lease of a producer, which one process holds at a time. While the
 * holder works, its lease is renewed here. The lease of a process that died expires.
 */
public final class TakeLease {
  private static final Logger LOG = LoggerFactory.getLogger(TakeLease.class);
  private static final int LEASES_WAITED = 8;
  private static final long GLANCE_MILLIS = 200;

  private final ProducerStates producers;
  private final ScheduledExecutorService heart;
  private final Duration lease;
  private final Map<String, ScheduledFuture<?>> beats = new ConcurrentHashMap<>();

  /**
   * Producers whose poll by the clock did not get the lease. The next poll looks back from the
   * cursor in its place.
   */
  private final Set<String> owedLooksBack = ConcurrentHashMap.newKeySet();

  public TakeLease(ProducerStates producers, ScheduledExecutorService heart, Duration lease) {
    this.producers = producers;
    this.heart = heart;
    this.lease = lease;
  }

  /**
   * Acquires the lease for a work. Null while another work has it, or while the site demands a
   * pause. A load and a comparison wait for the lease.
   *
   * @param work the value of the variable of that name in the routes
   * @throws LeaseTaken when a load or a comparison waited in vain
   */
  public @Nullable Lease take(EventProducer producer, String work) {
    return switch (work) {
      case "poll" -> requested(take(producer, Work.POLL, true, true), producer, Work.POLL);
      case "notified" -> takeNotified(producer);
      case "retry" -> requested(take(producer, Work.RETRY, true, false), producer, Work.RETRY);
      case "reconcile" ->
          requested(take(producer, Work.RECONCILE, true, false), producer, Work.RECONCILE);
      case "load" -> await(producer, Work.LOAD);
      case "compare" -> await(producer, Work.COMPARE);
      default -> throw new IllegalArgumentException("no lease is taken for " + work);
    };
  }

  /**
   * Acquires the lease for a poll after a notification. Such a poll does not look back from the
   * cursor, unless a poll by the clock was refused meanwhile: a busy site notifies all the time.
   */
  private @Nullable Lease takeNotified(EventProducer producer) {
    return take(producer, Work.POLL, false, true);
  }

  /**
   * Queues the work where it did not get the lease. It starts, in the order of the queue, when the
   * lease is released.
   */
  private @Nullable Lease requested(@Nullable Lease taken, EventProducer producer, Work work) {
    if (taken == null) {
      producers.request(producer.producerUrl(), work);
    }
    return taken;
  }

  /**
   * Waits for the lease, for the time of {@link #LEASES_WAITED} leases. Work that is requested
   * later does not get it before.
   *
   * @throws LeaseTaken when another work still holds it at the end
   */
  private Lease await(EventProducer producer, Work work) {
    long end = System.nanoTime() + lease.multipliedBy(LEASES_WAITED).toNanos();
    Lease taken = requested(take(producer, work, true, false), producer, work);
    if (taken == null) {
      logWait(producer.producerUrl());
    }
    while (taken == null) {
      if (System.nanoTime() > end) {
        throw new LeaseTaken(
            producer.producerUrl(),
            lease.multipliedBy(LEASES_WAITED),
            producers.hindrance(producer.producerUrl()));
      }
      try {
        Thread.sleep(GLANCE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("stopped while waiting for the lease", e);
      }
      taken = requested(take(producer, work, true, false), producer, work);
    }
    return taken;
  }

  /**
   * Logs the wait. Work of this process often waits for other work of it, which is logged as debug.
   */
  private void logWait(String producerUrl) {
    Hindrance hindrance = producers.hindrance(producerUrl);
    boolean isOwn = hindrance.holder() == null || hindrance.holder().isThisProcess();
    LOG.atLevel(isOwn && hindrance.pausedUntil() == null ? Level.DEBUG : Level.INFO)
        .log("{} Waiting for the lease.", hindrance.reported(producerUrl));
  }

  private @Nullable Lease take(EventProducer producer, Work work, boolean overlap, boolean looks) {
    String owner = LeaseHolder.newOwner();
    if (!producers.take(producer.producerUrl(), owner, work, looks)) {
      if (looks && overlap) {
        owedLooksBack.add(producer.producerUrl());
      }
      LOG.debug("The lease of {} could not be acquired for {}", producer.producerUrl(), work);
      return null;
    }
    long beat = Math.max(1, lease.toMillis() / 3);
    beats.put(
        owner,
        heart.scheduleWithFixedDelay(
            () -> beat(producer.producerUrl(), owner), beat, beat, TimeUnit.MILLISECONDS));
    boolean owed = looks && owedLooksBack.remove(producer.producerUrl());
    return new Lease(producer, owner, overlap || owed, work);
  }

  /**
   * Renews the lease in a page's transaction, and locks its row until the transaction ends. A page
   * does so at its beginning and at its end, since it may take longer than the lease.
   *
   * @throws LeaseLost when another process holds the lease now
   */
  public UpdatePage renew(UpdatePage page) {
    Lease held = page.run().lease();
    if (!producers.renew(held.producer().producerUrl(), held.owner())) {
      throw new LeaseLost(held.producer().producerUrl());
    }
    return page;
  }

  /**
   * Releases the lease. Answers the work whose turn is next; null where none waits, or where it
   * takes its turn itself.
   */
  public @Nullable NextTurn release(Lease held) {
    ScheduledFuture<?> beat = beats.remove(held.owner());
    if (beat != null) {
      beat.cancel(false);
    }
    Released released = producers.release(held.producer().producerUrl(), held.owner());
    if (released.next() != null) {
      return released.next().waits() ? null : new NextTurn(held.producer(), released.next(), false);
    }
    return released.notified() ? new NextTurn(held.producer(), Work.POLL, true) : null;
  }

  private void beat(String producerUrl, String owner) {
    try {
      // one thread renews the leases of all producers: it must not wait for a page of one of them
      producers.keepAlive(producerUrl, owner);
    } catch (RuntimeException e) {
      // the renewal in the page's transaction decides; a later one here may succeed
      LOG.debug("Could not renew the lease of {}", producerUrl, e);
    }
  }
}
