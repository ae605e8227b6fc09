package org.eventstreaming.files;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The values of a YAML or JSON file, and where each of them stands in it. */
public final class MarkedFile {
  private static final Comparator<Place> ORDER =
      Comparator.comparingInt(Place::line).thenComparingInt(Place::column);
  private static final Pattern LINE_END = Pattern.compile("\\R");

  private final Path file;
  private final String text;
  private final JsonNode root;
  private final Map<JsonPointer, Place> keys;
  private final Map<JsonPointer, Place> values;

  MarkedFile(
      Path file,
      String text,
      JsonNode root,
      Map<JsonPointer, Place> keys,
      Map<JsonPointer, Place> values) {
    this.file = file;
    this.text = text;
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

  /** Where its documents are: it is one itself, or a list of them as Frappe exports it. */
  public List<JsonPointer> documents() {
    if (!root.isArray()) {
      return List.of(JsonPointer.empty());
    }
    return IntStream.range(0, root.size()).mapToObj(JsonPointer.empty()::appendIndex).toList();
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

  /**
   * Where a key of this name begins whose value, or the mapping that it is in, begins at a place;
   * empty where there is none.
   */
  public Optional<Place> keyOf(String name, Place place) {
    return keys(name)
        .filter(key -> place.equals(values.get(key)) || place.equals(values.get(key.head())))
        .map(keys::get)
        .findFirst();
  }

  /** Where the first key of this name at or behind a place begins; empty where there is none. */
  public Optional<Place> keyFrom(String name, Place place) {
    return keys(name).map(keys::get).filter(at -> ORDER.compare(at, place) >= 0).min(ORDER);
  }

  private Stream<JsonPointer> keys(String name) {
    return keys.keySet().stream().filter(key -> key.last().getMatchingProperty().equals(name));
  }

  /**
   * Where a character of a text value stands: line and column counted from 1 within the value.
   * Where that cannot be known, for the text is folded or has escapes before it, where the value
   * begins.
   */
  public Place within(JsonPointer pointer, int line, int column) {
    var begin = value(pointer);
    var before = start(lines(root.at(pointer).asText()), line, column);
    var source = lines(text);
    var opening = source[begin.line() - 1];
    var offset = opening.offsetByCodePoints(0, begin.column() - 1);
    var mark = opening.startsWith("|", offset) || opening.startsWith(">", offset);
    if (mark) {
      var at = begin.line() + line;
      var indented = at <= source.length ? source[at - 1] : "";
      var indent = spaces(indented) - spaces(before);
      return indent >= 0 && indented.startsWith(before, indent)
          ? new Place(at, indent + length(before) + 1)
          : begin;
    }
    var quote = opening.startsWith("\"", offset) || opening.startsWith("'", offset) ? 1 : 0;
    return line == 1 && opening.startsWith(before, offset + quote)
        ? new Place(begin.line(), begin.column() + quote + length(before))
        : begin;
  }

  /** What stands in this line before this column; no more than there is. */
  private static String start(String[] lines, int line, int column) {
    var whole = line <= lines.length ? lines[line - 1] : "";
    return whole.substring(0, whole.offsetByCodePoints(0, Math.min(column - 1, length(whole))));
  }

  private static String[] lines(String text) {
    return LINE_END.split(text, -1);
  }

  private static int spaces(String line) {
    return line.length() - line.stripLeading().length();
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
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
