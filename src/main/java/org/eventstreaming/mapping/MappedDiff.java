package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What a mapping makes of the diff of an Update. */
public sealed interface MappedDiff {
  /**
   * The diff in our words; empty where nothing that is followed has changed.
   *
   * @param notes what was unusual, in short sentences
   */
  record Diff(ObjectNode diff, List<String> notes) implements MappedDiff {
    public Diff {
      notes = List.copyOf(notes);
    }
  }

  /**
   * The diff does not tell enough: the whole document has to be fetched and mapped.
   *
   * @param why a sentence
   */
  record NeedsWhole(String why) implements MappedDiff {}
}
