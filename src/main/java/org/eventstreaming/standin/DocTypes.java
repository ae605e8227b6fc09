package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
 * What the site knows of its DocTypes. Those that nobody described are taken as they come: their
 * columns are what their documents hold, and nothing is known of their links.
 */
final class DocTypes {
  /** A field that names a document: of this DocType, or of the one that a sibling field names. */
  record Link(String field, String target, boolean dynamic) {

    /** Whether the object's field names this document. */
    boolean names(ObjectNode object, String doctype, String name) {
      var targeted = dynamic ? object.path(target).asText() : target;
      return targeted.equals(doctype) && object.path(field).asText().equals(name);
    }
  }

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

  /** DocTypes of Event Streaming itself. */
  private static final Set<String> OF_THE_FEATURE =
      Set.of("Event Update Log", "Event Consumer", "Event Producer");

  /** What a Comment is about follows renames, as its Dynamic Link does on every site. */
  private static final List<Link> OF_COMMENTS =
      List.of(new Link("reference_name", "reference_doctype", true));

  private final Generation generation;
  private final Map<String, ObjectNode> described = new LinkedHashMap<>();
  private final Set<String> rowTypes = new HashSet<>();
  private final Set<String> missing = new HashSet<>();

  DocTypes(Generation generation) {
    this.generation = generation;
  }

  synchronized void put(ObjectNode docType) {
    described.put(docType.path("name").asText(), docType);
  }

  synchronized Optional<ObjectNode> find(String name) {
    return Optional.ofNullable(described.get(name));
  }

  synchronized void without(String doctype) {
    missing.add(doctype);
  }

  synchronized boolean exists(String doctype) {
    return !missing.contains(doctype)
        && (generation.streams() || !OF_THE_FEATURE.contains(doctype));
  }

  synchronized void noticeRowType(String doctype) {
    rowTypes.add(doctype);
  }

  synchronized boolean isRowType(String doctype) {
    var known = described.get(doctype);
    return known != null ? known.path("istable").asInt() == 1 : rowTypes.contains(doctype);
  }

  synchronized boolean hasTable(String parent, String child) {
    return described.containsKey(parent)
        ? tables(parent).anyMatch(field -> optionsOf(field).equals(child))
        : rowTypes.contains(child);
  }

  /** The child DocType of a table field; empty where the DocType is not known. */
  Optional<String> rowType(String doctype, String fieldname) {
    return tables(doctype)
        .filter(field -> field.path("fieldname").asText().equals(fieldname))
        .map(DocTypes::optionsOf)
        .findFirst();
  }

  /** The child DocTypes of the tables of a DocType. */
  List<String> rowTypes(String doctype) {
    return tables(doctype).map(DocTypes::optionsOf).distinct().toList();
  }

  /** The type of a field; empty where the DocType is not known. */
  String fieldType(String doctype, String fieldname) {
    return fields(doctype)
        .filter(field -> field.path("fieldname").asText().equals(fieldname))
        .map(DocTypes::typeOf)
        .findFirst()
        .orElse("");
  }

  /** The fields that name other documents; none where the DocType is not known. */
  List<Link> links(String doctype) {
    if (doctype.equals("Comment") && find(doctype).isEmpty()) {
      return OF_COMMENTS;
    }
    return fields(doctype)
        .filter(field -> typeOf(field).equals("Link") || typeOf(field).equals("Dynamic Link"))
        .map(
            field ->
                new Link(
                    field.path("fieldname").asText(),
                    optionsOf(field),
                    typeOf(field).equals("Dynamic Link")))
        .toList();
  }

  /** The field that documents of this DocType are named by, if they are. */
  Optional<String> namingField(String doctype) {
    return find(doctype)
        .map(known -> known.path("autoname").asText())
        .filter(rule -> rule.startsWith("field:"))
        .map(rule -> rule.substring("field:".length()));
  }

  /** The columns that a list can ask for: of the definition, else whatever the rows hold. */
  Set<String> columns(String doctype, List<ObjectNode> rows) {
    var columns = new LinkedHashSet<>(List.of("name", "owner", "creation", "modified"));
    columns.addAll(List.of("modified_by", "docstatus", "idx"));
    if (generation.is13() || isRowType(doctype)) {
      columns.addAll(List.of("parent", "parentfield", "parenttype"));
    }
    if (find(doctype).isPresent()) {
      fields(doctype)
          .filter(field -> !isTable(field) && !LAYOUT.contains(typeOf(field)))
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

  private Stream<JsonNode> tables(String doctype) {
    return fields(doctype).filter(DocTypes::isTable);
  }

  private Stream<JsonNode> fields(String doctype) {
    return find(doctype).stream()
        .flatMap(known -> StreamSupport.stream(known.path("fields").spliterator(), false));
  }

  private static boolean isTable(JsonNode field) {
    return TABLES.contains(typeOf(field));
  }

  private static String typeOf(JsonNode field) {
    return field.path("fieldtype").asText();
  }

  private static String optionsOf(JsonNode field) {
    return field.path("options").asText();
  }
}
