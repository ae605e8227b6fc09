package org.eventstreaming.store;

/**
 * The store does not take what it was given: the same write would be refused again. Nothing of it
 * was written; the transaction goes on.
 */
public final class WriteRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public WriteRefused(String why, Throwable cause) {
    super(why, cause);
  }
}
