package org.eventstreaming.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What differs between two states of a document, as people see it: without who changed it when,
 * which an update log does not tell either, and without the keys that sites keep for themselves.
 */
final class Difference {
  private static final Set<String> BOOKKEEPING = Set.of("modified", "modified_by", "idx");
  private static final Set<String> BOOKKEEPING_OF_ROWS =
      Set.of("modified", "modified_by", "creation", "owner");

  private Difference() {}

  /** The fields that differ; of child tables the table. */
  static SortedSet<String> between(ObjectNode one, ObjectNode other) {
    SortedSet<String> fields = new TreeSet<>();
    keys(one, other)
        .forEach(
            key -> {
              if (!isKept(key, BOOKKEEPING) && !isSame(one.path(key), other.path(key))) {
                fields.add(key);
              }
            });
    return fields;
  }

  private static boolean isSame(JsonNode one, JsonNode other) {
    if (one.isArray() && other.isArray()) {
      if (one.size() != other.size()) {
        return false;
      }
      for (int i = 0; i < one.size(); i++) {
        if (!isSameRow(one.get(i), other.get(i))) {
          return false;
        }
      }
      return true;
    }
    if (one.isNumber() && other.isNumber()) {
      return one.decimalValue().compareTo(other.decimalValue()) == 0;
    }
    return one.equals(other) || (isEmpty(one) && isEmpty(other));
  }

  private static boolean isSameRow(JsonNode one, JsonNode other) {
    if (one instanceof ObjectNode row && other instanceof ObjectNode otherRow) {
      return keys(row, otherRow).stream()
          .allMatch(
              key -> isKept(key, BOOKKEEPING_OF_ROWS) || isSame(row.path(key), otherRow.path(key)));
    }
    return one.equals(other);
  }

  private static Set<String> keys(ObjectNode one, ObjectNode other) {
    Set<String> keys = new TreeSet<>();
    one.fieldNames().forEachRemaining(keys::add);
    other.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static boolean isKept(String key, Set<String> kept) {
    return key.startsWith("_") || kept.contains(key);
  }

  private static boolean isEmpty(JsonNode value) {
    return value instanceof MissingNode
        || value.isNull()
        || (value.isTextual() && value.textValue().isEmpty())
        || (value.isArray() && value.isEmpty());
  }
}
