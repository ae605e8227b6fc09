package org.eventstreaming.site;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats in place what was to be read from a site and failed in passing: after a pause that is
 * random, longer each time, and as long as the site asks for. What takes longer is for the next
 * poll. Writes are not repeated: whether the first one was carried out is open.
 */
public final class RepeatReads {
  /** Of the first repetition at most; twice as long for each one after it. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** From the first failure on; a site that asks for more is left alone. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  /** Where nobody listens, soon nobody will listen either. */
  private static final int MOST_WITHOUT_CONNECTION = 2;

  /** What a site stumbles over so often it will stumble over again. */
  private static final int MOST_FAULTS = 4;

  private static final Logger LOG = LoggerFactory.getLogger(RepeatReads.class);

  private final int most;
  private final Clock clock;
  private final Waiting waiting;

  /**
   * @param most how often a read is made, the first time included; 1 repeats nothing
   */
  public RepeatReads(int most, Clock clock, Waiting waiting) {
    this.most = most;
    this.clock = clock;
    this.waiting = waiting;
  }

  /** Lets the time of a clock pass. */
  @FunctionalInterface
  public interface Waiting {
    void pass(Duration time) throws InterruptedException;

    /** As clocks on walls do. */
    static void real(Duration time) throws InterruptedException {
      Thread.sleep(time.toMillis());
    }
  }

  /** Reads, and again where that fails. */
  <T> T of(Supplier<T> read) {
    Attempts attempts = begin();
    while (true) {
      try {
        return read.get();
      } catch (SiteFailure e) {
        attempts.failed(e);
      }
    }
  }

  Attempts begin() {
    return new Attempts();
  }

  /** The attempts of one read, which may go on where it broke off. */
  public final class Attempts {
    private int failed;
    private int faults;
    private @Nullable Instant since;

    /**
     * Returns when it is time to read again.
     *
     * @throws SiteFailure the same one, where it is of no use, or it would take too long
     */
    public void failed(SiteFailure failure) {
      failed++;
      faults += failure.kind() == SiteFailure.Kind.FAULT ? 1 : 0;
      Instant now = clock.instant();
      since = since == null ? now : since;
      Duration pause = pause().plus(failure.retryAfter());
      if (!failure.mayPassSoon()
          || failed
              >= (failure.isWithoutConnection() ? Math.min(MOST_WITHOUT_CONNECTION, most) : most)
          || faults >= MOST_FAULTS
          || Duration.between(since, now).plus(pause).compareTo(LONGEST) > 0) {
        throw failure;
      }
      LOG.debug("{} It is retried in {} ms.", failure.getMessage(), pause.toMillis());
      try {
        waiting.pass(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw failure;
      }
    }

    /** Something was read: what fails next fails for the first time. */
    public void progressed() {
      failed = 0;
      faults = 0;
      since = null;
    }

    /** Random, so that those that failed together do not come together again. */
    private Duration pause() {
      long longest = Math.min(PAUSE.toMillis() << (failed - 1), LONGEST_PAUSE.toMillis());
      return Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest + 1));
    }
  }
}
