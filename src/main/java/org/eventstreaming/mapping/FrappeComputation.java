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
          "is not an expression: " + malformed.why(), malformed.line(), malformed.column());
    }
  }

  @Override
  public JsonNode value(Scope scope) {
    try {
      return expression.evaluate(scope);
    } catch (EvaluationFailed failed) {
      throw new NoValue(expression.text() + ": " + failed.getMessage());
    }
  }

  @Override
  public boolean readsDocuments() {
    return expression.reads();
  }

  boolean isTrue(Scope scope) {
    try {
      return expression.test(scope);
    } catch (EvaluationFailed failed) {
      throw new NoValue(expression.text() + ": " + failed.getMessage());
    }
  }
}
