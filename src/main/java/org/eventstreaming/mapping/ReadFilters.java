package org.eventstreaming.mapping;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.files.MarkedFile;
import org.eventstreaming.files.Problems;
import org.jspecify.annotations.Nullable;

/** Reads {@code remote_value_filters}: keys with values, or JSON text as Frappe keeps them. */
final class ReadFilters {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EVAL = "eval:";

  private final MarkedFile file;
  private final JsonPointer at;
  private final ReadExpression expressions;
  private final Problems problems;

  ReadFilters(MarkedFile file, JsonPointer at, ReadExpression expressions, Problems problems) {
    this.file = file;
    this.at = at;
    this.expressions = expressions;
    this.problems = problems;
  }

  /**
   * @param remote the definition of the document that values are taken from; empty while unknown
   */
  Map<String, FilterValue> read(Optional<DocType> remote) {
    JsonNode value = file.root().at(at);
    Map<String, FilterValue> filters = new LinkedHashMap<>();
    ObjectNode object =
        value instanceof ObjectNode keys ? keys : value.isTextual() ? parsed(value) : null;
    if (object == null) {
      return filters;
    }
    boolean written = value.isObject();
    for (var filter : object.properties()) {
      JsonPointer place = written ? at.appendProperty(filter.getKey()) : at;
      if (filter.getValue().isTextual()) {
        filter(filter.getValue().textValue(), place, remote)
            .ifPresent(read -> filters.put(filter.getKey(), read));
      } else if (!written) {
        refuse("the filter for " + filter.getKey() + " must be text");
      }
    }
    return filters;
  }

  private Optional<FilterValue> filter(String text, JsonPointer place, Optional<DocType> remote) {
    if (text.startsWith(EVAL)) {
      String expression = text.substring(EVAL.length()).stripLeading();
      return expressions
          .frappe(place, expression, text.length() - expression.length())
          .map(FilterValue.Eval::new);
    }
    boolean isField =
        DocumentTypeMapping.STANDARD.contains(text)
            || remote.flatMap(docType -> docType.field(text)).isPresent();
    return Optional.of(isField ? new FilterValue.Field(text) : new FilterValue.FieldOrText(text));
  }

  private @Nullable ObjectNode parsed(JsonNode text) {
    try {
      if (JSON.readTree(text.textValue()) instanceof ObjectNode object && !object.isEmpty()) {
        return object;
      }
      refuse("remote_value_filters must be a JSON object with at least one filter");
    } catch (JsonProcessingException broken) {
      var where = broken.getLocation();
      problems.add(
          file.file(),
          file.within(at, Math.max(1, where.getLineNr()), Math.max(1, where.getColumnNr())),
          "remote_value_filters is not JSON: " + broken.getOriginalMessage());
    }
    return null;
  }

  private void refuse(String message) {
    problems.add(file.file(), file.value(at), message);
  }
}
