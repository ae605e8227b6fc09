package org.eventstreaming.update;

import java.util.List;
import java.util.Set;

/**
 * What a mapping says of a document beside its fields.
 *
 * @param lookups documents that it points to by their values: their names are not known yet
 * @param ours fields, or {@code table.field}, whose values the mapping made here: what they name is
 *     here, not on the producer
 * @param notes what was unusual, in short sentences
 */
public record MappingDetails(List<Lookup> lookups, Set<String> ours, List<String> notes) {
  /** Of a document that is not mapped. */
  public static final MappingDetails NONE = new MappingDetails(List.of(), Set.of(), List.of());

  public MappingDetails {
    lookups = List.copyOf(lookups);
    ours = Set.copyOf(ours);
    notes = List.copyOf(notes);
  }
}
