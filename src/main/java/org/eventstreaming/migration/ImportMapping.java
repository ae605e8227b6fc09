package org.eventstreaming.migration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.eventstreaming.files.YamlText;
import org.eventstreaming.update.DocumentJson;

/**
 * Makes a file of {@code mappings/} of a Frappe site's Document Type Mapping (protocol:
 * frappe-semantics 2). Fields that no row names stay, as they do in Frappe; what Frappe takes no
 * account of is left out.
 */
public final class ImportMapping {
  private final List<String> notes = new ArrayList<>();

  private ImportMapping() {}

  public static ImportedFile of(ObjectNode document) {
    return new ImportMapping().file(document);
  }

  private ImportedFile file(ObjectNode document) {
    ObjectNode file = JsonNodeFactory.instance.objectNode();
    String name = document.path("mapping_name").asText();
    file.put("mapping_name", name);
    file.put("local_doctype", document.path("local_doctype").asText());
    file.put("remote_doctype", document.path("remote_doctype").asText());
    file.put("unmapped_fields", "keep");
    var rows = file.putArray("field_mapping");
    document.path("field_mapping").forEach(row -> row(row).ifPresent(rows::add));
    return new ImportedFile(
        "mappings",
        ImportedFile.slug(name),
        YamlText.of("document-type-mapping-1.json", file),
        List.of(),
        notes);
  }

  private Optional<ObjectNode> row(JsonNode row) {
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    String local = row.path("local_fieldname").asText();
    String type = row.path("mapping_type").asText("");
    kept.put("local_fieldname", local);
    keep(row, "remote_fieldname", kept);
    if (type.equals("Child Table") && has(row, "default_value")) {
      notes.add(local + ": its default_value is left out, child rows have none");
    } else {
      keep(row, "default_value", kept);
    }
    if (kept.size() == 1) {
      // Frappe's form makes a row for each field of the DocType, to be filled in or not
      notes.add(local + ": its row gives no value and is left out");
      return Optional.empty();
    }
    if (!type.isEmpty()) {
      keep(row, "mapping_type", kept);
      keep(row, "mapping", kept);
    }
    if (type.equals("Document") && has(row, "remote_value_filters")) {
      kept.set("remote_value_filters", filters(row.path("remote_value_filters").asText()));
    }
    return Optional.of(kept);
  }

  private static void keep(JsonNode row, String key, ObjectNode kept) {
    if (has(row, key)) {
      kept.put(key, row.path(key).asText());
    }
  }

  private static boolean has(JsonNode row, String key) {
    return !row.path(key).asText("").isBlank();
  }

  /** As keys with values; text that is not what it should be stays for a person to see. */
  private static JsonNode filters(String text) {
    try {
      JsonNode read = DocumentJson.MAPPER.readTree(text);
      boolean texts =
          read.isObject()
              && !read.isEmpty()
              && StreamSupport.stream(read.spliterator(), false).allMatch(JsonNode::isTextual);
      return texts ? read : TextNode.valueOf(text);
    } catch (JsonProcessingException broken) {
      return TextNode.valueOf(text);
    }
  }
}
