package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.stream.TestDatabase;
import org.eventstreaming.update.DocumentJson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunTest extends CommandLineTest {
  private final StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
  private final TestDatabase database = TestDatabase.create();

  @AfterEach
  void close() {
    site.close();
    database.close();
  }

  @Test
  void once_works_off_what_is_there_and_ends() {
    settings(database, "eventstreaming.url=http://127.0.0.1:9").following(site, "ToDo");
    assertThat(run("run", "--once")).isEqualTo(Command.DONE);
    insert("A");

    assertThat(run("run", "--once")).isEqualTo(Command.DONE);

    assertThat(out()).contains("1 entries received; 0 Failed, 0 Waiting in all.");
    assertThat(database.value("select name from document")).isEqualTo("A");
  }

  @Test
  void once_ends_with_5_when_an_entry_failed_and_with_0_when_that_is_an_old_story() {
    settings(database, "eventstreaming.url=http://127.0.0.1:9", "eventstreaming.retry.attempts=1")
        .following(site, "ToDo");
    run("run", "--once");
    site.append(
        new LogEntry("bad", "2031-01-01 00:00:00.000001", "Create", "ToDo", "B", "no JSON"));

    assertThat(run("run", "--once")).isEqualTo(Command.SOME_FAILED);
    assertThat(run("run", "--once")).isEqualTo(Command.DONE);

    assertThat(out()).contains("0 entries received; 1 Failed");
  }

  @Test
  void a_target_that_was_changed_after_documents_were_streamed_is_refused() {
    settings(database, "eventstreaming.url=http://127.0.0.1:9").following(site, "ToDo");
    run("run", "--once");
    insert("A");
    assertThat(run("run", "--once")).isEqualTo(Command.DONE);

    target("branch", "http://127.0.0.1:2").alsoInProducerFile("target: branch");

    assertThat(run("run", "--once")).isEqualTo(Command.INVALID_FILES);
    assertThat(err())
        .contains(site.url() + " says target: branch (http://127.0.0.1:2)")
        .contains("1 of its documents are kept in PostgreSQL. Nothing is streamed.")
        .contains("Set the target back")
        .contains("delete from event_streaming.document_link where producer_url = '" + site.url());
    // it also looks at the target, which does not answer
    assertThat(run("doctor")).isEqualTo(Command.UNREACHABLE);
    assertThat(out()).contains("problem  target: ", "1 of its documents are kept in PostgreSQL.");

    database.execute("update document_link set target_site = 'http://127.0.0.1:3'");

    assertThat(run("run", "--once")).isEqualTo(Command.INVALID_FILES);
    assertThat(err()).contains("1 of its documents were written to http://127.0.0.1:3.");

    following(site, "ToDo");

    assertThat(run("run", "--once")).isEqualTo(Command.INVALID_FILES);
    assertThat(err()).contains("says target: postgres, but 1 of its documents were written to");

    target("branch", "http://127.0.0.1:3").alsoInProducerFile("target: branch");

    // where the file says what was streamed where, it is tried
    assertThat(run("run", "--once")).isEqualTo(Command.UNREACHABLE);
    assertThat(out()).contains("at http://127.0.0.1:3: no answer");
    assertThat(run("doctor")).as(this::out).isEqualTo(Command.UNREACHABLE);
    assertThat(out()).doesNotContain("of its documents");
  }

  private CommandLineTest target(String name, String url) {
    return file(
        "sites/" + name + ".yaml",
        "url: %s\nuser: Administrator\napi_key: key\napi_secret: \"{{file:%s}}\"\n"
            .formatted(url, project.resolve("secret")));
  }

  @Test
  void once_ends_with_4_when_a_producer_cannot_be_polled() {
    settings(database).following(site, "ToDo");
    site.refuseConnections();

    assertThat(run("run", "--once")).isEqualTo(Command.UNREACHABLE);

    assertThat(out()).contains(site.url()).doesNotContain(site.apiSecret());
  }

  @Test
  void once_waits_for_the_lease_of_a_process_that_died() {
    settings(database, "eventstreaming.url=http://127.0.0.1:9", "eventstreaming.poll.lease=2s")
        .following(site, "ToDo");
    run("run", "--once");
    insert("A");
    lease("1 second");

    assertThat(run("run", "--once")).isEqualTo(Command.DONE);

    assertThat(out()).contains("1 entries received");
  }

  @Test
  void once_leaves_a_producer_to_the_process_that_keeps_polling_it() {
    settings(database, "eventstreaming.poll.lease=300ms").following(site, "ToDo");
    database.execute("insert into event_producer (producer_url) values ('" + site.url() + "')");
    lease("1 hour");

    assertThat(run("run", "--once")).isEqualTo(Command.DONE);

    assertThat(out())
        .contains("of " + site.url() + " by process ", "This producer is left to that process.");
    assertThat(site.requests()).isEmpty();
  }

  @Test
  void a_project_without_producers_ends_at_once() {
    settings(database);

    assertThat(run("run", "--once")).isEqualTo(Command.DONE);
  }

  @Test
  void a_port_in_use_is_reported_with_the_setting_that_changes_it() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      settings(database, "# below");
      file(
          "config/application.properties",
          """
          eventstreaming.database.url=%s
          eventstreaming.database.user=postgres
          eventstreaming.http.port=%d
          """
              .formatted(database.databaseSettings().url(), taken.getLocalPort()));

      assertThat(run("run")).isEqualTo(Command.UNREACHABLE);

      assertThat(err())
          .contains("eventstreaming.http.port " + taken.getLocalPort(), "to a free port, or to 0")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void routes_that_cannot_run_are_refused_without_a_stack_trace() {
    settings(database).ownRoutes().route("retry", "- filter:", "- filterr:");

    assertThat(run("run")).isEqualTo(Command.INVALID_FILES);

    assertThat(err()).contains("routes/retry.camel.yaml:", "filterr").doesNotContain("\tat ");
  }

  @Test
  void a_replacement_that_leaves_out_a_route_which_the_program_calls_is_refused() {
    settings(database)
        .route("views", "uri: direct:views\n      steps", "uri: direct:our-views\n      steps");

    assertThat(run("run")).isEqualTo(Command.INVALID_FILES);

    assertThat(err())
        .contains(
            "routes/views.camel.yaml:", "has no route from direct:views any more, ", "routes diff")
        .doesNotContain("\tat ");
  }

  @Test
  void a_replacement_that_leaves_out_the_writing_of_a_page_is_refused() {
    settings(database)
        .route("consumer", "uri: direct:write\n      steps", "uri: direct:our-own\n      steps");

    assertThat(run("run")).isEqualTo(Command.INVALID_FILES);

    assertThat(err())
        .contains("routes/consumer.camel.yaml:", "has no route from direct:write any more, ")
        .doesNotContain("\tat ");
  }

  @Test
  void a_route_file_whose_name_keeps_it_from_being_loaded_is_refused() {
    settings(database).file("routes/alert.yaml", "- route:\n    id: alert\n");

    assertThat(run("run", "--once")).isEqualTo(Command.INVALID_FILES);

    assertThat(err()).startsWith("routes/alert.yaml: is not loaded: name it alert.camel.yaml");
  }

  @Test
  void without_a_command_it_runs() {
    settings(database).file("producers/hq.yaml", "producer_url: [\n");

    assertThat(run()).isEqualTo(Command.INVALID_FILES);

    assertThat(err()).contains("producers/hq.yaml:2:1: ");
  }

  private void insert(String name) {
    site.insert(
        "ToDo", DocumentJson.MAPPER.createObjectNode().put("name", name).put("status", "Open"));
  }

  private void lease(String time) {
    database.execute(
        "update event_producer set lease_owner = 'other', lease_until = clock_timestamp() + interval '"
            + time
            + "'");
  }
}
