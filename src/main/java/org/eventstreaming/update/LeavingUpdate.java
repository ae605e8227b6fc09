package org.eventstreaming.update;

import org.eventstreaming.producer.Leaves;

/**
 * An entry after which a document here does not meet the condition of its type any more.
 *
 * @param leaves what becomes of the document here
 */
public record LeavingUpdate(UpdateLogEntry entry, Leaves leaves) implements Update {}
