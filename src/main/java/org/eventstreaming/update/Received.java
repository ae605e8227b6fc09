package org.eventstreaming.update;

/** An entry as it came, with the pull that brought it. */
public record Received(SyncRun run, UpdateLogEntry entry) {}
