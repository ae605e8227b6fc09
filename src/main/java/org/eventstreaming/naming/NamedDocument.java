package org.eventstreaming.naming;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;

/** The document that wants a name, with the rule and all that the rule may ask of it. */
record NamedDocument(DocType definition, ObjectNode document, String remoteName, String rule) {
  private static final String NAMING_SERIES = "naming_series";

  boolean knows(String fieldname) {
    return document.has(fieldname) || definition.field(fieldname).isPresent();
  }

  /** The field's value as text, trimmed. */
  String required(String fieldname) {
    String text = text(fieldname);
    if (text.isEmpty()) {
      throw failed(
          "field %s is missing or empty".formatted(fieldname),
          "Fill the field on the producer or in the mapping");
    }
    return text;
  }

  /** As Frappe does, the first option of the field stands in for a series that is not given. */
  String namingSeries() {
    String given = text(NAMING_SERIES);
    if (!given.isEmpty()) {
      return given;
    }
    return definition.field(NAMING_SERIES).stream()
        .map(DocField::options)
        .flatMap(options -> options == null ? null : options.lines())
        .map(String::strip)
        .filter(option -> !option.isEmpty())
        .findFirst()
        .orElseThrow(
            () ->
                failed(
                    "field naming_series is missing or empty and the DocType offers no series",
                    "Fill the field on the producer or in the mapping"));
  }

  NamingFailed failed(String why, String advice) {
    return new NamingFailed(definition.name(), remoteName, rule, why, advice);
  }

  private String text(String fieldname) {
    JsonNode value = document.path(fieldname);
    return value.isValueNode() && !value.isNull() ? value.asText().strip() : "";
  }
}
