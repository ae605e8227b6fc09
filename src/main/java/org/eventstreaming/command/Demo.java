package org.eventstreaming.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import org.eventstreaming.main.Application;
import org.eventstreaming.mapping.Mappings;
import org.eventstreaming.postgres.Database;
import org.eventstreaming.producer.ReadProducerFiles;
import org.eventstreaming.producer.Secrets;
import org.eventstreaming.settings.DataDirectory;
import org.eventstreaming.settings.Settings;
import org.eventstreaming.standin.RecordedHistory;
import org.eventstreaming.standin.StandInSite;
import picocli.CommandLine;

/** {@code demo}: a recorded ERPNext site and this jar following it, in one process. */
@CommandLine.Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Stream the recorded history of an ERPNext site from a stand-in site in this process into data/demo, then small changes until the process is stopped. Each start begins with an empty database.",
      "Other commands work on the demo with -C data/demo. Its Event Producer is named demo; commands that call the site need the demo to be running."
    },
    exitCodeList = {"4:The database or a port is not available.", "5:(--once) Entries failed."},
    footer = {"event-streaming demo", "event-streaming -C data/demo status"})
final class Demo extends ProjectCommand implements Callable<Integer> {
  private static final int ENTRIES_A_BEAT = 4;
  private static final Duration BEAT = Duration.ofSeconds(1);

  @CommandLine.Option(names = "--once", description = "End when the recorded history is applied.")
  boolean once;

  @CommandLine.Mixin OutputFormat output = new OutputFormat();

  @Override
  public Integer call() throws Exception {
    PrintWriter out = output.format == Rows.Format.json ? line().getErr() : out();
    Path data = directory().resolve("data");
    Path home = data.resolve("demo");
    out.println("Event Streaming demo: starts a PostgreSQL of its own under " + home + ",");
    out.println("plays a recorded ERPNext site in this process, and follows its update log.");
    out.println(
        "Each demo starts with an empty database. It takes a few seconds, the first time a few more.");
    out.flush();
    Settings settings = settings(home);
    DataDirectory.claim(data);
    RecordedHistory history = RecordedHistory.start(RecordedHistory.Form.TABLE);
    try (Stop stop = new Stop()) {
      return stop.unlessRequested(() -> stream(home, settings, history, stop, out));
    }
  }

  private int stream(
      Path home, Settings settings, RecordedHistory history, Stop stop, PrintWriter out)
      throws Exception {
    try (StandInSite site = history.site();
        Database database = Database.openEmpty(settings)) {
      if (stop.isRequested()) {
        return Command.DONE;
      }
      try (Application application = Application.start(database, plan(home, settings, site))) {
        site.approveAll();
        follow(application);
        report(home, site, application, database, out);
        if (once) {
          history.releaseAll();
          follow(application);
          application.pullOnce();
          return summary(database, out());
        }
        live(history, application, database, stop, out);
        return Command.DONE;
      }
    }
  }

  private void report(
      Path home, StandInSite site, Application application, Database database, PrintWriter out) {
    out.println();
    out.println(
        "The site "
            + site.url()
            + " is followed: "
            + String.join(", ", DemoProject.DOCTYPES)
            + ".");
    out.println("It calls " + application.url() + " whenever it has a new entry.");
    out.println();
    out.println("Look into the documents: " + database.address());
    out.println("  user postgres, password in " + home.resolve("postgresql-16/password"));
    out.println("  select doctype, count(*) from event_streaming.document group by 1;");
    out.println("  select name, customer_group from event_streaming_docs.\"Customer\";");
    out.println(
        "  select seq, update_type, ref_doctype, docname, status"
            + " from event_streaming.event_sync_log;");
    out.println("Or ask, in another terminal:");
    out.println("  java -jar target/event-streaming.jar -C " + home + " status -v");
    out.println("  java -jar target/event-streaming.jar -C " + home + " synclog list");
    if (!once) {
      out.println("  java -jar target/event-streaming.jar -C " + home + " compare demo");
      out.println("Its health: " + application.healthUrl());
    }
    out.println();
    out.flush();
  }

  /**
   * By the log alone. The documents are at the site from the start as they are in the end: what is
   * looked for by reconciliation would bring them all before the log mentions the first.
   */
  private static void follow(Application application) {
    application.send("direct:poll");
    application.send("direct:retry");
    application.send("direct:views");
  }

  /** Goes on until it is stopped: the history first, then small changes without an end. */
  private static void live(
      RecordedHistory history,
      Application application,
      Database database,
      Stop stop,
      PrintWriter out)
      throws Exception {
    out.println("Streaming; Ctrl-C ends it.");
    long seen = 0;
    String open = "";
    boolean over = false;
    for (int beat = 0; !stop.await(BEAT); beat++) {
      boolean released = history.release(ENTRIES_A_BEAT) > 0;
      if (!released && over) {
        open = change(history.site(), beat, open);
      }
      history.site().notify(application.url());
      // what a notification started is in by the next beat; the poll takes what one missed
      if (!released && !over) {
        over = true;
        follow(application);
        application.pullOnce();
        seen = printNews(database, seen, out);
        out.println("The recorded history is applied. Small changes follow.");
        out.flush();
      } else if (beat % 5 == 4) {
        if (over) {
          application.pullOnce();
        } else {
          follow(application);
        }
      }
      seen = printNews(database, seen, out);
    }
  }

  private static String change(StandInSite site, int number, String open) {
    ObjectNode todo = JsonNodeFactory.instance.objectNode();
    if (!open.isEmpty()) {
      site.update("ToDo", open, todo.put("status", "Closed"));
      return "";
    }
    todo.put("description", "Task " + number).put("status", "Open").put("priority", "Medium");
    return site.insert("ToDo", todo).path("name").asText();
  }

  /** A line for what came since the last one; none where nothing did. */
  private static long printNews(Database database, long seen, PrintWriter out) throws SQLException {
    Rows news =
        Rows.of(
            database,
            """
            select producer_doctype || ' ' || update_type as what, count(*) as times,
                   max(seq) as seq, (select count(*) from event_sync_log) as entries,
                   (select count(*) from event_sync_log where status <> 'Synced') as unfinished,
                   (select count(*) from document) as documents
              from event_sync_log where seq > ? group by 1 order by 1
            """,
            seen);
    if (news.isEmpty()) {
      return seen;
    }
    StringJoiner what = new StringJoiner(", ");
    long last = seen;
    for (ObjectNode row : news) {
      what.add(row.path("what").asText() + " " + row.path("times"));
      last = Math.max(last, row.path("seq").asLong());
    }
    ObjectNode counts = news.first();
    out.printf(
        "%4s entries, %3s documents, %s not Synced | %s%n",
        counts.path("entries"), counts.path("documents"), counts.path("unfinished"), what);
    out.flush();
    return last;
  }

  private int summary(Database database, PrintWriter out) throws SQLException {
    Rows.of(
            database,
            """
            select coalesce(doctype, 'all') as doctype, sum(entries)::bigint as entries,
                   sum(synced)::bigint as synced, sum(failed)::bigint as failed,
                   sum(waiting)::bigint as waiting, sum(documents)::bigint as documents
              from (select producer_doctype as doctype, count(*) as entries,
                           count(*) filter (where status = 'Synced') as synced,
                           count(*) filter (where status = 'Failed') as failed,
                           count(*) filter (where status = 'Waiting') as waiting,
                           (select count(*) from document d where d.doctype = l.producer_doctype)
                             as documents
                      from event_sync_log l group by 1) of_type
             group by rollup (doctype) order by grouping(doctype), doctype
            """)
        .print(out, output.format);
    boolean failed =
        !Rows.of(database, "select 1 from event_sync_log where status = 'Failed' limit 1")
            .isEmpty();
    return failed ? Command.SOME_FAILED : Command.DONE;
  }

  /** Neither file nor environment: a demo must never come near the real database. */
  private static Settings settings(Path home) {
    Settings defaults = Settings.defaults(home);
    return new Settings(
        null,
        defaults.http().withPort(0).withManagementPort(0),
        defaults.database(),
        home,
        defaults.poll(),
        defaults.retry(),
        defaults.syncLog(),
        defaults.routes(),
        defaults.documentRoutes());
  }

  /** What the other commands find in {@code data/demo} is what the demo itself follows. */
  private static Application.Plan plan(Path home, Settings settings, StandInSite site)
      throws IOException {
    new DemoProject(home).write(site);
    return new Application.Plan(
        home,
        settings,
        Map.of(),
        new ReadProducerFiles(home, Map.of(), Mappings.NONE, Secrets.READ).read(),
        Map.of(),
        Mappings.NONE,
        Clock.systemUTC(),
        false,
        true,
        false);
  }
}
