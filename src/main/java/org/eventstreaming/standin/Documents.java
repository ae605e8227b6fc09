package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The present state of the site: its documents, rows inside. What is stored is never changed
 * afterwards, only replaced.
 */
final class Documents {
  static final Set<String> STANDARD =
      Set.of("name", "owner", "creation", "modified", "modified_by", "docstatus", "idx", "doctype");
  static final Set<String> OF_ROWS = Set.of("parent", "parentfield", "parenttype");

  private final DocTypes docTypes;
  private final Map<String, Map<String, ObjectNode>> documents = new LinkedHashMap<>();

  Documents(DocTypes docTypes) {
    this.docTypes = docTypes;
  }

  /** The same documents, with their names compared in another way. */
  synchronized void use(Collation collation) {
    docTypes.use(collation);
    documents.replaceAll(
        (doctype, some) -> {
          Map<String, ObjectNode> byKey = new LinkedHashMap<>();
          some.values().forEach(one -> byKey.put(key(one.path("name").asText()), one));
          return byKey;
        });
  }

  synchronized void put(String doctype, ObjectNode document) {
    documents
        .computeIfAbsent(doctype, unused -> new LinkedHashMap<>())
        .put(key(document.path("name").asText()), document);
    rows(document).forEach(row -> docTypes.noticeRowType(row.path("doctype").asText()));
  }

  synchronized void remove(String doctype, String name) {
    documents.getOrDefault(doctype, Map.of()).remove(key(name));
  }

  /** The document, or the row where the DocType is a child table's. */
  synchronized Optional<ObjectNode> find(String doctype, String name) {
    var found = documents.getOrDefault(doctype, Map.of()).get(key(name));
    return found != null || !docTypes.isRowType(doctype)
        ? Optional.ofNullable(found)
        : rowsOf(doctype).stream().filter(row -> isCalled(row, name)).findFirst();
  }

  synchronized List<ObjectNode> all(String doctype) {
    return new ArrayList<>(documents.getOrDefault(doctype, Map.of()).values());
  }

  synchronized List<ObjectNode> all() {
    return documents.values().stream().flatMap(ofType -> ofType.values().stream()).toList();
  }

  /** The rows of this child DocType, inside documents of whatever DocType. */
  List<ObjectNode> rowsOf(String doctype) {
    return all().stream()
        .flatMap(Documents::rows)
        .filter(row -> row.path("doctype").asText().equals(doctype))
        .toList();
  }

  /** Replaces a document, or a row inside its document, by what this change makes of it. */
  synchronized void change(String doctype, String name, Consumer<ObjectNode> change) {
    var holder =
        docTypes.isRowType(doctype)
            ? all().stream().filter(one -> row(one, doctype, name).isPresent()).findFirst()
            : find(doctype, name);
    var changed = holder.orElseThrow(() -> FrappeError.notFound(doctype, name)).deepCopy();
    change.accept(row(changed, doctype, name).orElse(changed));
    put(changed.path("doctype").asText(), changed);
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

  /** What the site calls the document or row; another spelling may name it too. */
  private boolean isCalled(ObjectNode object, String name) {
    return key(object.path("name").asText()).equals(key(name));
  }

  private String key(String name) {
    return docTypes.collation().key(name);
  }

  private Optional<ObjectNode> row(ObjectNode document, String doctype, String name) {
    return rows(document)
        .filter(row -> row.path("doctype").asText().equals(doctype))
        .filter(row -> isCalled(row, name))
        .findFirst();
  }
}
