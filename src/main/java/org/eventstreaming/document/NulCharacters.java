package org.eventstreaming.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;

/** NUL characters in the texts of a document or diff: PostgreSQL stores none. */
public final class NulCharacters {
  private static final int MOST_REPORTED = 10;

  private NulCharacters() {}

  /** The first fields that hold one, such as {@code items[0].remarks}; empty where none does. */
  public static List<String> in(ObjectNode document) {
    List<String> fields = new ArrayList<>();
    collect("", document, fields);
    return fields;
  }

  /** The same document without them; what is given stays as it is. */
  public static ObjectNode without(ObjectNode document) {
    return (ObjectNode) stripped(document);
  }

  private static void collect(String path, JsonNode value, List<String> fields) {
    if (fields.size() == MOST_REPORTED) {
      return;
    }
    if (value.isTextual()) {
      if (holds(value.textValue())) {
        fields.add(path);
      }
    } else if (value instanceof ObjectNode object) {
      for (var field : object.properties()) {
        String name = field.getKey().replace('\0', '\u2400');
        String at = path.isEmpty() ? name : path + "." + name;
        if (holds(field.getKey())) {
          fields.add(at);
        }
        collect(at, field.getValue(), fields);
      }
    } else if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        collect("%s[%d]".formatted(path, i), value.get(i), fields);
      }
    }
  }

  private static JsonNode stripped(JsonNode value) {
    if (value.isTextual()) {
      return holds(value.textValue())
          ? TextNode.valueOf(value.textValue().replace("\0", ""))
          : value;
    }
    if (value instanceof ObjectNode object) {
      ObjectNode stripped = object.objectNode();
      object
          .properties()
          .forEach(
              field -> stripped.set(field.getKey().replace("\0", ""), stripped(field.getValue())));
      return stripped;
    }
    if (value instanceof ArrayNode array) {
      ArrayNode stripped = array.arrayNode(array.size());
      array.forEach(element -> stripped.add(stripped(element)));
      return stripped;
    }
    return value;
  }

  private static boolean holds(String text) {
    return text.indexOf('\0') >= 0;
  }
}
