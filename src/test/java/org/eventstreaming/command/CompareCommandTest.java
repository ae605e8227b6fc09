package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Set;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.stream.TestDatabase;
import org.eventstreaming.update.DocumentJson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CompareCommandTest extends CommandLineTest {
  private final StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void follow() {
    settings(database, "eventstreaming.url=http://127.0.0.1:9").following(site, "ToDo", "Note");
  }

  @AfterEach
  void close() {
    site.close();
    database.close();
  }

  @Test
  void equal_sides_end_with_0_and_the_checksum_of_each_range() {
    polled();

    assertThat(run("compare", "site", "ToDo")).isEqualTo(Command.DONE);

    assertThat(out())
        .containsPattern("ToDo, A to B: 2 here, 2 there, checksum [0-9a-f]{16}: equal")
        .contains("2 document(s) compared: all equal. 0 more there are not followed.");
  }

  @Test
  void the_former_name_of_the_command_does_the_same() {
    polled();

    assertThat(run("diff", "site", "ToDo")).isEqualTo(Command.DONE);

    assertThat(out()).contains("2 document(s) compared: all equal.");
  }

  @Test
  void what_differs_ends_with_5_until_it_is_repaired() {
    polled();
    site.dbSet("ToDo", "A", json("{\"status\": \"Closed\"}"), false);

    assertThat(run("compare", site.url())).isEqualTo(Command.SOME_FAILED);
    assertThat(out())
        .containsPattern("2 here, 2 there, checksums [0-9a-f]{16} and [0-9a-f]{16}: 1 differ")
        .contains("  ToDo A: differs\n    status: \"Open\" here, \"Closed\" there\n")
        .contains("compared: 1 differ, 0 of them repaired.");
    assertThat(run("compare", "site", "ToDo", "--repair")).isEqualTo(Command.DONE);
    assertThat(out()).contains("ToDo A: differs, repaired", "1 differ, 1 of them repaired.");
    assertThat(run("compare", "site")).isEqualTo(Command.DONE);
    assertThat(database.value("select data ->> 'status' from document where name = 'A'"))
        .isEqualTo("Closed");
    assertThat(site.consumers()).hasSize(1);
  }

  @Test
  void what_cannot_be_repaired_ends_with_5_and_says_why() {
    polled();
    database.execute(
        """
        delete from document_link where remote_name = 'A';
        update document set remote_site_name = 'http://else' where name = 'A'
        """);

    assertThat(run("compare", "site", "ToDo", "--repair")).isEqualTo(Command.SOME_FAILED);
    assertThat(out()).contains("ToDo A: only there. ", "belongs to another ToDo here");
    assertThat(database.count("event_sync_log where cause = 'compare' and status = 'Failed'"))
        .isEqualTo(1);

    assertThat(run("compare", "site", "ToDo", "--repair")).isEqualTo(Command.SOME_FAILED);

    String row = database.value("select seq from event_sync_log where status = 'Failed'");
    assertThat(out())
        .contains("The same was tried before: event-streaming synclog show " + row + " says why")
        .contains("then run event-streaming resync " + row + ".");
    assertThat(database.count("event_sync_log where cause = 'compare'")).isEqualTo(1);
  }

  @Test
  void a_document_that_cannot_be_compared_names_its_row_or_the_next_comparison() {
    polled();
    String file = textOf("producers/site.yaml");
    file(
        "producers/site.yaml",
        file.replaceFirst("use_same_name: 1", "$0\n    condition: doc.missing > 10"));

    assertThat(run("compare", "site", "ToDo")).isEqualTo(Command.SOME_FAILED);
    assertThat(out())
        .contains("  ToDo A: cannot be compared. Could not evaluate whether ToDo A of ")
        .contains("then run event-streaming compare " + site.url() + " 'ToDo'.\n")
        .contains(" more cannot be compared, the lines above say why.")
        .doesNotContain("resync", "Later entries", " of them repaired");

    site.update("ToDo", "A", json("{\"status\": \"Closed\"}"));
    run("run", "--once");
    assertThat(run("compare", "site", "ToDo")).isEqualTo(Command.SOME_FAILED);
    assertThat(out())
        .contains(
            " Later entries of this document wait behind it. Fix the condition",
            "then run event-streaming resync "
                + database.value("select seq from event_sync_log where status = 'Failed'")
                + ".\n");
  }

  @Test
  void json_has_the_ranges_with_what_differs_in_each() throws IOException {
    polled();
    site.dbSet("ToDo", "A", json("{\"status\": \"Closed\"}"), false);

    assertThat(run("compare", "site", "ToDo", "-o", "json")).isEqualTo(Command.SOME_FAILED);

    JsonNode reported = DocumentJson.MAPPER.readTree(out());
    JsonNode range = reported.path("ranges").path(0);
    assertThat(reported.path("producer_url").asText()).isEqualTo(site.url());
    assertThat(reported.path("differing").asInt()).isEqualTo(1);
    assertThat(range.path("from").asText() + range.path("to").asText()).isEqualTo("AB");
    assertThat(range.path("equal").asBoolean(true)).isFalse();
    assertThat(range.path("checksum_here").asText())
        .hasSize(64)
        .isNotEqualTo(range.path("checksum_there").asText());
    assertThat(range.path("differences").path(0))
        .isEqualTo(
            json(
                """
                {"name": "A", "local_name": "A", "difference": "differs", "why": null,
                 "repaired": false,
                 "fields": [{"field": "status", "here": "Open", "there": "Closed"}]}
                """));
  }

  @Test
  void what_was_named_and_is_not_there_ends_with_2_and_the_nearest() {
    polled();

    assertThat(run("compare", "sites", "ToDo")).isEqualTo(Command.USAGE);
    assertThat(err()).contains("'sites' is neither", "did you mean site?");
    assertThat(run("compare", "site", "ToDoo")).isEqualTo(Command.USAGE);
    assertThat(err()).contains("'ToDoo' is not followed from", "did you mean ToDo?");
    assertThat(run("compare")).isEqualTo(Command.USAGE);
  }

  @Test
  void one_that_was_never_polled_is_refused() {
    assertThat(run("compare", "site", "ToDo")).isEqualTo(Command.USAGE);

    assertThat(err()).contains(site.url() + " was never polled", "run --once");
    assertThat(site.requests()).isEmpty();
  }

  @Test
  void a_producer_that_does_not_answer_or_does_not_let_us_ends_with_4() {
    polled();
    site.forbidden("Note");
    assertThat(run("compare", "site")).isEqualTo(Command.UNREACHABLE);
    assertThat(out()).contains("Note: not compared. ", "ToDo, A to B").doesNotContain("\tat ");
    site.refuseConnections();

    assertThat(run("compare", "site", "ToDo")).isEqualTo(Command.UNREACHABLE);

    assertThat(err()).contains("Could not ", site.url()).doesNotContain("\tat ");
    assertThat(out()).doesNotContain("all equal");
  }

  @Test
  void a_type_that_was_renamed_there_is_not_reported_as_equal() {
    polled();
    site.withoutDocType("ToDo");

    assertThat(run("compare", "site")).isEqualTo(Command.UNREACHABLE);
    assertThat(out())
        .contains("ToDo: not compared. ", "DocType ToDo not found")
        .doesNotContain("all equal");
    assertThat(run("compare", "site", "--repair")).isEqualTo(Command.UNREACHABLE);
    assertThat(database.count("document")).isEqualTo(2);
  }

  @Test
  void documents_on_a_target_site_are_compared_there() {
    try (StandInSite branch = StandInSite.start(Generation.STOCK_15)) {
      ObjectNode definition =
          json(
              "{\"name\": \"ToDo\", \"doctype\": \"DocType\", \"autoname\": \"prompt\", \"fields\": ["
                  + "{\"fieldname\": \"status\", \"fieldtype\": \"Data\", \"label\": \"Status\"}]}");
      site.putDocType(definition);
      branch.putDocType(definition);
      file("branch-secret", branch.apiSecret())
          .file(
              "sites/branch.yaml",
              "url: %s\nuser: Administrator\napi_key: %s\napi_secret: \"{{file:%s}}\"\n"
                  .formatted(branch.url(), branch.apiKey(), project.resolve("branch-secret")))
          .alsoInProducerFile("target: branch");
      run("run", "--once");
      site.insert("ToDo", json("{\"name\": \"A\", \"status\": \"Open\"}"));
      run("run", "--once");
      branch.dbSet("ToDo", "A", json("{\"status\": \"Closed\"}"), false);

      assertThat(run("compare", "site", "ToDo")).isEqualTo(Command.SOME_FAILED);
      assertThat(out())
          .contains("  ToDo A: differs\n    status: \"Closed\" here, \"Open\" there\n");
      assertThat(run("compare", "site", "ToDo", "--repair")).isEqualTo(Command.DONE);
      assertThat(branch.documents("ToDo").get(0).path("status").asText()).isEqualTo("Open");
      assertThat(run("compare", "site", "ToDo")).isEqualTo(Command.DONE);

      branch.refuseConnections();
      assertThat(run("compare", "site", "ToDo")).isEqualTo(Command.UNREACHABLE);
      assertThat(err()).contains(branch.url()).doesNotContain("Unexpected", "\tat ");
    }
  }

  @Test
  void fields_that_the_key_may_not_read_are_named_by_diff_status_and_doctor() {
    site.putDocType(
        json(
            """
            {"name": "ToDo", "doctype": "DocType", "fields": [
              {"fieldname": "status", "fieldtype": "Data"},
              {"fieldname": "cost", "fieldtype": "Currency", "permlevel": 1}]}
            """));
    site.readableLevels(Set.of(), false);
    file("producers/site.yaml", textOf("producers/site.yaml").replace("Administrator", "a@b.c"));
    polled();
    site.dbSet("ToDo", "A", json("{\"cost\": 5}"), true);

    assertThat(run("compare", "site", "ToDo")).isEqualTo(Command.DONE);
    assertThat(out())
        .contains("ToDo: fields that the key may not read are not compared: cost\n", "all equal");
    assertThat(run("compare", "site", "ToDo", "-o", "json")).isEqualTo(Command.DONE);
    assertThat(out()).contains("\"not_readable\" : {\n    \"ToDo\" : \"cost\"");
    assertThat(run("status")).isEqualTo(Command.DONE);
    assertThat(out()).contains("  the key may not read: cost of ToDo\n");
    assertThat(run("doctor", "site")).isEqualTo(Command.DONE);
    assertThat(out()).contains("warning  ToDo: The key may not read these fields: cost.");
  }

  private void polled() {
    run("run", "--once");
    for (String name : new String[] {"A", "B"}) {
      site.insert("ToDo", json("{\"name\": \"" + name + "\", \"status\": \"Open\"}"));
    }
    run("run", "--once");
    assertThat(database.count("document")).isEqualTo(2);
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) DocumentJson.MAPPER.readTree(text);
    } catch (IOException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
