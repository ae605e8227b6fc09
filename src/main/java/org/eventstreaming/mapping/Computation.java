package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import org.eventstreaming.expression.Scope;

/** An expression of a mapping file, compiled once; many threads may use it. */
@FunctionalInterface
interface Computation {
  /**
   * The value for this document; missing or null where there is none.
   *
   * @throws NoValue where it cannot be computed
   */
  JsonNode value(Scope scope);

  /** Whether it may read documents that are here. */
  default boolean readsDocuments() {
    return false;
  }
}
