package org.eventstreaming.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.eventstreaming.files.FilesRefused;
import org.eventstreaming.files.Problem;
import org.eventstreaming.main.Application;
import org.eventstreaming.main.CheckRoutes;
import org.eventstreaming.postgres.Database;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.update.LeaseHolder;
import picocli.CommandLine;

/** {@code run}: follows the producers of the project's files. */
@CommandLine.Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Follow the Event Producers of the project until the process is stopped. This is the default command.",
      "With -o json, standard output contains the summary of --once and nothing else."
    },
    exitCodeList = {
      ExitCodes.FILES,
      "4:The database or a port is not available, or (--once) an Event Producer could not be polled.",
      "5:(--once) Entries failed in this run."
    },
    footer = {"event-streaming run", "event-streaming run --once -o json"})
final class Run extends ProjectCommand implements Callable<Integer> {
  private static final Duration GLANCE = Duration.ofMillis(200);

  @CommandLine.Option(
      names = "--once",
      description =
          "Poll all Event Producers once, apply what is due, then end. No route is started by a clock.")
  boolean once;

  @CommandLine.Mixin OutputFormat output = new OutputFormat();

  @CommandLine.Mixin AcceptReplaced routes = new AcceptReplaced();

  @Override
  public Integer call() throws Exception {
    return run(command(), line(), once, output.format, routes);
  }

  static int run(
      Command command, CommandLine line, boolean once, Rows.Format format, AcceptReplaced routes)
      throws Exception {
    Project project = Project.read(command.directory());
    try (Stop stop = new Stop()) {
      return stop.unlessRequested(
          () -> {
            try (Database database = Database.open(project.configuration().settings())) {
              if (stop.isRequested()) {
                return Command.DONE;
              }
              return once
                  ? once(project, database, stop, line, format, routes)
                  : untilStopped(
                      database,
                      command.directory(),
                      project,
                      project.plan(true, true, routes),
                      stop,
                      line,
                      format == Rows.Format.json ? line.getErr() : line.getOut());
            }
          });
    }
  }

  private static int untilStopped(
      Database database,
      Path directory,
      Project project,
      Application.Plan plan,
      Stop stop,
      CommandLine line,
      PrintWriter out)
      throws Exception {
    try (Application application = start(database, plan, stop);
        ShowProgress progress = ShowProgress.start(new StreamProgress(database), line.getErr())) {
      for (EventProducer producer : project.producers()) {
        out.printf("Follows %s: %s.%n", producer.producerUrl(), types(producer));
      }
      if (project.producers().isEmpty()) {
        out.println(NoProducer.reported(directory));
      }
      out.printf(
          "Documents are in %s, schema event_streaming. Producers call %s.%n",
          database.address(), application.url());
      out.flush();
      stop.await();
      out.println("Stopping: what is being applied is finished first.");
      out.flush();
    }
    return Command.DONE;
  }

  /** Camel reports the first mistake in the routes; a person wants all of them. */
  private static Application start(Database database, Application.Plan plan, Stop stop)
      throws Exception {
    try {
      return Application.start(database, plan);
    } catch (FilesRefused first) {
      if (stop.isRequested()) {
        throw first;
      }
      List<Problem> all = new CheckRoutes(plan).check();
      throw all.isEmpty() ? first : new FilesRefused(all);
    }
  }

  private static String types(EventProducer producer) {
    return producer.producerDoctypes().stream()
        .map(row -> row.refDoctype() + (row.unsubscribe() ? " (unsubscribed)" : ""))
        .collect(Collectors.joining(", "));
  }

  private static int once(
      Project project,
      Database database,
      Stop stop,
      CommandLine line,
      Rows.Format format,
      AcceptReplaced routes)
      throws Exception {
    String[] urls =
        project.producers().stream().map(EventProducer::producerUrl).toArray(String[]::new);
    Rows before = failed(database);
    long last = lastRow(database);
    Map<String, LeaseHolder> busy;
    try (Application application = start(database, project.plan(false, true, routes), stop);
        ShowProgress progress = ShowProgress.start(new StreamProgress(database), line.getErr())) {
      stop.then(application::close);
      busy = leased(application, urls, project.configuration().settings().poll().lease(), stop);
      application.pullOnce();
    } catch (RuntimeException e) {
      if (!stop.isRequested()) {
        throw e;
      }
      line.getErr().println("Stopped: the next run continues where this one ended.");
      return Command.UNEXPECTED;
    }
    return summary(database, line.getOut(), format, urls, busy, before, last);
  }

  /**
   * Waits for the pulls of other processes, no longer than a lease whose owner died lasts; answers
   * the producers that are still being pulled then.
   */
  private static Map<String, LeaseHolder> leased(
      Application application, String[] urls, Duration lease, Stop stop)
      throws InterruptedException {
    long end = System.nanoTime() + lease.plus(GLANCE).toNanos();
    while (true) {
      Map<String, LeaseHolder> leased = new LinkedHashMap<>();
      for (String url : urls) {
        application
            .leaseHolder(url)
            .filter(holder -> !holder.isThisProcess())
            .ifPresent(holder -> leased.put(url, holder));
      }
      if (leased.isEmpty() || System.nanoTime() > end || stop.await(GLANCE)) {
        return leased;
      }
    }
  }

  private static int summary(
      Database database,
      PrintWriter out,
      Rows.Format format,
      String[] urls,
      Map<String, LeaseHolder> busy,
      Rows before,
      long last)
      throws SQLException {
    ObjectNode counts =
        Rows.of(
                database,
                """
                select count(*) filter (where seq > ?) as received,
                       count(*) filter (where status = 'Failed') as failed,
                       count(*) filter (where status = 'Waiting') as waiting
                  from event_sync_log where seq > ? or status <> 'Synced'
                """,
                last,
                last)
            .first();
    boolean json = format == Rows.Format.json;
    if (!json) {
      out.printf(
          "%s entries received; %s Failed, %s Waiting in all.%n",
          counts.path("received"), counts.path("failed"), counts.path("waiting"));
      busy.forEach(
          (url, holder) ->
              out.println(holder.reported(url) + " This producer is left to that process."));
    }
    Rows errors =
        Rows.of(
            database,
            """
            select producer_url, last_error from event_producer
             where last_error is not null and producer_url = any (?)
               and not producer_url = any (?)
            """,
            urls,
            busy.keySet().toArray(String[]::new));
    if (json) {
      ArrayNode left = counts.putArray("left");
      busy.keySet().forEach(left::add);
      counts.putArray("errors").addAll(errors.all());
      out.println(Rows.pretty(counts));
    } else {
      errors.forEach(row -> out.println(row.path("last_error").asText()));
    }
    out.flush();
    if (!errors.isEmpty()) {
      return Command.UNREACHABLE;
    }
    return becauseOfThis(before, failed(database)) ? Command.SOME_FAILED : Command.DONE;
  }

  /** A row that failed before and was not tried again is no news. */
  private static boolean becauseOfThis(Rows before, Rows after) {
    Set<ObjectNode> known = new HashSet<>();
    before.forEach(known::add);
    for (ObjectNode row : after) {
      if (!known.contains(row)) {
        return true;
      }
    }
    return false;
  }

  private static Rows failed(Database database) throws SQLException {
    return Rows.of(database, "select seq, attempts from event_sync_log where status = 'Failed'");
  }

  /** The place in the Event Sync Log after which new rows come. */
  static long lastRow(Database database) throws SQLException {
    return Rows.of(database, "select coalesce(max(seq), 0) as seq from event_sync_log")
        .first()
        .path("seq")
        .asLong();
  }
}
