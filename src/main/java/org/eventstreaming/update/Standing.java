package org.eventstreaming.update;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a producer's document before its next entries are looked at.
 *
 * @param here whether a copy is held here
 * @param left whether it stopped meeting the condition of its type: what is here is not followed
 * @param lastCreation creation of the last entry applied to it, its deletion included; null where
 *     that is not known
 * @param remoteModified {@code modified} of the last whole read; null once a diff came on top
 */
public record Standing(
    boolean here,
    boolean left,
    @Nullable Instant lastCreation,
    @Nullable Instant remoteModified,
    Line line) {
  /** A document nothing is known of. */
  public static final Standing NEW = new Standing(false, false, null, null, Line.FREE);

  /** Whether what is here is as the entries so far left it. */
  public boolean followed() {
    return here && !left;
  }

  /** Whether an entry of this creation is in the document as it was last read whole. */
  public boolean contains(@Nullable Instant creation) {
    return creation != null && remoteModified != null && !creation.isAfter(remoteModified);
  }

  public Standing withLine(Line other) {
    return new Standing(here, left, lastCreation, remoteModified, other);
  }

  /** The document's waiting line in the Event Sync Log. */
  public enum Line {
    /** Nothing waits. */
    FREE,
    /** An earlier entry has to go first. */
    STUCK,
    /** All that waits, waits for the document itself, which is gone on the producer. */
    GONE
  }
}
