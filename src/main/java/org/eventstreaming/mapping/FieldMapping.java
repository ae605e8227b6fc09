package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import org.jspecify.annotations.Nullable;

/**
 * One row of a Document Type Mapping: a field here and what gives it its value.
 *
 * @param defaultValue null where the row has none
 * @param when the row is applied only where this is true; null is always
 */
record FieldMapping(
    String localFieldname,
    RowSource source,
    Becomes becomes,
    @Nullable JsonNode defaultValue,
    @Nullable FrappeComputation when,
    OnError onError,
    Origin origin) {

  /** Whether the value is of the mapping file, and not one that the producer wrote. */
  boolean isMadeHere() {
    return source.isMadeHere() || becomes.isMadeHere();
  }

  /** Whether it may read documents that are here. */
  boolean readsDocuments() {
    return source.readsDocuments()
        || becomes.readsDocuments()
        || (when != null && when.readsDocuments());
  }

  /** What the field gets where no value can be made; absent where the document fails then. */
  @Nullable JsonNode standIn() {
    return switch (onError) {
      case FAIL -> null;
      case DEFAULT -> defaultValue;
      case SKIP -> NullNode.getInstance();
    };
  }

  /** Missing, null and the empty text are no value; 0 is one. */
  static boolean isEmpty(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || (value.isTextual() && value.textValue().isEmpty());
  }
}
