package org.eventstreaming.update;

import java.util.List;
import java.util.Set;

/**
 * What is still to be done with a mapped document.
 *
 * @param sought the documents whose names it wants
 * @param ours fields, or {@code table.field}, whose values the mapping made here: what they name is
 *     here, not on the producer
 * @param notes what was unusual, in short sentences
 */
public record Remainder(List<Sought> sought, Set<String> ours, List<String> notes) {
  /** Of a document that is not mapped. */
  public static final Remainder NONE = new Remainder(List.of(), Set.of(), List.of());

  public Remainder {
    sought = List.copyOf(sought);
    ours = Set.copyOf(ours);
    notes = List.copyOf(notes);
  }
}
