package org.eventstreaming.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applies the diff of an Update to the state that is here (protocol: frappe-semantics 3.2). Rows
 * that are not as the diff expects are tolerated and noted, in place of failing the entry (defect
 * 59). The new state still wants its {@link NormalForm}: rows say their old docstatus.
 */
public final class ApplyDiff {
  private static final List<String> PARTS = List.of("changed", "removed", "row_changed", "added");
  private static final Set<String> IDENTITY = Set.of("name", "doctype");

  /** The new state, and in short sentences what was not as the diff expected. */
  public record Result(ObjectNode document, List<String> notes) {
    public Result {
      notes = List.copyOf(notes);
    }
  }

  /**
   * Leaves the current state and the diff as they are; the result shares nothing that can change
   * with either.
   *
   * @throws MalformedDiff where a part of the diff cannot be understood
   */
  public Result apply(ObjectNode current, JsonNode diff) {
    requireParts(diff);
    ObjectNode document = current.deepCopy();
    List<String> notes = new ArrayList<>();
    change(document, part(diff, "changed"));
    Map<String, ChildTable> tables = new LinkedHashMap<>();
    for (var removed : part(diff, "removed").properties()) {
      ChildTable table = table(tables, document, removed.getKey());
      for (JsonNode name : list("removed", removed)) {
        remove(table, rowName("removed." + table.fieldname(), name), notes);
      }
    }
    for (var changed : part(diff, "row_changed").properties()) {
      ChildTable table = table(tables, document, changed.getKey());
      for (JsonNode row : list("row_changed", changed)) {
        changeRow(table, row, notes);
      }
    }
    for (var added : part(diff, "added").properties()) {
      ChildTable table = table(tables, document, added.getKey());
      for (JsonNode row : list("added", added)) {
        add(table, row, notes);
      }
    }
    tables.values().forEach(table -> table.writeTo(document));
    diff.fieldNames().forEachRemaining(key -> noteUnknown(key, notes));
    return new Result(document, notes);
  }

  private static void change(ObjectNode document, JsonNode changed) {
    for (var field : changed.properties()) {
      if (!IDENTITY.contains(field.getKey())) {
        setOrRemove(document, field);
      }
    }
  }

  private static void remove(ChildTable table, String name, List<String> notes) {
    if (!table.remove(name)) {
      notes.add(
          "row %s of %s was not here and could not be removed".formatted(name, table.fieldname()));
    }
  }

  private static void changeRow(ChildTable table, JsonNode change, List<String> notes) {
    String part = "row_changed." + table.fieldname();
    ObjectNode fields = row(part, change);
    String name = rowName(part + ".name", fields.path("name"));
    ObjectNode row = table.find(name);
    if (row == null) {
      table.append(name, withoutNulls(fields));
      notes.add(
          "row %s of %s was not here and was appended with the changed fields alone"
              .formatted(name, table.fieldname()));
      return;
    }
    for (var field : fields.properties()) {
      if (!IDENTITY.contains(field.getKey())) {
        setOrRemove(row, field);
      }
    }
  }

  private static void add(ChildTable table, JsonNode added, List<String> notes) {
    String part = "added." + table.fieldname();
    ObjectNode row = withoutNulls(row(part, added));
    if (!row.has("name")) {
      table.insert(row);
      return;
    }
    String name = rowName(part + ".name", row.path("name"));
    if (table.replace(name, row)) {
      notes.add(
          "row %s of %s was already here and was replaced".formatted(name, table.fieldname()));
    } else {
      table.insert(name, row);
    }
  }

  private static void noteUnknown(String key, List<String> notes) {
    if (!PARTS.contains(key)) {
      notes.add("%s is not a part of a diff and was ignored".formatted(key));
    }
  }

  private static void setOrRemove(ObjectNode node, Map.Entry<String, JsonNode> field) {
    if (field.getValue().isNull()) {
      node.remove(field.getKey());
    } else {
      node.set(field.getKey(), field.getValue().deepCopy());
    }
  }

  private static ObjectNode withoutNulls(ObjectNode row) {
    ObjectNode copy = row.deepCopy();
    copy.properties().removeIf(field -> field.getValue().isNull());
    return copy;
  }

  /** A whole document is no diff: taken for one it would change nothing, and nobody would know. */
  private static void requireParts(JsonNode diff) {
    if (!diff.isObject() || (!diff.isEmpty() && PARTS.stream().noneMatch(diff::has))) {
      throw new MalformedDiff(
          "the diff", "an object with changed, added, removed, row_changed", diff);
    }
  }

  private static JsonNode part(JsonNode diff, String part) {
    JsonNode value = diff.path(part);
    if (value.isObject()) {
      return value;
    }
    if (value.isMissingNode() || value.isNull()) {
      return MissingNode.getInstance();
    }
    throw new MalformedDiff(
        part, part.equals("changed") ? "an object of fields" : "an object of child tables", value);
  }

  private static ArrayNode list(String part, Map.Entry<String, JsonNode> table) {
    if (table.getValue() instanceof ArrayNode list) {
      return list;
    }
    String expected = part.equals("removed") ? "a list of row names" : "a list of rows";
    throw new MalformedDiff(part + "." + table.getKey(), expected, table.getValue());
  }

  private static ObjectNode row(String part, JsonNode row) {
    if (row instanceof ObjectNode object) {
      return object;
    }
    throw new MalformedDiff("each row of " + part, "an object", row);
  }

  private static String rowName(String part, JsonNode name) {
    if ((name.isTextual() && !name.textValue().isEmpty()) || name.isNumber()) {
      return name.asText();
    }
    throw new MalformedDiff("each of " + part, "the name of a row, text or number", name);
  }

  private static ChildTable table(
      Map<String, ChildTable> tables, ObjectNode document, String fieldname) {
    return tables.computeIfAbsent(
        fieldname, key -> ChildTable.of(key, rowsHere(document.get(key), key)));
  }

  private static @Nullable ArrayNode rowsHere(@Nullable JsonNode here, String fieldname) {
    if (here == null || here.isNull()) {
      return null;
    }
    if (here instanceof ArrayNode array) {
      for (JsonNode row : array) {
        if (!row.isObject()) {
          throw new MalformedDiff("%s, as it is here,".formatted(fieldname), "a child table", here);
        }
      }
      return array;
    }
    throw new MalformedDiff("%s, as it is here,".formatted(fieldname), "a child table", here);
  }
}
