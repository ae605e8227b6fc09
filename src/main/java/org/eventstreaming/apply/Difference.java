package org.eventstreaming.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.eventstreaming.update.FieldDifference;
import org.jspecify.annotations.Nullable;

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

  /** The same field by field: of child tables each field of each row. */
  static List<FieldDifference> fields(ObjectNode here, ObjectNode there) {
    List<FieldDifference> found = new ArrayList<>();
    for (String key : between(here, there)) {
      JsonNode one = here.path(key);
      JsonNode other = there.path(key);
      int before = found.size();
      if (holdsRows(one) && holdsRows(other)) {
        rows(key, one, other, found);
      }
      if (found.size() == before) {
        found.add(new FieldDifference(key, one, other));
      }
    }
    return found;
  }

  private static boolean holdsRows(JsonNode value) {
    return isEmpty(value)
        || (value.isArray()
            && StreamSupport.stream(value.spliterator(), false).allMatch(JsonNode::isObject));
  }

  /** Rows are paired by their names; those that have none, and none in common, by their places. */
  private static void rows(
      String table, JsonNode here, JsonNode there, List<FieldDifference> found) {
    Map<String, ObjectNode> ours = byName(here);
    Map<String, ObjectNode> theirs = byName(there);
    if (Collections.disjoint(ours.keySet(), theirs.keySet())) {
      ours = byPlace(here);
      theirs = byPlace(there);
    }
    int place = 0;
    for (Map.Entry<String, ObjectNode> row : theirs.entrySet()) {
      String path = "%s[%d]".formatted(table, place++);
      row(path, ours.get(row.getKey()), row.getValue(), found);
    }
    place = 0;
    for (Map.Entry<String, ObjectNode> row : ours.entrySet()) {
      if (!theirs.containsKey(row.getKey())) {
        row("%s[%d]".formatted(table, place), row.getValue(), null, found);
      }
      place++;
    }
  }

  private static void row(
      String path,
      @Nullable ObjectNode here,
      @Nullable ObjectNode there,
      List<FieldDifference> found) {
    if (here == null || there == null) {
      JsonNode none = MissingNode.getInstance();
      found.add(
          new FieldDifference(path, here == null ? none : here, there == null ? none : there));
      return;
    }
    for (String key : keys(here, there)) {
      if (!isKept(key, BOOKKEEPING_OF_ROWS) && !isSame(here.path(key), there.path(key))) {
        found.add(new FieldDifference(path + "." + key, here.path(key), there.path(key)));
      }
    }
  }

  private static Map<String, ObjectNode> byName(JsonNode rows) {
    Map<String, ObjectNode> named = new LinkedHashMap<>();
    for (JsonNode row : rows) {
      named.put(row.path("name").asText(""), (ObjectNode) row);
    }
    // a name that two rows have, or none, tells nothing
    return named.size() == rows.size() && !named.containsKey("") ? named : Map.of();
  }

  private static Map<String, ObjectNode> byPlace(JsonNode rows) {
    Map<String, ObjectNode> placed = new LinkedHashMap<>();
    rows.forEach(row -> placed.put(Integer.toString(placed.size()), (ObjectNode) row));
    return placed;
  }

  /** What people see of a document as a text: the same for states without a difference, alone. */
  static String visible(ObjectNode document) {
    StringBuilder text = new StringBuilder();
    for (String key : keys(document, document)) {
      if (!isKept(key, BOOKKEEPING)) {
        visible(key, document.path(key), text);
      }
    }
    return text.toString();
  }

  private static void visible(String key, JsonNode value, StringBuilder text) {
    if (isEmpty(value)) {
      return;
    }
    text.append(TextNode.valueOf(key)).append(':');
    if (value.isArray()) {
      for (JsonNode element : value) {
        if (element instanceof ObjectNode row) {
          text.append('{');
          for (String field : keys(row, row)) {
            if (!isKept(field, BOOKKEEPING_OF_ROWS)) {
              visible(field, row.path(field), text);
            }
          }
          text.append('}');
        } else {
          exact(element, text);
        }
        text.append(',');
      }
    } else if (value.isNumber()) {
      BigDecimal number = value.decimalValue().stripTrailingZeros();
      text.append(number.signum() == 0 ? "0" : number.toPlainString());
    } else {
      exact(value, text);
    }
    text.append('\n');
  }

  /** The order of keys is no difference. */
  private static void exact(JsonNode value, StringBuilder text) {
    if (value instanceof ObjectNode object) {
      text.append('{');
      for (String key : keys(object, object)) {
        text.append(TextNode.valueOf(key)).append(':');
        exact(object.path(key), text);
      }
      text.append('}');
    } else if (value.isArray()) {
      text.append('[');
      for (JsonNode element : value) {
        exact(element, text);
        text.append(',');
      }
      text.append(']');
    } else {
      text.append(value);
    }
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
