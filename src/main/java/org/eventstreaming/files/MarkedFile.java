package org.eventstreaming.files;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;

/** The values of a YAML or JSON file, and where each of them stands in it. */
public final class MarkedFile {
  private final Path file;
  private final JsonNode root;
  private final Map<JsonPointer, Place> keys;
  private final Map<JsonPointer, Place> values;

  MarkedFile(
      Path file, JsonNode root, Map<JsonPointer, Place> keys, Map<JsonPointer, Place> values) {
    this.file = file;
    this.root = root;
    this.keys = Map.copyOf(keys);
    this.values = Map.copyOf(values);
  }

  /** Relative to the project directory. */
  public Path file() {
    return file;
  }

  public JsonNode root() {
    return root;
  }

  /** Where this value begins; where it is missing, the value that should hold it. */
  public Place value(JsonPointer pointer) {
    return placed(values, pointer);
  }

  /** Where the key of this value begins; a row of a list has no key, its value is meant. */
  public Place key(JsonPointer pointer) {
    var place = keys.get(pointer);
    return place == null ? value(pointer) : place;
  }

  private static Place placed(Map<JsonPointer, Place> places, JsonPointer pointer) {
    for (var at = pointer; at != null; at = at.head()) {
      var place = places.get(at);
      if (place != null) {
        return place;
      }
    }
    return Place.START;
  }
}
