package org.eventstreaming.update;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A document of the producer that a mapped document points to by its values. Until its name here is
 * known a token stands for it in the mapped document.
 *
 * @param token as no site writes it
 * @param mapping the Document Type Mapping that it comes through
 * @param filters fields of the producer's document and what they must be
 * @param asker which row of which file asks for it
 * @param standIn what stands in the field where there is no such document; null where the mapped
 *     document waits for it
 */
public record Lookup(
    String token,
    String mapping,
    String remoteDoctype,
    String localDoctype,
    ObjectNode filters,
    String asker,
    @Nullable JsonNode standIn) {
  // characters for private use, of which no two sites agree what they mean
  private static final String MARK = "\uE000";

  /** The token of the n-th document that a mapped document seeks. */
  public static String token(int n) {
    return MARK + n + MARK;
  }

  /** Whether the text stands for documents whose names are not known yet. */
  public static boolean isOpen(String text) {
    return text.indexOf(MARK) >= 0;
  }

  /**
   * Puts names in the place of tokens, wherever in the document they stand by now.
   *
   * @param names by token: texts, or what stands in for one; null empties a field
   */
  public static void name(ObjectNode document, Map<String, JsonNode> names) {
    for (var field : document.properties()) {
      field.setValue(named(field.getValue(), names));
    }
  }

  private static JsonNode named(JsonNode value, Map<String, JsonNode> names) {
    if (value instanceof ObjectNode object) {
      name(object, names);
    } else if (value instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, named(array.get(i), names));
      }
    } else if (value.isTextual() && isOpen(value.textValue())) {
      String text = value.textValue();
      JsonNode whole = names.get(text);
      if (whole != null) {
        return whole;
      }
      for (var name : names.entrySet()) {
        text = text.replace(name.getKey(), name.getValue().asText(""));
      }
      return TextNode.valueOf(text);
    }
    return value;
  }
}
