package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.apache.camel.CamelExecutionException;

/**
 * Breaks a chosen statement at its begin or end, or the commit: by the end of the connection, a
 * cancelled statement, or a deadlock.
 */
final class BreakDatabase {
  private BreakDatabase() {}

  static void prepare(TestDatabase database) {
    database.execute("create sequence tick");
    database.execute("create table kill_at (tick bigint, state text)");
    database.execute(
        """
        create function break_off() returns trigger language plpgsql as $$
        declare
          now bigint := nextval('tick');
          how text := (select max(state) from kill_at where tick = now);
        begin
          if how = '57P01' then
            perform pg_terminate_backend(pg_backend_pid());
          elsif how is not null then
            raise exception 'broken on purpose' using errcode = how;
          end if;
          return null;
        end $$
        """);
    for (String table :
        List.of(
            "document",
            "document_link",
            "event_sync_log",
            "event_producer",
            "event_producer_document_type")) {
      for (String when : List.of("before", "after")) {
        database.execute(
            "create trigger kill_%s %s insert or update or delete on %s for each statement execute function break_off()"
                .formatted(when, when, table));
      }
    }
    database.execute(
        """
        create constraint trigger kill_commit after update of last_update on event_producer
          deferrable initially deferred for each row execute function break_off()
        """);
  }

  /** At one of the next statements. */
  static void breakOff(TestDatabase database, Random random, int within) {
    database.execute(
        "insert into kill_at select last_value + %d, '%s' from tick"
            .formatted(
                1 + random.nextInt(within),
                List.of("57P01", "57P01", "57014", "40P01").get(random.nextInt(4))));
  }

  static void heal(TestDatabase database) {
    database.execute("truncate kill_at");
  }

  /** It may hit what lies around a pull as well: taking the lease, giving it back. */
  static void orBreak(Runnable pull) {
    try {
      pull.run();
    } catch (CamelExecutionException e) {
      assertThat(e)
          .satisfiesAnyOf(
              ended -> assertThat(ended).hasStackTraceContaining("terminating connection"),
              broken -> assertThat(broken).hasStackTraceContaining("broken on purpose"));
    }
  }
}
