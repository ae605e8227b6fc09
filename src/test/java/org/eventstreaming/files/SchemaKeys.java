package org.eventstreaming.files;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/** The keys of a schema in {@code schema/} that people write, by where they are in a file. */
public final class SchemaKeys {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode schema;
  private final Map<String, JsonNode> rules = new TreeMap<>();

  public SchemaKeys(String name) throws IOException {
    this.schema = JSON.readTree(Path.of("src/main/resources/schema", name).toFile());
    gather("", schema);
  }

  /** The rule of each key, by its place: {@code /producer_doctypes/0/leaves}. */
  public Map<String, JsonNode> rules() {
    return rules;
  }

  /** The default of each key that has one. */
  public Map<String, JsonNode> defaults() {
    Map<String, JsonNode> defaults = new TreeMap<>();
    rules.forEach(
        (place, rule) -> {
          if (rule.has("default")) {
            defaults.put(place, rule.path("default"));
          }
        });
    return defaults;
  }

  /** The words of each key that allows certain words alone; not the switches, 0 and 1. */
  public Map<String, List<String>> words() {
    Map<String, List<String>> words = new TreeMap<>();
    rules.forEach(
        (place, rule) -> {
          if (rule.path("enum").path(0).isTextual()) {
            words.put(
                place,
                StreamSupport.stream(rule.path("enum").spliterator(), false)
                    .map(JsonNode::asText)
                    .filter(word -> !word.isEmpty())
                    .toList());
          }
        });
    return words;
  }

  /** A copy of a file with another value at this place. */
  public static ObjectNode with(JsonNode file, String place, JsonNode value) {
    ObjectNode changed = file.deepCopy();
    JsonPointer at = JsonPointer.compile(place);
    changed.withObject(at.head()).set(at.last().getMatchingProperty(), value);
    return changed;
  }

  /** A copy of a file without the key at this place. */
  public static ObjectNode without(JsonNode file, String place) {
    ObjectNode changed = file.deepCopy();
    JsonPointer at = JsonPointer.compile(place);
    if (changed.at(at.head()) instanceof ObjectNode holder) {
      holder.remove(at.last().getMatchingProperty());
    }
    return changed;
  }

  private void gather(String place, JsonNode rule) {
    if (rule.has("$ref")) {
      gather(place, schema.at(rule.path("$ref").asText().substring(1)));
    }
    rule.path("properties")
        .properties()
        .forEach(
            key -> {
              if (!key.getValue().path("doNotSuggest").asBoolean()) {
                rules.put(place + "/" + key.getKey(), key.getValue());
                gather(place + "/" + key.getKey(), key.getValue());
              }
            });
    if (rule.has("items")) {
      gather(place + "/0", rule.path("items"));
    }
  }

  /** JSON with single quotes. */
  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text.replace('\'', '"'));
    } catch (IOException malformed) {
      throw new IllegalArgumentException(text, malformed);
    }
  }

  /** A list that holds one file, or the file: as the text of a file. */
  public static String text(JsonNode... files) {
    ArrayNode all = JSON.createArrayNode().addAll(List.of(files));
    return (all.size() == 1 ? all.get(0) : all).toString();
  }
}
