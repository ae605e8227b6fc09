package org.eventstreaming.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.eventstreaming.postgres.Database;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * {@code resync}: tries again what is not Synced, with everything unfinished of the same document.
 */
@CommandLine.Command(
    name = "resync",
    mixinStandardHelpOptions = true,
    description =
        "Make rows of the Event Sync Log due now, each with all unfinished rows of the same document. Their attempts are counted from zero. A running instance, or the next run, applies them.",
    exitCodeList = {
      "2:The command line is wrong, or there is no such row or Event Producer.",
      ExitCodes.FILES,
      ExitCodes.DATABASE
    },
    footer = {
      "event-streaming resync 42",
      "event-streaming resync --failed --doctype Customer --dry-run"
    })
final class Resync extends ProjectCommand implements Callable<Integer> {
  private static final String CHOSEN =
      """
      with chosen as (
        select distinct event_producer, producer_doctype, producer_doc
          from event_sync_log
         where status <> 'Synced'
           and (seq = any (?::bigint[]) or (status = 'Failed' and ?) or (status = 'Waiting' and ?))
           and (?::text is null or event_producer = ?)
           and (?::text is null or producer_doctype = ?))
      """;
  private static final String CHANGE =
      """
      , due as (
        update event_sync_log l set next_attempt_at = now(), attempts = 0
          from chosen c
         where l.event_producer = c.event_producer and l.producer_doctype = c.producer_doctype
           and l.producer_doc = c.producer_doc and l.status <> 'Synced'
        returning 1)
      select (select count(*) from chosen) as documents, (select count(*) from due) as rows
      """;
  private static final String COUNT =
      """
      select count(distinct (l.event_producer, l.producer_doctype, l.producer_doc)) as documents,
             count(*) as rows
        from event_sync_log l join chosen c using (event_producer, producer_doctype, producer_doc)
       where l.status <> 'Synced'
      """;

  @CommandLine.Parameters(
      paramLabel = "SEQ",
      description = "Numbers of rows of the Event Sync Log.",
      arity = "0..*")
  List<Long> rows = List.of();

  @CommandLine.Option(names = "--failed", description = "Select all Failed rows.")
  boolean failed;

  @CommandLine.Option(names = "--waiting", description = "Select all Waiting rows.")
  boolean waiting;

  @CommandLine.Option(
      names = "--producer",
      paramLabel = "URL",
      description = "Of these, only rows of this Event Producer.")
  @Nullable String producer;

  @CommandLine.Option(
      names = "--doctype",
      description = "Of these, only rows of this DocType, named as on the producer.")
  @Nullable String doctype;

  @CommandLine.Option(names = "--dry-run", description = "Count the rows and change nothing.")
  boolean dryRun;

  @CommandLine.Mixin OutputFormat output = new OutputFormat();

  @Override
  public Integer call() throws Exception {
    if (rows.isEmpty() && !failed && !waiting) {
      return refuse("Name rows by number, or choose --failed or --waiting.");
    }
    PrintWriter out = out();
    try (Database database = command().open()) {
      if (producer != null && SyncLogCommands.isUnknown(database, producer)) {
        return refuse("No Event Producer %s has rows here or was ever polled.".formatted(producer));
      }
      ArrayNode synced = JsonNodeFactory.instance.arrayNode();
      for (long seq : rows) {
        Rows row = Rows.of(database, "select status from event_sync_log where seq = ?", seq);
        if (row.isEmpty()) {
          return refuse("There is no row " + seq + " in the Event Sync Log: nothing was changed.");
        }
        if (row.first().path("status").asText().equals("Synced")) {
          synced.add(seq);
          if (output.format == Rows.Format.table) {
            out.println("Row " + seq + " is Synced: there is nothing to retry.");
          }
        }
      }
      ObjectNode done =
          Rows.of(
                  database,
                  CHOSEN + (dryRun ? COUNT : CHANGE),
                  rows.toArray(Long[]::new),
                  failed,
                  waiting,
                  producer,
                  producer,
                  doctype,
                  doctype)
              .first();
      if (output.format == Rows.Format.json) {
        done.put("dry_run", dryRun).set("synced", synced);
        out.println(Rows.pretty(done));
      } else if (done.path("rows").asLong() == 0) {
        out.println("Nothing to retry: no unfinished row matches.");
      } else {
        out.printf(
            "%s row(s) of %s document(s) %s.%n",
            done.path("rows"),
            done.path("documents"),
            dryRun
                ? "would be due"
                : "are due now: a running instance, or the next run, takes them up");
      }
      out.flush();
      return Command.DONE;
    }
  }
}
