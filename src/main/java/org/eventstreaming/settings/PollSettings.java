package org.eventstreaming.settings;

import java.time.Duration;

/**
 * How producers are polled.
 *
 * @param period the clock of the polls
 * @param overlap how far before the cursor each poll asks again: longer than the longest write
 *     transaction on a producer
 * @param page entries handled in one transaction
 * @param lease how long a pull may be silent before another process takes its producer over
 */
public record PollSettings(Duration period, Duration overlap, int page, Duration lease) {
  public static final PollSettings DEFAULT =
      new PollSettings(Duration.ofSeconds(30), Duration.ofMinutes(10), 500, Duration.ofSeconds(15));

  public PollSettings {
    LengthOfTime.positive("eventstreaming.poll.period", period);
    LengthOfTime.positive("eventstreaming.poll.lease", lease);
    if (overlap.isNegative()) {
      throw new IllegalArgumentException(
          "eventstreaming.poll.overlap must not be negative, was " + LengthOfTime.text(overlap));
    }
    if (page < 1 || page > 10_000) {
      throw new IllegalArgumentException(
          "eventstreaming.poll.page must be 1 to 10000, was " + page);
    }
  }
}
