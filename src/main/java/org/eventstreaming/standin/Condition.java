package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * One filter of a list call. Texts compare as the database of a site compares them; null and the
 * empty text are the same.
 *
 * @param doctype empty, or the DocType whose field it is, where the filter names one
 */
record Condition(String doctype, String field, String operator, JsonNode operand) {

  /** The filters of a call: a list of lists, one list, or an object. */
  static List<Condition> of(JsonNode filters) {
    var conditions = new ArrayList<Condition>();
    if (filters instanceof ObjectNode object) {
      for (var entry : object.properties()) {
        var value = entry.getValue();
        conditions.add(
            value instanceof ArrayNode pair && pair.size() == 2
                ? of("", entry.getKey(), pair.path(0), pair.path(1))
                : of("", entry.getKey(), new TextNode("="), value));
      }
    } else if (filters instanceof ArrayNode list && list.path(0).isTextual()) {
      conditions.add(ofList(list));
    } else if (filters instanceof ArrayNode lists) {
      lists.forEach(list -> conditions.add(ofList(list)));
    }
    return conditions;
  }

  boolean met(JsonNode value, Collation collation) {
    return switch (operator) {
      case "=" -> compare(value, operand, collation) == 0;
      case "!=" -> compare(value, operand, collation) != 0;
      case ">" -> !isEmpty(value) && compare(value, operand, collation) > 0;
      case ">=" -> !isEmpty(value) && compare(value, operand, collation) >= 0;
      case "<" -> compare(value, operand, collation) < 0;
      case "<=" -> compare(value, operand, collation) <= 0;
      case "in" -> operands().anyMatch(one -> compare(value, one, collation) == 0);
      case "not in" -> operands().noneMatch(one -> compare(value, one, collation) == 0);
      case "like" -> isLike(value);
      case "not like" -> !isLike(value);
      case "is" -> isEmpty(value) == operand.asText().equals("not set");
      case "between" ->
          !isEmpty(value)
              && compare(value, operand.path(0), collation) >= 0
              && compare(value, endOfDay(value, operand.path(1)), collation) <= 0;
      default -> throw FrappeError.thrown(417, "ValidationError", "Invalid operator " + operator);
    };
  }

  static int compare(JsonNode one, JsonNode other, Collation collation) {
    if (one.isNumber() || other.isNumber()) {
      return number(one).compareTo(number(other));
    }
    var left = text(one);
    var right = text(other);
    var leftMoment = SiteClock.moment(left);
    var rightMoment = leftMoment == null ? null : SiteClock.moment(right);
    return leftMoment != null && rightMoment != null
        ? leftMoment.compareTo(rightMoment)
        : compare(left, right, collation);
  }

  private static int compare(String one, String other, Collation collation) {
    return UpdateLog.isNumber(one) && UpdateLog.isNumber(other)
        ? UpdateLog.compareNames(one, other)
        : collation.compare(one, other);
  }

  private Stream<JsonNode> operands() {
    if (operand.isArray()) {
      return StreamSupport.stream(operand.spliterator(), false);
    }
    return Pattern.compile(",")
        .splitAsStream(operand.asText())
        .map(String::strip)
        .map(TextNode::new);
  }

  private boolean isLike(JsonNode value) {
    var pattern = new StringBuilder();
    for (var c : operand.asText().toCharArray()) {
      pattern.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return Pattern.compile(
            pattern.toString(), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL)
        .matcher(text(value))
        .matches();
  }

  private static Condition ofList(JsonNode list) {
    return list.size() > 3
        ? of(list.path(0).asText(), list.path(1).asText(), list.path(2), list.path(3))
        : of("", list.path(0).asText(), list.path(1), list.path(2));
  }

  private static Condition of(String doctype, String field, JsonNode operator, JsonNode operand) {
    return new Condition(
        doctype, field, operator.asText().toLowerCase(Locale.ROOT).strip(), operand);
  }

  /** The end of a day that is given as a date, for a field that holds a time too. */
  private static JsonNode endOfDay(JsonNode value, JsonNode day) {
    return day.asText().length() == 10 && value.asText().length() > 10
        ? new TextNode(day.asText() + " 23:59:59.999999")
        : day;
  }

  private static boolean isEmpty(JsonNode value) {
    return text(value).isEmpty();
  }

  private static String text(JsonNode value) {
    return value.isMissingNode() || value.equals(NullNode.instance) ? "" : value.asText();
  }

  private static BigDecimal number(JsonNode value) {
    if (value.isNumber()) {
      return value.decimalValue();
    }
    if (value.isBoolean()) {
      return value.asBoolean() ? BigDecimal.ONE : BigDecimal.ZERO;
    }
    try {
      return new BigDecimal(text(value).strip());
    } catch (NumberFormatException e) {
      return BigDecimal.ZERO;
    }
  }
}
