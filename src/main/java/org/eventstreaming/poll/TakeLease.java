package org.eventstreaming.poll;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.store.ProducerStates;
import org.eventstreaming.update.Lease;
import org.eventstreaming.update.LeaseLost;
import org.eventstreaming.update.LeaseTaken;
import org.eventstreaming.update.UpdatePage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one pull of a producer go on at a time, over all processes. A pull that waits for a slow
 * site is kept alive here; one whose process died runs out by itself.
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

  /** The lease; null while another pull has it, or the site asks to be left alone. */
  public @Nullable Lease take(EventProducer producer) {
    return take(producer, true, true);
  }

  /**
   * The same, for a pull that was asked for by a notification: it need not look back, unless the
   * clock's own pull was refused meanwhile. A busy site notifies without a pause.
   */
  public @Nullable Lease takeNotified(EventProducer producer) {
    return take(producer, false, true);
  }

  /** The same, for what waits here: a notification meanwhile still asks for a look. */
  public @Nullable Lease takeForRetry(EventProducer producer) {
    return take(producer, true, false);
  }

  /**
   * The same, for a person or a clock that can wait: as long as several leases last.
   *
   * @throws LeaseTaken when another pull still has it then
   */
  public Lease await(EventProducer producer) {
    long end = System.nanoTime() + lease.multipliedBy(LEASES_WAITED).toNanos();
    Lease taken = takeForRetry(producer);
    if (taken == null) {
      LOG.info("Another pull from {} is going on: waiting for it", producer.producerUrl());
    }
    while (taken == null) {
      if (System.nanoTime() > end) {
        throw new LeaseTaken(producer.producerUrl(), lease.multipliedBy(LEASES_WAITED));
      }
      try {
        Thread.sleep(GLANCE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("stopped while waiting for another pull", e);
      }
      taken = takeForRetry(producer);
    }
    return taken;
  }

  private @Nullable Lease take(EventProducer producer, boolean overlap, boolean looks) {
    String owner = UUID.randomUUID().toString();
    if (!producers.take(producer.producerUrl(), owner, looks)) {
      if (looks && overlap) {
        owedLooksBack.add(producer.producerUrl());
      }
      LOG.debug(
          "Another pull from {} is going on, or it asks to be left alone", producer.producerUrl());
      return null;
    }
    long beat = Math.max(1, lease.toMillis() / 3);
    beats.put(
        owner,
        heart.scheduleWithFixedDelay(
            () -> beat(producer.producerUrl(), owner), beat, beat, TimeUnit.MILLISECONDS));
    boolean owed = looks && owedLooksBack.remove(producer.producerUrl());
    return new Lease(producer, owner, overlap || owed);
  }

  /**
   * Prolongs the lease inside a page's transaction, and locks it until that ends. A page does so
   * when it begins and when it ends: it may take longer than the lease.
   *
   * @throws LeaseLost when another process has it now
   */
  public UpdatePage renew(UpdatePage page) {
    Lease held = page.pull().lease();
    if (!producers.renew(held.producer().producerUrl(), held.owner())) {
      throw new LeaseLost(held.producer().producerUrl());
    }
    return page;
  }

  /**
   * Gives the lease back; true where a notification came meanwhile, so that another look is due.
   */
  public boolean release(Lease held) {
    ScheduledFuture<?> beat = beats.remove(held.owner());
    if (beat != null) {
      beat.cancel(false);
    }
    return producers.release(held.producer().producerUrl(), held.owner());
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
