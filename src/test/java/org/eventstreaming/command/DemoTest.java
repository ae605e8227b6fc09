package org.eventstreaming.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eventstreaming.postgres.Database;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest extends CommandLineTest {
  @Test
  void the_demo_streams_the_whole_history_and_begins_anew_each_time() throws Exception {
    assertThat(run("demo", "--once")).isEqualTo(Command.DONE);
    assertThat(run("demo", "--once")).isEqualTo(Command.DONE);

    assertThat(out())
        .startsWith("Event Streaming demo:")
        .contains("jdbc:postgresql://127.0.0.1:", "postgresql-16/password")
        .containsPattern("\\| all +\\| +134 \\| +134 \\| +0 \\| +0 \\| +84 \\|");
    Path password = project.resolve("data/demo/postgresql-16/password");
    assertThat(out()).contains(password.toString()).doesNotContain(Files.readString(password));
  }

  @Test
  void after_a_demo_the_commands_and_questions_of_the_readme_answer_from_its_database()
      throws Exception {
    assertThat(run("demo", "--once")).isEqualTo(Command.DONE);
    Path home = project.resolve("data/demo");

    assertThat(runAnywhere("-C", home.toString(), "status", "-v")).isZero();
    assertThat(out()).contains("approved 11", "Failed 0, Waiting 0").doesNotContain("not followed");
    assertThat(runAnywhere("-C", home.toString(), "synclog", "list")).isZero();
    assertThat(runAnywhere("-C", home.toString(), "resync", "--failed")).isZero();
    assertThat(
            runAnywhere(
                "-C", home.toString(), "doc", "show", "Sales Invoice", "ACC-SINV-2026-00003"))
        .isZero();
    assertThat(out()).contains("\"status\" : \"Paid\"");
    assertThat(runAnywhere("-C", home.toString(), "validate")).isZero();
    assertThat(runAnywhere("-C", home.toString(), "compare", "demo"))
        .isEqualTo(Command.UNREACHABLE);
    assertThat(err()).contains("Is the site up and reachable?");
    String page = Files.readString(Path.of("docs/first-queries.md"));
    Matcher queries = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL).matcher(page);
    assertThat(Files.readString(Path.of("README.md")))
        .as("the first query of the page with its answers")
        .contains(page.substring(page.indexOf("```sql"), page.indexOf("Revenue by item")).strip());
    try (Database database = Database.open(Project.settings(home).settings())) {
      int answers = 0;
      while (queries.find()) {
        for (ObjectNode row : Rows.of(database, queries.group(1))) {
          StringJoiner reported = new StringJoiner(" | ", "    ", "\n");
          row.forEach(value -> reported.add(value.asText()));
          assertThat(page).contains(reported.toString());
          answers++;
        }
      }
      assertThat(answers).isEqualTo(11);
    }
  }

  @Test
  void other_commands_look_into_the_database_of_a_demo_that_runs_and_a_signal_ends_it(
      @TempDir Path logs) throws Exception {
    Process demo = start(logs.resolve("demo.log"));
    try (var lines = demo.inputReader()) {
      String health = lineWith("Its health: ", lines).replaceFirst(".*: ", "");
      lineWith("entries,", lines);
      Path home = project.resolve("data/demo");

      assertThat(runAnywhere("-C", home.toString(), "status")).isZero();
      assertThat(out()).contains("approved 11").doesNotContain("not followed");
      assertThat(run("demo", "--once")).isEqualTo(Command.UNREACHABLE);
      assertThat(err()).contains("Another process has the database");
      lineWith("The recorded history is applied.", lines);
      assertThat(runAnywhere("-C", home.toString(), "compare", "demo")).isZero();
      assertThat(out()).contains("compared: all equal");
      try (InputStream answer = URI.create(health).toURL().openStream()) {
        assertThat(new String(answer.readAllBytes(), UTF_8)).contains("\"status\":\"UP\"");
      }
      demo.destroy();
      assertThat(demo.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(home.resolve("postgresql-16/data/postmaster.pid")).doesNotExist();
    } finally {
      demo.destroyForcibly();
    }
  }

  private static String lineWith(String text, BufferedReader lines) throws IOException {
    String line = lines.readLine();
    while (line != null && !line.contains(text)) {
      line = lines.readLine();
    }
    return Objects.requireNonNull(line, "the demo ended before it printed " + text);
  }

  private Process start(Path log) throws Exception {
    String given = System.getProperty("surefire.test.class.path");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "org.eventstreaming.EventStreaming",
            "-C",
            project.toString(),
            "demo");
    builder
        .environment()
        .put("CLASSPATH", Objects.requireNonNullElse(given, System.getProperty("java.class.path")));
    return builder.redirectError(log.toFile()).start();
  }
}
