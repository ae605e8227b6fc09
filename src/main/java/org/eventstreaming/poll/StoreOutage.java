package org.eventstreaming.poll;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.eventstreaming.store.StoreFailure;
import org.eventstreaming.update.Sentence;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the database can be written: everything fails while it cannot, so that its begin and its
 * end are logged once, for all producers and clocks together.
 */
public final class StoreOutage {
  private static final Logger LOG = LoggerFactory.getLogger(StoreOutage.class);

  private final AtomicReference<@Nullable String> outage = new AtomicReference<>();

  /** Whether a failure is one of the database as a whole, which is noted then. */
  boolean isOne(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreFailure store && (store.isFull() || store.isAway())) {
        begin(
            store.isFull()
                ? "The disk of the database is full: " + store.getMessage()
                : "The database does not answer: " + store.getMessage());
        return true;
      }
      if (String.valueOf(cause.getMessage()).contains("No space left on device")) {
        begin("The disk is full: " + cause.getMessage());
        return true;
      }
    }
    return false;
  }

  private void begin(String what) {
    if (outage.getAndSet(what) == null) {
      LOG.error(
          "{} Nothing is streamed meanwhile and nothing is lost: each producer goes on where it"
              + " is once this is repaired. Health is DOWN until then.",
          Sentence.of(what));
    }
  }

  /** Something was written. */
  void end() {
    if (outage.get() != null && outage.getAndSet(null) != null) {
      LOG.info("The database can be written again: all producers go on.");
    }
  }

  /** What the outage is; empty where the database was written last. */
  public Optional<String> current() {
    return Optional.ofNullable(outage.get());
  }
}
