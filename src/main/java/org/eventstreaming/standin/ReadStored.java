package org.eventstreaming.standin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the database under the site makes of a value, by list and by single read. */
final class ReadStored {
  private static final Pattern TIME =
      Pattern.compile("(\\d{1,3}):(\\d{1,2})(?::(\\d{1,2}))?(\\..*)?");

  /** An empty text in these is null. */
  private static final Set<String> TYPED = Set.of("Date", "Datetime", "Time", "Duration", "JSON");

  private final DocTypes docTypes;
  private final Generation generation;
  private final Random random = new Random(1);
  private volatile SiteDatabase database = SiteDatabase.NONE;

  ReadStored(DocTypes docTypes, Generation generation) {
    this.docTypes = docTypes;
    this.generation = generation;
  }

  void use(SiteDatabase other) {
    database = other;
  }

  /** A document as a single read shows it, with its rows. */
  ObjectNode alone(String doctype, ObjectNode document) {
    if (database == SiteDatabase.NONE) {
      return document;
    }
    var shown = values(doctype, document, false);
    for (var field : docTypes.fields(doctype)) {
      if (field.isTable() && document.get(field.name()) instanceof ArrayNode given) {
        var rows = new ArrayList<ObjectNode>();
        given.forEach(row -> rows.add(values(field.options(), (ObjectNode) row, false)));
        var ordered = inAnyOrder(rows);
        ordered.sort((one, other) -> one.path("idx").asInt() - other.path("idx").asInt());
        shown.putArray(field.name()).addAll(ordered);
      }
    }
    return shown;
  }

  /** Whether the site answers what it was given. */
  boolean isAsGiven() {
    return database == SiteDatabase.NONE;
  }

  /** Documents or rows as a list shows them, in the order that the database has them. */
  List<ObjectNode> listed(String doctype, List<ObjectNode> rows) {
    return database == SiteDatabase.NONE
        ? rows
        : inAnyOrder(rows.stream().map(row -> values(doctype, row, true)).toList());
  }

  /** An order that the query does not ask for is none. */
  private List<ObjectNode> inAnyOrder(List<ObjectNode> rows) {
    var shuffled = new ArrayList<>(rows);
    if (database == SiteDatabase.POSTGRESQL) {
      synchronized (random) {
        Collections.shuffle(shuffled, random);
      }
    }
    return shuffled;
  }

  private ObjectNode values(String doctype, ObjectNode given, boolean byList) {
    var shown = given.deepCopy();
    for (var field : docTypes.fields(doctype)) {
      var value = given.path(field.name());
      if (value.isTextual() && value.asText().isEmpty() && TYPED.contains(field.type())) {
        shown.putNull(field.name());
      } else if (!value.isMissingNode() && !value.isNull()) {
        shown.set(field.name(), value(field, value, byList));
      }
    }
    if (docTypes.namingRule(doctype).equals("autoincrement")) {
      var name = given.path("name").asText();
      var isText = byList && database == SiteDatabase.POSTGRESQL;
      shown.set("name", isText ? new TextNode(name) : new LongNode(Long.parseLong(name)));
    }
    return shown;
  }

  private JsonNode value(Field field, JsonNode value, boolean byList) {
    if (field.isFraction() || field.type().equals("Duration")) {
      return fraction(field, value);
    }
    if (field.isWhole()) {
      return value.isBoolean()
          ? new IntNode(value.asBoolean() ? 1 : 0)
          : new LongNode(new BigDecimal(value.asText()).longValue());
    }
    return switch (field.type()) {
      case "Time" -> time(value.asText());
      case "Date" -> new TextNode(value.asText().substring(0, 10));
      case "JSON" -> json(value, byList);
      default -> value;
    };
  }

  private JsonNode fraction(Field field, JsonNode value) {
    var exact = new BigDecimal(value.asText());
    // from 15 on the precision of the field is that of its column
    var precision = field.definition().path("precision").asText();
    var digits = precision.isEmpty() || !generation.is15() ? 9 : Integer.parseInt(precision);
    return new DoubleNode(
        (database == SiteDatabase.SQLITE ? exact : exact.setScale(digits, RoundingMode.HALF_UP))
            .doubleValue());
  }

  private JsonNode time(String text) {
    Matcher time = TIME.matcher(text);
    if (!time.matches()) {
      return new TextNode(text);
    }
    if (database == SiteDatabase.SQLITE) {
      if (time.group(1).length() == 1) {
        throw FrappeError.python(
            "ValueError: Invalid isoformat string: '" + text + "'", "ValueError");
      }
      return new TextNode(text);
    }
    var hours = Integer.parseInt(time.group(1));
    var rest =
        ":%02d:%02d"
            .formatted(
                Integer.parseInt(time.group(2)),
                time.group(3) == null ? 0 : Integer.parseInt(time.group(3)));
    return new TextNode(
        (database == SiteDatabase.MARIADB ? hours : "%02d".formatted(hours)) + rest);
  }

  private JsonNode json(JsonNode value, boolean byList) {
    try {
      var read = value.isTextual() ? FrappeJson.read(value.asText()) : value;
      if (byList && database == SiteDatabase.POSTGRESQL) {
        return read;
      }
      return new TextNode(generation.is15() ? FrappeJson.compact(read) : FrappeJson.text(read));
    } catch (JsonProcessingException noJson) {
      return value;
    }
  }
}
