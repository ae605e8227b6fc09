package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.stream.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that starts the jar, as a person does. */
class LauncherIT extends CommandLineTest {
  private static final Path LAUNCHER = Path.of("bin/event-streaming").toAbsolutePath();

  @TempDir Path cache;
  @TempDir Path temporary;
  private final Map<String, String> variables =
      new HashMap<>(Map.of("JAVA_HOME", System.getProperty("java.home")));

  @Test
  void the_second_start_of_a_command_maps_the_classes_that_the_first_one_kept() throws Exception {
    Path loaded = temporary.resolve("loaded");
    variables.put("EVENT_STREAMING_OPTS", "-Xlog:class+load:file=" + loaded);

    assertThat(launched("routes", "list")).as(words()).isEqualTo(Command.DONE);

    assertThat(kept()).singleElement().asString().startsWith("short-").endsWith(".jsa");
    assertThat(ofOurs(loaded)).isNotEmpty().noneMatch(line -> line.contains("shared objects"));
    List<String> before = kept();

    assertThat(launched("routes", "list")).as(words()).isEqualTo(Command.DONE);

    // a class that was read and never used is not kept
    List<String> again = ofOurs(loaded);
    assertThat(again).filteredOn(line -> line.contains("shared objects")).hasSizeGreaterThan(50);
    assertThat(again).filteredOn(line -> line.contains(".jar")).hasSizeLessThan(again.size() / 5);
    assertThat(kept()).isEqualTo(before);
  }

  @Test
  void classes_of_other_options_take_the_place_of_those_that_were_kept() throws Exception {
    assertThat(launched("routes", "list")).as(words()).isEqualTo(Command.DONE);
    List<String> before = kept();
    variables.put("EVENT_STREAMING_OPTS", "-Xmx300m");

    assertThat(launched("routes", "list")).as(words()).isEqualTo(Command.DONE);

    assertThat(kept()).hasSize(1).doesNotContainAnyElementsOf(before);
  }

  @Test
  void exit_codes_are_those_of_the_command() throws Exception {
    file("producers/site.yaml", "producer_url: 7\n");

    assertThat(launched("validate")).as(words()).isEqualTo(Command.INVALID_FILES);
    assertThat(launched("validate")).as(words()).isEqualTo(Command.INVALID_FILES);
    assertThat(launched("no-such-command")).isEqualTo(Command.USAGE);
    assertThat(launched("--version")).isEqualTo(Command.DONE);
  }

  @Test
  void a_signal_to_the_launcher_stops_the_stream_that_keeps_its_classes() throws Exception {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestDatabase database = TestDatabase.create()) {
      settings(database, "eventstreaming.url=http://127.0.0.1:9").following(site, "ToDo");
      for (int start = 0; start < 2; start++) {
        try (RunningProcess stream = launch("run")) {
          stream.address();

          assertThat(stream.terminate()).isEqualTo(143);

          assertThat(words()).contains("Stopping");
          assertThat(kept()).singleElement().asString().startsWith("stream-");
        }
      }
    }
  }

  @Test
  void without_a_place_to_keep_classes_it_runs_all_the_same() throws Exception {
    variables.put("EVENT_STREAMING_CACHE", "none");
    assertThat(launched("routes", "list")).as(words()).isEqualTo(Command.DONE);

    variables.put("EVENT_STREAMING_CACHE", "/dev/null/here");
    assertThat(launched("routes", "list")).as(words()).isEqualTo(Command.DONE);

    assertThat(words()).contains("poll-producer").doesNotContain("event-streaming: ");
    assertThat(kept()).isEmpty();
  }

  @Test
  void what_is_missing_is_named_with_what_to_do() throws Exception {
    variables.put("EVENT_STREAMING_JAR", temporary.resolve("none.jar").toString());
    assertThat(launched("--version")).isEqualTo(1);
    assertThat(words()).contains("EVENT_STREAMING_JAR", "none.jar cannot be read");

    variables.put("JAVA_HOME", temporary.toString());
    assertThat(launched("--version")).isEqualTo(1);
    assertThat(words()).contains("install a Java 17 runtime, or set JAVA_HOME");
  }

  private List<String> kept() throws IOException {
    try (Stream<Path> files = Files.list(cache)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  /** What Java says of our own classes. */
  private static List<String> ofOurs(Path loaded) throws IOException {
    return Files.readAllLines(loaded).stream()
        .filter(line -> line.contains(" org.eventstreaming."))
        .filter(line -> !line.contains("Lambda") && !line.contains("$$"))
        .toList();
  }

  private int launched(String... arguments) throws IOException, InterruptedException {
    try (RunningProcess process = launch(arguments)) {
      return process.end();
    }
  }

  private RunningProcess launch(String... arguments) throws IOException {
    variables.putIfAbsent("EVENT_STREAMING_CACHE", cache.toString());
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
    command.addAll(List.of("-C", project.toString()));
    command.addAll(List.of(arguments));
    return RunningProcess.startCommand(command, variables, temporary.resolve("log"));
  }

  private String words() throws IOException {
    return Files.readString(temporary.resolve("log"));
  }
}
