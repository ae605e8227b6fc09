package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import org.eventstreaming.expression.EvaluationFailed;
import org.eventstreaming.expression.Expression;
import org.eventstreaming.expression.MalformedExpression;
import org.eventstreaming.expression.Scope;

/** An expression of Frappe's condition language. */
final class FrappeComputation implements Computation {
  private final Expression expression;

  private FrappeComputation(Expression expression) {
    this.expression = expression;
  }

  static FrappeComputation compile(String text) throws MalformedText {
    try {
      return new FrappeComputation(Expression.compile(text));
    } catch (MalformedExpression malformed) {
      throw new MalformedText(
          "is no expression: " + withoutPlace(malformed), malformed.line(), malformed.column());
    }
  }

  /** The place is told as one of the file. */
  private static String withoutPlace(MalformedExpression malformed) {
    String place = "line %d, column %d: ".formatted(malformed.line(), malformed.column());
    String message = String.valueOf(malformed.getMessage());
    return message.startsWith(place) ? message.substring(place.length()) : message;
  }

  @Override
  public JsonNode value(Scope scope) {
    try {
      return expression.evaluate(scope);
    } catch (EvaluationFailed failed) {
      throw new NoValue(expression.text() + ": " + failed.getMessage());
    }
  }

  boolean isTrue(Scope scope) {
    try {
      return expression.test(scope);
    } catch (EvaluationFailed failed) {
      throw new NoValue(expression.text() + ": " + failed.getMessage());
    }
  }
}
