package org.eventstreaming.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.update.DocumentJson;
import org.jspecify.annotations.Nullable;

/**
 * The form in which values are compared: two values of a field are equal by its type exactly where
 * their compared forms are equal. A site writes the same value in several ways: in its log as a
 * client sent it, in a list and in a single read as its database has it (a Time with one or two
 * digits of the hour, a Float cut to nine decimals, a JSON field as text or as an object). What is
 * stored stays as its site wrote it.
 *
 * <p>A value that is not of the type of its field is equal to itself alone. Safe for many threads.
 */
public final class ComparedForm {
  /** Frappe keeps fractions as decimals of this many digits behind the point. */
  private static final int DECIMALS = 9;

  private static final int DECIMALS_OF_A_RATING = 2;

  /** A JSON text that holds a JSON text: PostgreSQL sites answer the inner one by list. */
  private static final int DEPTH_OF_TEXT = 2;

  private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,40}(\\.0*)?");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]{1,3})?");
  private static final int LONGEST_NUMBER = 400;

  /** What every document and row has, without a field in its definition. */
  private static final Map<String, String> STANDARD =
      Map.of(
          "name", "Data",
          "owner", "Data",
          "modified_by", "Data",
          "doctype", "Data",
          "parent", "Data",
          "parenttype", "Data",
          "parentfield", "Data",
          "docstatus", "Int",
          "idx", "Int",
          "creation", "Datetime");

  private final DocTypes doctypes;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  public ComparedForm(DocTypes doctypes) {
    this.doctypes = doctypes;
  }

  /** The fields of a DocType, as far as it is known, by their names. */
  public Fields fields(String doctype) {
    DocType definition = doctype.isEmpty() ? null : doctypes.find(doctype).orElse(null);
    if (definition == null) {
      return new Fields(Map.of());
    }
    Known last = known.get(doctype);
    if (last == null || !last.isOf(definition)) {
      last = Known.of(definition);
      known.put(doctype, last);
    }
    return last.fields;
  }

  /**
   * The compared form of a value; missing where the value is empty.
   *
   * @param fieldtype the type of its field; null where it is not known
   */
  public static JsonNode of(@Nullable String fieldtype, JsonNode value) {
    if (value.isMissingNode()
        || value.isNull()
        || (value.isTextual() && value.textValue().isEmpty())) {
      return MissingNode.getInstance();
    }
    if (fieldtype == null) {
      return ofUnknown(value);
    }
    return switch (fieldtype) {
      case "Check" -> check(value);
      case "Int", "Long Int" -> whole(value);
      case "Float", "Currency", "Percent", "Duration" -> fraction(value, DECIMALS);
      case "Rating" -> fraction(value, DECIMALS_OF_A_RATING);
      case "Date" -> text(value, FrappeTime::dateIn);
      case "Datetime" -> text(value, FrappeTime::naive);
      case "Time" -> text(value, FrappeTime::padded);
      case "JSON" -> json(value, DEPTH_OF_TEXT);
      default -> value.isNumber() ? TextNode.valueOf(value.asText()) : ofUnknown(value);
    };
  }

  private static JsonNode ofUnknown(JsonNode value) {
    if (value.isArray() && value.isEmpty()) {
      return MissingNode.getInstance();
    }
    return value.isNumber() || value.isContainerNode() ? json(value, 0) : value;
  }

  private static JsonNode check(JsonNode value) {
    JsonNode number = whole(value);
    return number.isNumber() ? bit(number.decimalValue().signum() != 0) : value;
  }

  private static JsonNode whole(JsonNode value) {
    if (value.isBoolean()) {
      return bit(value.booleanValue());
    }
    return number(value, WHOLE);
  }

  private static JsonNode fraction(JsonNode value, int decimals) {
    JsonNode number = number(value, NUMBER);
    if (!number.isNumber()) {
      return value;
    }
    BigDecimal exact = number.decimalValue();
    return exact.scale() > decimals
        ? decimal(exact.setScale(decimals, RoundingMode.HALF_UP))
        : number;
  }

  private static JsonNode number(JsonNode value, Pattern grammar) {
    if (value.isNumber()) {
      return decimal(value.decimalValue());
    }
    String text = value.isTextual() ? withoutBlanks(value.textValue()) : "";
    return text.length() <= LONGEST_NUMBER && grammar.matcher(text).matches()
        ? decimal(new BigDecimal(text))
        : value;
  }

  /** Without the blanks around it, which sites pass over in numbers. */
  private static String withoutBlanks(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && text.charAt(from) == ' ') {
      from++;
    }
    while (from < to && text.charAt(to - 1) == ' ') {
      to--;
    }
    return text.substring(from, to);
  }

  private static JsonNode bit(boolean set) {
    return DecimalNode.valueOf(set ? BigDecimal.ONE : BigDecimal.ZERO);
  }

  private static JsonNode decimal(BigDecimal number) {
    return DecimalNode.valueOf(
        number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros());
  }

  private static JsonNode text(JsonNode value, Function<String, @Nullable String> form) {
    String text = value.isTextual() ? form.apply(value.textValue()) : null;
    return text == null ? value : TextNode.valueOf(text);
  }

  /** Numbers by their values, keys in no order; a text that is JSON is the JSON. */
  private static JsonNode json(JsonNode value, int depthOfText) {
    if (value instanceof ObjectNode object) {
      ObjectNode form = object.objectNode();
      object.properties().forEach(one -> form.set(one.getKey(), json(one.getValue(), 0)));
      return form;
    }
    if (value instanceof ArrayNode array) {
      ArrayNode form = array.arrayNode(array.size());
      array.forEach(one -> form.add(json(one, 0)));
      return form;
    }
    if (value.isNumber()) {
      return decimal(value.decimalValue());
    }
    if (value.isTextual() && depthOfText > 0) {
      try {
        JsonNode inner = DocumentJson.MAPPER.readTree(value.textValue());
        return inner.isMissingNode() || inner.isNull()
            ? MissingNode.getInstance()
            : json(inner, depthOfText - 1);
      } catch (JsonProcessingException noJson) {
        return value;
      }
    }
    return value;
  }

  /** The fields of one DocType; those that are not known, and the standard ones, too. */
  public record Fields(Map<String, DocField> byName) {
    public Fields {
      byName = Map.copyOf(byName);
    }

    /** The compared form of what the field of this name holds. */
    public JsonNode of(String fieldname, JsonNode value) {
      return ComparedForm.of(type(fieldname), value);
    }

    /** The DocType of the rows that the field holds; null where it holds none, or none is known. */
    public @Nullable String rowType(String fieldname) {
      DocField field = byName.get(fieldname);
      return field != null && field.isTable() ? field.options() : null;
    }

    /** Whether the field may hold child rows: where nothing is known of it, as it seems. */
    public boolean mayHoldRows(String fieldname) {
      DocField field = byName.get(fieldname);
      return field == null || field.isTable();
    }

    private @Nullable String type(String fieldname) {
      DocField field = byName.get(fieldname);
      return field == null ? STANDARD.get(fieldname) : field.fieldtype();
    }
  }

  private record Known(DocType definition, Fields fields) {
    static Known of(DocType definition) {
      return new Known(
          definition,
          new Fields(
              definition.fields().stream()
                  .collect(
                      Collectors.toMap(
                          DocField::fieldname, Function.identity(), (one, other) -> one))));
    }

    /** The very same definition: to compare its fields would cost more than to look them up. */
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(DocType other) {
      return definition == other;
    }
  }
}
