package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The present state of the site: its documents, rows inside, and what it knows of DocTypes. What is
 * stored is never changed afterwards, only replaced.
 */
final class Documents {
  static final Set<String> STANDARD =
      Set.of("name", "owner", "creation", "modified", "modified_by", "docstatus", "idx", "doctype");
  static final Set<String> OF_ROWS = Set.of("parent", "parentfield", "parenttype");

  private static final Set<String> TABLES = Set.of("Table", "Table MultiSelect");
  private static final Set<String> LAYOUT =
      Set.of(
          "Section Break",
          "Column Break",
          "Tab Break",
          "HTML",
          "Button",
          "Image",
          "Fold",
          "Heading");

  private final Map<String, Map<String, ObjectNode>> documents = new LinkedHashMap<>();
  private final Map<String, ObjectNode> docTypes = new LinkedHashMap<>();
  private final Set<String> rowTypes = new HashSet<>();
  private final Set<String> missing = new HashSet<>();

  synchronized void put(String doctype, ObjectNode document) {
    documents
        .computeIfAbsent(doctype, unused -> new LinkedHashMap<>())
        .put(document.path("name").asText(), document);
    rows(document).forEach(row -> rowTypes.add(row.path("doctype").asText()));
  }

  synchronized void remove(String doctype, String name) {
    documents.getOrDefault(doctype, Map.of()).remove(name);
  }

  synchronized Optional<ObjectNode> find(String doctype, String name) {
    var found = documents.getOrDefault(doctype, Map.of()).get(name);
    if (found != null || !isRowType(doctype)) {
      return Optional.ofNullable(found);
    }
    return documents.values().stream()
        .flatMap(ofType -> ofType.values().stream())
        .flatMap(Documents::rows)
        .filter(row -> row.path("doctype").asText().equals(doctype))
        .filter(row -> row.path("name").asText().equals(name))
        .findFirst();
  }

  synchronized List<ObjectNode> all(String doctype) {
    return new ArrayList<>(documents.getOrDefault(doctype, Map.of()).values());
  }

  /** The rows of this child DocType inside the documents of that parent DocType. */
  List<ObjectNode> rowsOf(String doctype, String parent) {
    return all(parent).stream()
        .flatMap(Documents::rows)
        .filter(row -> row.path("doctype").asText().equals(doctype))
        .toList();
  }

  synchronized void putDocType(ObjectNode docType) {
    docTypes.put(docType.path("name").asText(), docType);
  }

  synchronized Optional<ObjectNode> docType(String name) {
    return Optional.ofNullable(docTypes.get(name));
  }

  synchronized void withoutDocType(String doctype) {
    missing.add(doctype);
  }

  synchronized boolean exists(String doctype) {
    return !missing.contains(doctype);
  }

  synchronized boolean isRowType(String doctype) {
    var known = docTypes.get(doctype);
    return known != null ? known.path("istable").asInt() == 1 : rowTypes.contains(doctype);
  }

  synchronized boolean hasTable(String parent, String child) {
    var known = docTypes.get(parent);
    return known == null
        ? rowTypes.contains(child)
        : fields(parent).anyMatch(field -> isTable(field) && optionsOf(field).equals(child));
  }

  /** The child DocType of a table field; empty where the DocType is not known. */
  Optional<String> rowType(String doctype, String fieldname) {
    return fields(doctype)
        .filter(field -> isTable(field) && field.path("fieldname").asText().equals(fieldname))
        .map(Documents::optionsOf)
        .findFirst();
  }

  /** The child DocTypes of the tables of a DocType. */
  List<String> rowTypes(String doctype) {
    return fields(doctype).filter(Documents::isTable).map(Documents::optionsOf).distinct().toList();
  }

  /** The type of a field; empty where the DocType is not known. */
  String fieldType(String doctype, String fieldname) {
    return fields(doctype)
        .filter(field -> field.path("fieldname").asText().equals(fieldname))
        .map(field -> field.path("fieldtype").asText())
        .findFirst()
        .orElse("");
  }

  /** The columns that a list can ask for: of the definition, else whatever the rows hold. */
  Set<String> columns(String doctype, List<ObjectNode> rows) {
    var columns = new LinkedHashSet<>(List.of("name", "owner", "creation", "modified"));
    columns.addAll(List.of("modified_by", "docstatus", "idx"));
    if (docType(doctype).isPresent()) {
      if (isRowType(doctype)) {
        columns.addAll(List.of("parent", "parentfield", "parenttype"));
      }
      fields(doctype)
          .filter(field -> !isTable(field))
          .filter(field -> !LAYOUT.contains(field.path("fieldtype").asText()))
          .forEach(field -> columns.add(field.path("fieldname").asText()));
    } else {
      for (var row : rows) {
        row.properties().stream()
            .filter(field -> !field.getValue().isArray() && !field.getKey().equals("doctype"))
            .forEach(field -> columns.add(field.getKey()));
      }
    }
    return columns;
  }

  /** All rows inside a document, table after table. */
  static Stream<ObjectNode> rows(ObjectNode document) {
    return document.properties().stream()
        .map(Map.Entry::getValue)
        .filter(ArrayNode.class::isInstance)
        .flatMap(rows -> StreamSupport.stream(rows.spliterator(), false))
        .filter(ObjectNode.class::isInstance)
        .map(ObjectNode.class::cast);
  }

  private Stream<JsonNode> fields(String doctype) {
    return docType(doctype).stream()
        .flatMap(known -> StreamSupport.stream(known.path("fields").spliterator(), false));
  }

  private static boolean isTable(JsonNode field) {
    return TABLES.contains(field.path("fieldtype").asText());
  }

  private static String optionsOf(JsonNode field) {
    return field.path("options").asText();
  }
}
