package org.eventstreaming.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.eventstreaming.document.ChildRows;
import org.eventstreaming.document.ComparedForm;
import org.eventstreaming.update.FieldDifference;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two states of a document, as people see it: without who changed it when,
 * which an update log does not say either, and without the keys that sites keep for themselves.
 * Values are compared by the types of their fields.
 */
final class Difference {
  private static final Set<String> BOOKKEEPING = Set.of("modified", "modified_by", "idx");
  private static final Set<String> BOOKKEEPING_OF_ROWS =
      Set.of("modified", "modified_by", "creation", "owner");

  private final ComparedForm form;

  Difference(ComparedForm form) {
    this.form = form;
  }

  /** The fields that differ; of child tables the table. */
  SortedSet<String> between(ObjectNode one, ObjectNode other) {
    ComparedForm.Fields fields = fields(null, one, other);
    SortedSet<String> differing = new TreeSet<>();
    for (String key : keys(one, other)) {
      if (!isKept(key, BOOKKEEPING) && !isSame(fields, key, one.path(key), other.path(key))) {
        differing.add(key);
      }
    }
    return differing;
  }

  /** The same field by field: of child tables each field of each row. */
  List<FieldDifference> fields(ObjectNode here, ObjectNode there) {
    ComparedForm.Fields fields = fields(null, here, there);
    List<FieldDifference> found = new ArrayList<>();
    for (String key : between(here, there)) {
      JsonNode one = here.path(key);
      JsonNode other = there.path(key);
      int before = found.size();
      if (fields.mayHoldRows(key) && holdsRows(one) && holdsRows(other)) {
        rows(key, fields.rowType(key), one, other, found);
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
  private void rows(
      String table,
      @Nullable String rowType,
      JsonNode here,
      JsonNode there,
      List<FieldDifference> found) {
    Map<String, ObjectNode> ours = byName(here);
    Map<String, ObjectNode> theirs = byName(there);
    if (Collections.disjoint(ours.keySet(), theirs.keySet())) {
      ours = byPlace(here);
      theirs = byPlace(there);
    }
    int place = 0;
    for (Map.Entry<String, ObjectNode> row : theirs.entrySet()) {
      String path = "%s[%d]".formatted(table, place++);
      row(path, rowType, ours.get(row.getKey()), row.getValue(), found);
    }
    place = 0;
    for (Map.Entry<String, ObjectNode> row : ours.entrySet()) {
      if (!theirs.containsKey(row.getKey())) {
        row("%s[%d]".formatted(table, place), rowType, row.getValue(), null, found);
      }
      place++;
    }
  }

  private void row(
      String path,
      @Nullable String rowType,
      @Nullable ObjectNode here,
      @Nullable ObjectNode there,
      List<FieldDifference> found) {
    if (here == null || there == null) {
      JsonNode none = MissingNode.getInstance();
      found.add(
          new FieldDifference(path, here == null ? none : here, there == null ? none : there));
      return;
    }
    ComparedForm.Fields fields = fields(rowType, here, there);
    for (String key : keys(here, there)) {
      if (!isKept(key, BOOKKEEPING_OF_ROWS)
          && !isSame(fields, key, here.path(key), there.path(key))) {
        found.add(new FieldDifference(path + "." + key, here.path(key), there.path(key)));
      }
    }
  }

  private static Map<String, ObjectNode> byName(JsonNode rows) {
    Map<String, ObjectNode> named = new LinkedHashMap<>();
    for (JsonNode row : rows) {
      named.put(row.path("name").asText(""), (ObjectNode) row);
    }
    // a name that two rows have, or none, identifies nothing
    return named.size() == rows.size() && !named.containsKey("") ? named : Map.of();
  }

  private static Map<String, ObjectNode> byPlace(JsonNode rows) {
    Map<String, ObjectNode> placed = new LinkedHashMap<>();
    rows.forEach(row -> placed.put(Integer.toString(placed.size()), (ObjectNode) row));
    return placed;
  }

  /** What people see of a document as a text: the same for states without a difference, alone. */
  String visible(ObjectNode document) {
    ComparedForm.Fields fields = fields(null, document, document);
    StringBuilder text = new StringBuilder();
    for (String key : keys(document, document)) {
      if (!isKept(key, BOOKKEEPING)) {
        visible(fields, key, document.path(key), text);
      }
    }
    return text.toString();
  }

  private void visible(ComparedForm.Fields fields, String key, JsonNode value, StringBuilder text) {
    if (value instanceof ArrayNode rows && fields.mayHoldRows(key)) {
      if (rows.isEmpty()) {
        return;
      }
      text.append(TextNode.valueOf(key)).append(':');
      for (JsonNode element : ChildRows.inOrder(rows)) {
        if (element instanceof ObjectNode row) {
          ComparedForm.Fields ofRow = fields(fields.rowType(key), row, row);
          text.append('{');
          for (String field : keys(row, row)) {
            if (!isKept(field, BOOKKEEPING_OF_ROWS)) {
              visible(ofRow, field, row.path(field), text);
            }
          }
          text.append('}');
        } else {
          exact(ComparedForm.of(null, element), text);
        }
        text.append(',');
      }
      text.append('\n');
      return;
    }
    JsonNode compared = fields.of(key, value);
    if (!compared.isMissingNode()) {
      text.append(TextNode.valueOf(key)).append(':');
      exact(compared, text);
      text.append('\n');
    }
  }

  /** The order of keys is no difference. */
  private static void exact(JsonNode value, StringBuilder text) {
    if (value instanceof ObjectNode object) {
      text.append('{');
      for (String key : keys(object, object)) {
        text.append(TextNode.valueOf(key)).append(':');
        exact(object.path(key), text);
        text.append(',');
      }
      text.append('}');
    } else if (value.isArray()) {
      text.append('[');
      for (JsonNode element : value) {
        exact(element, text);
        text.append(',');
      }
      text.append(']');
    } else if (value.isNumber()) {
      // not in full: an exponent may stand for a million digits
      text.append(value.decimalValue());
    } else {
      text.append(value);
    }
  }

  private boolean isSame(ComparedForm.Fields fields, String key, JsonNode one, JsonNode other) {
    if (one.equals(other)) {
      return true;
    }
    if (fields.mayHoldRows(key)
        && one instanceof ArrayNode rows
        && other instanceof ArrayNode otherRows) {
      if (rows.size() != otherRows.size()) {
        return false;
      }
      String rowType = fields.rowType(key);
      ArrayNode inOrder = ChildRows.inOrder(rows);
      ArrayNode otherInOrder = ChildRows.inOrder(otherRows);
      for (int i = 0; i < inOrder.size(); i++) {
        if (!isSameRow(rowType, inOrder.get(i), otherInOrder.get(i))) {
          return false;
        }
      }
      return true;
    }
    return fields.of(key, one).equals(fields.of(key, other));
  }

  private boolean isSameRow(@Nullable String rowType, JsonNode one, JsonNode other) {
    if (one instanceof ObjectNode row && other instanceof ObjectNode otherRow) {
      ComparedForm.Fields fields = fields(rowType, row, otherRow);
      return keys(row, otherRow).stream()
          .allMatch(
              key ->
                  isKept(key, BOOKKEEPING_OF_ROWS)
                      || isSame(fields, key, row.path(key), otherRow.path(key)));
    }
    return ComparedForm.of(null, one).equals(ComparedForm.of(null, other));
  }

  private ComparedForm.Fields fields(@Nullable String doctype, ObjectNode one, ObjectNode other) {
    return form.fields(
        doctype != null ? doctype : one.path("doctype").asText(other.path("doctype").asText("")));
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
