package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** What a site makes of values that a client left out or sent as another type. */
final class Defaults {
  private final DocTypes docTypes;
  private final SiteClock clock;

  Defaults(DocTypes docTypes, SiteClock clock) {
    this.docTypes = docTypes;
    this.clock = clock;
  }

  /** Fills a new document and its rows: defaults, the first option of a Select, 0 for numbers. */
  void fill(String doctype, ObjectNode document) {
    for (var field : docTypes.fields(doctype)) {
      var value = document.path(field.name());
      if (field.isTable()) {
        if (!(value instanceof ArrayNode)) {
          document.putArray(field.name());
        }
        document.path(field.name()).forEach(row -> fillRow(field.options(), row));
      } else if (field.isColumn() && (value.isMissingNode() || value.isNull())) {
        var filled = value(field);
        if (!filled.isNull()) {
          document.set(field.name(), filled);
        }
      }
    }
    type(doctype, document);
  }

  /** Makes numbers of what is in fields of numbers; a text that is none becomes 0. */
  void type(String doctype, ObjectNode document) {
    for (var field : docTypes.fields(doctype)) {
      var value = document.path(field.name());
      if ((field.isWhole() || field.isFraction()) && (value.isTextual() || value.isBoolean())) {
        document.set(field.name(), number(field, value.isBoolean() ? bit(value) : value.asText()));
      }
    }
  }

  private void fillRow(String rowType, JsonNode row) {
    if (row instanceof ObjectNode object) {
      fill(rowType, object);
    }
  }

  private JsonNode value(Field field) {
    var text = field.defaultText();
    if (field.isNeverEmpty()) {
      return number(field, text);
    }
    if (field.type().equals("Select") && text.isEmpty() && !field.options().isEmpty()) {
      return new TextNode(field.options().split("\n", -1)[0]);
    }
    return switch (text) {
      case "" -> NullNode.instance;
      case "Today" -> new TextNode(clock.next().substring(0, 10));
      case "Now" -> new TextNode(clock.next());
      case "user", "__user" -> new TextNode(Writes.USER);
      default -> text.startsWith(":") ? NullNode.instance : new TextNode(text);
    };
  }

  private static String bit(JsonNode value) {
    return value.asBoolean() ? "1" : "0";
  }

  private static JsonNode number(Field field, String text) {
    try {
      var number = text.isBlank() ? 0 : Double.parseDouble(text.strip());
      return field.isWhole() ? new IntNode((int) number) : new DoubleNode(number);
    } catch (NumberFormatException e) {
      return field.isWhole() ? new IntNode(0) : new DoubleNode(0);
    }
  }
}
