package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.Here.json;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.Leaves;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routes of a project see whole documents before they are mapped, on every road. */
class DocumentRoutesTest {
  private static final String TASKS =
      """
      - route:
          id: enrich-task
          errorHandler:
            noErrorHandler: {}
          from:
            uri: direct:document.Task
            steps:
              - filter:
                  simple: "${body[status]} == 'Secret'"
                  steps:
                    - setVariable:
                        name: drop
                        constant: a secret task
                    - stop: {}
              - filter:
                  simple: "${body[status]} == 'Broken'"
                  steps:
                    - throwException:
                        exceptionType: java.lang.IllegalStateException
                        message: no rates today
              - filter:
                  simple: "${body[status]} == 'Slow'"
                  steps:
                    - delay:
                        asyncDelayed: "false"
                        constant: 600000
              - filter:
                  simple: "${body[status]} == 'Strange'"
                  steps:
                    - script:
                        simple: "${body.put('colour', 'red')}"
              - script:
                  simple: "${body.put('region', ${body[title]})}"
      """;

  private final StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
  @TempDir Path project;

  DocumentRoutesTest() {
    site.putDocType(
        json(
            "{'name': 'Task', 'doctype': 'DocType', 'fields': ["
                + "{'fieldname': 'title', 'fieldtype': 'Data'},"
                + "{'fieldname': 'status', 'fieldtype': 'Data'},"
                + "{'fieldname': 'rate', 'fieldtype': 'Float'}]}"));
    site.putDocType(
        json(
            "{'name': 'Visit', 'doctype': 'DocType', 'fields': ["
                + "{'fieldname': 'task', 'fieldtype': 'Link', 'options': 'Task'}]}"));
  }

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void a_document_goes_through_the_route_whichever_way_it_comes() {
    site.insert("Task", json("{'name': 'OLD', 'title': 'loaded', 'rate': 1.10}"));
    try (TestStream stream =
        following(TASKS, task().loadedSince(FrappeTime.EVER).row(), visit()).start()) {
      stream.pull();
      site.insert("Task", json("{'name': 'NEW', 'title': 'created'}"));
      stream.pull();

      assertThat(regions(stream)).isEqualTo(Map.of("OLD", "loaded", "NEW", "created"));

      site.update("Task", "NEW", json("{'title': 'updated'}"));
      stream.pull();
      assertThat(regions(stream)).containsEntry("NEW", "updated");

      site.dbSet("Task", "NEW", json("{'title': 'reconciled'}"), true);
      stream.reconcile();
      assertThat(regions(stream)).containsEntry("NEW", "reconciled");

      site.dbSet("Task", "NEW", json("{'title': 'compared'}"), false);
      compare(stream, true);
      assertThat(regions(stream)).containsEntry("NEW", "compared");

      site.remove("Task", "OLD");
      site.put("Task", json("{'name': 'NEEDED', 'title': 'along'}"));
      site.insert("Visit", json("{'name': 'V', 'task': 'NEEDED'}"));
      stream.pull();
      assertThat(regions(stream)).containsEntry("NEEDED", "along");
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void what_was_enriched_is_not_changed_by_reconciling_or_comparing() {
    try (TestStream stream = following(TASKS, task().row()).start()) {
      stream.pull();
      site.insert("Task", json("{'name': 'A', 'title': 'one', 'rate': 12345678901234.50}"));
      site.insert("Task", json("{'name': 'B', 'title': 'two'}"));
      stream.pull();
      stream.reconcile();
      long logged = stream.database().count("event_sync_log");

      stream.reconcile();
      Reported reported = compare(stream, true);

      assertThat(reported.differences()).isEmpty();
      assertThat(reported.ranges).isNotEmpty();
      assertThat(stream.database().count("event_sync_log")).isEqualTo(logged);
      assertThat(regions(stream)).isEqualTo(Map.of("A", "one", "B", "two"));
      assertThat(stream.database().value("select data ->> 'rate' from document where name = 'A'"))
          .isEqualTo("12345678901234.50");
    }
  }

  @Test
  void a_field_that_a_route_adds_is_kept_and_not_compared() {
    try (TestStream stream = following(TASKS, task().row()).start()) {
      stream.pull();
      site.insert("Task", json("{'name': 'A', 'title': 'one'}"));
      stream.pull();
      stream
          .database()
          .execute("update document set data = data || '{\"region\": \"of last week\"}'");

      Reported reported = compare(stream, true);

      assertThat(reported.differences()).isEmpty();
      assertThat(regions(stream)).isEqualTo(Map.of("A", "of last week"));
    }
  }

  @Test
  void a_document_that_the_route_drops_is_counted_and_the_reason_is_logged() {
    try (TestStream stream = following(TASKS, task().row()).start();
        LogLines log = LogLines.open()) {
      stream.pull();
      site.insert("Task", json("{'name': 'A', 'title': 'one', 'status': 'Secret'}"));
      site.insert("Task", json("{'name': 'B', 'title': 'two'}"));
      stream.pull();
      Here here = new Here(stream.database());

      assertThat(here.names("Task")).containsExactly("B");
      assertThat(here.passedOver("Task")).isEqualTo(1);
      assertThat(here.entries()).isEqualTo(1);
      assertThat(log.at(Level.INFO, "Dropped by direct:document.Task: a secret task."))
          .singleElement()
          .asString()
          .contains("Task A");

      site.delete("Task", "A");
      stream.pull();
      assertThat(here.entries()).isEqualTo(1);
      assertThat(compare(stream, true).differences()).isEmpty();
    }
  }

  @Test
  void a_document_that_the_route_drops_later_leaves_as_its_row_says() {
    try (TestStream stream = following(TASKS, task().leaving(Leaves.REMOVE).row()).start()) {
      stream.pull();
      site.insert("Task", json("{'name': 'A', 'title': 'one'}"));
      stream.pull();
      site.update("Task", "A", json("{'status': 'Secret'}"));
      stream.pull();
      Here here = new Here(stream.database());

      assertThat(here.names("Task")).isEmpty();
      assertThat(here.message("A", "Update"))
          .isEqualTo("Dropped by direct:document.Task: a secret task: deleted here.");

      site.update("Task", "A", json("{'status': 'Open'}"));
      stream.pull();
      assertThat(here.names("Task")).containsExactly("A");
    }
  }

  @Test
  void a_route_that_throws_or_takes_too_long_fails_its_document_alone_until_resync() {
    try (TestStream stream =
        following(TASKS, task().row())
            .attempts(1)
            .documentRoutes(2, Duration.ofMillis(500))
            .start()) {
      stream.pull();
      site.insert("Task", json("{'name': 'A', 'title': 'one', 'status': 'Broken'}"));
      site.insert("Task", json("{'name': 'B', 'title': 'two', 'status': 'Slow'}"));
      site.insert("Task", json("{'name': 'C', 'title': 'three'}"));
      site.insert("Task", json("{'name': 'D', 'title': 'four', 'status': 'Strange'}"));
      stream.pull();
      Here here = new Here(stream.database());

      assertThat(here.names("Task")).containsExactly("C");
      assertThat(here.statuses("A")).containsExactly("Failed");
      assertThat(here.message("A", "Create"))
          .contains(
              "route 'enrich-task' (direct:document.Task)",
              "Task A of " + site.url(),
              "no rates today",
              "event-streaming resync");
      assertThat(here.message("B", "Create"))
          .contains("longer than 500 ms (eventstreaming.document-routes.timeout)");
      assertThat(here.message("D", "Create")).contains("it added colour", "adds: [colour]");

      site.update("Task", "A", json("{'status': 'Open'}"));
      stream.pull();
      assertThat(here.statuses("A")).containsExactly("Failed", "Waiting");
    }
  }

  @Test
  void what_a_route_leaves_that_is_no_document_and_what_it_throws_are_said_once() {
    String routes =
        """
        - route:
            id: odd-task
            from:
              uri: direct:document.Task
              steps:
                - choice:
                    when:
                      - simple: "${body[status]} == 'Words'"
                        steps:
                          - setBody:
                              constant: no JSON
                          - convertBodyTo:
                              type: byte[]
                      - simple: "${body[status]} == 'Bytes'"
                        steps:
                          - script:
                              simple: "${body.put('title', ${variable.docname.getBytes()})}"
                      - simple: "${body[status]} == 'Refused'"
                        steps:
                          - convertBodyTo:
                              type: java.net.URI
                    otherwise:
                      steps:
                        - marshal:
                            json: {}
                        - convertBodyTo:
                            type: java.io.InputStream
        """;
    try (TestStream stream = following(routes, task().row()).attempts(1).start()) {
      stream.pull();
      site.insert("Task", json("{'name': 'A', 'title': 'one', 'status': 'Words'}"));
      site.insert("Task", json("{'name': 'B', 'title': 'two', 'status': 'Bytes'}"));
      site.insert("Task", json("{'name': 'C', 'title': 'three', 'status': 'Refused'}"));
      site.insert("Task", json("{'name': 'D', 'rate': 12345678901234.50}"));
      stream.pull();
      Here here = new Here(stream.database());

      assertThat(here.names("Task")).containsExactly("D");
      assertThat(here.document("Task", "D").path("rate").decimalValue())
          .isEqualTo("12345678901234.50");
      assertThat(here.message("A", "Create"))
          .contains("its body is not JSON: Unrecognized token 'no'")
          .doesNotContain("Source");
      assertThat(here.message("B", "Create"))
          .contains("its body is not JSON: title is bytes. Convert it to text");
      assertThat(here.message("C", "Create"))
          .contains("URI")
          .doesNotContain("Exchange[", "Caused by")
          .endsWith(
              "event-streaming resync "
                  + here.texts("select seq from event_sync_log where producer_doc = 'C'").get(0)
                  + ".");
    }
  }

  @Test
  void a_document_that_needs_a_dropped_one_waits_and_says_why() {
    try (TestStream stream = following(TASKS, task().row(), visit()).start()) {
      stream.pull();
      site.put("Task", json("{'name': 'A', 'title': 'one', 'status': 'Secret'}"));
      site.insert("Visit", json("{'name': 'V', 'task': 'A'}"));
      stream.pull();
      Here here = new Here(stream.database());

      assertThat(here.names("Task")).isEmpty();
      assertThat(here.statuses("V")).containsExactly("Waiting");
      assertThat(here.message("V", "Create"))
          .contains("Task A is dropped by direct:document.Task: a secret task");
    }
  }

  @Test
  void a_route_for_all_types_sees_those_that_have_none_of_their_own_and_json_text_will_do() {
    String all =
        """
        - route:
            id: any-document
            from:
              uri: direct:document
              steps:
                - script:
                    simple: "${body.put('title', '${variable.doctype} ${variable.docname}')}"
                - marshal:
                    json: {}
        """;
    site.putDocType(
        json(
            "{'name': 'Sales Note', 'doctype': 'DocType', 'fields': ["
                + "{'fieldname': 'title', 'fieldtype': 'Data'}]}"));
    String own =
        """
        - route:
            id: sales-note
            from:
              uri: direct:document.Sales Note
              steps:
                - script:
                    simple: "${body.put('title', 'its own')}"
        """;
    try (TestStream stream =
        following(
                all + own, ProducerDoctype.sameName("Task"), ProducerDoctype.sameName("Sales Note"))
            .start()) {
      stream.pull();
      site.insert("Task", json("{'name': 'A', 'title': 'one', 'rate': 0.10}"));
      site.insert("Sales Note", json("{'name': 'N'}"));
      stream.pull();
      Here here = new Here(stream.database());

      assertThat(here.document("Task", "A").path("title").asText()).isEqualTo("Task A");
      assertThat(here.document("Task", "A").path("rate").decimalValue()).isEqualTo("0.10");
      assertThat(here.document("Sales Note", "N").path("title").asText()).isEqualTo("its own");
      assertThat(Set.copyOf(here.texts("select status from event_sync_log")))
          .containsOnly("Synced");
    }
  }

  private TestRow task() {
    return TestRow.of("Task").adding("region");
  }

  private static ProducerDoctype visit() {
    return TestRow.of("Visit").with(Dependencies.ALL).row();
  }

  private TestStream.Builder following(String routes, ProducerDoctype... rows) {
    try {
      Files.createDirectories(project.resolve("routes"));
      Files.writeString(project.resolve("routes/documents.camel.yaml"), routes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.rows = rows;
    return TestStream.following(site, rows).reconciling().project(project);
  }

  private ProducerDoctype[] rows = {};

  private Reported compare(TestStream stream, boolean repair) {
    return Reported.by(stream, TestStream.producer(site, Read.LIST, rows), repair, false, "Task");
  }

  private static Map<String, String> regions(TestStream stream) {
    Map<String, String> regions = new java.util.TreeMap<>();
    for (List<String> row :
        stream
            .database()
            .rows("select name, data ->> 'region' from document where doctype = 'Task'")) {
      regions.put(row.get(0), row.get(1));
    }
    return regions;
  }
}
