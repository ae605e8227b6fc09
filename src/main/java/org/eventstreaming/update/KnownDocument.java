package org.eventstreaming.update;

import java.time.Instant;
import java.time.ZoneId;
import org.eventstreaming.document.FrappeTime;
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
public record KnownDocument(
    boolean here,
    boolean left,
    @Nullable Instant lastCreation,
    @Nullable Instant remoteModified,
    Backlog backlog) {
  /** A document nothing is known of. */
  public static final KnownDocument NEW = new KnownDocument(false, false, null, null, Backlog.NONE);

  /** Whether what is here is as the entries so far left it. */
  public boolean followed() {
    return here && !left;
  }

  /**
   * Whether an entry of the producer's log is in the document as it was last read whole.
   *
   * @param zone the producer's: its naive times are in it
   */
  public boolean contains(UpdateLogEntry entry, ZoneId zone) {
    return remoteModified != null
        && !entry.isOurs()
        && FrappeTime.instant(entry.creation(), zone)
            .filter(creation -> !creation.isAfter(remoteModified))
            .isPresent();
  }

  public KnownDocument withBacklog(Backlog other) {
    return new KnownDocument(here, left, lastCreation, remoteModified, other);
  }
}
