package org.eventstreaming.update;

import org.jspecify.annotations.Nullable;

/**
 * What waits for a producer when its lease is given back.
 *
 * @param next what has waited the longest; null where nothing waits
 * @param notified whether a notification came meanwhile
 */
public record Released(@Nullable Work next, boolean notified) {
  /** The lease was lost before: who has it now looks after what waits. */
  public static final Released LOST = new Released(null, false);
}
