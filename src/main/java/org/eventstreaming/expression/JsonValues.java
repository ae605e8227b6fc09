package org.eventstreaming.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eventstreaming.expression.Value.Bool;
import org.eventstreaming.expression.Value.Mapping;
import org.eventstreaming.expression.Value.None;
import org.eventstreaming.expression.Value.Real;
import org.eventstreaming.expression.Value.Sequence;
import org.eventstreaming.expression.Value.SetValue;
import org.eventstreaming.expression.Value.Text;

/** Values from JSON, as Python's {@code json.loads} makes them, and back. */
final class JsonValues {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Values are compared and printed by recursion. */
  private static final int MOST_NESTING = 200;

  /** Numbers with a fraction or an exponent are floats, whatever class holds them. */
  static Value read(JsonNode node, Evaluation run) {
    return read(node, run, 0);
  }

  private static Value read(JsonNode node, Evaluation run, int nesting) {
    if (nesting > MOST_NESTING) {
      throw new Refused("the document is nested deeper than %d levels".formatted(MOST_NESTING));
    }
    return switch (node.getNodeType()) {
      case NULL, MISSING -> None.NONE;
      case BOOLEAN -> Bool.of(node.booleanValue());
      case NUMBER ->
          node.isIntegralNumber()
              ? run.integer(node.bigIntegerValue())
              : new Real(node.doubleValue());
      case STRING -> new Text(node.textValue());
      case ARRAY -> {
        List<Value> items = new ArrayList<>(node.size());
        for (JsonNode item : node) {
          items.add(read(item, run, nesting + 1));
        }
        yield run.list(items);
      }
      case OBJECT -> {
        Map<Value, Value> entries = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
          entries.put(new Text(field.getKey()), read(field.getValue(), run, nesting + 1));
        }
        yield run.dict(entries);
      }
      case BINARY, POJO ->
          throw new Refused("the document holds a value that is not JSON: " + node.getNodeType());
    };
  }

  static JsonNode write(Value value) {
    if (value instanceof Bool bool) {
      return JSON.booleanNode(bool.value());
    }
    if (value instanceof Value.Int number) {
      return number.value().bitLength() < Integer.SIZE
          ? JSON.numberNode(number.value().intValue())
          : number.value().bitLength() < Long.SIZE
              ? JSON.numberNode(number.value().longValue())
              : JSON.numberNode(number.value());
    }
    if (value instanceof Real real) {
      if (Double.isNaN(real.value()) || Double.isInfinite(real.value())) {
        throw new Refused("the value is %s, which JSON cannot hold".formatted(Repr.of(real)));
      }
      return JSON.numberNode(real.value());
    }
    if (value instanceof Text text) {
      return JSON.textNode(text.value());
    }
    if (value instanceof Value.Day day) {
      return JSON.textNode(day.value().toString());
    }
    if (value instanceof Sequence sequence) {
      return array(sequence.items());
    }
    if (value instanceof SetValue set) {
      return array(set.items());
    }
    if (value instanceof Mapping mapping) {
      ObjectNode object = JSON.objectNode();
      mapping.entries().forEach((key, item) -> object.set(name(key), write(item)));
      return object;
    }
    return JSON.nullNode();
  }

  private static ArrayNode array(Iterable<Value> items) {
    ArrayNode array = JSON.arrayNode();
    items.forEach(item -> array.add(write(item)));
    return array;
  }

  /** The key as {@code json.dumps} writes it. */
  private static String name(Value key) {
    if (key instanceof Text text) {
      return text.value();
    }
    if (key instanceof Bool || key instanceof None || key instanceof Value.Numeric) {
      return key instanceof Value.Numeric && !(key instanceof Bool)
          ? Repr.of(key)
          : write(key).toString();
    }
    throw Refused.operand("keys of a dict in JSON must be str, int, float, bool or None", key);
  }

  private JsonValues() {}
}
