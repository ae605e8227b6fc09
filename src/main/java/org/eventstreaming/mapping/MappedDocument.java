package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A whole document in our words, but for the names of the documents that it points to.
 *
 * @param document of the local doctype, under the producer's name, not in normal form
 * @param needed the documents whose names it still wants
 * @param notes what was unusual, in short sentences
 */
public record MappedDocument(
    DocumentTypeMapping mapping,
    ObjectNode document,
    List<NeededDocument> needed,
    List<String> notes) {
  public MappedDocument {
    needed = List.copyOf(needed);
    notes = List.copyOf(notes);
  }
}
