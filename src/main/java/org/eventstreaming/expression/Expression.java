package org.eventstreaming.expression;

import com.fasterxml.jackson.databind.JsonNode;

/** One compiled expression of the language {@code frappe}; immutable, may be shared by threads. */
public final class Expression {
  private final String text;
  private final Node node;
  private final int locals;
  private final boolean reads;

  private Expression(String text, Node node, int locals, boolean reads) {
    this.reads = reads;
    this.text = text;
    this.node = node;
    this.locals = locals;
  }

  /**
   * Reads the text; every name in it is looked up.
   *
   * @throws MalformedExpression where the text is not an expression, or asks for what is not
   *     offered
   */
  public static Expression compile(String text) {
    Source source = new Source(text);
    Node node = new Parser(source, 0, text.length()).whole();
    return new Expression(text, node, source.slots(), source.reads());
  }

  /**
   * The value as JSON: None is null, tuples and sets are arrays, dates are ISO text.
   *
   * @throws EvaluationFailed where there is no value, or none that JSON can hold
   */
  public JsonNode evaluate(Scope scope) {
    Value value = value(new Evaluation(scope, locals));
    try {
      return JsonValues.write(value);
    } catch (Refused e) {
      throw failed(new Stopped(node.offset(), e));
    }
  }

  /**
   * Whether the value is true in Python's sense: not None, False, zero or empty.
   *
   * @throws EvaluationFailed where there is no value
   */
  public boolean test(Scope scope) {
    return value(new Evaluation(scope, locals)).truthy();
  }

  /** Whether it asks {@code frappe.db} for other documents. */
  public boolean reads() {
    return reads;
  }

  /** The text that was compiled. */
  public String text() {
    return text;
  }

  Value value(Evaluation run) {
    try {
      return node.evaluate(run);
    } catch (Stopped e) {
      throw failed(e);
    }
  }

  int locals() {
    return locals;
  }

  private EvaluationFailed failed(Stopped stopped) {
    return new EvaluationFailed(
        Place.of(text, stopped.offset()), String.valueOf(stopped.getMessage()));
  }
}
