package org.eventstreaming.command;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.eventstreaming.main.Application;
import org.eventstreaming.postgres.Database;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code run}: follows the producers of the project's files. */
@CommandLine.Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Follow the Event Producers (the default command).")
final class Run implements Callable<Integer> {
  @CommandLine.ParentCommand @Nullable Command parent;
  @CommandLine.Spec CommandLine.Model.@Nullable CommandSpec spec;

  @CommandLine.Option(
      names = "--once",
      description =
          "Work off what is there, then end: 4 if a producer could not be polled, 5 if"
              + " entries failed.")
  boolean once;

  @Override
  public Integer call() throws Exception {
    return run(Objects.requireNonNull(parent), once, Command.out(spec));
  }

  static int run(Command command, boolean once, PrintWriter out) throws Exception {
    Project project = Project.read(command.directory);
    try (Database database = Database.open(project.configuration().settings())) {
      if (!once) {
        return untilStopped(database, project, out);
      }
      long before = lastRow(database);
      try (Application application = start(database, project.plan(false, true))) {
        application.pullOnce();
      }
      return summary(database, project, before, out);
    }
  }

  /** Starts the routes; what is wrong with them is the person's to mend, not a bug. */
  static Application start(Database database, Application.Plan plan) throws Exception {
    try {
      return Application.start(database, plan);
    } catch (Application.PortInUse e) {
      throw e;
    } catch (Exception e) {
      throw new ExplainFailure.RoutesRefused(e);
    }
  }

  private static int untilStopped(Database database, Project project, PrintWriter out)
      throws Exception {
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    // first the stream comes to rest, then the database may go
    Thread hook =
        new Thread(
            () -> {
              stop.countDown();
              try {
                stopped.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "stop");
    try (Application application = start(database, project.plan(true, true))) {
      out.printf(
          "Event Streaming follows %d Event Producer(s). Documents: %s, schema event_streaming."
              + " Producers call %s.%n",
          project.producers().size(), database.address(), application.url());
      if (project.producers().isEmpty()) {
        out.println("There is none yet: put a file into producers/ (see producers/README.md).");
      }
      out.flush();
      Runtime.getRuntime().addShutdownHook(hook);
      stop.await();
    } finally {
      database.close();
      stopped.countDown();
    }
    return Command.DONE;
  }

  private static int summary(Database database, Project project, long before, PrintWriter out)
      throws Exception {
    Rows counts =
        Rows.of(
            database,
            """
            select count(*) filter (where seq > ?) as received,
                   count(*) filter (where status = 'Failed') as failed,
                   count(*) filter (where status = 'Waiting') as waiting,
                   count(*) filter (where seq > ? and status = 'Failed') as newly_failed
              from event_sync_log
            """,
            before,
            before);
    out.printf(
        "%s entries received; %s Failed, %s Waiting in all.%n",
        counts.value(0, "received"), counts.value(0, "failed"), counts.value(0, "waiting"));
    Rows errors =
        Rows.of(
            database,
            """
            select producer_url, last_error from event_producer
             where last_error is not null and producer_url = any (?)
            """,
            (Object)
                project.producers().stream()
                    .map(producer -> producer.producerUrl())
                    .toArray(String[]::new));
    for (int i = 0; i < errors.size(); i++) {
      out.println(errors.value(i, "last_error"));
    }
    out.flush();
    if (!errors.isEmpty()) {
      return Command.UNREACHABLE;
    }
    return "0".equals(String.valueOf(counts.value(0, "newly_failed")))
        ? Command.DONE
        : Command.SOME_FAILED;
  }

  private static long lastRow(Database database) throws Exception {
    return ((Number)
            Objects.requireNonNull(
                Rows.of(database, "select coalesce(max(seq), 0) as seq from event_sync_log")
                    .value(0, "seq")))
        .longValue();
  }
}
