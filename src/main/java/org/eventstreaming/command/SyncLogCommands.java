package org.eventstreaming.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Objects;
import org.eventstreaming.postgres.Database;
import org.eventstreaming.settings.LengthOfTime;
import org.eventstreaming.update.SyncStatus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code synclog}: what became of the entries. */
@CommandLine.Command(
    name = "synclog",
    mixinStandardHelpOptions = true,
    description = "Look into the Event Sync Log.",
    synopsisSubcommandLabel = "COMMAND")
final class SyncLogCommands {
  private static final Duration LONGEST_AGE = Duration.ofDays(365_000);

  @CommandLine.ParentCommand @Nullable Command parent;
  @CommandLine.Spec CommandLine.Model.@Nullable CommandSpec spec;

  @CommandLine.Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List rows, the newest first.")
  int list(
      @CommandLine.Option(
              names = "--status",
              converter = StatusOfRow.class,
              description = "Synced, Failed or Waiting.")
          @Nullable SyncStatus status,
      @CommandLine.Option(
              names = "--producer",
              paramLabel = "URL",
              description = "Address of an Event Producer.")
          @Nullable String producer,
      @CommandLine.Option(names = "--doctype", description = "DocType, there or here.")
          @Nullable String doctype,
      @CommandLine.Option(
              names = "--doc",
              paramLabel = "NAME",
              description = "Name of a document, there or here.")
          @Nullable String doc,
      @CommandLine.Option(
              names = "--since",
              paramLabel = "AGE",
              description = "Received no longer ago than this, such as 30min or 1d.")
          @Nullable String since,
      @CommandLine.Option(
              names = "--limit",
              paramLabel = "ROWS",
              defaultValue = "50",
              description = "Rows at most (default: 50).")
          int limit,
      @CommandLine.Option(
              names = "-o",
              paramLabel = "FORMAT",
              defaultValue = "table",
              description = "table or json.")
          Rows.Format format)
      throws Exception {
    if (limit < 1) {
      return Command.refuse(spec, "--limit must be at least 1, was " + limit);
    }
    Duration age = null;
    if (since != null) {
      try {
        age = LengthOfTime.of(since);
      } catch (IllegalArgumentException e) {
        return Command.refuse(spec, "--since " + e.getMessage());
      }
    }
    String wanted = status == null ? null : status.text();
    // older than any row is not asked for: the database's times have an end
    Long seconds =
        age == null ? null : Math.min(Math.max(1, age.toSeconds()), LONGEST_AGE.toSeconds());
    try (Database database = Objects.requireNonNull(parent).open()) {
      if (producer != null && isUnknown(database, producer)) {
        return Command.refuse(
            spec, "No Event Producer %s has rows here or was ever polled.".formatted(producer));
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
              Command.out(spec),
              format,
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
      description = "Show one row with everything in it.")
  int show(
      @CommandLine.Parameters(paramLabel = "SEQ", description = "Number of the row.") long seq,
      @CommandLine.Option(
              names = "-o",
              paramLabel = "FORMAT",
              defaultValue = "table",
              description = "table or json.")
          Rows.Format format)
      throws Exception {
    try (Database database = Objects.requireNonNull(parent).open()) {
      Rows found = Rows.of(database, "select * from event_sync_log where seq = ?", seq);
      if (found.isEmpty()) {
        return Command.refuse(spec, "There is no row " + seq + " in the Event Sync Log.");
      }
      ObjectNode row = found.first();
      unfold(row, "data");
      unfold(row, "entry");
      if (row.path("entry") instanceof ObjectNode entry) {
        unfold(entry, "data");
      }
      Rows.print(row, Command.out(spec), format);
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
