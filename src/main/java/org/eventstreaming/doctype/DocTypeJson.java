package org.eventstreaming.doctype;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * DocType definitions in Frappe's own JSON form. Keys that streaming does not need (scripts,
 * labels) are passed over without being held in memory.
 */
public final class DocTypeJson {
  private static final JsonFactory JSON = new JsonFactory();

  private DocTypeJson() {}

  /**
   * The definition that the parser stands before: at the brace that opens it. Afterwards the parser
   * stands at the brace that closes it.
   *
   * @throws IOException where it ends early, or has no name
   */
  public static DocType read(JsonParser parser) throws IOException {
    String name = null;
    String autoname = null;
    boolean istable = false;
    boolean issingle = false;
    boolean isVirtual = false;
    boolean mayBeRenamed = true;
    List<DocField> fields = List.of();
    Map<Integer, Set<String>> readers = Map.of();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      parser.nextToken();
      switch (key) {
        case "name" -> name = text(parser);
        case "autoname" -> autoname = text(parser);
        case "istable" -> istable = isOn(parser);
        case "issingle" -> issingle = isOn(parser);
        case "is_virtual" -> isVirtual = isOn(parser);
        case "allow_rename" -> mayBeRenamed = isOn(parser);
        case "fields" -> fields = fields(parser);
        case "permissions" -> readers = readers(parser);
        default -> parser.skipChildren();
      }
    }
    closed(parser);
    if (name == null) {
      throw new JsonParseException(parser, "a DocType has no name");
    }
    return new DocType(name, istable, issingle, isVirtual, mayBeRenamed, autoname, fields, readers);
  }

  /** The definition as {@link #read} takes it, without who may read what. */
  public static String write(DocType definition) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("name", definition.name());
      json.writeNumberField("istable", definition.istable() ? 1 : 0);
      json.writeNumberField("issingle", definition.issingle() ? 1 : 0);
      json.writeNumberField("is_virtual", definition.isVirtual() ? 1 : 0);
      json.writeNumberField("allow_rename", definition.mayBeRenamed() ? 1 : 0);
      if (definition.autoname() != null) {
        json.writeStringField("autoname", definition.autoname());
      }
      json.writeArrayFieldStart("fields");
      for (DocField field : definition.fields()) {
        json.writeStartObject();
        json.writeStringField("fieldname", field.fieldname());
        json.writeStringField("fieldtype", field.fieldtype());
        if (field.options() != null) {
          json.writeStringField("options", field.options());
        }
        if (field.permlevel() > 0) {
          json.writeNumberField("permlevel", field.permlevel());
        }
        if (field.precision() != null) {
          json.writeNumberField("precision", field.precision());
        }
        for (DocField.Trait trait : DocField.Trait.values()) {
          if (field.is(trait)) {
            json.writeNumberField(trait.key(), 1);
          }
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static List<DocField> fields(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return List.of();
    }
    List<DocField> fields = new ArrayList<>();
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      DocField field = field(parser);
      if (field != null) {
        fields.add(field);
      }
    }
    if (parser.currentToken() != JsonToken.END_ARRAY) {
      throw new JsonParseException(parser, "the fields of a DocType are not a list of fields");
    }
    return fields;
  }

  /** The roles with the right to read, by permission level. */
  private static Map<Integer, Set<String>> readers(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return Map.of();
    }
    Map<Integer, Set<String>> readers = new HashMap<>();
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      String role = null;
      int permlevel = 0;
      boolean reads = false;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        parser.nextToken();
        switch (key) {
          case "role" -> role = text(parser);
          case "permlevel" -> permlevel = number(parser);
          case "read" -> reads = isOn(parser);
          default -> parser.skipChildren();
        }
      }
      closed(parser);
      if (role != null && reads) {
        readers.computeIfAbsent(permlevel, level -> new HashSet<>()).add(role);
      }
    }
    return readers;
  }

  /** Null for what has no name or no type: breaks have none on some sites. */
  private static @Nullable DocField field(JsonParser parser) throws IOException {
    String fieldname = null;
    String fieldtype = null;
    String options = null;
    int permlevel = 0;
    Integer precision = null;
    Set<DocField.Trait> traits = EnumSet.noneOf(DocField.Trait.class);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      parser.nextToken();
      switch (key) {
        case "fieldname" -> fieldname = text(parser);
        case "fieldtype" -> fieldtype = text(parser);
        case "options" -> options = text(parser);
        case "permlevel" -> permlevel = number(parser);
        case "precision" -> precision = digits(text(parser));
        default -> {
          Optional<DocField.Trait> trait = DocField.Trait.of(key);
          if (trait.isEmpty()) {
            parser.skipChildren();
          } else if (trait.get() == DocField.Trait.DEFAULT ? text(parser) != null : isOn(parser)) {
            traits.add(trait.get());
          }
        }
      }
    }
    closed(parser);
    if (fieldname == null || fieldtype == null) {
      return null;
    }
    DocField field = new DocField(fieldname, fieldtype, options, traits, permlevel, precision);
    if (field.isNeverEmpty()) {
      traits.remove(DocField.Trait.DEFAULT);
    }
    return new DocField(fieldname, fieldtype, options, traits, permlevel, precision);
  }

  private static void closed(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.END_OBJECT) {
      throw new JsonParseException(parser, "a DocType ends early");
    }
  }

  /** Null for null, for empty text and for what is no single value. */
  private static @Nullable String text(JsonParser parser) throws IOException {
    if (!parser.currentToken().isScalarValue()) {
      parser.skipChildren();
      return null;
    }
    String text = parser.getValueAsString();
    return text == null || text.isBlank() ? null : text;
  }

  /** 0 for what is no number. */
  private static int number(JsonParser parser) throws IOException {
    String text = text(parser);
    return text != null && text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
  }

  /** Frappe keeps them as text. */
  private static @Nullable Integer digits(@Nullable String text) {
    return text != null && text.length() == 1 && Character.digit(text.charAt(0), 10) >= 0
        ? Integer.valueOf(Character.digit(text.charAt(0), 10))
        : null;
  }

  private static boolean isOn(JsonParser parser) throws IOException {
    String text = text(parser);
    return text != null && (text.equals("1") || text.equals("true"));
  }
}
