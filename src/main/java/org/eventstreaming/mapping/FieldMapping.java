package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.JsonNode;
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

  /** Missing, null and the empty text are no value; 0 is one. */
  static boolean isEmpty(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || (value.isTextual() && value.textValue().isEmpty());
  }
}
