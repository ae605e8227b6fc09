package org.eventstreaming.producer;

/** What to do with a document here that stops meeting the condition of its type. */
public enum Leaves {
  /** It stays as it is and is no longer followed. */
  KEEP,
  /** It is deleted here. */
  REMOVE
}
