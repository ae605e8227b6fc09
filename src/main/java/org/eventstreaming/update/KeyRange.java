package org.eventstreaming.update;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some documents of one type that are compared together.
 *
 * @param run nobody's: it holds no lease
 * @param from the first of their names in the producer's order; null where they are no range there:
 *     names that the producer does not list
 * @param to the last of them
 * @param entries one of our own for each document to look at
 * @param notFollowed how many more there are that were there before following began
 */
public record KeyRange(
    Comparison comparison,
    SyncRun run,
    String doctype,
    @Nullable String from,
    @Nullable String to,
    List<UpdateLogEntry> entries,
    int notFollowed) {
  public KeyRange {
    entries = List.copyOf(entries);
  }
}
