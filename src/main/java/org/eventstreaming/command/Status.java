package org.eventstreaming.command;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.eventstreaming.postgres.Database;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code status}: how each producer is doing. */
@CommandLine.Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Show each Event Producer: approvals, cursor, last poll, what is open.")
final class Status implements Callable<Integer> {
  @CommandLine.ParentCommand @Nullable Command parent;
  @CommandLine.Spec CommandLine.Model.@Nullable CommandSpec spec;

  @CommandLine.Option(names = "-o", description = "table or json.")
  Rows.Format format = Rows.Format.table;

  @Override
  public Integer call() throws Exception {
    try (Database database = Objects.requireNonNull(parent).open()) {
      Rows.of(
              database,
              """
              select p.producer_url, p.read, t.approved, t.pending, t.rejected, t.passed_over,
                     p.last_update, p.last_poll, p.last_success, l.synced, l.failed, l.waiting,
                     p.last_error
                from event_producer p
                left join lateral (
                  select count(*) filter (where status = 'Approved') as approved,
                         count(*) filter (where status = 'Pending') as pending,
                         count(*) filter (where status = 'Rejected') as rejected,
                         coalesce(sum(passed_over), 0) as passed_over
                    from event_producer_document_type t
                   where t.producer_url = p.producer_url) t on true
                left join lateral (
                  select count(*) filter (where status = 'Synced') as synced,
                         count(*) filter (where status = 'Failed') as failed,
                         count(*) filter (where status = 'Waiting') as waiting
                    from event_sync_log l where l.event_producer = p.producer_url) l on true
               order by 1
              """)
          .print(Command.out(spec), format);
      return Command.DONE;
    }
  }
}
