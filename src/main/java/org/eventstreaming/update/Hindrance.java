package org.eventstreaming.update;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Why the lease of a producer cannot be acquired.
 *
 * @param holder who has it; null where nobody has
 * @param pausedUntil until when the site asks to be left alone; null where it does not
 */
public record Hindrance(@Nullable LeaseHolder holder, @Nullable Instant pausedUntil) {
  /** As a sentence. */
  public String reported(String producerUrl) {
    if (holder != null) {
      return holder.reported(producerUrl);
    }
    return pausedUntil == null
        ? "Other work on %s was requested earlier and runs first.".formatted(producerUrl)
        : "%s requested a pause until %s."
            .formatted(producerUrl, pausedUntil.truncatedTo(ChronoUnit.SECONDS));
  }
}
