package org.eventstreaming.site;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * How many rows a site is asked for at once: half as many after each list that it was slow with, a
 * time-out included, and twice as many again after some that it was quick with.
 */
final class Pace {
  /** Well below the time-outs of proxies, which are a minute. */
  private static final Duration SLOW = Duration.ofSeconds(10);

  private static final Duration QUICK = SLOW.dividedBy(4);
  private static final int QUICK_IN_A_ROW = 5;
  private static final int LEAST_ROWS = 20;
  private static final int SMALLEST_PART = 64;

  private final Clock clock;
  private int part = 1;
  private int quick;

  Pace(Clock clock) {
    this.clock = clock;
  }

  /** As many as are asked for of a site that is quick, or fewer. */
  synchronized int rows(int most) {
    return Math.max(Math.min(LEAST_ROWS, most), most / part);
  }

  /** Makes a call, and takes note of how long it took. */
  <T> T timed(Supplier<T> call) {
    Instant began = clock.instant();
    try {
      return call.get();
    } finally {
      took(Duration.between(began, clock.instant()));
    }
  }

  private synchronized void took(Duration time) {
    if (time.compareTo(SLOW) >= 0) {
      part = Math.min(SMALLEST_PART, part * 2);
      quick = 0;
    } else if (time.compareTo(QUICK) >= 0) {
      quick = 0;
    } else if (part > 1 && ++quick == QUICK_IN_A_ROW) {
      part /= 2;
      quick = 0;
    }
  }
}
