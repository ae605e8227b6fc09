package org.eventstreaming.command;

import static com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eventstreaming.stream.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CommandTest extends CommandLineTest {
  private final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void configure() {
    settings(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void everything_can_be_asked_while_nothing_was_ever_polled() {
    assertThat(run("status")).isZero();
    assertThat(out())
        .isEqualToIgnoringNewLines(
            "No Event Producer yet: put a file into producers/ (`event-streaming init DIR` writes an example of one).");
    file("producers/hq.yaml.example", "");
    assertThat(run("status")).isZero();
    assertThat(out()).contains("(see producers/hq.yaml.example).");
    assertThat(run("status", "-o", "json")).isZero();
    assertThat(out().strip()).isEqualTo("[ ]");
    assertThat(run("synclog", "list")).isZero();
    assertThat(run("producers", "list")).isZero();
    assertThat(run("resync", "--failed")).isZero();
    assertThat(out()).contains("Nothing to retry");
    assertThat(run("db", "migrate")).isZero();
    assertThat(out()).contains("is at version 21.");
  }

  @Test
  void status_shows_a_producer_of_the_files_that_was_not_polled_yet() {
    producerFile();

    assertThat(run("status")).isZero();

    assertThat(out()).contains("http://hq\n  not polled yet").doesNotContain("not among the files");
  }

  @Test
  void status_reports_approvals_outcomes_and_the_last_error() {
    polled();

    assertThat(run("status", "-v")).isZero();

    assertThat(out())
        .contains("approved 1, pending 1, rejected 0; read by list", "last success never")
        .contains("Synced 1, Failed 1, Waiting 1; passed over 7", "last error: 401 Unauthorized")
        .contains("    ToDo: Approved");
  }

  @Test
  void status_as_json_has_utc_times_and_the_document_types() {
    polled();

    assertThat(run("status", "-o", "json")).isZero();

    assertThat(out())
        .contains("\"last_poll\" : \"2026-11-22T10:00:00Z\"", "\"ref_doctype\" : \"ToDo\"")
        .contains("\"lease_until\" : null", "\"in_files\" : false");
  }

  @Test
  void status_shows_when_each_work_ran_last_what_is_overdue_and_what_fails() {
    producerFile();
    polled();
    database.execute(
        """
        update event_producer set last_poll = now(), swept_at = now() - interval '1 hour';
        insert into event_producer_work (producer_url, work, began_at, failing_since, failed_at, error)
        values ('http://hq', 'retry', now() - interval '5 seconds', null, null, null),
               ('http://hq', 'load', now() - interval '2 minutes', now() - interval '10 minutes',
                now(), '403 of Note')
        """);

    assertThat(run("status")).isZero();

    assertThat(out())
        .containsPattern(
            "last ran: poll .* ago, reconcile 1 h .*ago, retry .* ago, load 2 min .*ago")
        .contains("overdue: reconcile (every 1 min)")
        .doesNotContain("overdue: poll", "overdue: retry")
        .containsPattern("load fails for 10 min.*: 403 of Note");
    assertThat(run("status", "-o", "json")).isZero();
    assertThat(out()).contains("\"overdue\" : [ \"reconcile (every 1 min)\" ]");
  }

  @Test
  void a_broken_producer_file_is_reported_and_hides_nothing() {
    polled();
    file("producers/hq.yaml", "producer_url: [\n");

    assertThat(run("status")).isZero();

    assertThat(err()).contains("producers/hq.yaml:2:1: ");
    assertThat(out()).contains("http://hq");
  }

  @Test
  void a_broken_producer_file_leaves_the_producers_of_the_other_files_followed() {
    polled();
    producerFile();
    file("producers/branch.yaml", "producer_url: [\n");

    assertThat(run("status")).isZero();

    assertThat(err()).contains("producers/branch.yaml:2:1: ");
    assertThat(out()).contains("http://hq").doesNotContain("not followed");
  }

  @Test
  void commands_that_call_no_site_need_no_secret() {
    polled();
    secretsThatAreNotSet();

    assertThat(run("status")).isZero();
    assertThat(err()).isEmpty();
    assertThat(out()).contains("http://hq\n").doesNotContain("not followed");
    assertThat(run("producers", "list")).isZero();
    assertThat(err()).isEmpty();
    assertThat(out()).containsPattern("http://hq +\\| Item +\\| Not asked yet ");
    assertThat(run("synclog", "list")).isZero();
    assertThat(run("synclog", "show", "1")).isZero();
    assertThat(run("resync", "--failed")).isZero();
    assertThat(run("db", "migrate")).isZero();
    assertThat(run("backfill", "hq", "--cancel")).isZero();
    assertThat(err()).isEmpty();
  }

  @Test
  void a_command_that_calls_a_site_reports_which_secret_is_not_set_and_where() {
    secretsThatAreNotSet();

    assertThat(run("run", "--once")).isEqualTo(Command.INVALID_FILES);
    assertThat(err())
        .contains("producers/hq.yaml:3:10: api_key: the environment variable NO_KEY_HERE is not")
        .contains("producers/hq.yaml:4:13: api_secret: ", "producers/hq.yaml:5:17: webhook_secret:")
        .contains("sites/branch.yaml:4:13: api_secret: ");
    assertThat(run("doctor")).isEqualTo(Command.INVALID_FILES);
    assertThat(run("compare", "hq")).isEqualTo(Command.INVALID_FILES);
    assertThat(run("backfill", "hq")).isEqualTo(Command.INVALID_FILES);
  }

  private void secretsThatAreNotSet() {
    file(
        "producers/hq.yaml",
        """
        producer_url: http://hq
        user: stream@example.com
        api_key: "{{env:NO_KEY_HERE}}"
        api_secret: "{{env:NO_SECRET_HERE}}"
        webhook_secret: "{{file:no/secret/here}}"
        target: branch
        producer_doctypes:
          - ref_doctype: ToDo
          - ref_doctype: Item
        """);
    file(
        "sites/branch.yaml",
        """
        url: http://branch
        user: stream@example.com
        api_key: "{{env:NO_KEY_HERE}}"
        api_secret: "{{env:NO_SECRET_HERE}}"
        """);
  }

  @Test
  void producers_are_listed_as_the_files_ask_with_the_approval_read_back() {
    producerFile();
    polled();

    assertThat(run("producers", "list")).isZero();

    assertThat(out().lines())
        .anyMatch(line -> line.matches(".*http://hq +\\| ToDo +\\| Approved .*"))
        .anyMatch(line -> line.matches(".*http://hq +\\| Item +\\| Not asked yet .*"))
        .anyMatch(line -> line.matches(".*http://hq +\\| Note +\\| Not asked for .*"));
  }

  @Test
  void the_sync_log_is_listed_by_what_is_asked_for() {
    polled();

    assertThat(run("synclog", "list", "--status", "failed", "-o", "json")).isZero();
    assertThat(out())
        .contains("\"message\" : \"because\"", "\"waits_for\" : [ \"Item\", \"I1\" ]")
        .doesNotContain("Synced");
    assertThat(run("synclog", "list", "--doc", "B", "--doctype", "ToDo", "--since", "1d")).isZero();
    assertThat(out()).containsPattern("\\| +3 \\|").doesNotContain("because");
    assertThat(run("synclog", "list", "--since", "1000000000000d")).isZero();
    assertThat(out()).contains("because").containsPattern("\\| +3 \\|");
    assertThat(run("synclog", "list", "--producer", "http://hq", "--limit", "1")).isZero();
    assertThat(out()).containsPattern("\\| +3 \\|").doesNotContainPattern("\\| +2 \\|");
  }

  @Test
  void a_status_that_is_none_is_refused_with_those_there_are() {
    assertThat(run("synclog", "list", "--status", "nope")).isEqualTo(Command.USAGE);

    assertThat(err()).contains("must be Synced, Failed or Waiting, was 'nope'");
  }

  @Test
  void a_row_is_shown_with_its_entry_as_json() {
    polled();

    assertThat(run("synclog", "show", "1")).isZero();
    assertThat(out()).contains("error: because", "\"description\" : \"milk\"");
    assertThat(run("synclog", "show", "1", "-o", "json")).isZero();
    assertThat(out()).contains("\"entry\" : {", "\"note\" : null");
  }

  @Test
  void resync_makes_a_row_and_its_line_due() {
    polled();

    assertThat(run("resync", "1", "--dry-run")).isZero();
    assertThat(out()).contains("2 row(s) of 1 document(s) would be due.");
    assertThat(database.count("event_sync_log where next_attempt_at <= now()")).isZero();
    assertThat(run("resync", "1")).isZero();
    assertThat(out()).contains("2 row(s) of 1 document(s) are due now");
    assertThat(database.count("event_sync_log where next_attempt_at <= now() and attempts = 0"))
        .isEqualTo(2);
  }

  @Test
  void resync_says_of_a_synced_row_that_there_is_nothing_to_do() {
    polled();

    assertThat(run("resync", "3")).isZero();

    assertThat(out()).contains("Row 3 is Synced", "Nothing to retry");
  }

  @Test
  void what_is_not_there_is_refused_as_wrong_usage() {
    polled();

    assertThat(run("synclog", "show", "77")).isEqualTo(Command.USAGE);
    assertThat(err()).contains("There is no row 77");
    assertThat(run("resync", "1", "77")).isEqualTo(Command.USAGE);
    assertThat(database.count("event_sync_log where next_attempt_at is not null")).isZero();
    assertThat(run("resync")).isEqualTo(Command.USAGE);
    assertThat(run("resync", "--failed", "--producer", "http://else")).isEqualTo(Command.USAGE);
    assertThat(err()).contains("No Event Producer http://else");
    assertThat(run("synclog", "list", "--producer", "http://else")).isEqualTo(Command.USAGE);
    assertThat(run("synclog", "list", "--since", "soon")).isEqualTo(Command.USAGE);
    assertThat(run("synclog", "list", "--status", "Lost")).isEqualTo(Command.USAGE);
    assertThat(run("synclog", "list", "--limit", "0")).isEqualTo(Command.USAGE);
    assertThat(runAnywhere("-C", "/no/such/place", "status")).isEqualTo(Command.USAGE);
    assertThat(err()).contains("there is no directory /no/such/place");
  }

  @Test
  void a_document_is_shown_with_where_it_comes_from() {
    database.execute(
        """
        insert into document (doctype, name, data) values ('ToDo', 'A', '{"status": "Open"}');
        insert into document_link (producer_url, remote_doctype, remote_name, local_doctype,
                                   local_name, last_creation)
        values ('http://hq', 'ToDo', 'A-there', 'ToDo', 'A', '2026-11-22 10:00:00+00')
        """);

    assertThat(run("doc", "show", "ToDo", "A")).isZero();
    assertThat(out())
        .contains("\"status\" : \"Open\"", "\"remote_name\" : \"A-there\"")
        .contains("\"last_creation\" : \"2026-11-22T10:00:00.000000Z\"");
    assertThat(run("doc", "show", "ToDo", "B")).isEqualTo(Command.SOME_FAILED);
    assertThat(err()).contains("There is no ToDo B here");
  }

  @Test
  void a_database_that_cannot_be_reached_is_reported_without_its_password() {
    file(
        "config/application.properties",
        """
        eventstreaming.database.url=jdbc:postgresql://127.0.0.1:1/nowhere?password=hush
        eventstreaming.database.password=hush
        """);

    assertThat(run("status")).isEqualTo(Command.UNREACHABLE);

    assertThat(err())
        .contains("Could not connect to jdbc:postgresql://127.0.0.1:1/nowhere:")
        .contains("eventstreaming.database.url")
        .doesNotContain("hush", "\tat ");
  }

  @Test
  void a_schema_that_a_newer_program_migrated_is_refused_and_stays_as_it_is() throws IOException {
    assertThat(run("db", "migrate")).isZero();
    String known = out().replaceAll("(?s).*version (\\d+).*", "$1");
    database.execute(
        """
        insert into schema_history
        values (1000, '9999', 'later', 'SQL', 'V9999__later.sql', 1, 'postgres', now(), 1, true)
        """);

    for (List<String> command :
        List.of(List.of("run", "--once"), List.of("status"), List.of("doctor"))) {
      int code = run(command.toArray(String[]::new));

      assertThat(code).as(command + ": " + err()).isEqualTo(Command.UNREACHABLE);
      assertThat(out() + err())
          .contains("is at version 9999, and this program knows version " + known + " at most")
          .contains("restore the backup")
          .doesNotContain("\tat ");
    }
    database.execute("delete from schema_history where version = '9999'");
    assertThat(run("status")).isZero();
  }

  @Test
  void what_is_unexpected_is_one_line_and_with_verbose_a_stack_trace() {
    database.execute("alter table document rename to elsewhere");

    assertThat(run("doc", "show", "ToDo", "A")).isEqualTo(Command.UNEXPECTED);
    assertThat(err()).contains("Unexpected: ", "--verbose").doesNotContain("\tat ");
    assertThat(run("-v", "doc", "show", "ToDo", "A")).isEqualTo(Command.UNEXPECTED);
    assertThat(err()).contains("\tat org.eventstreaming.");
  }

  /** A command that prints something new has to say how a program reads it. */
  @Test
  void every_command_prints_json_where_that_is_asked_for() {
    List<CommandLine> commands = new ArrayList<>();
    leaves(Command.line(new Command(Map.of())), commands);

    assertThat(commands)
        .hasSizeGreaterThan(15)
        .allSatisfy(
            command -> {
              CommandLine.Model.OptionSpec format = command.getCommandSpec().findOption("-o");
              assertThat(format).as(command.getCommandSpec().qualifiedName() + " -o").isNotNull();
              assertThat(format.type()).isEqualTo(Rows.Format.class);
            });
  }

  @Test
  void what_commands_print_as_json_is_json_and_nothing_else() throws IOException {
    polled();
    producerFile();
    database.execute("insert into document (doctype, name, data) values ('ToDo', 'A', '{}')");
    for (List<String> command :
        List.of(
            List.of("status"),
            List.of("producers", "list"),
            List.of("synclog", "list"),
            List.of("synclog", "show", "1"),
            List.of("doc", "show", "ToDo", "A"),
            List.of("resync", "1", "3", "--dry-run"),
            List.of("db", "migrate"),
            List.of("validate"),
            List.of("export"))) {
      List<String> asJson = new ArrayList<>(command);
      asJson.addAll(List.of("-o", "json"));

      assertThat(run(asJson.toArray(String[]::new))).as(command + ": " + err()).isZero();

      assertThat(new ObjectMapper().reader().with(FAIL_ON_TRAILING_TOKENS).readTree(out()))
          .as(command.toString())
          .isNotNull();
    }
    assertThat(run("resync", "1", "3", "--dry-run", "-o", "json")).isZero();
    assertThat(out()).contains("\"rows\" : 2", "\"dry_run\" : true", "\"synced\" : [ 3 ]");
    assertThat(run("validate", "-o", "json")).isZero();
    assertThat(out()).contains("\"problems\" : [ ]", "\"file\" : \"producers/hq.yaml\"");
    assertThat(run("run", "--once", "-o", "json")).isEqualTo(Command.UNREACHABLE);
    assertThat(new ObjectMapper().readTree(out()).path("errors").path(0).path("producer_url"))
        .hasToString("\"http://hq\"");
    assertThat(run("doc", "show", "ToDo", "A", "-o", "table")).isZero();
    assertThat(out()).contains("doctype: ToDo\n");
  }

  private static void leaves(CommandLine line, List<CommandLine> found) {
    if (line.getSubcommands().isEmpty()) {
      found.add(line);
    }
    line.getSubcommands().values().forEach(command -> leaves(command, found));
  }

  private void producerFile() {
    file("secret", "s3cret");
    file(
        "producers/hq.yaml",
        """
        producer_url: http://hq
        user: stream@example.com
        api_key: key
        api_secret: "{{file:%s}}"
        producer_doctypes:
          - ref_doctype: ToDo
          - ref_doctype: Item
        """
            .formatted(project.resolve("secret")));
  }

  private void polled() {
    database.execute(
        """
        insert into event_producer (producer_url, read, last_poll, last_error)
        values ('http://hq', 'list', '2026-11-22 10:00:00+00', '401 Unauthorized');
        insert into event_producer_document_type (producer_url, ref_doctype, status, passed_over)
        values ('http://hq', 'ToDo', 'Approved', 7), ('http://hq', 'Note', 'Pending', 0);
        insert into event_sync_log (update_log, event_producer, producer_doctype, producer_doc,
                                    update_type, use_same_name, status, error, waits_for, entry)
        values ('x1', 'http://hq', 'ToDo', 'A', 'Create', true, 'Failed', 'because',
                array['Item', 'I1'], '{"data": "{\\"description\\": \\"milk\\"}"}'),
               ('x2', 'http://hq', 'ToDo', 'A', 'Update', true, 'Waiting', null, null, '{}'),
               ('x3', 'http://hq', 'ToDo', 'B', 'Update', true, 'Synced', null, null, null)
        """);
  }
}
