package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.stream.TestDatabase;
import org.eventstreaming.update.DocumentJson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BackfillTest extends CommandLineTest {
  private final StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void follow() throws IOException {
    settings(database, "eventstreaming.url=http://127.0.0.1:9").following(site, "ToDo", "Note");
    put("ToDo", "OLD", "2026-01-01 00:00:00.000000");
    put("ToDo", "NEWER", "2026-02-01 10:00:00.000000");
    put("Note", "N", "2026-02-02 00:00:00.000000");
  }

  @AfterEach
  void close() {
    site.close();
    database.close();
  }

  @Test
  void all_that_was_there_is_loaded_and_reported_by_document_type() {
    assertThat(run("backfill", "site")).isEqualTo(Command.DONE);

    assertThat(out())
        .containsPattern(
            "ToDo *\\| 1900-01-01 00:00:00.000000 \\| *2 \\| *2 \\|.*\\| *2 \\| *0 \\| *0 \\|");
    assertThat(database.count("document")).isEqualTo(3);
    assertThat(run("status")).isEqualTo(Command.DONE);
    assertThat(out()).doesNotContain("loading");
  }

  @Test
  void only_the_named_type_from_the_named_day_on_is_loaded() throws IOException {
    assertThat(run("backfill", site.url(), "ToDo", "--since", "2026-02-01", "-o", "json"))
        .isEqualTo(Command.DONE);

    JsonNode reported = DocumentJson.MAPPER.readTree(out());
    assertThat(reported).hasSize(1);
    ObjectNode row = (ObjectNode) reported.get(0);
    assertThat(row.remove("loaded_at").asText()).endsWith("Z");
    assertThat(row)
        .isEqualTo(
            json(
                """
                {"ref_doctype": "ToDo", "load_since": "2026-02-01 00:00:00.000000",
                 "done": 1, "total": 1, "loaded": 1, "failed": 0, "waiting": 0}
                """));
    assertThat(database.value("select name from document")).isEqualTo("NEWER");
  }

  @Test
  void what_failed_ends_with_5() throws IOException {
    put("ToDo", "x".repeat(300), "2026-02-01 10:00:00.000000");

    assertThat(run("backfill", "site", "ToDo")).isEqualTo(Command.SOME_FAILED);

    assertThat(database.count("document")).isEqualTo(2);
  }

  @Test
  void a_site_that_is_not_there_ends_with_4_and_what_is_requested_is_kept() {
    assertThat(run("run", "--once")).isEqualTo(Command.DONE);
    site.refuseConnections();

    assertThat(run("backfill", "site")).isEqualTo(Command.UNREACHABLE);

    assertThat(err()).contains("no answer", "Is the site up and reachable?");
  }

  @Test
  void a_loading_that_a_running_instance_has_to_go_on_with_can_be_ended() {
    alsoInProducerFile("quiet_hours: 00:00-23:59");
    assertThat(run("backfill", "site", "ToDo")).isEqualTo(Command.UNREACHABLE);
    assertThat(err()).contains("is deferred by quiet_hours. A running instance continues it");
    assertThat(run("status")).isEqualTo(Command.DONE);
    assertThat(out()).contains("  loading ToDo: 0");

    assertThat(run("backfill", "site", "--cancel")).isEqualTo(Command.DONE);

    assertThat(run("status")).isEqualTo(Command.DONE);
    assertThat(out()).doesNotContain("loading");
    assertThat(database.count("document")).isZero();
  }

  @Test
  void what_was_named_and_is_not_there_ends_with_2() {
    assertThat(run("backfill", "sites")).isEqualTo(Command.USAGE);
    assertThat(err()).contains("'sites' is neither", "did you mean site?");
    assertThat(run("backfill", "site", "ToDoo")).isEqualTo(Command.USAGE);
    assertThat(err()).contains("'ToDoo' is not followed from", "did you mean ToDo?");
    assertThat(run("backfill", "site", "--since", "yesterday")).isEqualTo(Command.USAGE);
    assertThat(err()).contains("--since must be a day or a moment", "was 'yesterday'");
  }

  private void put(String doctype, String name, String moment) throws IOException {
    ObjectNode document =
        json("{\"creation\": \"%s\", \"modified\": \"%s\"}".formatted(moment, moment));
    site.put(doctype, document.put("name", name));
  }

  private static ObjectNode json(String text) throws IOException {
    return (ObjectNode) DocumentJson.MAPPER.readTree(text);
  }
}
