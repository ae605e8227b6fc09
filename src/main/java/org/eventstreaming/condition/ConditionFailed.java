package org.eventstreaming.condition;

import org.jspecify.annotations.Nullable;

/**
 * A condition has no value for a document: the same document would fail again until the document,
 * the condition or the command that it names is changed.
 */
public final class ConditionFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param why a part of a sentence, for people
   * @param cause null where an answer was no truth value
   */
  public ConditionFailed(String why, @Nullable Throwable cause) {
    super(why, cause);
  }
}
