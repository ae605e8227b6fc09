package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** What a mapping makes of the diff of an Update. */
public sealed interface MappedDiff {
  /**
   * The diff in our words; empty where nothing that is followed has changed.
   *
   * @param ours fields, or {@code table.field}, whose values the mapping made
   * @param notes what was unusual, in short sentences
   */
  record Diff(ObjectNode diff, Set<String> ours, List<String> notes) implements MappedDiff {
    public Diff {
      ours = Set.copyOf(ours);
      notes = List.copyOf(notes);
    }
  }

  /**
   * The diff does not say enough: the whole document has to be fetched and mapped.
   *
   * @param why a sentence
   */
  record NeedsWhole(String why) implements MappedDiff {}
}
