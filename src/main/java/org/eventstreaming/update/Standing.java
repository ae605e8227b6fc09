package org.eventstreaming.update;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a producer's document before its next entries are looked at.
 *
 * @param here whether a copy is held here
 * @param lastCreation creation of the last entry applied to it, its deletion included; null where
 *     that is not known
 * @param remoteModified {@code modified} of the last whole read; null once a diff came on top
 */
public record Standing(
    boolean here, @Nullable Instant lastCreation, @Nullable Instant remoteModified, Line line) {
  /** A document nothing is known of. */
  public static final Standing NEW = new Standing(false, null, null, Line.FREE);

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
