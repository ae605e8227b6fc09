package org.eventstreaming.update;

import org.jspecify.annotations.Nullable;

/**
 * The command that retries an entry, as messages name it. They are written before the row of the
 * entry has a number; its number takes the place of SEQ when the row is written.
 */
public final class ResyncCommand {
  public static final String WITHOUT_NUMBER = "event-streaming resync SEQ";

  /** The number of the row follows. */
  public static final String START = "event-streaming resync ";

  private ResyncCommand() {}

  static boolean isIn(@Nullable String message) {
    return message != null && message.contains(WITHOUT_NUMBER);
  }

  /** A message about an entry, with the number of its row. */
  static String numbered(String message, long row) {
    return message.replace(WITHOUT_NUMBER, START + row);
  }

  /** A message about an entry that has no row, with another command. */
  static String replaced(String message, String command) {
    return message.replace(WITHOUT_NUMBER, command);
  }
}
