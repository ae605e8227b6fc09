package org.eventstreaming.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The command line in a process of its own, which gets signals. */
final class RunningProcess implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("Producers call (http\\S+)\\.");

  private final Process process;
  private final Path output;

  private RunningProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * Starts it.
   *
   * @param temporary where the process may keep temporary files
   * @param output where its words go
   */
  static RunningProcess start(Path project, Path temporary, Path output, String... arguments)
      throws IOException {
    // as in the jar, not as in tests
    return start(
        List.of("-Dlogback.configurationFile=logback.xml", "org.eventstreaming.EventStreaming"),
        project,
        temporary,
        output,
        arguments);
  }

  /** The same with the jar, as a person does. */
  static RunningProcess startJar(
      Path jar, Path project, Path temporary, Path output, String... arguments) throws IOException {
    return start(List.of("-jar", jar.toString()), project, temporary, output, arguments);
  }

  /**
   * Starts a command of its own, in an environment with these variables more.
   *
   * @param output where its words go
   */
  static RunningProcess startCommand(
      List<String> command, Map<String, String> environment, Path output) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    return new RunningProcess(builder.start(), output);
  }

  private static RunningProcess start(
      List<String> main, Path project, Path temporary, Path output, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(main);
    command.add("-C");
    command.add(project.toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder
        .environment()
        .put(
            "CLASSPATH",
            Objects.requireNonNullElse(
                System.getProperty("surefire.test.class.path"),
                System.getProperty("java.class.path")));
    return new RunningProcess(builder.start(), output);
  }

  /** Waits until something is so; fails where it ends before. */
  void await(Callable<Boolean> condition) {
    Awaitility.await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .atMost(120, TimeUnit.SECONDS)
        .failFast("it ended", () -> !process.isAlive())
        .until(condition);
  }

  /** Waits until it serves; answers the address that producers call. */
  String address() {
    await(() -> ADDRESS.matcher(words()).find());
    Matcher address = ADDRESS.matcher(words());
    if (!address.find()) {
      throw new IllegalStateException(words());
    }
    return address.group(1);
  }

  String words() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As {@code kill -9} does: nothing is tidied up. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** As {@code kill} does; answers the exit code. */
  int terminate() throws InterruptedException {
    process.destroy();
    return end();
  }

  /** Waits until it ends; answers the exit code. */
  int end() throws InterruptedException {
    if (!process.waitFor(90, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end: " + words());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
