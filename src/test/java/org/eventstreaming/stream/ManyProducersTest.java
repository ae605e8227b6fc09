package org.eventstreaming.stream;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eventstreaming.producer.Read;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.DocumentJson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More producers are pulled from at once than there are connections to the database. */
@Timeout(120)
class ManyProducersTest {
  private static final int PRODUCERS = 25;
  private static final int ENTRIES = 4;
  private static final Duration LEASE = Duration.ofSeconds(6);

  /** More than can be open in one process. */
  private static final int WITHOUT_CONNECTION = PRODUCERS - 12;

  private final List<StandInSite> sites = new ArrayList<>();
  private final ExecutorService threads = Executors.newSingleThreadExecutor();

  @AfterEach
  void close() {
    threads.shutdownNow();
    sites.forEach(StandInSite::close);
  }

  @Test
  void pages_that_wait_for_the_database_leave_connections_to_leases_and_pages_to_come()
      throws Exception {
    TestStream.Builder builder = new TestStream.Builder().page(1).lease(LEASE);
    for (int i = 0; i < PRODUCERS; i++) {
      StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
      sites.add(site);
      builder.and(site, Read.LIST, TestStream.sameName("ToDo " + i));
    }
    try (TestStream stream = builder.start()) {
      stream.pull();
      for (int i = 0; i < PRODUCERS; i++) {
        for (int entry = 0; entry < ENTRIES; entry++) {
          sites
              .get(i)
              .insert("ToDo " + i, DocumentJson.MAPPER.createObjectNode().put("name", "T" + entry));
        }
      }

      Future<?> pull;
      try (Connection other =
              DriverManager.getConnection(
                  stream.database().databaseSettings().url(), "postgres", null);
          Statement statement = other.createStatement()) {
        statement.execute("set search_path = event_streaming");
        other.setAutoCommit(false);
        statement.execute("lock table document in exclusive mode");
        pull = threads.submit(stream::pull);
        await()
            .atMost(60, SECONDS)
            .until(() -> count(statement, "lease_owner is not null") == PRODUCERS);
        String later =
            value(
                statement,
                "select clock_timestamp() + %d * interval '1 s'".formatted(2 * LEASE.toSeconds()));
        await()
            .atMost(60, SECONDS)
            .until(
                () ->
                    count(statement, "lease_until > '%s'".formatted(later)) >= WITHOUT_CONNECTION);
        other.rollback();
      }
      pull.get();

      assertThat(
              stream
                  .database()
                  .rows("select last_error from event_producer where last_error <> ''"))
          .isEmpty();
      assertThat(stream.database().count("document")).isEqualTo(PRODUCERS * ENTRIES);
    }
  }

  private static long count(Statement statement, String condition) throws SQLException {
    return Long.parseLong(
        value(statement, "select count(*) from event_producer where " + condition));
  }

  private static String value(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
