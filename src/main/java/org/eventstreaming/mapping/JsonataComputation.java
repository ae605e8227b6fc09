package org.eventstreaming.mapping;

import com.dashjoin.jsonata.Jsonata;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.eventstreaming.expression.Scope;
import org.eventstreaming.update.DocumentJson;

/** A JSONata expression, stopped when it runs too long or too deep. */
final class JsonataComputation implements Computation {
  private static final long LONGEST_MILLIS = 2_000;
  private static final int DEEPEST = 300;

  private final String text;

  private JsonataComputation(String text) {
    this.text = text;
  }

  static JsonataComputation compile(String text) throws MalformedText {
    try {
      Jsonata.jsonata(text);
      return new JsonataComputation(text);
    } catch (RuntimeException | StackOverflowError malformed) {
      // of a comment without an end it throws what Java throws
      throw new ExplainJsonata(text).explain(malformed);
    }
  }

  @Override
  public JsonNode value(Scope scope) {
    // a parsed expression keeps state while it runs, so each run has its own
    Jsonata jsonata = Jsonata.jsonata(text);
    Jsonata.Frame frame = jsonata.createFrame();
    frame.setRuntimeBounds(LONGEST_MILLIS, DEEPEST);
    Map<?, ?> document = DocumentJson.MAPPER.convertValue(scope.doc(), Map.class);
    try {
      return DocumentJson.MAPPER.valueToTree(jsonata.evaluate(document, frame));
    } catch (RuntimeException | StackOverflowError failed) {
      // of a text that is no number, no date or no list it throws what Java throws
      throw new NoValue(
          "JSONata: " + (failed.getMessage() == null ? failed.toString() : failed.getMessage()));
    }
  }
}
