package org.eventstreaming.expression;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * Whatever the text: it has a value or one of our two exceptions, and the same again. {@code mvn
 * -Pfuzz test-compile} looks for texts that break this.
 */
public final class FuzzExpression {
  private static final Scope SCOPE =
      Scope.of(
          json(
              """
              {"name": "A-1", "docstatus": 1, "qty": 7, "rate": 2.5, "remarks": null,
               "items": [{"item_code": "X", "qty": 3}, {"item_code": "Y", "qty": 0}]}
              """),
          Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

  private FuzzExpression() {}

  /** The name by which the fuzzer asks. */
  public static void fuzzerTestOneInput(byte[] text) {
    check(new String(text, UTF_8));
  }

  static void check(String text) {
    String first = answer(text);
    String second = answer(text);
    if (!first.equals(second)) {
      throw new IllegalStateException("first %s, then %s: %s".formatted(first, second, text));
    }
  }

  private static String answer(String text) {
    try {
      Expression expression = Expression.compile(text);
      return expression.test(SCOPE) + " " + expression.evaluate(SCOPE);
    } catch (MalformedExpression | EvaluationFailed e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
