package org.eventstreaming.update;

/** An entry as it came, with the pull that brought it. */
public record Received(Pull pull, UpdateLogEntry entry) {}
