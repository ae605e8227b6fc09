package org.eventstreaming.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.eventstreaming.postgres.Database;
import org.eventstreaming.settings.LengthOfTime;
import org.eventstreaming.update.SyncStatus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code synclog}: what became of the entries. */
@CommandLine.Command(
    name = "synclog",
    mixinStandardHelpOptions = true,
    description = "Show rows of the Event Sync Log.",
    synopsisSubcommandLabel = "COMMAND")
final class SyncLogCommands extends ProjectCommand {
  private static final Duration LONGEST_AGE = Duration.ofDays(365_000);

  @CommandLine.Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List rows of the Event Sync Log, the newest first.",
      exitCodeList = {
        "2:The command line is wrong, or the Event Producer is not known.",
        ExitCodes.FILES,
        ExitCodes.DATABASE
      },
      footer = {
        "event-streaming synclog list --status Failed",
        "event-streaming synclog list --doctype Customer --doc CUST-0001"
      })
  int list(
      @CommandLine.Option(
              names = "--status",
              converter = StatusOfRow.class,
              description = "Status: Synced, Failed or Waiting.")
          @Nullable SyncStatus status,
      @CommandLine.Option(
              names = "--producer",
              paramLabel = "URL",
              description = "Address of an Event Producer.")
          @Nullable String producer,
      @CommandLine.Option(
              names = "--doctype",
              description = "DocType, named as on the producer or as here.")
          @Nullable String doctype,
      @CommandLine.Option(
              names = "--doc",
              paramLabel = "NAME",
              description = "Name of a document, on the producer or here.")
          @Nullable String doc,
      @CommandLine.Option(
              names = "--since",
              paramLabel = "AGE",
              description = "Only rows that were received within this time, such as 30min or 1d.")
          @Nullable String since,
      @CommandLine.Option(
              names = "--limit",
              paramLabel = "ROWS",
              defaultValue = "50",
              description = "Largest number of rows (default: ${DEFAULT-VALUE}).")
          int limit,
      @CommandLine.Mixin OutputFormat output)
      throws Exception {
    if (limit < 1) {
      return refuse("--limit must be at least 1, was " + limit);
    }
    Duration age = null;
    if (since != null) {
      try {
        age = LengthOfTime.of(since);
      } catch (IllegalArgumentException e) {
        return refuse("--since " + e.getMessage());
      }
    }
    String wanted = status == null ? null : status.text();
    // older than any row is not asked for: the database's times have an end
    Long seconds =
        age == null ? null : Math.min(Math.max(1, age.toSeconds()), LONGEST_AGE.toSeconds());
    try (Database database = command().open()) {
      if (producer != null && isUnknown(database, producer)) {
        return refuse("No Event Producer %s has rows here or was ever polled.".formatted(producer));
      }
      Rows.of(
              database,
              """
              select seq, received_at, event_producer, update_log, update_type, producer_doctype,
                     producer_doc, ref_doctype, docname, status, cause, attempts, next_attempt_at,
                     synced_at, waits_for, error, note, coalesce(error, note) as message
                from event_sync_log
               where (?::text is null or status = ?) and (?::text is null or event_producer = ?)
                 and (?::text is null or producer_doctype = ? or ref_doctype = ?)
                 and (?::text is null or producer_doc = ? or docname = ?)
                 and (?::bigint is null or received_at >= now() - ? * interval '1 second')
               order by seq desc limit ?
              """,
              wanted,
              wanted,
              producer,
              producer,
              doctype,
              doctype,
              doctype,
              doc,
              doc,
              doc,
              seconds,
              seconds,
              limit)
          .print(
              out(),
              output.format,
              "seq",
              "received_at",
              "update_type",
              "producer_doctype",
              "producer_doc",
              "status",
              "attempts",
              "next_attempt_at",
              "message");
      return Command.DONE;
    }
  }

  @CommandLine.Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description =
          "Show one row of the Event Sync Log with all its columns: the entry, its data, the error.",
      exitCodeList = {
        "2:The command line is wrong, or there is no such row.",
        ExitCodes.FILES,
        ExitCodes.DATABASE
      },
      footer = "event-streaming synclog show 42")
  int show(
      @CommandLine.Parameters(paramLabel = "SEQ", description = "Number of the row.") long seq,
      @CommandLine.Mixin OutputFormat output)
      throws Exception {
    try (Database database = command().open()) {
      Rows found = Rows.of(database, "select * from event_sync_log where seq = ?", seq);
      if (found.isEmpty()) {
        return refuse("There is no row " + seq + " in the Event Sync Log.");
      }
      ObjectNode row = found.first();
      unfold(row, "data");
      unfold(row, "entry");
      if (row.path("entry") instanceof ObjectNode entry) {
        unfold(entry, "data");
      }
      Rows.print(row, out(), output.format);
      return Command.DONE;
    }
  }

  static boolean isUnknown(Database database, String producer) throws Exception {
    return Rows.of(
            database,
            """
            select 1 where exists (select 1 from event_producer where producer_url = ?)
                        or exists (select 1 from event_sync_log where event_producer = ?)
            """,
            producer,
            producer)
        .isEmpty();
  }

  /** A status as the rows and the documentation write it. */
  static final class StatusOfRow implements CommandLine.ITypeConverter<SyncStatus> {
    @Override
    public SyncStatus convert(String text) {
      return SyncStatus.of(text)
          .orElseThrow(
              () ->
                  new CommandLine.TypeConversionException(
                      "must be Synced, Failed or Waiting, was '" + text + "'"));
    }
  }

  /** JSON that is kept as text, as what it says. */
  private static void unfold(ObjectNode row, String column) {
    if (row.path(column).isTextual()) {
      row.set(column, Rows.parsed(row.path(column).asText()));
    }
  }
}
