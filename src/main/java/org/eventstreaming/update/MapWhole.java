package org.eventstreaming.update;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eventstreaming.document.Unread;

/** Takes a producer's whole document through a Document Type Mapping. */
@FunctionalInterface
public interface MapWhole {
  /**
   * The document in our words.
   *
   * @param unread the fields that the producer's answer says nothing of
   * @throws RuntimeException where the mapping fails for this document: its message says why
   */
  Mapped map(String mapping, ObjectNode remote, Unread unread);

  /**
   * A mapped document and what is still to be done with it.
   *
   * @param unread the fields of ours that it says nothing of
   */
  record Mapped(ObjectNode document, MappingDetails details, Unread unread) {}
}
