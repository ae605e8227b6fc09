package org.eventstreaming.update;

import java.util.regex.Pattern;

/**
 * Sentences of messages about an entry that say what happens next to its row in the Event Sync Log.
 *
 * <p>They are true only where there is a row. A comparison shows the same messages of documents
 * without a row: {@link #without} leaves these sentences out.
 */
public final class RowSentences {
  /** Ends the account of an error that makes the row Failed. Begins with a space. */
  public static final String LATER_ENTRIES_WAIT = " Later entries of this document wait behind it.";

  private static final String RETRIED = " It is retried when ";
  private static final String AND_HOURLY = ", and every hour.";
  private static final Pattern ANY =
      Pattern.compile(
          Pattern.quote(LATER_ENTRIES_WAIT)
              + "|"
              + Pattern.quote(RETRIED)
              + ".*?"
              + Pattern.quote(AND_HOURLY),
          Pattern.DOTALL);

  private RowSentences() {}

  /**
   * Of a row that waits for a document. Begins with a space.
   *
   * @param event what makes the row due, such as {@code ToDo A is here}
   */
  public static String retriedWhen(String event) {
    return RETRIED + event + AND_HOURLY;
  }

  static boolean areIn(String message) {
    return ANY.matcher(message).find();
  }

  static String without(String message) {
    return ANY.matcher(message).replaceAll("");
  }
}
