package org.eventstreaming.files;

/**
 * Where in a file something stands: line and column, both counted from 1.
 *
 * @param line 0 where the whole file is meant
 * @param column counted in characters, as editors do
 */
public record Place(int line, int column) {
  /** The file as a whole, or what is no file at all. */
  public static final Place NONE = new Place(0, 0);

  /** The first character. */
  public static final Place START = new Place(1, 1);

  /** Of the character before which this text ends. */
  static Place after(String text) {
    var line = (int) text.chars().filter(c -> c == '\n').count() + 1;
    var start = text.lastIndexOf('\n') + 1;
    return new Place(line, text.codePointCount(start, text.length()) + 1);
  }
}
