package org.eventstreaming.producer;

/** What to do when a new document's name belongs to an unrelated document here. */
public enum NameTaken {
  /** The entry fails; a person decides. */
  FAIL,
  /** The document that is here becomes the copy of the producer's. */
  ADOPT,
  /** The new document is kept under its name followed by the producer's host. */
  RENAME
}
