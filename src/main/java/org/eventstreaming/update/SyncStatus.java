package org.eventstreaming.update;

import java.util.Optional;

/** The status of a row in the Event Sync Log: Frappe's two, and our own Waiting. */
public enum SyncStatus {
  SYNCED("Synced"),
  FAILED("Failed"),
  WAITING("Waiting");

  private final String text;

  SyncStatus(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }

  /** Empty for a word that is none of them; upper or lower case. */
  public static Optional<SyncStatus> of(String text) {
    for (SyncStatus status : values()) {
      if (status.text.equalsIgnoreCase(text)) {
        return Optional.of(status);
      }
    }
    return Optional.empty();
  }
}
