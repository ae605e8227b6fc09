package org.eventstreaming.poll;

import java.time.Duration;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.store.ProducerStates;
import org.eventstreaming.target.TargetFailed;
import org.eventstreaming.update.Lease;
import org.eventstreaming.update.LeaseLost;
import org.eventstreaming.update.LeaseTaken;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notes how a poll ended, for the operator: in the log once, and in the producer's state. */
public final class RecordPoll {
  private static final Logger LOG = LoggerFactory.getLogger(RecordPoll.class);

  private final ProducerStates producers;

  public RecordPoll(ProducerStates producers) {
    this.producers = producers;
  }

  public void succeeded(Lease lease) {
    producers.succeeded(lease.producer().producerUrl());
  }

  /** A poll that ends early moves no cursor beyond what is applied: the next one goes on there. */
  public void failed(Lease lease, Throwable failure) {
    String url = lease.producer().producerUrl();
    Throwable cause = known(failure);
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    if (isKnown(cause)) {
      LOG.warn("{} The next poll goes on where this one ended.", message);
    } else {
      LOG.error(
          "The poll of {} ended early: {}. The next poll goes on where this one ended.",
          url,
          message,
          failure);
    }
    try {
      producers.failed(
          url, message, cause instanceof SiteFailure failed ? failed.retryAfter() : Duration.ZERO);
    } catch (RuntimeException e) {
      LOG.debug("Could not note the failed poll of {}", url, e);
    }
  }

  private static boolean isKnown(Throwable cause) {
    return cause instanceof SiteFailure
        || cause instanceof TargetFailed
        || cause instanceof LeaseLost
        || cause instanceof LeaseTaken;
  }

  /** What went wrong in our words, below what the routes made of it; else what went wrong first. */
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
}
