package org.eventstreaming.stream;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eventstreaming.main.Application;
import org.eventstreaming.mapping.Mappings;
import org.eventstreaming.postgres.Database;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.LinkedUsers;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.Reconcile;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.producer.SiteAccess;
import org.eventstreaming.producer.Source;
import org.eventstreaming.producer.TargetRules;
import org.eventstreaming.producer.TargetSite;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.settings.DatabaseSettings;
import org.eventstreaming.settings.DocumentRouteSettings;
import org.eventstreaming.settings.PollSettings;
import org.eventstreaming.settings.RetrySettings;
import org.eventstreaming.settings.RouteSettings;
import org.eventstreaming.settings.Settings;
import org.eventstreaming.settings.SyncLogSettings;

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
      TestDatabase database, EventProducer producer, int page, Path output, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add(PullingProcess.class.getName());
    command.add(Objects.requireNonNull(database.databaseSettings().url()));
    command.add(producer.producerUrl());
    command.add(producer.read().name());
    command.add(Integer.toString(page));
    command.add(producer.source().name());
    TargetSite target = producer.target();
    command.add(target == null ? "" : target.url());
    for (ProducerDoctype doctype : producer.producerDoctypes()) {
      command.add(
          (doctype.useSameName() ? "=" : "#")
              + (doctype.dependencies().equals(Dependencies.ALL) ? "+" : "-")
              + doctype.refDoctype());
    }
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("CLASSPATH", classPath());
    builder.environment().put("SITE_KEY", Objects.requireNonNull(producer.apiKey()).reveal());
    builder.environment().put("SITE_SECRET", Objects.requireNonNull(producer.apiSecret()).reveal());
    if (target != null) {
      builder
          .environment()
          .put("TARGET_KEY", Objects.requireNonNull(target.access().apiKey()).reveal());
      builder
          .environment()
          .put("TARGET_SECRET", Objects.requireNonNull(target.access().apiSecret()).reveal());
    }
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
            TestStream.http(Duration.ofSeconds(20), Integer.getInteger("attempts", 1)),
            new DatabaseSettings(arguments[0], "postgres", null),
            Path.of("target"),
            new PollSettings(
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                Integer.parseInt(arguments[3]),
                Duration.ofSeconds(Integer.getInteger("lease.seconds", 1))),
            RetrySettings.DEFAULT,
            SyncLogSettings.DEFAULT,
            RouteSettings.DEFAULT,
            DocumentRouteSettings.DEFAULT);
    List<ProducerDoctype> doctypes = new ArrayList<>();
    for (int i = 6; i < arguments.length; i++) {
      boolean sameName = arguments[i].startsWith("=");
      boolean bringsAlong = arguments[i].charAt(1) == '+';
      TestRow row =
          TestRow.of(arguments[i].substring(2))
              .with(bringsAlong ? Dependencies.ALL : Dependencies.NONE);
      doctypes.add((sameName ? row : row.locallyNamed()).row());
    }
    Source source = Source.valueOf(arguments[4]);
    EventProducer producer =
        new EventProducer(
            arguments[1],
            "Administrator",
            new Secret(System.getenv("SITE_KEY")),
            new Secret(System.getenv("SITE_SECRET")),
            source,
            Read.valueOf(arguments[2]),
            source == Source.UPDATE_LOG ? Reconcile.OFF : Reconcile.DEFAULT,
            null,
            null,
            arguments[5].isEmpty() ? null : target(arguments[5]),
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
                    false,
                    false))) {
      while (!Thread.currentThread().isInterrupted()) {
        application.pullOnce();
      }
    }
  }

  private static TargetSite target(String url) {
    return new TargetSite(
        "branch",
        new SiteAccess(
            url,
            "Administrator",
            new Secret(System.getenv("TARGET_KEY")),
            new Secret(System.getenv("TARGET_SECRET"))),
        true,
        LinkedUsers.AS_THEY_ARE,
        TargetRules.shipped(),
        Pattern.compile(",")
            .splitAsStream(System.getProperty("as.is", ""))
            .filter(doctype -> !doctype.isEmpty())
            .collect(Collectors.toSet()));
  }

  private static String classPath() {
    String given = System.getProperty("surefire.test.class.path");
    String path = given != null ? given : System.getProperty("java.class.path");
    return path;
  }
}
