package org.eventstreaming.stream;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eventstreaming.main.Application;
import org.eventstreaming.mapping.Mappings;
import org.eventstreaming.postgres.Database;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.settings.DatabaseSettings;
import org.eventstreaming.settings.HttpSettings;
import org.eventstreaming.settings.PollSettings;
import org.eventstreaming.settings.RetrySettings;
import org.eventstreaming.settings.Settings;
import org.eventstreaming.settings.SyncLogSettings;
import org.eventstreaming.standin.StandInSite;

/** Event Streaming in a process of its own, which can be killed and has a memory of its own. */
final class PullingProcess implements AutoCloseable {
  private final Process process;

  private PullingProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts a process that pulls until it is killed.
   *
   * @param output where its words go
   */
  static PullingProcess start(
      TestDatabase database,
      StandInSite site,
      Read read,
      int page,
      Path output,
      List<String> options,
      ProducerDoctype... doctypes) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add(PullingProcess.class.getName());
    command.add(Objects.requireNonNull(database.databaseSettings().url()));
    command.add(site.url());
    command.add(read.name());
    command.add(Integer.toString(page));
    for (ProducerDoctype doctype : doctypes) {
      command.add((doctype.useSameName() ? "=" : "#") + doctype.refDoctype());
    }
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("CLASSPATH", classPath());
    builder.environment().put("SITE_KEY", site.apiKey());
    builder.environment().put("SITE_SECRET", site.apiSecret());
    try {
      return new PullingProcess(builder.start());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** Sends a signal, such as STOP or CONT. */
  void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** As {@code kill -9} does: nothing is tidied up. */
  void kill() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }

  public static void main(String[] arguments) throws Exception {
    Settings settings =
        new Settings(
            null,
            new HttpSettings("127.0.0.1", 0, 0, Duration.ofSeconds(5), Duration.ofSeconds(20)),
            new DatabaseSettings(arguments[0], "postgres", null),
            Path.of("target"),
            new PollSettings(
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                Integer.parseInt(arguments[3]),
                Duration.ofSeconds(Integer.getInteger("lease.seconds", 1))),
            RetrySettings.DEFAULT,
            SyncLogSettings.DEFAULT);
    List<ProducerDoctype> doctypes = new ArrayList<>();
    for (int i = 4; i < arguments.length; i++) {
      boolean sameName = arguments[i].startsWith("=");
      TestRow row = TestRow.of(arguments[i].substring(1));
      doctypes.add((sameName ? row : row.locallyNamed()).row());
    }
    EventProducer producer =
        new EventProducer(
            arguments[1],
            "Administrator",
            new Secret(System.getenv("SITE_KEY")),
            new Secret(System.getenv("SITE_SECRET")),
            Read.valueOf(arguments[2]),
            doctypes);
    try (Database database = Database.open(settings);
        Application application =
            Application.start(
                database,
                new Application.Plan(
                    Path.of(""),
                    settings,
                    Map.of(),
                    List.of(producer),
                    Map.of(),
                    Mappings.NONE,
                    Clock.systemUTC(),
                    false,
                    false))) {
      while (!Thread.currentThread().isInterrupted()) {
        application.pullOnce();
      }
    }
  }

  private static String classPath() {
    String given = System.getProperty("surefire.test.class.path");
    String path = given != null ? given : System.getProperty("java.class.path");
    return path;
  }
}
