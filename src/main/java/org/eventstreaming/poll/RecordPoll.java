package org.eventstreaming.poll;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.store.ProducerStates;
import org.eventstreaming.store.StoreOutage;
import org.eventstreaming.target.TargetFailed;
import org.eventstreaming.update.FailedWork;
import org.eventstreaming.update.Lease;
import org.eventstreaming.update.LeaseLost;
import org.eventstreaming.update.LeaseTaken;
import org.eventstreaming.update.Work;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records how work on a producer ended: in the producer's state, and in the log. The log has one
 * line when the work begins to fail, one for each other kind of failure, and one when the work
 * succeeds again.
 */
public final class RecordPoll {
  private static final Logger LOG = LoggerFactory.getLogger(RecordPoll.class);

  private final ProducerStates producers;
  private final StoreOutage outage;
  private final Clock clock;

  /** By work: the kinds of failure that were logged since it succeeded last. */
  private final Map<Run, Set<String>> logged = new ConcurrentHashMap<>();

  public RecordPoll(ProducerStates producers, StoreOutage outage, Clock clock) {
    this.clock = clock;
    this.producers = producers;
    this.outage = outage;
  }

  public void succeeded(Lease lease) {
    String url = lease.producer().producerUrl();
    boolean failedBefore = producers.succeeded(url, lease.work());
    outage.end();
    if (logged.remove(new Run(url, lease.work())) != null || failedBefore) {
      LOG.info("The {} of {} succeeds again.", lease.work().text(), url);
    }
  }

  /**
   * Records work that ended early. The cursor is where the last applied page left it, so the next
   * run continues there.
   *
   * @return the failure, for the routes of failures, where the work did not fail before or failed
   *     for another reason; else null
   */
  public @Nullable List<Map<String, @Nullable Object>> failed(Lease lease, Throwable failure) {
    if (outage.isOfDatabase(failure)) {
      LOG.debug("The {} of {} ended early", lease.work().text(), lease, failure);
      return null;
    }
    String url = lease.producer().producerUrl();
    Throwable cause = known(failure);
    // the message of an Error is meaningless without its class
    String message =
        cause.getMessage() == null || cause instanceof Error
            ? cause.toString()
            : cause.getMessage();
    Run run = new Run(url, lease.work());
    Set<String> kinds = logged.computeIfAbsent(run, any -> ConcurrentHashMap.newKeySet());
    boolean isFirst = kinds.isEmpty();
    boolean isNew = kinds.add(kind(cause));
    if (!isNew) {
      LOG.debug("The {} of {} still fails: {}", lease.work().text(), url, message);
    } else if (isKnown(cause)) {
      LOG.warn("{} {}", message, next(cause, lease.work()));
    } else {
      LOG.error(
          "The {} of {} ended early: {}. {}",
          lease.work().text(),
          url,
          message,
          next(cause, lease.work()),
          failure);
    }
    try {
      boolean began =
          producers.failed(
              url,
              lease.work(),
              message,
              !(cause instanceof SomeListsFailed),
              cause instanceof SiteFailure failed ? failed.retryAfter() : Duration.ZERO);
      // after a restart the first failure may be one that was handed over before the restart
      return began || (isNew && !isFirst)
          ? new FailedWork(url, lease.work(), message, clock.instant()).fields()
          : null;
    } catch (RuntimeException e) {
      outage.isOfDatabase(e);
      LOG.debug("Could not record the failed {} of {}", lease.work().text(), url, e);
      return null;
    }
  }

  /** Logs work that failed outside of a lease. Its clock or the site starts it again. */
  public void interrupted(Throwable failure) {
    if (!outage.isOfDatabase(failure)) {
      LOG.error(
          "Work outside of a poll ended early: {}. Its clock, or the site, starts it again.",
          failure.toString(),
          failure);
    }
  }

  private static String next(Throwable cause, Work work) {
    return cause instanceof SomeListsFailed
        ? "What other lists show is applied; the next " + work.text() + " asks again."
        : "The next " + work.text() + " continues where this one ended.";
  }

  /** The kind of a failure, of which one is logged. Messages differ by document and time. */
  private static String kind(Throwable cause) {
    Throwable of =
        cause instanceof SomeListsFailed && cause.getCause() != null ? cause.getCause() : cause;
    return of.getClass().getName() + (of instanceof SiteFailure site ? site.kind() : "");
  }

  private static boolean isKnown(Throwable cause) {
    return cause instanceof SiteFailure
        || cause instanceof SomeListsFailed
        || cause instanceof TargetFailed
        || cause instanceof LeaseLost
        || cause instanceof LeaseTaken;
  }

  /**
   * The first cause of a type that we throw ourselves; else the deepest cause. Routes wrap
   * exceptions.
   */
  static Throwable known(Throwable failure) {
    Throwable deepest = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (isKnown(cause)) {
        return cause;
      }
      deepest = cause;
    }
    return deepest;
  }

  private record Run(String producerUrl, Work work) {}
}
