package org.eventstreaming.command;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.eventstreaming.postgres.Database;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code resync}: tries again what is not Synced, with everything that waits behind it. */
@CommandLine.Command(
    name = "resync",
    mixinStandardHelpOptions = true,
    description = "Make rows due now, each with everything that waits behind it.")
final class Resync implements Callable<Integer> {
  @CommandLine.ParentCommand @Nullable Command parent;
  @CommandLine.Spec CommandLine.Model.@Nullable CommandSpec spec;

  @CommandLine.Parameters(paramLabel = "SEQ", description = "Numbers of rows.", arity = "0..*")
  List<Long> rows = List.of();

  @CommandLine.Option(names = "--failed", description = "All Failed rows.")
  boolean failed;

  @CommandLine.Option(names = "--waiting", description = "All Waiting rows.")
  boolean waiting;

  @CommandLine.Option(names = "--producer", description = "Only of this Event Producer.")
  @Nullable String producer;

  @CommandLine.Option(names = "--doctype", description = "Only of this DocType.")
  @Nullable String doctype;

  @CommandLine.Option(names = "--dry-run", description = "Count, change nothing.")
  boolean dryRun;

  @Override
  public Integer call() throws Exception {
    if (rows.isEmpty() && !failed && !waiting) {
      Command.out(spec).println("Name rows by number, or choose --failed or --waiting.");
      Command.out(spec).flush();
      return Command.USAGE;
    }
    String chosen =
        """
        with chosen as (
          select distinct event_producer, producer_doctype, producer_doc
            from event_sync_log
           where status <> 'Synced'
             and (seq = any (?::bigint[]) or (status = 'Failed' and ?) or (status = 'Waiting' and ?))
             and (?::text is null or event_producer = ?)
             and (?::text is null or producer_doctype = ?))
        """;
    String change =
        """
        , due as (
          update event_sync_log l set next_attempt_at = now(), attempts = 0
            from chosen c
           where l.event_producer = c.event_producer and l.producer_doctype = c.producer_doctype
             and l.producer_doc = c.producer_doc and l.status <> 'Synced'
          returning 1)
        select (select count(*) from chosen) as documents, (select count(*) from due) as rows
        """;
    String count =
        """
        select count(distinct (l.event_producer, l.producer_doctype, l.producer_doc)) as documents,
               count(*) as rows
          from event_sync_log l join chosen c using (event_producer, producer_doctype, producer_doc)
         where l.status <> 'Synced'
        """;
    try (Database database = Objects.requireNonNull(parent).open()) {
      Rows done =
          Rows.of(
              database,
              chosen + (dryRun ? count : change),
              rows.toArray(Long[]::new),
              failed,
              waiting,
              producer,
              producer,
              doctype,
              doctype);
      Command.out(spec)
          .printf(
              "%s row(s) of %s document(s) %s.%n",
              done.value(0, "rows"),
              done.value(0, "documents"),
              dryRun
                  ? "would be due"
                  : "are due now: a running instance, or the next run, takes them up");
      Command.out(spec).flush();
      return Command.DONE;
    }
  }
}
