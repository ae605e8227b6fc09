package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
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
        .containsPattern("\\| all +\\| +122 \\| +122 \\| +0 \\| +0 \\| +88 \\|");
    Path password = project.resolve("data/demo/postgresql-16/password");
    assertThat(out()).contains(password.toString()).doesNotContain(Files.readString(password));
  }

  @Test
  void other_commands_look_into_the_database_of_a_demo_that_runs_and_a_signal_ends_it(
      @TempDir Path logs) throws Exception {
    Process demo = start(logs.resolve("demo.log"));
    try (var lines = demo.inputReader()) {
      String line = lines.readLine();
      while (line != null && !line.contains("entries,")) {
        line = lines.readLine();
      }
      Path home = project.resolve("data/demo");

      assertThat(runAnywhere("-C", home.toString(), "status")).isZero();
      assertThat(out()).contains("approved 12");
      assertThat(run("demo", "--once")).isEqualTo(Command.UNREACHABLE);
      assertThat(err()).contains("Another process has the database");
      demo.destroy();
      assertThat(demo.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(home.resolve("postgresql-16/data/postmaster.pid")).doesNotExist();
    } finally {
      demo.destroyForcibly();
    }
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
