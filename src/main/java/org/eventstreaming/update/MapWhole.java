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
   * @throws Failed where the document cannot be mapped. Every other exception, such as one of the
   *     store that an expression reads, is no statement about the document
   */
  Mapped map(String mapping, ObjectNode remote, Unread unread);

  /** A document cannot be mapped as the files stand: the same document would fail again. */
  abstract class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param why for people: what could not be made, and what to correct
     */
    protected Failed(String why) {
      super(why);
    }
  }

  /**
   * A mapped document and what is still to be done with it.
   *
   * @param unread the fields of ours that it says nothing of
   */
  record Mapped(ObjectNode document, MappingDetails details, Unread unread) {}
}
