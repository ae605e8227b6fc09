package org.eventstreaming.update;

/** Why there is an entry. */
public enum Cause {
  /** The producer's update log has it. */
  LOG("log"),
  /** What we hold differs from the producer, and its log did not show it. */
  RECONCILE("reconcile"),
  /** The document was there before following began. */
  LOAD("load"),
  /** The producer has no log: its documents are listed by when they changed. */
  MODIFIED("modified"),
  /** Both sides were compared as wholes, and differed. */
  COMPARE("compare");

  private final String text;

  Cause(String text) {
    this.text = text;
  }

  /** As the Event Sync Log has it. */
  public String text() {
    return text;
  }
}
