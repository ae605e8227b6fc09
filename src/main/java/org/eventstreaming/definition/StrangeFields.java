package org.eventstreaming.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;

/**
 * Finds fields that documents have and their definitions do not: the sign that a definition was
 * changed on its site. Looks through each definition once, not once for each document.
 */
final class StrangeFields {
  private static final Set<String> STANDARD =
      Set.of(
          "name",
          "owner",
          "creation",
          "modified",
          "modified_by",
          "docstatus",
          "idx",
          "doctype",
          "parent",
          "parenttype",
          "parentfield");

  private final DocTypes doctypes;
  private final Map<String, Set<String>> fieldnames = new HashMap<>();

  StrangeFields(DocTypes doctypes) {
    this.doctypes = doctypes;
  }

  /** Of a document as it stands, rows inside; those of rows as {@code table.field}. */
  void inDocument(DocType definition, JsonNode document, Set<String> strange) {
    inFields(definition, "", document, strange);
    inTables(definition, document, strange);
  }

  /** Of the diff of an Update. */
  void inDiff(DocType definition, JsonNode diff, Set<String> strange) {
    inFields(definition, "", diff.path("changed"), strange);
    inTables(definition, diff.path("added"), strange);
    inTables(definition, diff.path("row_changed"), strange);
  }

  private void inTables(DocType definition, JsonNode tables, Set<String> strange) {
    for (DocField table : definition.tables()) {
      JsonNode rows = tables.path(table.fieldname());
      if (table.options() == null || rows.isEmpty()) {
        continue;
      }
      doctypes
          .find(table.options())
          .ifPresent(
              child -> rows.forEach(row -> inFields(child, table.fieldname() + ".", row, strange)));
    }
  }

  private void inFields(DocType definition, String prefix, JsonNode fields, Set<String> strange) {
    if (!(fields instanceof ObjectNode object)) {
      return;
    }
    Set<String> known = fieldnames.computeIfAbsent(definition.name(), name -> names(definition));
    for (var field : object.properties()) {
      String name = field.getKey();
      // tags, comments and the like, which a site keeps in columns of their own
      if (!known.contains(name) && !STANDARD.contains(name) && !name.startsWith("_")) {
        strange.add(prefix + name);
      }
    }
  }

  private static Set<String> names(DocType definition) {
    return definition.fields().stream()
        .map(DocField::fieldname)
        .collect(Collectors.toCollection(HashSet::new));
  }
}
