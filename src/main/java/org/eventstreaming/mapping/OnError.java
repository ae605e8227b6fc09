package org.eventstreaming.mapping;

/** What becomes of a row whose value cannot be made. */
enum OnError {
  FAIL,
  DEFAULT,
  /** The field stays empty. */
  SKIP
}
