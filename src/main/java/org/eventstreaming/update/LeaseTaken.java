package org.eventstreaming.update;

import java.time.Duration;

/** The lease of a producer could not be acquired within the time that was allowed. */
public final class LeaseTaken extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LeaseTaken(String producerUrl, Duration waited, Hindrance hindrance) {
    super(
        "%s The lease was waited for %d s, and nothing more was read; status shows when it is free."
            .formatted(hindrance.reported(producerUrl), waited.toSeconds()));
  }
}
