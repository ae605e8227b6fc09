package org.eventstreaming.target;

/**
 * A target site did not answer what a page needs. The page ends, and is repeated as a whole later.
 * The message says what was requested from which site, and why it failed.
 */
public final class TargetFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TargetFailed(String message) {
    super(message);
  }
}
