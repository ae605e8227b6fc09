package org.eventstreaming.stream;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.eventstreaming.producer.Read;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;

/** A backlog is worked off in a memory that does not grow with it. */
class BacklogTest {
  private static final int BACKLOG = 200_000;
  private static final DateTimeFormatter FRAPPE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS");

  @Test
  void two_hundred_thousand_entries_in_one_answer_are_worked_off_in_256_mb() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll().plainSelection();
        TestDatabase database = TestDatabase.create();
        PullingProcess process =
            PullingProcess.start(
                database,
                site,
                Read.METHOD,
                500,
                Path.of("target", "backlog-test.log"),
                List.of("-Xmx256m"),
                TestStream.sameName("ToDo"))) {
      await().atMost(60, SECONDS).until(() -> !site.consumers().isEmpty());
      site.append(BACKLOG, BacklogTest::entry);

      await()
          .atMost(400, SECONDS)
          .until(
              () ->
                  !process.isAlive()
                      || database.count("event_sync_log where status = 'Synced'") == BACKLOG);

      assertThat(process.isAlive()).as("see target/backlog-test.log").isTrue();
      assertThat(database.count("document")).isEqualTo(BACKLOG);
      assertThat(
              database.value(
                  "select length(data ->> 'description') from document where name = 'T199999'"))
          .isEqualTo("900");
    }
  }

  private static LogEntry entry(int i) {
    return new LogEntry(
        "e%06d".formatted(i),
        LocalDateTime.of(2030, 1, 1, 0, 0).plusNanos(i * 1_000_000L + 1_000).format(FRAPPE),
        "Create",
        "ToDo",
        "T%06d".formatted(i),
        "{\"doctype\":\"ToDo\",\"name\":\"T%06d\",\"docstatus\":0,\"description\":\"%s\"}"
            .formatted(i, "shelf ".repeat(150)));
  }
}
