package org.eventstreaming.update;

/**
 * The command that retries an entry, as messages name it. They are written before the row of the
 * entry has a number; its number takes the place of SEQ when the row is written.
 */
public final class ResyncCommand {
  public static final String WITHOUT_NUMBER = "event-streaming resync SEQ";

  /** The number of the row follows. */
  public static final String START = "event-streaming resync ";

  private ResyncCommand() {}
}
