package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a row makes of the producer's value. */
sealed interface Becomes {
  /**
   * The value here; missing where it comes later or there is none.
   *
   * @param value neither missing, null nor empty
   * @throws NoValue where it cannot be made
   */
  JsonNode of(JsonNode value, RowInHand hand);

  /** Whether the empty text is a value here. */
  default boolean takesEmptyText() {
    return false;
  }

  /** Whether the value is the mapping's own. */
  default boolean isMadeHere() {
    return false;
  }

  /** Whether child rows stay child rows, so that changes of single rows can be reported. */
  boolean keepsRows();

  /** The mapping of each child row; null where child rows stay as they are. */
  default @Nullable String rowMapping() {
    return null;
  }

  /** Whether the value is the name of a document that has to be found. */
  default boolean findsDocument() {
    return false;
  }

  /** Whether another document may have to be found when these fields have changed. */
  default boolean looksAgain(Set<String> changed) {
    return false;
  }

  /** Whether it may read documents that are here. */
  default boolean readsDocuments() {
    return false;
  }

  /**
   * A value.
   *
   * @param valueMap null takes every value as it is
   */
  record Value(@Nullable ValueMap valueMap, Typing typing) implements Becomes {
    @Override
    public JsonNode of(JsonNode value, RowInHand hand) {
      JsonNode mapped = valueMap == null ? value : valueMap.of(value, hand);
      return FieldMapping.isEmpty(mapped) ? mapped : typing.of(mapped);
    }

    @Override
    public boolean isMadeHere() {
      return valueMap != null;
    }

    @Override
    public boolean takesEmptyText() {
      return valueMap == null && (typing.type() == null || typing.type() == FieldType.DATA);
    }

    @Override
    public boolean keepsRows() {
      return valueMap == null && typing.type() == null;
    }
  }

  /** Child rows, each mapped by another mapping. */
  record Rows(String rowMapping) implements Becomes {
    @Override
    public JsonNode of(JsonNode value, RowInHand hand) {
      return hand.rows(rowMapping, value);
    }

    @Override
    public boolean keepsRows() {
      return true;
    }
  }

  /** The name here of another document of the producer, which has its own mapping. */
  record NameOf(String mapping, Map<String, FilterValue> filters) implements Becomes {
    public NameOf {
      filters = Collections.unmodifiableMap(new LinkedHashMap<>(filters));
    }

    @Override
    public JsonNode of(JsonNode value, RowInHand hand) {
      hand.need(mapping, filters);
      return MissingNode.getInstance();
    }

    @Override
    public boolean keepsRows() {
      return false;
    }

    @Override
    public boolean findsDocument() {
      return true;
    }

    @Override
    public boolean looksAgain(Set<String> changed) {
      return filters.values().stream()
          .anyMatch(filter -> changed.stream().anyMatch(filter::dependsOn));
    }

    @Override
    public boolean readsDocuments() {
      return filters.values().stream().anyMatch(FilterValue::readsDocuments);
    }
  }
}
