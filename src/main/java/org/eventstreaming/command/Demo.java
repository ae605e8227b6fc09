package org.eventstreaming.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.main.Application;
import org.eventstreaming.postgres.Database;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.settings.HttpSettings;
import org.eventstreaming.settings.PollSettings;
import org.eventstreaming.settings.Settings;
import org.eventstreaming.standin.RecordedHistory;
import org.eventstreaming.standin.StandInSite;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code demo}: a recorded ERPNext site and this jar following it, in one process. */
@CommandLine.Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Stream what a real ERPNext site did, from a stand-in site in this process.")
final class Demo implements Callable<Integer> {
  private static final String[] TYPES = {
    "Customer",
    "Contact",
    "Address",
    "Item",
    "Item Price",
    "Sales Invoice",
    "Payment Entry",
    "Lead",
    "Opportunity",
    "ToDo",
    "Note",
    "Role"
  };

  @CommandLine.ParentCommand @Nullable Command parent;
  @CommandLine.Spec CommandLine.Model.@Nullable CommandSpec spec;

  @CommandLine.Option(names = "--once", description = "End after the history is in.")
  boolean once;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = Command.out(spec);
    Path data = Objects.requireNonNull(parent).directory.resolve("data").resolve("demo");
    out.println("Event Streaming demo: starts a PostgreSQL of its own under " + data + ",");
    out.println("plays a recorded ERPNext site in this process, and follows its update log.");
    out.flush();
    erase(data);
    RecordedHistory history = RecordedHistory.start(RecordedHistory.Form.TABLE);
    Settings settings = settings(data);
    try (StandInSite site = history.site();
        Database database = Database.open(settings)) {
      site.approveAll();
      try (Application application = Application.start(database, plan(settings, site))) {
        application.pullOnce();
        out.println("The site " + site.url() + " is followed: " + String.join(", ", TYPES) + ".");
        out.println("Look into the documents: " + database.address());
        out.println("  user postgres, password in " + data.resolve("postgresql-16/password"));
        out.println("  select doctype, count(*) from event_streaming.document group by 1;");
        out.println(
            "  select seq, update_type, docname, status from event_streaming.event_sync_log;");
        out.flush();
        if (once) {
          history.releaseAll();
          application.pullOnce();
          return summary(database, out);
        }
        return live(history, application, database, out);
      }
    }
  }

  private static int live(
      RecordedHistory history, Application application, Database database, PrintWriter out)
      throws Exception {
    String shown = "";
    int number = 0;
    while (!Thread.currentThread().isInterrupted()) {
      if (history.release(4) == 0) {
        number++;
        history
            .site()
            .insert(
                "ToDo",
                com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
                    .objectNode()
                    .put("name", "demo-" + number)
                    .put("description", "Task " + number)
                    .put("status", "Open"));
      }
      application.pullOnce();
      Rows counts =
          Rows.of(
              database,
              "select count(*) as n, count(*) filter (where status <> 'Synced') as open from"
                  + " event_sync_log");
      String line =
          counts.value(0, "n") + " entries streamed, " + counts.value(0, "open") + " not Synced";
      if (!line.equals(shown)) {
        out.println(line);
        out.flush();
        shown = line;
      }
      Thread.sleep(Duration.ofSeconds(1).toMillis());
    }
    return Command.DONE;
  }

  private static int summary(Database database, PrintWriter out) throws Exception {
    Rows.of(
            database,
            """
            select l.producer_doctype as doctype, count(*) as entries,
                   count(*) filter (where status = 'Synced') as synced,
                   count(*) filter (where status = 'Failed') as failed,
                   count(*) filter (where status = 'Waiting') as waiting,
                   (select count(*) from document d where d.doctype = l.producer_doctype)
                     as documents
              from event_sync_log l group by 1 order by 1
            """)
        .print(out, Rows.Format.table);
    return Command.DONE;
  }

  private static Settings settings(Path data) {
    Settings defaults = Settings.defaults(data);
    HttpSettings http =
        new HttpSettings(
            defaults.http().host(),
            0,
            0,
            defaults.http().connectTimeout(),
            defaults.http().responseTimeout());
    return new Settings(
        null,
        http,
        defaults.database(),
        data,
        PollSettings.DEFAULT,
        defaults.retry(),
        defaults.syncLog());
  }

  private static Application.Plan plan(Settings settings, StandInSite site) {
    List<ProducerDoctype> types = Arrays.stream(TYPES).map(ProducerDoctype::sameName).toList();
    EventProducer producer =
        new EventProducer(
            site.url(),
            "Administrator",
            new Secret(site.apiKey()),
            new Secret(site.apiSecret()),
            Read.LIST,
            types);
    return new Application.Plan(
        settings.dataDir(),
        settings,
        Map.of(),
        List.of(producer),
        DocTypes.NONE,
        Clock.systemUTC(),
        false,
        true);
  }

  /** Each demo begins anew: what an earlier one kept is about a site that is gone. */
  private static void erase(Path data) {
    Path old = data.resolve("postgresql-16").resolve("data");
    if (!Files.isDirectory(old) || Files.exists(old.resolve("postmaster.pid"))) {
      return;
    }
    try (Stream<Path> files = Files.walk(old)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
