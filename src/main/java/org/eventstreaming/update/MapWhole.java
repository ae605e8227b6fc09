package org.eventstreaming.update;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Takes a producer's whole document through a Document Type Mapping. */
@FunctionalInterface
public interface MapWhole {
  /**
   * The document in our words.
   *
   * @throws RuntimeException where the mapping fails for this document: its message says why
   */
  Mapped map(String mapping, ObjectNode remote);

  /** A mapped document and what is still to be done with it. */
  record Mapped(ObjectNode document, Remainder remainder) {}
}
