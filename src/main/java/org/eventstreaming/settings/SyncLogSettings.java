package org.eventstreaming.settings;

import java.time.Duration;

/**
 * What the Event Sync Log keeps.
 *
 * @param dataOfAll whether {@code data} is kept for every row or only for what is not Synced
 * @param keep the age at which Synced rows are removed; never younger than the overlap of the polls
 */
public record SyncLogSettings(boolean dataOfAll, Duration keep) {
  public static final SyncLogSettings DEFAULT = new SyncLogSettings(true, Duration.ofDays(90));

  public SyncLogSettings {
    if (keep.compareTo(Duration.ofDays(1)) < 0) {
      throw new IllegalArgumentException(
          "eventstreaming.sync-log.keep must be at least 1 d, was " + LengthOfTime.text(keep));
    }
  }
}
