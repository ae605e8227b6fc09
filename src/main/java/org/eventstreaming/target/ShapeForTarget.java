package org.eventstreaming.target;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.document.ChildRows;
import org.eventstreaming.producer.TargetRules;

/**
 * Adds to documents what a target site needs to store them unchanged: values that keep the site
 * from resetting others ({@code send}), and the site's own names of rows of other documents ({@code
 * row_references}).
 */
public final class ShapeForTarget {
  private final DocTypes site;
  private final TargetRules rules;
  private final Map<String, String> rowNames;

  private ShapeForTarget(DocTypes site, TargetRules rules, Map<String, String> rowNames) {
    this.site = site;
    this.rules = rules;
    this.rowNames = rowNames;
  }

  /**
   * Prepares these documents.
   *
   * @param rowNames finds the site's names of rows; called once
   */
  static ShapeForTarget of(
      DocTypes site,
      TargetRules rules,
      Collection<ObjectNode> documents,
      Function<Collection<String>, Map<String, String>> rowNames) {
    ShapeForTarget shape = new ShapeForTarget(site, rules, Map.of());
    Set<String> named = new HashSet<>();
    documents.forEach(
        document -> shape.references(document, (object, field) -> named.add(text(object, field))));
    named.remove("");
    return new ShapeForTarget(site, rules, named.isEmpty() ? Map.of() : rowNames.apply(named));
  }

  /** The document, as a copy where something is changed. */
  public ObjectNode shaped(ObjectNode document) {
    ObjectNode shaped = document.deepCopy();
    references(
        shaped,
        (object, field) -> {
          String name = rowNames.get(text(object, field));
          if (name != null) {
            object.put(field, name);
          }
        });
    site.find(document.path("doctype").asText())
        .ifPresent(definition -> objects(definition, shaped, this::switchOn));
    return shaped.equals(document) ? document : shaped;
  }

  /**
   * A copy without the fields that name rows of the document itself; empty where there is no such
   * field.
   */
  Optional<ObjectNode> withoutOwnRows(ObjectNode document) {
    Set<String> rows = new HashSet<>();
    for (JsonNode table : document) {
      ChildRows.of(table).forEach(row -> rows.add(text(row, "name")));
    }
    rows.remove("");
    Set<String> named = new HashSet<>();
    references(document, (object, field) -> named.add(text(object, field)));
    named.retainAll(rows);
    if (named.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode copy = document.deepCopy();
    references(
        copy,
        (object, field) -> {
          if (named.contains(text(object, field))) {
            object.remove(field);
          }
        });
    return Optional.of(copy);
  }

  private static String text(ObjectNode object, String field) {
    return object.path(field).asText("");
  }

  private void switchOn(DocType definition, ObjectNode object) {
    rules
        .of(definition.name())
        .send()
        .forEach(
            (field, value) -> {
              boolean isMeant =
                  value.keeps().isEmpty()
                      || value.keeps().stream()
                          .anyMatch(kept -> !SiteValues.isEmpty(object.path(kept)));
              if (isMeant) {
                object.set(field, value.value());
              }
            });
  }

  private void references(ObjectNode document, BiConsumer<ObjectNode, String> taker) {
    site.find(document.path("doctype").asText())
        .ifPresent(
            definition ->
                objects(
                    definition,
                    document,
                    (type, object) -> {
                      rules
                          .of(type.name())
                          .rowReferences()
                          .forEach(field -> taker.accept(object, field));
                    }));
  }

  /** Calls the consumer for the document and for each of its rows. */
  private void objects(
      DocType definition, ObjectNode document, BiConsumer<DocType, ObjectNode> taker) {
    taker.accept(definition, document);
    for (DocField table : definition.tables()) {
      if (table.options() == null) {
        continue;
      }
      for (ObjectNode row : ChildRows.of(document.path(table.fieldname()))) {
        site.find(table.options()).ifPresent(type -> taker.accept(type, row));
      }
    }
  }
}
