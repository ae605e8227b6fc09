package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.stream.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code doctor} where masters of a target site were left enabled. */
class DoctorHistoryTest extends CommandLineTest {
  private static final String BUYER =
      "{'name': 'Buyer', 'doctype': 'DocType', 'autoname': 'prompt', 'fields': ["
          + "{'fieldname': 'title', 'fieldtype': 'Data', 'label': 'Title'},"
          + "{'fieldname': 'disabled', 'fieldtype': 'Check', 'label': 'Disabled'}]}";

  @Test
  void a_master_that_a_process_which_ended_left_enabled_is_named_and_disabled_again() {
    try (StandInSite hq = StandInSite.start(Generation.STOCK_15);
        StandInSite branch = StandInSite.start(Generation.STOCK_15);
        TestDatabase database = TestDatabase.create()) {
      leaveOpen(hq, branch, database);

      run("doctor");

      assertThat(out())
          .contains(
              "  warning  history: Buyer B of %s was enabled for documents of %s by a process that ended. It is disabled again now."
                  .formatted(branch.url(), hq.url()));
      assertThat(disabled(branch)).isEqualTo(1);
      assertThat(database.value("select ending from opened_master")).isEqualTo("Restored");

      run("doctor");

      assertThat(out()).doesNotContain("history: Buyer");
    }
  }

  @Test
  void a_master_that_is_enabled_by_a_process_which_runs_is_left_to_it() {
    try (StandInSite hq = StandInSite.start(Generation.STOCK_15);
        StandInSite branch = StandInSite.start(Generation.STOCK_15);
        TestDatabase database = TestDatabase.create()) {
      leaveOpen(hq, branch, database);
      database.execute(
          "insert into event_producer (producer_url, lease_owner, lease_until) values ('%s', 'another', now() + interval '1 hour')"
              .formatted(hq.url()));

      run("doctor");

      assertThat(out())
          .contains(
              "  ok       history: Buyer B of %s was enabled for documents of %s, which are being written now: that process disables it again."
                  .formatted(branch.url(), hq.url()));
      assertThat(disabled(branch)).isZero();
      assertThat(database.count("opened_master where restored_at is null")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"PUT", "GET"})
  void a_site_that_does_not_let_it_be_disabled_is_a_problem(String method) {
    try (StandInSite hq = StandInSite.start(Generation.STOCK_15);
        StandInSite branch = StandInSite.start(Generation.STOCK_15);
        TestDatabase database = TestDatabase.create()) {
      leaveOpen(hq, branch, database);
      branch.fail(
          100,
          request -> request.method().equals(method) && request.uri().contains("/Buyer/B"),
          Fault.forbidden());

      assertThat(run("doctor")).as(this::out).isEqualTo(Command.INVALID_FILES);

      assertThat(out())
          .contains("  problem  history: Buyer B of ", "could not be disabled again", "403");
      assertThat(database.count("opened_master where restored_at is null")).isEqualTo(1);
    }
  }

  @Test
  void a_site_that_does_not_answer_is_a_problem() {
    try (StandInSite hq = StandInSite.start(Generation.STOCK_15);
        StandInSite branch = StandInSite.start(Generation.STOCK_15);
        TestDatabase database = TestDatabase.create()) {
      leaveOpen(hq, branch, database);
      branch.refuseConnections();

      assertThat(run("doctor")).as(this::out).isEqualTo(Command.UNREACHABLE);

      assertThat(out()).contains("  problem  history: Masters of " + branch.url());
      assertThat(database.count("opened_master where restored_at is null")).isEqualTo(1);
    }
  }

  private void leaveOpen(StandInSite hq, StandInSite branch, TestDatabase database) {
    settings(database);
    following(hq, "ToDo");
    alsoInProducerFile("target: branch");
    file(
        "sites/branch.yaml",
        """
        url: %s
        user: Administrator
        api_key: %s
        api_secret: "{{file:%s}}"
        history:
          as_is: [Buyer]
        """
            .formatted(branch.url(), branch.apiKey(), project.resolve("secret")));
    branch.putDocType(docType(BUYER));
    String before =
        branch.insert("Buyer", docType("{'name': 'B', 'disabled': 1}")).path("modified").asText();
    String opened =
        branch.update("Buyer", "B", docType("{'disabled': 0}")).path("modified").asText();
    database.execute(
        ("insert into opened_master (target_site, doctype, name, fieldname, value, modified_before, modified_open, producer_url, documents)"
                + " values ('%s', 'Buyer', 'B', 'disabled', 1, '%s', '%s', '%s', '{Order X}')")
            .formatted(branch.url(), before, opened, hq.url()));
  }

  private static int disabled(StandInSite site) {
    return site.documents("Buyer").get(0).path("disabled").asInt();
  }

  private static ObjectNode docType(String text) {
    return (ObjectNode) Rows.parsed(text.replace('\'', '"'));
  }
}
