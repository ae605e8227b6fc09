package org.eventstreaming.expression;

/** Where in the text, both counted from 1. */
record Place(int line, int column) {
  static Place of(String text, int offset) {
    int line = 1;
    int start = 0;
    for (int i = 0; i < offset; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        start = i + 1;
      }
    }
    return new Place(line, text.codePointCount(start, offset) + 1);
  }
}
