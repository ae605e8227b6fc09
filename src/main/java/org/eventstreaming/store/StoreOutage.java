package org.eventstreaming.store;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.eventstreaming.update.Sentence;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a store can be written: everything fails while it cannot, so that its begin and its end
 * are logged once, for all producers and clocks together.
 */
public final class StoreOutage {
  private static final Logger LOG = LoggerFactory.getLogger(StoreOutage.class);

  private final String store;
  private final AtomicReference<@Nullable String> outage = new AtomicReference<>();

  /**
   * @param store what it is in messages, with its article
   */
  public StoreOutage(String store) {
    this.store = store;
  }

  /** Whether a failure is one of the database as a whole, which is noted then. */
  public boolean isOfDatabase(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreFailure found && (found.isFull() || found.isAway())) {
        String why = String.valueOf(found.getMessage());
        begin(
            found.isFull()
                ? "The disk of %s is full: %s".formatted(store, why)
                : "No answer from %s: %s".formatted(store, why));
        return true;
      }
    }
    return false;
  }

  /** Whether files could not be written because their disk is full, which is noted then. */
  public boolean isOfFiles(Throwable failure) {
    Throwable first = failure;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    String why = String.valueOf(first.getMessage());
    boolean isFull = why.contains("No space left on device") || why.contains("quota exceeded");
    if (isFull) {
      begin("The disk of %s is full: %s".formatted(store, why));
    }
    return isFull;
  }

  private void begin(String what) {
    String line = Sentence.of(what.replaceAll("\\s+", " "));
    if (outage.getAndSet(line) == null) {
      LOG.error(
          "{} Nothing is lost: the work continues once there is space or an answer."
              + " Health is DOWN until then.",
          line);
    }
  }

  /** It was written. */
  public void end() {
    if (outage.get() != null && outage.getAndSet(null) != null) {
      LOG.info(
          "{} can be written again: the work continues.",
          Character.toUpperCase(store.charAt(0)) + store.substring(1));
    }
  }

  /** What the outage is; empty where it was written last. */
  public Optional<String> current() {
    return Optional.ofNullable(outage.get());
  }
}
