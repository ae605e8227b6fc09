package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What the site knows of its DocTypes. Those that nobody described are taken as they come: their
 * columns are what their documents hold, and nothing is known of their links.
 */
final class DocTypes {
  /** A field that names a document: of this DocType, or of the one that a sibling field names. */
  record Link(String field, String target, boolean dynamic) {

    /** Whether the object's field names this document. */
    boolean names(ObjectNode object, String doctype, String name, Collation collation) {
      return targetIn(object).equals(doctype)
          && collation.key(object.path(field).asText()).equals(collation.key(name));
    }

    /** The DocType of the document that is named. */
    String targetIn(ObjectNode object) {
      return dynamic ? object.path(target).asText() : target;
    }
  }

  /** DocTypes of Event Streaming itself. */
  private static final Set<String> OF_THE_FEATURE =
      Set.of("Event Update Log", "Event Consumer", "Event Producer");

  /** What a Comment is about follows renames, as its Dynamic Link does on every site. */
  private static final List<Link> OF_COMMENTS =
      List.of(new Link("reference_name", "reference_doctype", true));

  private final Generation generation;
  private final Map<String, ObjectNode> described = new LinkedHashMap<>();
  private final Map<String, List<Field>> fields = new HashMap<>();
  private final Set<String> rowTypes = new HashSet<>();
  private final Set<String> missing = new HashSet<>();
  private @Nullable Set<Integer> readableLevels;
  private boolean singleReadsShowAll;
  private volatile Collation collation = Collation.FOLDED;

  DocTypes(Generation generation) {
    this.generation = generation;
  }

  /** How the site compares names. */
  Collation collation() {
    return collation;
  }

  void use(Collation other) {
    collation = other;
  }

  synchronized void put(ObjectNode docType) {
    var name = docType.path("name").asText();
    described.put(name, docType);
    fields.put(
        name,
        StreamSupport.stream(docType.path("fields").spliterator(), false).map(Field::new).toList());
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

  synchronized boolean isSingle(String name) {
    return find(name).map(definition -> definition.path("issingle").asInt() == 1).orElse(false);
  }

  synchronized boolean isRowType(String doctype) {
    var known = described.get(doctype);
    return known != null ? known.path("istable").asInt() == 1 : rowTypes.contains(doctype);
  }

  synchronized boolean hasTable(String parent, String child) {
    return described.containsKey(parent)
        ? tables(parent).anyMatch(field -> field.options().equals(child))
        : rowTypes.contains(child);
  }

  /** The child DocType of a table field; empty where the DocType is not known. */
  Optional<String> rowType(String doctype, String fieldname) {
    return field(doctype, fieldname).filter(Field::isTable).map(Field::options);
  }

  /** The child DocTypes of the tables of a DocType. */
  List<String> rowTypes(String doctype) {
    return tables(doctype).map(Field::options).distinct().toList();
  }

  /** The same, once for each table. */
  List<String> rowTypesOfTables(String doctype) {
    return tables(doctype).map(Field::options).toList();
  }

  /** The type of a field; empty where the DocType is not known. */
  String fieldType(String doctype, String fieldname) {
    return field(doctype, fieldname).map(Field::type).orElse("");
  }

  /** The fields that name other documents; none where the DocType is not known. */
  List<Link> links(String doctype) {
    if (doctype.equals("Comment") && find(doctype).isEmpty()) {
      return OF_COMMENTS;
    }
    return fields(doctype).stream()
        .filter(Field::isLink)
        .map(field -> new Link(field.name(), field.options(), field.isDynamicLink()))
        .toList();
  }

  /** The field that documents of this DocType are named by, if they are. */
  Optional<String> namingField(String doctype) {
    return Optional.of(namingRule(doctype))
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
      fields(doctype).stream().filter(Field::isColumn).map(Field::name).forEach(columns::add);
    } else {
      for (var row : rows) {
        row.properties().stream()
            .filter(field -> !field.getValue().isArray() && !field.getKey().equals("doctype"))
            .forEach(field -> columns.add(field.getKey()));
      }
    }
    return columns;
  }

  /** The fields of a DocType; none where it is not known. */
  synchronized List<Field> fields(String doctype) {
    return fields.getOrDefault(doctype, List.of());
  }

  Optional<Field> field(String doctype, String fieldname) {
    return fields(doctype).stream().filter(field -> field.name().equals(fieldname)).findFirst();
  }

  /**
   * Which permission levels the key's user may read, beside 0.
   *
   * @param singly whether single reads show all levels nevertheless, as they do to Administrator
   */
  synchronized void readableLevels(Set<Integer> levels, boolean singly) {
    readableLevels = Set.copyOf(levels);
    singleReadsShowAll = singly;
  }

  /** The fields of a DocType that its lists do not show to the key. */
  synchronized Set<String> hidden(String doctype) {
    return readableLevels == null
        ? Set.of()
        : fields(doctype).stream()
            // version 15 looks at a row's fields without the permissions of its document
            .filter(
                field ->
                    field.level() > 0
                        && ((generation.is15() && isRowType(doctype)) || !mayRead(field)))
            .map(Field::name)
            .collect(Collectors.toSet());
  }

  private boolean mayRead(Field field) {
    return readableLevels == null || readableLevels.contains(field.level()) || field.level() == 0;
  }

  /** The document as a single read shows it: what the key may not read is 0, empty, or absent. */
  synchronized ObjectNode shownSingly(String doctype, ObjectNode document) {
    // before version 15 they show all levels to everybody
    if (readableLevels == null || singleReadsShowAll || !generation.is15()) {
      return document;
    }
    var shown = document.deepCopy();
    blank(doctype, shown);
    tables(doctype)
        .forEach(
            table -> {
              for (var row : shown.path(table.name())) {
                blank(table.options(), (ObjectNode) row);
              }
            });
    return shown;
  }

  private void blank(String doctype, ObjectNode document) {
    var unset = unset(doctype);
    for (var field : fields(doctype)) {
      if (!mayRead(field)) {
        document.remove(field.name());
        if (field.isTable()) {
          document.putArray(field.name());
        } else if (unset.containsKey(field.name())) {
          document.set(field.name(), unset.get(field.name()));
        }
      }
    }
  }

  /** Adds a custom field to a DocType that is known. */
  synchronized void addField(String doctype, ObjectNode field) {
    find(doctype)
        .ifPresent(
            known -> {
              var extended = known.deepCopy();
              extended.withArray("/fields").add(field.deepCopy().put("is_custom_field", 1));
              put(extended);
            });
  }

  /** How documents of this DocType get their names; empty where nothing is known of it. */
  String namingRule(String doctype) {
    return find(doctype).map(known -> known.path("autoname").asText()).orElse("");
  }

  /** What the columns of numbers hold where nobody set them; all others hold null. */
  Map<String, JsonNode> unset(String doctype) {
    var unset = new HashMap<String, JsonNode>();
    for (var field : fields(doctype)) {
      if (field.isNeverEmpty()) {
        unset.put(field.name(), field.isWhole() ? new IntNode(0) : new DoubleNode(0));
      }
    }
    return unset;
  }

  /** The document with 0 or null for every column that it does not have. */
  ObjectNode withNulls(String doctype, ObjectNode document) {
    var complete = document.deepCopy();
    if (find(doctype).isPresent()) {
      var unset = unset(doctype);
      columns(doctype, List.of()).stream()
          .filter(column -> !complete.has(column))
          .forEach(column -> complete.set(column, unset.getOrDefault(column, NullNode.instance)));
    }
    return complete;
  }

  private Stream<Field> tables(String doctype) {
    return fields(doctype).stream().filter(Field::isTable);
  }
}
