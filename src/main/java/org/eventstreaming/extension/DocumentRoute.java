package org.eventstreaming.extension;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eventstreaming.update.DocumentKey;
import org.jspecify.annotations.Nullable;

/** The routes of the project for documents. Which there are is decided once. */
public interface DocumentRoute {
  /** The address of the route that sees documents of this type; null where there is none. */
  @Nullable String of(String doctype);

  /** Whether there is any. */
  boolean any();

  /**
   * Runs the route on this thread until it ends.
   *
   * @param document a copy of its own
   * @throws RouteFailed where the route throws, or what it gives is not JSON. Every other
   *     exception, such as one of a stop, is no statement about the document
   */
  Answer call(String producerUrl, DocumentKey key, ObjectNode document);

  /** For a person: the route by its id, with its address. */
  String name(String doctype);

  /**
   * What a route gave.
   *
   * @param document as it was read from JSON; null where the body is empty
   * @param drop why the document is to be dropped; null where it is not
   */
  record Answer(@Nullable JsonNode document, @Nullable String drop) {}

  /** A route threw, or what it gave is not JSON. */
  final class RouteFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RouteFailed(String why, Throwable cause) {
      super(why, cause);
    }
  }
}
