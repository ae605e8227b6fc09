package org.eventstreaming.update;

/** An entry that makes a document here stop meeting the condition of its type; it is kept. */
public record LeavingUpdate(UpdateLogEntry entry) implements Update {}
