package org.eventstreaming.main;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.eventstreaming.files.Nearest;
import org.eventstreaming.update.DocumentJson;

/** The steps and keys of Camel's routes in YAML, by the schema that Camel ships. */
final class YamlWords {
  private static final String SCHEMA = "/schema/camelYamlDsl.json";
  private static final String STEPS = "org.apache.camel.model.ProcessorDefinition";

  private YamlWords() {}

  /** What is said of a step that Camel does not have. */
  static String noStep(String step) {
    return "unknown step '%s'".formatted(step)
        + Nearest.question(
            step,
            definitions().path(STEPS).path("properties").properties().stream()
                .map(one -> one.getKey())
                .toList());
  }

  /** What is said of a key that no step, expression or option has at this place. */
  static String noKey(String key) {
    Set<String> keys = new TreeSet<>();
    definitions().forEach(one -> one.path("properties").fieldNames().forEachRemaining(keys::add));
    return "unknown key '%s'".formatted(key)
        + (keys.contains(key) ? " at this place" : Nearest.question(key, keys));
  }

  private static JsonNode definitions() {
    try (InputStream in = YamlWords.class.getResourceAsStream(SCHEMA)) {
      return DocumentJson.MAPPER
          .readTree(Objects.requireNonNull(in, SCHEMA))
          .path("items")
          .path("definitions");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
