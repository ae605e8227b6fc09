package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.eventstreaming.expression.Scope;
import org.eventstreaming.mapping.FieldSource.How;

/** A row of a mapping while it is applied to a document or to a child row of one. */
record RowInHand(
    MapFields fields, DocumentTypeMapping mapping, FieldMapping row, Level level, Scope scope) {

  /**
   * The value for the field here; missing where it stays empty or comes later.
   *
   * @throws MappingFailed where it cannot be made and the row says so
   */
  JsonNode value() {
    try {
      if (row.when() != null && !row.when().isTrue(scope)) {
        level.given(row, How.NOT_APPLIED, false);
        return MissingNode.getInstance();
      }
      JsonNode found = row.source().read(scope, fields.routes());
      if (FieldMapping.isEmpty(found)) {
        return orDefault(row.becomes().takesEmptyText() ? found : MissingNode.getInstance());
      }
      JsonNode made = row.becomes().of(found, this);
      if (row.becomes().findsDocument()) {
        level.given(row, How.NAME, false);
        return made;
      }
      if (FieldMapping.isEmpty(made)) {
        return orDefault(made);
      }
      level.given(row, How.VALUE, row.isMadeHere());
      return made;
    } catch (NoValue none) {
      return switch (row.onError()) {
        case FAIL -> throw MappingFailed.inRow(mapping.mappingName(), row, none.getMessage());
        case DEFAULT -> {
          note(none.getMessage() + ", default_value is used");
          yield orDefault(MissingNode.getInstance());
        }
        case SKIP -> {
          note(none.getMessage() + ", it stays empty");
          level.given(row, How.EMPTY, false);
          yield MissingNode.getInstance();
        }
      };
    }
  }

  private JsonNode orDefault(JsonNode empty) {
    JsonNode standsIn = row.defaultValue();
    level.given(row, standsIn == null ? How.EMPTY : How.DEFAULT, standsIn != null);
    return standsIn == null ? empty : standsIn;
  }

  /** The child rows, each mapped by this mapping. */
  JsonNode rows(String rowMapping, JsonNode value) {
    return fields.rows(rowMapping, value, level.table(row.localFieldname()));
  }

  /** Asks for a document that these filters find. */
  void need(String mappingName, Map<String, FilterValue> filters) {
    ObjectNode values = JsonNodeFactory.instance.objectNode();
    filters.forEach((fieldname, filter) -> values.set(fieldname, single(fieldname, filter)));
    if (StreamSupport.stream(values.spliterator(), false).allMatch(FieldMapping::isEmpty)) {
      // any document without these values would do
      throw new NoValue(
          "none of its filters (%s) has a value".formatted(String.join(", ", filters.keySet())));
    }
    level.need(row, fields.named(mappingName), values);
  }

  private JsonNode single(String fieldname, FilterValue filter) {
    JsonNode value = filter.value(scope, fields.ofRemote(mapping));
    if (value.isContainerNode()) {
      throw new NoValue(
          "the filter for %s must be a single value, was %s"
              .formatted(fieldname, FieldType.shown(value)));
    }
    return value;
  }

  void note(String what) {
    level.note(row.localFieldname(), what);
  }
}
