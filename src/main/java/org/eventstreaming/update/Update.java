package org.eventstreaming.update;

/** What travels down the consumer stream: the same entry, one step further each time. */
public sealed interface Update
    permits AcceptedUpdate, LeavingUpdate, PassedOver, RenamedUpdate, SyncOutcome {
  UpdateLogEntry entry();

  /** Whether it takes the document away here. */
  default boolean isDelete() {
    return false;
  }
}
