package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What an Update logs: the four parts changed, added, removed and row_changed. As on a site, a date
 * or time that the client sent counts as changed whether it is or not.
 */
final class Diff {
  private static final Set<String> TYPED = Set.of("Date", "Datetime", "Time");

  private final DocTypes docTypes;

  Diff(DocTypes docTypes) {
    this.docTypes = docTypes;
  }

  /** The diff; empty parts where the save changed nothing that is logged. */
  ObjectNode between(ObjectNode before, ObjectNode after, ObjectNode sent) {
    var diff = FrappeJson.object();
    var changed = diff.putObject("changed");
    var added = diff.putObject("added");
    var removed = diff.putObject("removed");
    var rowChanged = diff.putObject("row_changed");
    var doctype = after.path("doctype").asText();
    for (var field : fieldsOf(before, after)) {
      var old = before.path(field);
      var value = after.path(field);
      if (isRows(old) || isRows(value)) {
        rows(field, old, value, added, removed, rowChanged);
      } else if (differs(old, value) || typed(doctype, field, sent)) {
        changed.set(field, orNull(value));
      }
    }
    if (before.path("docstatus").asInt() != after.path("docstatus").asInt()) {
      changed.set("docstatus", after.path("docstatus"));
    }
    return diff;
  }

  static boolean isEmpty(ObjectNode diff) {
    return diff.properties().stream().allMatch(part -> part.getValue().isEmpty());
  }

  private void rows(
      String field,
      JsonNode before,
      JsonNode after,
      ObjectNode added,
      ObjectNode removed,
      ObjectNode rowChanged) {
    var old = byName(before);
    var now = byName(after);
    now.forEach(
        (name, row) -> {
          var known = old.get(name);
          if (known == null) {
            added.withArray("/" + field).add(row);
            return;
          }
          var part = FrappeJson.object();
          for (var column : fieldsOf(known, row)) {
            if (differs(known.path(column), row.path(column))) {
              part.set(column, orNull(row.path(column)));
            }
          }
          if (!part.isEmpty()) {
            rowChanged.withArray("/" + field).add(part.put("name", name));
          }
        });
    old.keySet().stream()
        .filter(name -> !now.containsKey(name))
        .forEach(name -> removed.withArray("/" + field).add(name));
  }

  private boolean typed(String doctype, String field, ObjectNode sent) {
    return sent.path(field).isTextual()
        && !sent.path(field).asText().isEmpty()
        && TYPED.contains(docTypes.fieldType(doctype, field));
  }

  private static Set<String> fieldsOf(ObjectNode before, ObjectNode after) {
    var fields = new LinkedHashSet<String>();
    before.fieldNames().forEachRemaining(fields::add);
    after.fieldNames().forEachRemaining(fields::add);
    fields.removeIf(
        field ->
            Documents.STANDARD.contains(field)
                || Documents.OF_ROWS.contains(field)
                || field.startsWith("__"));
    return fields;
  }

  private static Map<String, ObjectNode> byName(JsonNode rows) {
    var named = new LinkedHashMap<String, ObjectNode>();
    for (var row : rows) {
      if (row instanceof ObjectNode object) {
        named.put(object.path("name").asText(), object);
      }
    }
    return named;
  }

  private static boolean isRows(JsonNode value) {
    return value instanceof ArrayNode;
  }

  private static boolean differs(JsonNode before, JsonNode after) {
    if (before.isNumber() && after.isNumber()) {
      return before.decimalValue().compareTo(after.decimalValue()) != 0;
    }
    return !orNull(before).equals(orNull(after));
  }

  private static JsonNode orNull(JsonNode value) {
    return value.isMissingNode() ? NullNode.instance : value;
  }
}
