package org.eventstreaming.update;

import org.eventstreaming.producer.Leaves;
import org.jspecify.annotations.Nullable;

/**
 * An entry after which a document here does not meet the condition of its type any more.
 *
 * @param leaves what becomes of the document here
 * @param dropped by which route it was dropped and why; null where the condition is not met
 */
public record LeavingUpdate(UpdateLogEntry entry, Leaves leaves, @Nullable String dropped)
    implements Update {
  /** One that does not meet its condition. */
  public LeavingUpdate(UpdateLogEntry entry, Leaves leaves) {
    this(entry, leaves, null);
  }
}
