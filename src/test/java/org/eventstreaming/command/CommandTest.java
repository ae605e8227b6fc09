package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eventstreaming.stream.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTest {
  @TempDir Path project;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void the_sync_log_is_listed_shown_and_made_due() throws IOException {
    try (TestDatabase database = TestDatabase.create()) {
      configure(String.valueOf(database.databaseSettings().url()));
      database.execute(
          """
          insert into event_sync_log (update_log, event_producer, producer_doctype, producer_doc,
                                      update_type, use_same_name, status, error, entry)
          values ('x1', 'http://hq', 'ToDo', 'A', 'Create', true, 'Failed', 'because', '{}'),
                 ('x2', 'http://hq', 'ToDo', 'A', 'Update', true, 'Waiting', null, '{}')
          """);

      assertThat(run("synclog", "list", "--status", "Failed", "-o", "json")).isZero();
      assertThat(out.toString()).contains("\"message\" : \"because\"").doesNotContain("Waiting");
      assertThat(run("synclog", "show", "1")).isZero();
      assertThat(out.toString()).contains("error: because");
      assertThat(run("synclog", "show", "77")).isEqualTo(Command.USAGE);
      assertThat(run("resync", "1")).isZero();
      assertThat(out.toString()).contains("2 row(s) of 1 document(s) are due now");
      assertThat(database.count("event_sync_log where next_attempt_at <= now()")).isEqualTo(2);
      assertThat(run("status")).isZero();
      assertThat(run("producers", "list")).isZero();
      assertThat(run("db", "migrate")).isZero();
      assertThat(run("doc", "show", "ToDo", "nope")).isEqualTo(Command.SOME_FAILED);
    }
  }

  @Test
  void a_broken_producer_file_is_refused_with_its_place() throws IOException {
    Files.createDirectories(project.resolve("producers"));
    Files.writeString(project.resolve("producers/hq.yaml"), "producer_url: [\n");

    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);

    assertThat(err.toString()).contains("producers/hq.yaml:2:1: ");
  }

  @Test
  void a_database_that_cannot_be_reached_is_told_without_its_password() throws IOException {
    configure("jdbc:postgresql://127.0.0.1:1/nowhere");

    assertThat(run("status")).isEqualTo(Command.UNREACHABLE);

    assertThat(err.toString())
        .contains("Could not connect to jdbc:postgresql://127.0.0.1:1/nowhere")
        .contains("eventstreaming.database.url");
  }

  private void configure(String url) throws IOException {
    Files.createDirectories(project.resolve("config"));
    Files.writeString(
        project.resolve("config/application.properties"),
        "eventstreaming.database.url=" + url + "\neventstreaming.database.user=postgres\n");
  }

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "-C";
    all[1] = project.toString();
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return Command.run(new PrintWriter(out), new PrintWriter(err), all);
  }
}
