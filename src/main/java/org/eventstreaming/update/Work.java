package org.eventstreaming.update;

import java.util.Locale;

/** What a producer's lease is taken for. */
public enum Work {
  /** Reads what the producer says it has: its update log, or its lists. */
  POLL,
  /** Lists what changed without an entry in the update log. */
  RECONCILE,
  /** Applies once more what is due in the Event Sync Log. */
  RETRY,
  /** Loads documents from before following began. */
  LOAD,
  /** Compares documents there and here. */
  COMPARE;

  /** The name in the database and in messages. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Work of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  /** Whether somebody waits for its turn; what a clock started is started again by a release. */
  public boolean waits() {
    return this == LOAD || this == COMPARE;
  }
}
