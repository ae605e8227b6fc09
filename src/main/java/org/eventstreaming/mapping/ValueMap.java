package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The producer's values, as text, and what they are here; null is no value. */
record ValueMap(Map<String, JsonNode> values, Missing missing) {
  /** What becomes of a value that the map does not name. */
  enum Missing {
    KEEP,
    DEFAULT,
    FAIL
  }

  ValueMap {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** What the value is here; missing where the default stands for it. */
  JsonNode of(JsonNode value, RowInHand hand) {
    JsonNode mapped = values.get(key(value));
    if (mapped != null) {
      return mapped;
    }
    String unknown = FieldType.shown(value) + " is not in value_map";
    return switch (missing) {
      case KEEP -> {
        hand.note(unknown + ", it stays");
        yield value;
      }
      case DEFAULT -> {
        hand.note(unknown + ", default_value is used");
        yield MissingNode.getInstance();
      }
      case FAIL -> throw new NoValue(unknown);
    };
  }

  /** Sites write the same number as 1 and 1.0. */
  private static String key(JsonNode value) {
    return value.isNumber()
        ? FieldType.numberOf(value)
            .map(number -> number.stripTrailingZeros().toPlainString())
            .orElseGet(value::asText)
        : value.isValueNode() ? value.asText() : value.toString();
  }
}
