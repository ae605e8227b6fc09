package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.builder.RouteBuilder;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Failures are handed to the route from direct:on-failure, where a project has one. */
class OnFailureTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final StandInSite site = StandInSite.start(Generation.V15_APP);
  private final TestStream stream =
      TestStream.following(site, TestStream.sameName("ToDo")).attempts(2).start();
  private final List<JsonNode> reported = new CopyOnWriteArrayList<>();

  @BeforeEach
  void follow() {
    site.approveAll();
    stream.pull();
  }

  @AfterEach
  void close() {
    stream.close();
    site.close();
  }

  @Test
  void entries_that_failed_are_handed_over_as_one_array_without_their_documents() throws Exception {
    onFailure(false);
    appendBad("bad-1");
    appendBad("bad-2");
    site.insert("ToDo", Here.json("{'name': 'T-1', 'description': 'hush'}"));

    stream.pull();

    await().until(() -> !reported.isEmpty());
    assertThat(reported).hasSize(1);
    assertThat(reported.get(0)).hasSize(2);
    JsonNode one = reported.get(0).get(0);
    assertThat(one.path("kind").asText()).isEqualTo("entry");
    assertThat(one.path("producer").asText()).isEqualTo(site.url());
    assertThat(one.path("ref_doctype").asText()).isEqualTo("ToDo");
    assertThat(one.path("docname").asText()).isEqualTo("T-bad-1");
    assertThat(one.path("update_type").asText()).isEqualTo("Create");
    assertThat(one.path("cause").asText()).isEqualTo("log");
    assertThat(one.path("attempts").asInt()).isEqualTo(1);
    assertThat(one.path("error").asText()).isNotBlank();
    assertThat(one.path("failed_at").asText()).endsWith("Z");
    assertThat(one.path("sync_log").asText())
        .isEqualTo(
            stream
                .database()
                .value(
                    "select seq from event_sync_log where update_log = '%s'"
                        .formatted(one.path("update_log").asText())));
    assertThat(reported.toString()).doesNotContain("hush", "secret-in-bad");
  }

  @Test
  void an_entry_that_fails_again_is_not_handed_over_again() throws Exception {
    onFailure(false);
    appendBad("bad-1");
    stream.pull();
    await().until(() -> reported.size() == 1);

    stream.clock().advance(java.time.Duration.ofHours(2));
    stream.pull();
    appendBad("bad-2");
    stream.pull();

    await().until(() -> reported.size() == 2);
    assertThat(reported.get(1)).hasSize(1);
    assertThat(reported.get(1).get(0).path("docname").asText()).isEqualTo("T-bad-2");
  }

  @Test
  void a_poll_that_fails_is_handed_over_when_it_begins_to_fail() throws Exception {
    onFailure(false);
    site.fail(1_000, request -> true, Fault.unauthorized());
    for (int i = 0; i < 3; i++) {
      stream.pull();
    }
    assertThat(works()).containsExactly("poll");
    assertThat(
            stream.database().value("select failures from event_producer_work where work = 'poll'"))
        .isEqualTo("3");

    site.heal();
    stream.pull();
    assertThat(
            stream.database().value("select failures from event_producer_work where work = 'poll'"))
        .isEqualTo("0");
    site.fail(1_000, request -> true, Fault.unauthorized());
    stream.pull();

    assertThat(works()).containsExactly("poll", "poll");
    JsonNode poll = reported.get(0).get(0);
    assertThat(poll.path("kind").asText()).isEqualTo("poll");
    assertThat(poll.path("producer").asText()).isEqualTo(site.url());
    assertThat(poll.path("error").asText()).contains("401");
    assertThat(reported.toString()).doesNotContain(site.apiSecret());
  }

  @Test
  void a_route_from_on_failure_that_fails_is_logged_and_the_stream_goes_on() throws Exception {
    onFailure(true);
    try (LogLines log = LogLines.open()) {
      appendBad("bad-1");
      site.insert("ToDo", Here.json("{'name': 'T-1'}"));

      stream.pull();

      await().until(() -> !log.at(Level.ERROR, "direct:on-failure failed").isEmpty());
      assertThat(new Here(stream.database()).names("ToDo")).containsExactly("T-1");
      assertThat(stream.database().value("select last_error from event_producer")).isNull();
    }
  }

  @Test
  void without_such_a_route_failures_are_in_the_log_alone() {
    try (LogLines log = LogLines.open()) {
      appendBad("bad-1");

      stream.pull();
      stream.pull();

      assertThat(log.at(Level.ERROR, "")).isEmpty();
      assertThat(new Here(stream.database()).statuses("T-bad-1")).containsExactly("Failed");
    }
  }

  private List<String> works() {
    await().until(() -> stream.application().context().getInflightRepository().size() == 0);
    return reported.stream().map(array -> array.get(0).path("work").asText()).toList();
  }

  private void appendBad(String name) {
    site.append(
        new LogEntry(name, TestTimes.next(), "Create", "ToDo", "T-" + name, "{'secret-in-bad'"));
  }

  /** As a file of a project would have it. */
  private void onFailure(boolean fails) throws Exception {
    stream
        .application()
        .context()
        .addRoutes(
            new RouteBuilder() {
              @Override
              public void configure() {
                from("direct:on-failure")
                    .errorHandler(noErrorHandler())
                    .process(
                        exchange -> {
                          if (fails) {
                            throw new IllegalStateException("no chat today");
                          }
                          reported.add(read(exchange.getIn().getBody(String.class)));
                        });
              }
            });
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
