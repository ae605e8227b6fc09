package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.expression.Scope;
import org.eventstreaming.update.DocumentJson;

/**
 * Takes fields through a mapping: all of a document or child row, or those that a diff contains.
 * What is read is never changed, so rows cannot disturb each other and fields may swap names.
 */
final class MapFields {
  private final Mappings mappings;
  private final DocTypes doctypes;
  private final RouteHook routes;
  private final Function<ObjectNode, Scope> scopes;

  MapFields(
      Mappings mappings, DocTypes doctypes, RouteHook routes, Function<ObjectNode, Scope> scopes) {
    this.mappings = mappings;
    this.doctypes = doctypes;
    this.routes = routes;
    this.scopes = scopes;
  }

  RouteHook routes() {
    return routes;
  }

  DocumentTypeMapping named(String mappingName) {
    return mappings.named(mappingName);
  }

  /** The whole document or child row. */
  ObjectNode whole(DocumentTypeMapping mapping, ObjectNode remote, Level level) {
    ObjectNode source = before(mapping, remote);
    ObjectNode target = JsonNodeFactory.instance.objectNode();
    target.put("doctype", mapping.localDoctype());
    for (String fieldname : staying(mapping, source)) {
      target.set(fieldname, source.path(fieldname).deepCopy());
      if (!DocumentTypeMapping.STANDARD.contains(fieldname)) {
        level.stays(fieldname);
      }
    }
    Scope scope = scopes.apply(source);
    for (FieldMapping row : mapping.rows()) {
      JsonNode value = new RowInHand(this, mapping, row, level, scope).value();
      if (!value.isMissingNode() && !value.isNull()) {
        target.set(row.localFieldname(), value.deepCopy());
      }
    }
    return target;
  }

  /** The fields that a diff contains; null empties a field. Only for rows that are plain. */
  ObjectNode changed(DocumentTypeMapping mapping, ObjectNode changed, Level level) {
    ObjectNode target = JsonNodeFactory.instance.objectNode();
    for (String fieldname : staying(mapping, changed)) {
      target.set(fieldname, changed.path(fieldname).deepCopy());
    }
    Scope scope = scopes.apply(changed);
    for (FieldMapping row : mapping.rows()) {
      String remote = row.source().remoteFieldname();
      if (remote != null && changed.has(remote)) {
        JsonNode value = new RowInHand(this, mapping, row, level, scope).value();
        target.set(
            row.localFieldname(), value.isMissingNode() ? target.nullNode() : value.deepCopy());
      }
    }
    return target;
  }

  /** Child rows, each mapped whole. */
  ArrayNode rows(String rowMapping, JsonNode rows, Level first) {
    if (!rows.isArray()
        || !StreamSupport.stream(rows.spliterator(), false).allMatch(JsonNode::isObject)) {
      throw new NoValue("child rows are expected, there is " + FieldType.shown(rows));
    }
    DocumentTypeMapping mapping = named(rowMapping);
    ArrayNode mapped = JsonNodeFactory.instance.arrayNode(rows.size());
    Level level = first;
    for (JsonNode row : rows) {
      mapped.add(whole(mapping, (ObjectNode) row, level.of(mapping, row)));
      level = level.next();
    }
    return mapped;
  }

  /** The fields in there that no row has to do with and that stay under their own names. */
  List<String> staying(DocumentTypeMapping mapping, JsonNode source) {
    Predicate<String> stays = name -> source.has(name) && mapping.leaves(name);
    List<String> names = new ArrayList<>();
    switch (mapping.unmappedFields()) {
      case KEEP -> source.fieldNames().forEachRemaining(names::add);
      case KNOWN ->
          Stream.concat(DocumentTypeMapping.STANDARD.stream(), fieldsHere(mapping))
              .distinct()
              .forEach(names::add);
      case DROP -> names.addAll(DocumentTypeMapping.STANDARD);
    }
    names.removeIf(stays.negate());
    return names;
  }

  /** Whether the producer's type has a field, as far as it is known. */
  Predicate<String> ofRemote(DocumentTypeMapping mapping) {
    return name ->
        doctypes
            .find(mapping.remoteDoctype())
            .flatMap(definition -> definition.field(name))
            .isPresent();
  }

  private Stream<String> fieldsHere(DocumentTypeMapping mapping) {
    return doctypes.find(mapping.localDoctype()).stream()
        .flatMap(definition -> definition.fields().stream())
        .map(DocField::fieldname);
  }

  private ObjectNode before(DocumentTypeMapping mapping, ObjectNode remote) {
    Computation before = mapping.before();
    return before == null ? remote : reshaped(mapping, "before", before, remote);
  }

  /** The document when {@code after} has seen it, and each of its rows before that. */
  ObjectNode after(DocumentTypeMapping mapping, ObjectNode document) {
    for (FieldMapping row : mapping.rows()) {
      String rowMapping = row.becomes().rowMapping();
      if (rowMapping != null && document.get(row.localFieldname()) instanceof ArrayNode rows) {
        for (int i = 0; i < rows.size(); i++) {
          rows.set(i, after(named(rowMapping), (ObjectNode) rows.get(i)));
        }
      }
    }
    Computation after = mapping.after();
    return after == null ? document : reshaped(mapping, "after", after, document);
  }

  /** What identifies a document stays with it, also where the expression leaves it out. */
  private ObjectNode reshaped(
      DocumentTypeMapping mapping, String key, Computation computation, ObjectNode document) {
    JsonNode result;
    try {
      result = DocumentJson.asRead(computation.value(scopes.apply(document)));
    } catch (NoValue failed) {
      throw MappingFailed.reshaping(mapping, key, failed.getMessage());
    }
    if (!(result instanceof ObjectNode reshaped)) {
      throw MappingFailed.reshaping(
          mapping, key, "it must give a document, gave " + FieldType.shown(result));
    }
    Stream.concat(Stream.of("doctype"), DocumentTypeMapping.STANDARD.stream())
        .filter(name -> document.has(name) && !reshaped.has(name))
        .forEach(name -> reshaped.set(name, document.get(name)));
    return reshaped;
  }
}
