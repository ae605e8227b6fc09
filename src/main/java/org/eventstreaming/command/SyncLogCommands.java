package org.eventstreaming.command;

import java.util.Objects;
import org.eventstreaming.postgres.Database;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code synclog}: what became of the entries. */
@CommandLine.Command(
    name = "synclog",
    mixinStandardHelpOptions = true,
    description = "Look into the Event Sync Log.")
final class SyncLogCommands {
  @CommandLine.ParentCommand @Nullable Command parent;
  @CommandLine.Spec CommandLine.Model.@Nullable CommandSpec spec;

  @CommandLine.Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List rows, the newest first.")
  int list(
      @CommandLine.Option(names = "--status", description = "Synced, Failed or Waiting.")
          @Nullable String status,
      @CommandLine.Option(names = "--producer", description = "URL of an Event Producer.")
          @Nullable String producer,
      @CommandLine.Option(names = "--doctype", description = "DocType on the producer.")
          @Nullable String doctype,
      @CommandLine.Option(names = "--doc", description = "Document name on the producer.")
          @Nullable String doc,
      @CommandLine.Option(
              names = "--limit",
              defaultValue = "50",
              description = "Rows at most (default: 50).")
          int limit,
      @CommandLine.Option(names = "-o", defaultValue = "table", description = "table or json.")
          Rows.Format format)
      throws Exception {
    try (Database database = Objects.requireNonNull(parent).open()) {
      Rows.of(
              database,
              """
              select seq, received_at, update_type, producer_doctype, producer_doc, status, attempts,
                     next_attempt_at, coalesce(error, note) as message
                from event_sync_log
               where (?::text is null or status = ?) and (?::text is null or event_producer = ?)
                 and (?::text is null or producer_doctype = ?)
                 and (?::text is null or producer_doc = ?)
               order by seq desc limit ?
              """,
              status,
              status,
              producer,
              producer,
              doctype,
              doctype,
              doc,
              doc,
              limit)
          .print(Command.out(spec), format);
      return Command.DONE;
    }
  }

  @CommandLine.Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Show one row with everything in it.")
  int show(
      @CommandLine.Parameters(paramLabel = "SEQ", description = "Number of the row.") long seq,
      @CommandLine.Option(names = "-o", defaultValue = "table", description = "table or json.")
          Rows.Format format)
      throws Exception {
    try (Database database = Objects.requireNonNull(parent).open()) {
      Rows row = Rows.of(database, "select * from event_sync_log where seq = ?", seq);
      if (row.isEmpty()) {
        Command.out(spec).println("There is no row " + seq + " in the Event Sync Log.");
        Command.out(spec).flush();
        return Command.USAGE;
      }
      row.printOne(Command.out(spec), format);
      return Command.DONE;
    }
  }
}
