package org.eventstreaming.expression;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.eventstreaming.update.DocumentJson;
import org.junit.jupiter.api.Test;

/**
 * CPython is the specification: 20,000 random expressions with its answers, recorded by {@code
 * src/test/python/record_expression_answers.py}.
 */
class RecordedAnswersTest {
  private static final String ANSWERS = "/expression/cpython-answers.jsonl.gz";

  @Test
  void every_recorded_answer_of_cpython_is_ours() throws IOException {
    List<String> disagreements = new ArrayList<>();
    int cases = 0;
    int values = 0;
    try (BufferedReader lines = lines()) {
      JsonNode documents = DocumentJson.MAPPER.readTree(lines.readLine()).path("documents");
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode recorded = DocumentJson.MAPPER.readTree(line);
        String ours = ours(recorded.path("e").asText(), documents.path(recorded.path("d").asInt()));
        cases++;
        values += recorded.has("v") ? 1 : 0;
        if (!agree(recorded, ours)) {
          disagreements.add(line + "\n    ours: " + ours);
        }
      }
    }

    assertThat(disagreements.stream().limit(20).toList())
        .as("%d of %d cases", disagreements.size(), cases)
        .isEmpty();
    assertThat(cases).isGreaterThanOrEqualTo(20_000);
    assertThat(values).isGreaterThanOrEqualTo(10_000);
  }

  private static BufferedReader lines() throws IOException {
    InputStream packed =
        Objects.requireNonNull(RecordedAnswersTest.class.getResourceAsStream(ANSWERS));
    return new BufferedReader(new InputStreamReader(new GZIPInputStream(packed), UTF_8));
  }

  /** The repr of the value, so that 1, 1.0 and True differ; or how it failed. */
  private static String ours(String text, JsonNode document) {
    try {
      Expression expression = Expression.compile(text);
      Scope scope = Scope.of(document, Clock.systemUTC());
      return Repr.of(expression.value(new Evaluation(scope, expression.locals())));
    } catch (MalformedExpression e) {
      return "malformed: " + e.getMessage();
    } catch (EvaluationFailed e) {
      return "failed: " + e.getMessage();
    }
  }

  private static boolean agree(JsonNode recorded, String ours) {
    if (recorded.has("v")) {
      return recorded.path("v").asText().equals(ours);
    }
    // a limit is no answer: the recorded expressions stay below all of them
    return !ours.contains("more than")
        && ours.startsWith(
            recorded.path("x").asText().equals("SyntaxError") ? "malformed: " : "failed: ");
  }
}
