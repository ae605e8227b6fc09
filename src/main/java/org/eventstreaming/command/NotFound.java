package org.eventstreaming.command;

/** What a command line names does not exist; the message says what does. */
final class NotFound extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotFound(String message) {
    super(message);
  }
}
