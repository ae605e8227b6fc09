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
 * Allows one pull of a producer at a time, across all processes. A pull that waits for a slow site
 * is kept alive here; one whose process died runs out by itself.
 */
public final class TakeLease {
  private static final Logger LOG = LoggerFactory.getLogger(TakeLease.class);
  private static final int LEASES_WAITED = 8;
  private static final long GLANCE_MILLIS = 200;

  private final ProducerStates producers;
  private final ScheduledExecutorService heart;
  private final Duration lease;
  private final Map<String, ScheduledFuture<?>> beats = new ConcurrentHashMap<>();

  /** Producers whose clock poll found another pull going on: the next pull looks back for it. */
  private final Set<String> owedLooksBack = ConcurrentHashMap.newKeySet();

  public TakeLease(ProducerStates producers, ScheduledExecutorService heart, Duration lease) {
    this.producers = producers;
    this.heart = heart;
    this.lease = lease;
  }

  /**
   * The lease for a work of the routes; null while another has it, or the site asks to be left
   * alone. A load and a comparison wait for it.
   *
   * @param work as in the routes' variable of that name
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
   * For a pull that was asked for by a notification: it need not look back, unless the clock's own
   * pull was refused meanwhile. A busy site notifies without a pause.
   */
  private @Nullable Lease takeNotified(EventProducer producer) {
    return take(producer, Work.POLL, false, true);
  }

  /** What a clock starts and is refused has its turn when the lease is given back, in order. */
  private @Nullable Lease requested(@Nullable Lease taken, EventProducer producer, Work work) {
    if (taken == null) {
      producers.request(producer.producerUrl(), work);
    }
    return taken;
  }

  /**
   * For a person or a clock that can wait: as long as several leases last. Nothing that is
   * requested later gets the lease before.
   *
   * @throws LeaseTaken when another pull still has it then
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

  /** This process's own works follow each other all the time: that is no news. */
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
   * Prolongs the lease inside a page's transaction, and locks it until that ends. A page does so
   * when it begins and when it ends: it may take longer than the lease.
   *
   * @throws LeaseLost when another process has it now
   */
  public UpdatePage renew(UpdatePage page) {
    Lease held = page.run().lease();
    if (!producers.renew(held.producer().producerUrl(), held.owner())) {
      throw new LeaseLost(held.producer().producerUrl());
    }
    return page;
  }

  /**
   * Gives the lease back; answers whose turn it is then, null where nothing waits or somebody looks
   * after it.
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
      // one thread beats for all producers: it must not wait for the page of one of them
      producers.keepAlive(producerUrl, owner);
    } catch (RuntimeException e) {
      // the page's own renewal decides; a later beat may succeed
      LOG.debug("Could not renew the lease of {}", producerUrl, e);
    }
  }
}
