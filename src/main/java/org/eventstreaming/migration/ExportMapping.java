package org.eventstreaming.migration;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.eventstreaming.files.MarkedFile;
import org.eventstreaming.files.Problem;

/**
 * Makes the document of a Frappe site of a mapping of {@code mappings/} (protocol: frappe-semantics
 * 2), and says what of it Frappe cannot hold. The file has been checked before.
 */
public final class ExportMapping {
  private static final List<String> ONLY_HERE =
      List.of("jsonpath", "expression", "constant", "route", "value_map", "type", "when");
  private static final List<String> ROW_TEXTS =
      List.of("local_fieldname", "remote_fieldname", "default_value", "mapping_type", "mapping");

  private final MarkedFile file;
  private final JsonPointer base;
  private final List<Problem> losses = new ArrayList<>();

  private ExportMapping(MarkedFile file, JsonPointer base) {
    this.file = file;
    this.base = base;
  }

  /** The mapping that stands at this place of the file. */
  public static ExportedMapping of(MarkedFile file, JsonPointer base) {
    ExportMapping export = new ExportMapping(file, base);
    ObjectNode document = export.document();
    return new ExportedMapping(document, export.losses);
  }

  private ObjectNode document() {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    String name = value(base.appendProperty("mapping_name")).asText();
    document.put("doctype", "Document Type Mapping");
    document.put("name", name);
    document.put("mapping_name", name);
    document.put("local_doctype", value(base.appendProperty("local_doctype")).asText());
    document.put("remote_doctype", value(base.appendProperty("remote_doctype")).asText());
    JsonPointer unmapped = base.appendProperty("unmapped_fields");
    if (!value(unmapped).asText("known").equals("keep")) {
      lose(
          unmapped,
          "unmapped_fields is %s: in Frappe all fields stay that no row names, as with keep"
              .formatted(isGiven(unmapped) ? value(unmapped).asText() : "known by default"));
    }
    for (String key : List.of("before", "after")) {
      if (isGiven(base.appendProperty(key))) {
        lose(base.appendProperty(key), "Frappe has no " + key);
      }
    }
    var rows = document.putArray("field_mapping");
    JsonPointer list = base.appendProperty("field_mapping");
    for (int i = 0; i < value(list).size(); i++) {
      if (isHeld(list.appendIndex(i), i + 1)) {
        rows.add(row(list.appendIndex(i), rows.size() + 1));
      }
    }
    return document;
  }

  private boolean isHeld(JsonPointer row, int number) {
    int before = losses.size();
    for (String key : ONLY_HERE) {
      if (isGiven(row.appendProperty(key))) {
        lose(row.appendProperty(key), loss(row, number, key));
      }
    }
    JsonPointer onError = row.appendProperty("on_error");
    if (!value(onError).asText("fail").equals("fail")) {
      lose(onError, loss(row, number, "on_error"));
    }
    return losses.size() == before;
  }

  private String loss(JsonPointer row, int number, String key) {
    return "row %d (%s): Frappe has no %s"
        .formatted(number, value(row.appendProperty("local_fieldname")).asText(), key);
  }

  private ObjectNode row(JsonPointer at, int idx) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    row.put("doctype", "Document Type Field Mapping");
    row.put("idx", idx);
    for (String key : ROW_TEXTS) {
      JsonNode value = value(at.appendProperty(key));
      if (isGiven(at.appendProperty(key))) {
        row.put(key, value.isBoolean() ? (value.booleanValue() ? "1" : "0") : value.asText());
      }
    }
    JsonPointer filters = at.appendProperty("remote_value_filters");
    if (isGiven(filters)) {
      JsonNode value = value(filters);
      row.put("remote_value_filters", value.isTextual() ? value.asText() : value.toString());
    }
    return row;
  }

  private JsonNode value(JsonPointer at) {
    return file.root().at(at);
  }

  private boolean isGiven(JsonPointer at) {
    JsonNode value = value(at);
    return !value.isMissingNode()
        && !value.isNull()
        && !(value.isTextual() && value.asText().isEmpty());
  }

  private void lose(JsonPointer at, String what) {
    losses.add(Problem.at(file.file(), file.key(at), what));
  }
}
