package org.eventstreaming.target;

/**
 * A target site could not be asked, or did not answer what the page needs: the page ends, and is
 * repeated as a whole later. The message says what was tried at which site, and why it failed.
 */
public final class TargetFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TargetFailed(String message) {
    super(message);
  }
}
