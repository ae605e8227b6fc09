package org.eventstreaming.expression;

/**
 * A word of the text.
 *
 * @param text as written; of a string only its prefix, in small letters
 * @param start offset of its first character
 * @param end offset behind its last
 */
record Token(Kind kind, String text, int start, int end) {
  enum Kind {
    NAME,
    KEYWORD,
    NUMBER,
    STRING,
    OPERATOR,
    END
  }

  boolean is(String operatorOrKeyword) {
    return (kind == Kind.OPERATOR || kind == Kind.KEYWORD) && text.equals(operatorOrKeyword);
  }
}
