package org.eventstreaming.update;

/** What waits for its turn in the Event Sync Log about one document. */
public enum Backlog {
  /** Nothing waits. */
  NONE,
  /** An earlier entry has to go first. */
  WAITING,
  /** All that waits, waits for the document itself, which is gone on the producer. */
  GONE
}
