package org.eventstreaming.files;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads one YAML or JSON file with the place of each key and value. YAML 1.2, core schema: {@code
 * off}, {@code no} and dates are text. Keys are texts and stand once.
 */
public final class ReadMarkedFile {
  private static final int DEEPEST = 50;
  private static final int MOST_VALUES = 500_000;
  private static final int LONGEST_INTEGER = 18;
  private static final int LONGEST_NUMBER = 400;
  private static final Pattern BARE_PLACEHOLDER = Pattern.compile("[:-]\\s+\\{\\{");
  private static final String QUOTE_PLACEHOLDER =
      "a placeholder needs quotes: write \"{{env:NAME}}\"";
  private static final LoadSettings YAML =
      LoadSettings.builder()
          .setSchema(new WithoutMerge())
          .setAllowDuplicateKeys(true)
          .setAllowNonScalarKeys(true)
          .setAllowRecursiveKeys(true)
          .setMaxAliasesForCollections(MOST_VALUES)
          .setCodePointLimit(Integer.MAX_VALUE)
          .build();

  private final ProjectFiles files;

  public ReadMarkedFile(ProjectFiles files) {
    this.files = files;
  }

  /**
   * The one document of a file; empty when it cannot be read as it stands, why is then among the
   * problems.
   */
  public Optional<MarkedFile> read(Path file, Problems problems) {
    return files.text(file, problems).stream()
        .flatMap(text -> read(file, text, 1, problems).stream())
        .findFirst();
  }

  /**
   * The documents of a file that may hold several, parted by {@code ---}; none when it cannot be
   * read as it stands, why is then among the problems.
   */
  public List<MarkedFile> readAll(Path file, Problems problems) {
    return files
        .text(file, problems)
        .map(text -> read(file, text, Integer.MAX_VALUE, problems))
        .orElse(List.of());
  }

  /**
   * The one document of a text that is no file of the project.
   *
   * @param file what it is called in problems
   */
  public static Optional<MarkedFile> ofText(Path file, String text, Problems problems) {
    return read(file, text, 1, problems).stream().findFirst();
  }

  private static List<MarkedFile> read(Path file, String text, int most, Problems problems) {
    // JSON may be indented by tabs, YAML may not; neither has a tab within a quoted JSON text
    var yaml = isJson(file) ? text.replace('\t', ' ') : text;
    var before = problems.count();
    try {
      checkOutline(yaml, most);
      var documents = new ArrayList<MarkedFile>();
      for (var node : new Compose(YAML).composeAllFromString(yaml)) {
        var marks = new Marking(file, problems);
        var root = marks.json(node, JsonPointer.empty(), 0);
        documents.add(new MarkedFile(file, yaml, root, marks.keys, marks.values));
      }
      return problems.count() > before ? List.of() : documents;
    } catch (Unusable unusable) {
      problems.add(file, unusable.place, unusable.getMessage());
    } catch (MarkedYamlEngineException broken) {
      add(file, yaml, broken, problems);
    } catch (ReaderException broken) {
      var end = yaml.offsetByCodePoints(0, Math.min(broken.getPosition(), length(yaml)));
      problems.add(
          file,
          Place.after(yaml.substring(0, end)),
          "the character U+%04X is not allowed: remove it".formatted(broken.getCodePoint()));
    } catch (YamlEngineException broken) {
      problems.add(file, Place.START, "is not YAML: " + broken.getMessage());
    }
    return List.of();
  }

  /** What must hold before values are made: they are made by recursion. */
  private static void checkOutline(String yaml, int most) {
    var depth = 0;
    var documents = 0;
    for (var event : new Parse(YAML).parseString(yaml)) {
      switch (event.getEventId()) {
        case DocumentStart -> {
          if (++documents > most) {
            throw new Unusable(
                place(event.getStartMark()),
                "a second document begins here: a file holds only one");
          }
        }
        case MappingStart, SequenceStart -> {
          if (++depth > DEEPEST) {
            throw tooDeep(event);
          }
        }
        case MappingEnd, SequenceEnd -> depth--;
        case Scalar -> {
          if (((ScalarEvent) event).getTag().filter(Tag.MERGE.getValue()::equals).isPresent()) {
            throw new Unusable(place(event.getStartMark()), unknownTag(Tag.MERGE));
          }
        }
        default -> {}
      }
    }
    if (documents == 0) {
      throw isEmpty();
    }
  }

  private static String unknownTag(Tag tag) {
    return "the tag " + tag + " is not known here: remove it";
  }

  private static Unusable tooDeep(Event event) {
    return new Unusable(
        place(event.getStartMark()), "is nested deeper than " + DEEPEST + " levels");
  }

  private static Unusable isEmpty() {
    return new Unusable(Place.START, "the file is empty");
  }

  private static void add(
      Path file, String yaml, MarkedYamlEngineException broken, Problems problems) {
    var problem = String.valueOf(broken.getProblem());
    var place = place(broken.getProblemMark().or(broken::getContextMark));
    var began = place(broken.getContextMark().or(broken::getProblemMark));
    if (BARE_PLACEHOLDER.matcher(line(yaml, place)).find()) {
      problems.add(file, place, QUOTE_PLACEHOLDER);
    } else if (problem.contains("TAB")) {
      problems.add(file, place, "a tab cannot indent YAML: use spaces");
    } else if (problem.startsWith("mapping values are not allowed here")) {
      problems.add(
          file,
          place,
          "':' is not expected here: put a text that holds ': ' in quotes, and start the keys that"
              + " belong together in one column");
    } else if (problem.startsWith("could not find expected ':'")) {
      problems.add(file, began, "a key is followed by ': ' and its value, this one is not");
    } else if (problem.startsWith("found unexpected end of stream")) {
      problems.add(file, began, "the quote that opens here is never closed");
    } else {
      var context = Objects.requireNonNullElse(broken.getContext(), "");
      var kind = isJson(file) ? "is not JSON: " : "is not YAML: ";
      problems.add(file, place, kind + (context + " " + problem).strip());
    }
  }

  private static boolean isJson(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".json");
  }

  private static String line(String text, Place place) {
    return text.lines().skip(Math.max(0, place.line() - 1)).findFirst().orElse("");
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static Place place(Optional<Mark> mark) {
    return mark.map(at -> new Place(at.getLine() + 1, at.getColumn() + 1)).orElse(Place.START);
  }

  /**
   * YAML's core schema, where {@code <<} is a key like any other: a merge that names itself hangs.
   */
  private static final class WithoutMerge extends CoreSchema {
    private static final boolean MERGE = false;

    @Override
    public ScalarResolver getScalarResolver() {
      return new CoreScalarResolver(MERGE);
    }
  }

  /** Why no value could be made of the file. */
  private static final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Place place;

    Unusable(Place place, String message) {
      super(message);
      this.place = place;
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  /** One file on its way from nodes with marks to values and their places. */
  private static final class Marking {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Path file;
    private final Problems problems;
    private final Map<JsonPointer, Place> keys = new HashMap<>();
    private final Map<JsonPointer, Place> values = new HashMap<>();
    private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());

    Marking(Path file, Problems problems) {
      this.file = file;
      this.problems = problems;
    }

    JsonNode json(Node node, JsonPointer at, int depth) {
      var place = place(node.getStartMark());
      values.put(at, place);
      // a few aliases of aliases can stand for millions of values
      if (values.size() > MOST_VALUES || depth > DEEPEST) {
        throw new Unusable(
            place, "aliases make this file too large: write the values out instead of using *");
      }
      if (!open.add(node)) {
        throw new Unusable(
            place, "an alias is within the value that it names: write the values out");
      }
      try {
        if (node instanceof MappingNode mapping) {
          return object(mapping, at, depth);
        }
        if (node instanceof SequenceNode sequence) {
          return array(sequence, at, depth);
        }
        return scalar((ScalarNode) node, place);
      } finally {
        open.remove(node);
      }
    }

    private JsonNode object(MappingNode mapping, JsonPointer at, int depth) {
      plainTag(mapping, Tag.MAP);
      var object = JSON.objectNode();
      for (var pair : mapping.getValue()) {
        var place = place(pair.getKeyNode().getStartMark());
        if (!(pair.getKeyNode() instanceof ScalarNode key)) {
          problems.add(
              file,
              place,
              pair.getKeyNode() instanceof MappingNode inner
                      && inner.getFlowStyle() == FlowStyle.FLOW
                  ? QUOTE_PLACEHOLDER
                  : "a key must be text");
          continue;
        }
        var pointer = at.appendProperty(key.getValue());
        var first = keys.putIfAbsent(pointer, place);
        if (first != null && object.has(key.getValue())) {
          problems.add(
              file,
              place,
              "key '%s' appears twice: first in line %d".formatted(key.getValue(), first.line()));
          continue;
        }
        object.set(key.getValue(), json(pair.getValueNode(), pointer, depth + 1));
      }
      return object;
    }

    private JsonNode array(SequenceNode sequence, JsonPointer at, int depth) {
      plainTag(sequence, Tag.SEQ);
      var array = JSON.arrayNode();
      for (var row : sequence.getValue()) {
        array.add(json(row, at.appendIndex(array.size()), depth + 1));
      }
      return array;
    }

    private JsonNode scalar(ScalarNode scalar, Place place) {
      var text = scalar.getValue();
      var tag = scalar.getTag();
      if (tag.equals(Tag.STR)) {
        return JSON.textNode(text);
      }
      if (tag.equals(Tag.NULL)) {
        return JSON.nullNode();
      }
      if (tag.equals(Tag.BOOL)) {
        var isTrue = Boolean.parseBoolean(text);
        if (!isTrue && !text.equalsIgnoreCase("false")) {
          problems.add(file, place, "'" + text + "' is not true or false");
        }
        return JSON.booleanNode(isTrue);
      }
      try {
        if (tag.equals(Tag.INT)) {
          return integer(text);
        }
        if (tag.equals(Tag.FLOAT)) {
          return number(text);
        }
      } catch (NumberFormatException none) {
        problems.add(file, place, "'" + text + "' is not a number");
        return JSON.nullNode();
      }
      plainTag(scalar, Tag.STR);
      return JSON.textNode(text);
    }

    private static JsonNode integer(String text) {
      if (text.startsWith("0x")) {
        return JSON.numberNode(Long.parseLong(text.substring(2), 16));
      }
      if (text.startsWith("0o")) {
        return JSON.numberNode(Long.parseLong(text.substring(2), 8));
      }
      if (text.length() <= LONGEST_INTEGER) {
        return JSON.numberNode(Long.parseLong(text));
      }
      return text.length() <= LONGEST_NUMBER
          ? JSON.numberNode(new BigInteger(text))
          : tooLong(text);
    }

    private static JsonNode tooLong(String text) {
      throw new NumberFormatException(text);
    }

    private static JsonNode number(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case ".nan" -> JSON.numberNode(Double.NaN);
        case ".inf", "+.inf" -> JSON.numberNode(Double.POSITIVE_INFINITY);
        case "-.inf" -> JSON.numberNode(Double.NEGATIVE_INFINITY);
        default -> {
          double number = Double.parseDouble(text);
          BigDecimal exact = text.length() <= LONGEST_NUMBER ? new BigDecimal(text) : null;
          // what a double holds stays one; digits that it would lose do not
          if (exact != null && Math.abs((long) exact.scale()) > LONGEST_NUMBER) {
            yield tooLong(text);
          }
          yield exact == null || exact.compareTo(BigDecimal.valueOf(number)) == 0
              ? JSON.numberNode(number)
              : JSON.numberNode(exact);
        }
      };
    }

    private void plainTag(Node node, Tag plain) {
      if (!node.getTag().equals(plain)) {
        problems.add(file, place(node.getStartMark()), unknownTag(node.getTag()));
      }
    }
  }
}
