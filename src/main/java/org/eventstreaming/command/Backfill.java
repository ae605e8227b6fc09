package org.eventstreaming.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.main.Application;
import org.eventstreaming.postgres.Database;
import org.eventstreaming.producer.Secrets;
import org.eventstreaming.update.LeaseHolder;
import picocli.CommandLine;

/** {@code backfill}: loads documents that were there before their types were followed. */
@CommandLine.Command(
    name = "backfill",
    mixinStandardHelpOptions = true,
    description =
        "Load documents that existed before their types were followed (initial load), and show the progress.",
    exitCodeList = {
      "2:The command line is wrong, or the Event Producer or document type is not followed.",
      ExitCodes.FILES,
      "4:The database or the Event Producer cannot be reached, or the type is not approved.",
      "5:Some documents failed."
    },
    footer = {
      "event-streaming backfill hq Customer Item",
      "event-streaming backfill hq --since 2026-01-31"
    })
final class Backfill extends ProjectCommand implements Callable<Integer> {
  @CommandLine.Mixin AcceptReplaced routes = new AcceptReplaced();
  @CommandLine.Mixin NamedTypes.Words named = new NamedTypes.Words();

  @CommandLine.Option(
      names = "--since",
      paramLabel = "DATE",
      description = "Load only documents that changed since this day or time: 2026-01-31.")
  String since = FrappeTime.EVER;

  @CommandLine.Option(
      names = "--cancel",
      description = "Cancel loads that were requested or are running; loaded documents stay.")
  boolean cancel;

  @CommandLine.Mixin OutputFormat output = new OutputFormat();

  @Override
  public Integer call() throws Exception {
    Path directory = directory();
    // ending a loading calls no site
    Secrets secrets = cancel ? Secrets.LEFT : Secrets.READ;
    Project project = Project.read(directory, secrets);
    NamedTypes types = named.find(project, directory, secrets);
    Optional<String> from = FrappeTime.parse(since).map(FrappeTime::format);
    if (from.isEmpty()) {
      return refuse(
          "--since must be a day or a moment of the producer, as 2026-01-31 or"
              + " '2026-01-31 14:00:00', was '%s'.".formatted(since));
    }
    try (Stop stop = new Stop();
        Database database = Database.open(project.configuration().settings())) {
      return load(project, types, from.get(), database, stop);
    }
  }

  private int load(Project project, NamedTypes types, String from, Database database, Stop stop)
      throws Exception {
    String url = types.producer().producerUrl();
    long last = Run.lastRow(database);
    Optional<LeaseHolder> holder = Optional.empty();
    try (Application application =
        Application.start(database, project.plan(false, false, routes))) {
      stop.then(application::close);
      if (cancel) {
        application.cancelLoads(types.producer(), types.approved(database));
        return reported(types, database, last);
      }
      application.poll(types.producer());
      Optional<String> hindrance = lastError(database, url);
      if (hindrance.isEmpty()) {
        hindrance = types.unapproved(database);
      }
      if (hindrance.isPresent()) {
        return unreachable(hindrance.get());
      }
      try (ShowProgress progress =
          ShowProgress.start(new LoadProgress(database, url), line().getErr())) {
        application.load(types.producer(), types.approved(database), from);
      }
      holder = application.leaseHolder(url).filter(one -> !one.isThisProcess());
    } catch (RuntimeException e) {
      if (!stop.isRequested()) {
        throw e;
      }
    }
    int code = reported(types, database, last);
    if (LoadProgress.open(database, url).isEmpty()) {
      return code;
    }
    Optional<String> held = holder.map(one -> one.reported(url));
    return unreachable(
        lastError(database, url)
                .or(() -> held)
                .orElse("Loading was stopped, or is deferred by quiet_hours.")
            + " A running instance continues it, or the same command; --cancel cancels it.");
  }

  private int unreachable(String why) {
    refuse(why);
    return Command.UNREACHABLE;
  }

  /** What became of it, by document type. */
  private int reported(NamedTypes types, Database database, long last) throws SQLException {
    String url = types.producer().producerUrl();
    Rows rows =
        Rows.of(
            database,
            """
            select t.ref_doctype, t.load_since, t.load_done as done,
                   t.load_total as total, t.loaded_at,
                   count(l.seq) filter (where l.status = 'Synced') as loaded,
                   count(l.seq) filter (where l.status = 'Failed') as failed,
                   count(l.seq) filter (where l.status = 'Waiting') as waiting
              from event_producer_document_type t
              left join event_sync_log l
                on l.event_producer = t.producer_url and l.producer_doctype = t.ref_doctype
               and l.cause = 'load' and l.seq > ?
             where t.producer_url = ? and t.load_since is not null
               and t.ref_doctype = any (?)
             group by t.producer_url, t.ref_doctype
             order by 1
            """,
            last,
            url,
            types.approved(database).toArray(String[]::new));
    rows.print(out(), output.format);
    for (ObjectNode row : rows) {
      if (row.path("failed").asLong() > 0) {
        return Command.SOME_FAILED;
      }
    }
    return Command.DONE;
  }

  private static Optional<String> lastError(Database database, String url) throws SQLException {
    Rows rows =
        Rows.of(
            database,
            "select last_error from event_producer where producer_url = ? and last_error is not null",
            url);
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(rows.first().path("last_error").asText());
  }
}
