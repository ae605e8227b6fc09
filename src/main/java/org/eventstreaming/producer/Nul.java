package org.eventstreaming.producer;

/** What to do with the NUL character in a text, which MariaDB stores and PostgreSQL does not. */
public enum Nul {
  /** Its document fails, by the name of the field. */
  FAIL,
  /** It is removed, and noted. */
  STRIP
}
