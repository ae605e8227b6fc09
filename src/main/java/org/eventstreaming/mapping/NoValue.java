package org.eventstreaming.mapping;

/** The value of one row cannot be made from this document: {@code on_error} says what then. */
public final class NoValue extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param why a part of a sentence, such as "'twelve' is not a whole number"
   */
  public NoValue(String why) {
    super(why);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
