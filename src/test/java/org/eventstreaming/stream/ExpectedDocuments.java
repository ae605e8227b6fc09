package org.eventstreaming.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.stream.RandomTypes.OneMapping;
import org.eventstreaming.update.DocumentKey;
import org.jspecify.annotations.Nullable;

/**
 * What a site's document is here, slowly and plainly, from the words of the reference: its fields,
 * its rows, and in the place of each name the document that is meant.
 */
final class ExpectedDocuments {
  private final RandomTypes types;

  ExpectedDocuments(RandomTypes types) {
    this.types = types;
  }

  /** Each field's value: a {@link JsonNode}, a {@link Target}, or a list of rows like this. */
  Map<String, Object> document(String localType, JsonNode there) {
    OneMapping mapping = types.mappingTo(localType);
    DocType definition = types.definition(localType);
    Map<String, Object> here = new LinkedHashMap<>();
    for (DocField field : definition.fields()) {
      OneMapping.Row row = mapping == null ? null : rowOf(mapping, field.fieldname());
      if (row != null) {
        here.put(field.fieldname(), given(row, field, there));
      } else if (mapping == null || !isTaken(mapping, field.fieldname())) {
        here.put(field.fieldname(), stays(field, there.path(field.fieldname()), here));
      }
    }
    return here;
  }

  /** The documents that these fields name, rows included. */
  static Set<Target> targets(Map<String, Object> document) {
    Set<Target> targets = new LinkedHashSet<>();
    for (Object value : document.values()) {
      if (value instanceof Target target) {
        targets.add(target);
      } else if (value instanceof List<?> rows) {
        rows.forEach(row -> targets.addAll(targets(asRow(row))));
      }
    }
    return targets;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> asRow(Object row) {
    return (Map<String, Object>) row;
  }

  private Object given(OneMapping.Row row, DocField field, JsonNode there) {
    JsonNode value = row.remote() == null ? MissingNode.getInstance() : there.path(row.remote());
    return switch (row.how()) {
      case CONSTANT -> row.extra().path("constant");
      case TWICE -> IntNode.valueOf(2 * value.asInt());
      case ROWS -> rows(String.valueOf(row.mapping()), value);
      case DOCUMENT ->
          isEmpty(value)
              ? MissingNode.getInstance()
              : new Target(
                  new DocumentKey(remoteOf(row), LinkedHistory.nameOf(value.asText())),
                  String.valueOf(row.mapping()),
                  true);
      case VALUE -> {
        JsonNode mapped = value;
        if (!row.values().isEmpty() && !isEmpty(value)) {
          String other = row.values().get(value.asText());
          mapped =
              other != null
                  ? TextNode.valueOf(other)
                  : row.standsIn() == null ? value : MissingNode.getInstance();
        }
        if (!isEmpty(mapped)) {
          yield mapped;
        }
        String standsIn = row.standsIn();
        yield standsIn == null
            ? MissingNode.getInstance()
            : field.isNumber()
                ? IntNode.valueOf(Integer.parseInt(standsIn))
                : TextNode.valueOf(standsIn);
      }
    };
  }

  private String remoteOf(OneMapping.Row row) {
    OneMapping mapping = types.mappingTo(String.valueOf(row.mapping()));
    return mapping == null ? "" : mapping.remoteType();
  }

  private Object stays(DocField field, JsonNode value, Map<String, Object> before) {
    if (field.isTable()) {
      return rows(String.valueOf(field.options()), value);
    }
    String options = String.valueOf(field.options());
    if (isEmpty(value) || options.equals("DocType")) {
      return value;
    }
    if (field.isLink()) {
      return target(options, value);
    }
    if (field.isDynamicLink()) {
      Object type = before.get(options);
      return type instanceof JsonNode text && !isEmpty(text) ? target(text.asText(), value) : value;
    }
    return value;
  }

  private Target target(String localType, JsonNode name) {
    return new Target(
        new DocumentKey(types.remoteType(localType), name.asText()), localType, false);
  }

  private List<Map<String, Object>> rows(String localType, JsonNode there) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (JsonNode row : there) {
      Map<String, Object> fields = document(localType, row);
      fields.put("name", row.path("name"));
      rows.add(fields);
    }
    return rows;
  }

  private static OneMapping.@Nullable Row rowOf(OneMapping mapping, String local) {
    return mapping.rows().stream()
        .filter(row -> row.local().equals(local))
        .findFirst()
        .orElse(null);
  }

  private static boolean isTaken(OneMapping mapping, String remote) {
    return mapping.rows().stream()
        // an expression names no field
        .filter(row -> row.how() != OneMapping.Row.How.TWICE)
        .anyMatch(row -> remote.equals(row.remote()));
  }

  static boolean isEmpty(JsonNode value) {
    return value.isMissingNode() || value.isNull() || value.asText().isEmpty();
  }

  /**
   * A document of the site as a document of a type here.
   *
   * @param sought whether a row of a mapping finds it by its code
   */
  record Target(DocumentKey remote, String localType, boolean sought) {}
}
