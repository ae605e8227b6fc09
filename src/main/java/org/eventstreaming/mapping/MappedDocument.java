package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/**
 * A whole document in our words, but for the names of the documents that it points to.
 *
 * @param document of the local doctype, under the producer's name, not in normal form
 * @param needed the documents whose names it still wants
 * @param ours fields, or {@code table.field}, whose values the mapping made
 * @param notes what was unusual, in short sentences
 */
public record MappedDocument(
    DocumentTypeMapping mapping,
    ObjectNode document,
    List<NeededDocument> needed,
    Set<String> ours,
    List<String> notes) {
  public MappedDocument {
    needed = List.copyOf(needed);
    ours = Set.copyOf(ours);
    notes = List.copyOf(notes);
  }
}
