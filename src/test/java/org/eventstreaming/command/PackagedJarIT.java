package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.stream.TestDatabase;
import org.eventstreaming.update.DocumentJson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as it is given away, in a process of its own. */
class PackagedJarIT extends CommandLineTest {
  private static final Path JAR = Path.of("target/event-streaming.jar");

  @TempDir Path temporary;
  @TempDir Path logs;
  private final StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
  private final TestDatabase database = TestDatabase.create();

  @AfterEach
  void close() {
    site.close();
    database.close();
  }

  @Test
  void a_project_with_one_file_of_routes_runs_the_stream_and_its_own_routes() throws Exception {
    settings(database, "eventstreaming.url=http://127.0.0.1:9").following(site, "ToDo").lib();
    file(
        "producers/site.yaml",
        textOf("producers/site.yaml") + "    condition: \"cmd: shop.is_open\"\n");
    try (MailServer mail = MailServer.start()) {
      file(
          "routes/mine.camel.yaml",
          """
          - route:
              id: is-open
              from:
                uri: direct:cmd.shop.is_open
                steps:
                  - to:
                      uri: direct:mail
                  - setBody:
                      expression:
                        simple:
                          expression: "${body[doc][status]} == 'Open'"
                          resultType: java.lang.Boolean
          - route:
              id: mail
              from:
                uri: direct:mail
                steps:
                  - wireTap:
                      uri: direct:send
          - route:
              id: send
              from:
                uri: direct:send
                steps:
                  - setBody:
                      simple: "seen: ${body[doc][name]}"
                  - to:
                      uri: smtp:127.0.0.1:%d
                      parameters:
                        to: me@example.com
                        from: stream@example.com
          """
              .formatted(mail.port()));
      assertThat(jar(project, "run", "--once")).as(words()).isEqualTo(Command.DONE);
      insert("A", "Open");
      insert("B", "Closed");

      assertThat(jar(project, "run", "--once")).as(words()).isEqualTo(Command.DONE);

      assertThat(database.value("select string_agg(name, ',') from document")).isEqualTo("A");
      assertThat(mail.received()).anyMatch("seen: A"::equals).anyMatch("seen: B"::equals);
    }
  }

  @Test
  void a_project_that_init_made_is_valid_and_a_copied_route_says_the_version_of_the_jar()
      throws Exception {
    assertThat(jar(project, "init", "new")).as(words()).isEqualTo(Command.DONE);
    Path made = project.resolve("new");
    assertThat(jar(made, "routes", "copy", "poll")).as(words()).isEqualTo(Command.DONE);
    assertThat(jar(made, "validate")).as(words()).isEqualTo(Command.DONE);

    assertThat(textOf("new/routes/poll.camel.yaml"))
        .matches(
            "(?s)# replaces poll.camel.yaml of event-streaming \\d\\S+ sha256:[0-9a-f]{12}\n.*");
  }

  private int jar(Path directory, String... arguments) throws IOException, InterruptedException {
    try (RunningProcess process =
        RunningProcess.startJar(JAR, directory, temporary, logs.resolve("log"), arguments)) {
      return process.end();
    }
  }

  private String words() throws IOException {
    return Files.readString(logs.resolve("log"));
  }

  private void insert(String name, String status) {
    site.insert(
        "ToDo", DocumentJson.MAPPER.createObjectNode().put("name", name).put("status", status));
  }
}
