package org.eventstreaming.settings;

import java.time.Duration;

/**
 * How what failed is tried again.
 *
 * @param attempts tries of a permanent failure before it stays Failed
 * @param period the clock that looks for what is due
 * @param first the wait before the first retry; doubles with each further one, up to an hour
 */
public record RetrySettings(int attempts, Duration period, Duration first) {
  public static final RetrySettings DEFAULT =
      new RetrySettings(3, Duration.ofSeconds(5), Duration.ofSeconds(1));

  public RetrySettings {
    if (attempts < 1) {
      throw new IllegalArgumentException(
          "eventstreaming.retry.attempts must be at least 1, was " + attempts);
    }
    LengthOfTime.positive("eventstreaming.retry.period", period);
    LengthOfTime.positive("eventstreaming.retry.first", first);
  }
}
