package org.eventstreaming.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.eventstreaming.expression.EvaluationFailed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrappeLanguageTest {
  private static final String ROUTE =
      """
      - route:
          id: sort
          from:
            uri: direct:sort
            steps:
              - setHeader:
                  name: title
                  expression:
                    language:
                      language: frappe
                      expression: '"%s of %s" % (doc.name, frappe.utils.nowdate())'
              - choice:
                  when:
                    - expression:
                        language:
                          language: frappe
                          expression: CONDITION
                      steps:
                        - setBody:
                            expression:
                              simple:
                                expression: "yes: ${header.title}"
                  otherwise:
                    steps:
                      - setBody:
                          expression:
                            simple:
                              expression: "no: ${header.title}"
      """;

  private final CamelContext context = new DefaultCamelContext();

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void a_route_decides_by_a_frappe_condition_on_its_body() throws Exception {
    start("doc.docstatus == 1 and any(row.qty > 5 for row in doc.items)");

    assertThat(sorted(json("{'name': 'A', 'docstatus': 1, 'items': [{'qty': 6}]}")))
        .isEqualTo("yes: A of 2026-01-31");
    assertThat(sorted(Map.of("name", "B", "docstatus", 0))).isEqualTo("no: B of 2026-01-31");
  }

  @Test
  void a_syntax_error_stops_the_start_with_line_and_column() {
    assertThatThrownBy(() -> start("doc.docstatus = 1"))
        .rootCause()
        .hasMessageContaining("line 1, column 15")
        .hasMessageContaining("did you mean '=='?");
  }

  @Test
  void a_failed_evaluation_fails_the_exchange_with_its_place() throws Exception {
    start("doc.grand_total > 1000");

    assertThatThrownBy(() -> sorted(Map.of("name", "A")))
        .isInstanceOf(CamelExecutionException.class)
        .rootCause()
        .isInstanceOf(EvaluationFailed.class)
        .hasMessageContaining("line 1, column 17: > cannot compare None and int");
  }

  @Test
  void a_body_that_is_no_document_is_reported() throws Exception {
    start("doc.docstatus == 1");

    assertThatThrownBy(() -> sorted("{}"))
        .rootCause()
        .hasMessageContaining("the body is java.lang.String")
        .hasMessageContaining("unmarshal");
  }

  private void start(String condition) throws Exception {
    Clock clock = Clock.fixed(Instant.parse("2026-01-30T20:00:00Z"), ZoneId.of("Asia/Kathmandu"));
    context.getRegistry().bind("clock", clock);
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(
            ResourceHelper.fromString("sort.camel.yaml", ROUTE.replace("CONDITION", condition)));
    context.start();
  }

  private String sorted(Object body) {
    return context.createProducerTemplate().requestBody("direct:sort", body, String.class);
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return new ObjectMapper().readTree(text.replace('\'', '"'));
  }
}
