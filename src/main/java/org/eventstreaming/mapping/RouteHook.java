package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Asks a route of the project for the value of a field. */
@FunctionalInterface
public interface RouteHook {
  /**
   * The value that the route gives; missing or null where it gives none. A document that is mapped
   * again asks again.
   *
   * @param uri {@code direct:…}, word for word from the mapping file
   * @param document the producer's document, or the row of it, that is mapped: a copy of its own
   * @throws NoValue where the route fails or what it gives is not JSON. Every other exception, such
   *     as one of a stop, is no statement about the document
   */
  JsonNode call(String uri, ObjectNode document);
}
