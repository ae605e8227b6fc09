package org.eventstreaming.expression;

import com.fasterxml.jackson.databind.JsonNode;

/** One compiled expression of the language {@code frappe}; immutable, may be shared by threads. */
public final class Expression {
  private final String text;

  private Expression(String text) {
    this.text = text;
  }

  /**
   * @throws MalformedExpression where the text is no expression
   */
  public static Expression compile(String text) {
    return new Expression(text);
  }

  /**
   * The value as JSON: None is null, tuples and sets are arrays, dates are ISO text.
   *
   * @throws EvaluationFailed where there is no value, or none that JSON can hold
   */
  public JsonNode evaluate(Scope scope) {
    throw new EvaluationFailed(new Place(1, 1), "expressions are not evaluated yet");
  }

  /**
   * Whether the value is true in Python's sense: not None, False, zero or empty.
   *
   * @throws EvaluationFailed where there is no value
   */
  public boolean test(Scope scope) {
    throw new EvaluationFailed(new Place(1, 1), "expressions are not evaluated yet");
  }

  public String text() {
    return text;
  }
}
