package org.eventstreaming.files;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * The JSON Schema a kind of file must follow; what breaks it is said in plain words. A key without
 * value ({@code null}) is a key that is not there. Of a value that the schema calls {@code
 * writeOnly}, nothing is ever shown.
 */
public final class FileSchema {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_SHOWN = 60;

  private final JsonNode schema;
  private final JsonSchema validator;

  private FileSchema(JsonNode schema) {
    this.schema = schema;
    this.validator =
        JsonSchemaFactory.getInstance(
                VersionFlag.V202012, factory -> factory.metaSchema(withEditorKeywords()))
            .getSchema(
                schema,
                SchemaValidatorsConfig.builder()
                    .pathType(PathType.JSON_POINTER)
                    .locale(Locale.ROOT)
                    .build());
  }

  /** What editors know and JSON Schema does not: words for a person, and what not to offer. */
  private static JsonMetaSchema withEditorKeywords() {
    var draft = JsonMetaSchema.getV202012();
    return JsonMetaSchema.builder(draft)
        .keywords(
            List.of(
                new NonValidationKeyword("errorMessage"),
                new NonValidationKeyword("patternErrorMessage"),
                new NonValidationKeyword("doNotSuggest")))
        .build();
  }

  /** The schema of this name in {@code schema/} of the class path. */
  public static FileSchema named(String name) {
    try (var in = FileSchema.class.getResourceAsStream("/schema/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("there is no schema " + name);
      }
      return new FileSchema(JSON.readTree(in));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /**
   * Checks the object at this place of the file.
   *
   * @return the values that were refused: not to be looked at any further
   */
  public Set<JsonPointer> check(MarkedFile file, JsonPointer base, Problems problems) {
    var refused = new HashSet<JsonPointer>();
    for (var message : validator.validate(withoutNulls(file.root().at(base)))) {
      var holder = base.append(JsonPointer.compile(message.getInstanceLocation().toString()));
      var at =
          message.getProperty() == null ? holder : holder.appendProperty(message.getProperty());
      refused.add(at);
      problems.add(file.file(), place(file, at, message), sentence(file, at, message));
    }
    return refused;
  }

  private static Place place(MarkedFile file, JsonPointer at, ValidationMessage message) {
    return switch (message.getType()) {
      case "required", "additionalProperties" -> file.key(at);
      default -> file.value(at);
    };
  }

  private String sentence(MarkedFile file, JsonPointer at, ValidationMessage message) {
    var rule = schema.at(schemaOf(message));
    var value = file.root().at(at);
    var name = name(at);
    var limit = rule.path(message.getType());
    if (rule.has("errorMessage")) {
      return name + " " + shown(value, rule) + rule.path("errorMessage").textValue();
    }
    return switch (message.getType()) {
      case "required" ->
          file.root().at(at).isMissingNode()
              ? "the key " + name + " is missing"
              : name + " has no value";
      case "additionalProperties" -> unknown(String.valueOf(message.getProperty()), rule);
      case "type" -> name + " must be " + type(limit) + ", was " + type(value, limit);
      case "enum" -> name + " must be " + oneOf(limit) + was(value, rule);
      case "const" -> name + " must be " + limit.asText() + was(value, rule);
      case "minProperties" ->
          name + " must have at least " + (limit.asInt() == 1 ? "1 key" : limit.asInt() + " keys");
      case "minItems" -> name + " must have at least " + rows(limit.asInt());
      case "maxItems" -> name + " must have at most " + rows(limit.asInt());
      case "minLength" -> name + " must not be empty";
      case "maxLength" -> name + " must have at most " + limit.asInt() + " characters";
      case "pattern" -> name + " " + rule.path("patternErrorMessage").asText("has the wrong form");
      default -> name + ": " + message.getMessage();
    };
  }

  private static JsonPointer schemaOf(ValidationMessage message) {
    var keyword = JsonPointer.compile(message.getSchemaLocation().getFragment().toString());
    return Objects.requireNonNullElse(keyword.head(), JsonPointer.empty());
  }

  private static String unknown(String key, JsonNode rule) {
    var allowed = new ArrayList<String>();
    rule.path("properties")
        .properties()
        .forEach(
            property -> {
              if (!property.getValue().path("doNotSuggest").asBoolean()) {
                allowed.add(property.getKey());
              }
            });
    return "unknown key '%s': ".formatted(key)
        + Nearest.to(key, allowed)
            .map(near -> "did you mean " + near + "?")
            .orElse("allowed are " + String.join(", ", allowed));
  }

  private static String name(JsonPointer at) {
    var holder = at.head();
    if (holder == null) {
      return "the file";
    }
    return at.last().mayMatchElement()
        ? "row " + (at.last().getMatchingIndex() + 1) + " of " + name(holder)
        : at.last().getMatchingProperty();
  }

  private static String rows(int count) {
    return count == 1 ? "1 row" : count + " rows";
  }

  private static String oneOf(JsonNode values) {
    return oneOf(StreamSupport.stream(values.spliterator(), false).map(JsonNode::asText).toList());
  }

  private static String oneOf(List<String> texts) {
    var last = texts.size() - 1;
    return last == 0
        ? texts.get(0)
        : String.join(", ", texts.subList(0, last)) + " or " + texts.get(last);
  }

  private static String was(JsonNode value, JsonNode rule) {
    var shown = shown(value, rule);
    return shown.isEmpty() ? "" : ", was " + shown.strip();
  }

  private static String shown(JsonNode value, JsonNode rule) {
    if (!value.isValueNode() || rule.path("writeOnly").asBoolean()) {
      return "";
    }
    var text = value.asText();
    var shown = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
    return (value.isTextual() ? "'" + shown + "'" : shown) + " ";
  }

  private static String type(JsonNode wanted) {
    if (wanted.isArray()) {
      List<String> types =
          StreamSupport.stream(wanted.spliterator(), false)
              .filter(type -> !type.asText().equals("null"))
              .map(FileSchema::type)
              .distinct()
              .toList();
      return oneOf(types);
    }
    return switch (wanted.asText()) {
      case "object" -> "keys with values";
      case "array" -> "a list";
      case "string" -> "text";
      case "integer" -> "a whole number";
      case "number" -> "a number";
      case "boolean" -> "true or false";
      default -> wanted.asText();
    };
  }

  private static String type(JsonNode value, JsonNode wanted) {
    var quotes = wanted.asText().equals("string") ? ": put it in quotes" : "";
    return switch (value.getNodeType()) {
      case OBJECT -> "keys with values";
      case ARRAY -> "a list";
      case NUMBER -> "a number" + quotes;
      case BOOLEAN -> "true or false" + quotes;
      case STRING -> "text";
      default -> "nothing";
    };
  }

  private static JsonNode withoutNulls(JsonNode value) {
    if (value instanceof ObjectNode object) {
      var copy = object.objectNode();
      object
          .properties()
          .forEach(
              field -> {
                if (!field.getValue().isNull()) {
                  copy.set(field.getKey(), withoutNulls(field.getValue()));
                }
              });
      return copy;
    }
    if (value instanceof ArrayNode array) {
      var copy = array.arrayNode();
      array.forEach(row -> copy.add(withoutNulls(row)));
      return copy;
    }
    return value;
  }
}
