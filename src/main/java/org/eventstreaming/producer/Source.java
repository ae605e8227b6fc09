package org.eventstreaming.producer;

/** What changes on a producer are read from. */
public enum Source {
  /** Its Event Update Log where it has one, else as {@link #MODIFIED}; found out once. */
  PROBE,
  /** Its Event Update Log: the site has Event Streaming. */
  UPDATE_LOG,
  /** Lists of its documents by {@code modified}: any Frappe site has them. */
  MODIFIED
}
