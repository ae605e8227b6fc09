package org.eventstreaming.update;

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
}
