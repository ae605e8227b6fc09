package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

  /** The documents or rows of a type in an order that was asked for, until something changes. */
  private final Map<String, Map<List<ListQuery.Order>, List<ObjectNode>>> sorted = new HashMap<>();

  Documents(DocTypes docTypes) {
    this.docTypes = docTypes;
  }

  /** The same documents, with their names compared in another way. */
  synchronized void use(Collation collation) {
    docTypes.use(collation);
    sorted.clear();
    documents.replaceAll(
        (doctype, some) -> {
          Map<String, ObjectNode> byKey = new LinkedHashMap<>();
          some.values().forEach(one -> byKey.put(key(one.path("name").asText()), one));
          return byKey;
        });
  }

  synchronized void put(String doctype, ObjectNode document) {
    sorted.clear();
    documents
        .computeIfAbsent(doctype, unused -> new LinkedHashMap<>())
        .put(key(document.path("name").asText()), document);
    rows(document).forEach(row -> docTypes.noticeRowType(row.path("doctype").asText()));
  }

  synchronized void remove(String doctype, String name) {
    sorted.clear();
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

  /** All of its type in the order of a list: pages of long lists do not sort it anew. */
  synchronized List<ObjectNode> inOrder(ListQuery query) {
    return sorted
        .computeIfAbsent(query.doctype(), unused -> new HashMap<>())
        .computeIfAbsent(
            query.orders(),
            unused ->
                (docTypes.isRowType(query.doctype())
                        ? rowsOf(query.doctype())
                        : all(query.doctype()))
                    .stream().sorted(query.comparator(ObjectNode::path)).toList());
  }

  /** Those of these names that are there. */
  synchronized List<ObjectNode> called(String doctype, List<String> names) {
    return called(documents.getOrDefault(doctype, Map.of()), names).toList();
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

  /** The same, inside documents of these names. */
  synchronized List<ObjectNode> rowsOf(String doctype, List<String> parents) {
    return documents.values().stream()
        .flatMap(ofType -> called(ofType, parents))
        .flatMap(
            document ->
                rows(document)
                    .filter(row -> row.path("doctype").asText().equals(doctype))
                    .filter(
                        row ->
                            key(row.path("parent").asText())
                                .equals(key(document.path("name").asText()))))
        .toList();
  }

  private Stream<ObjectNode> called(Map<String, ObjectNode> ofType, List<String> names) {
    return names.stream().map(this::key).distinct().map(ofType::get).filter(Objects::nonNull);
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
