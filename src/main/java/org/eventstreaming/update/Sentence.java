package org.eventstreaming.update;

/**
 * Lets messages follow each other, whether what a site or a database said ends in a stop or not.
 */
public final class Sentence {
  private Sentence() {}

  /** The words with a stop at their end. */
  public static String of(String words) {
    String text = words.stripTrailing();
    return text.endsWith(".") || text.endsWith("?") || text.endsWith("!") ? text : text + ".";
  }
}
