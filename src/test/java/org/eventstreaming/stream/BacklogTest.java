package org.eventstreaming.stream;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.DocumentJson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a long absence: more entries than the memory could hold. */
@Tag("backlog")
class BacklogTest {
  private static final LocalDateTime START = LocalDateTime.of(2090, 1, 1, 0, 0);
  private static final String KILOBYTE = "x".repeat(1000);
  private static final ProducerDoctype[] FOLLOWED = TestStream.sameName("ToDo", "Note");

  private final StandInSite site = StandInSite.start(Generation.V14).approveAll().plainSelection();
  private final TestDatabase database = TestDatabase.create();

  @AfterEach
  void close() {
    site.close();
    database.close();
  }

  @Test
  void two_hundred_thousand_entries_in_one_answer_are_worked_off_in_256_megabytes(
      @TempDir Path folder) throws Exception {
    workOff(200_000, Read.METHOD, folder);
  }

  @Test
  void the_same_goes_by_list(@TempDir Path folder) throws Exception {
    workOff(Integer.getInteger("backlog.list", 20_000), Read.LIST, folder);
  }

  @Test
  void a_page_of_updates_of_one_large_document_is_worked_off_in_128_megabytes(@TempDir Path folder)
      throws Exception {
    int updates = 450;
    TestStream registering = TestStream.following(site, Read.LIST, FOLLOWED).start(database);
    registering.pull();
    registering.application().close();
    site.append(updates + 1, position -> position == 0 ? large() : update(position));
    Path words = folder.resolve("process.txt");
    try (PullingProcess process =
        PullingProcess.start(
            database,
            TestStream.producer(site, Read.LIST, FOLLOWED),
            500,
            words,
            List.of("-Xmx128m", "-Dlease.seconds=60"))) {
      await()
          .atMost(60, SECONDS)
          .pollInterval(Duration.ofMillis(200))
          .until(() -> !process.isAlive() || logged() == updates + 1);

      assertThat(process.isAlive()).as("alive, said: %s", Files.readString(words)).isTrue();
      assertThat(database.value("select data ->> 'description' from document"))
          .isEqualTo(Integer.toString(updates));
      assertThat(database.value("select jsonb_array_length(data -> 'items') from document"))
          .isEqualTo("500");
    }
  }

  private void workOff(int entries, Read read, Path folder) throws IOException {
    // the backlog is what came after we were registered
    TestStream registering = TestStream.following(site, read, FOLLOWED).start(database);
    registering.pull();
    registering.application().close();
    site.append(entries, BacklogTest::entry);
    Path words = folder.resolve("process.txt");
    try (PullingProcess process =
        PullingProcess.start(
            database, TestStream.producer(site, read, FOLLOWED), 500, words, List.of("-Xmx256m"))) {
      await()
          .atMost(300, SECONDS)
          .pollInterval(Duration.ofMillis(200))
          .until(() -> !process.isAlive() || logged() == entries);
      assertThat(process.isAlive()).as("alive, said: %s", Files.readString(words)).isTrue();

      assertThat(database.count("document")).isEqualTo(entries);
      assertThat(database.count("event_sync_log where status = 'Synced'")).isEqualTo(entries);
      for (int position : List.of(0, 499, 500, entries / 2, entries - 1)) {
        assertThat(
                database.value(
                    "select data ->> 'description' from document where name = 'D%d' and doctype = '%s'"
                        .formatted(position, entry(position).refDoctype())))
            .isEqualTo(position + KILOBYTE);
      }
      System.out.printf(
          "%,d entries by %s: %s entries/s, peak memory of the process %s%n",
          entries, read, rate(), peakMemory(process));
    }
  }

  private long logged() {
    return database.count("event_sync_log");
  }

  private String rate() {
    return String.valueOf(
        database.value(
            """
            select round(count(*) / extract(epoch from max(received_at) - min(received_at)))
              from event_sync_log
            """));
  }

  private static String peakMemory(PullingProcess process) throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    return Files.exists(status)
        ? Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("VmHWM"))
            .findFirst()
            .orElse("unknown")
        : "unknown";
  }

  /** 500 rows of 40 fields. */
  private static LogEntry large() {
    ObjectNode document = DocumentJson.MAPPER.createObjectNode();
    document.put("doctype", "Note").put("name", "LARGE").put("description", "0");
    for (int row = 0; row < 500; row++) {
      ObjectNode fields = document.withArray("/items").addObject().put("name", "row" + row);
      for (int field = 0; field < 40; field++) {
        fields.put("field" + field, "value" + field);
      }
    }
    return entry(0, "Create", document.toString());
  }

  private static LogEntry update(int position) {
    return entry(
        position, "Update", "{\"changed\": {\"description\": \"%d\"}}".formatted(position));
  }

  private static LogEntry entry(int position, String type, String data) {
    return new LogEntry(
        String.valueOf(position + 1),
        FrappeTime.format(START.plusNanos(position * 1_000L)),
        type,
        "Note",
        "LARGE",
        data);
  }

  private static LogEntry entry(int position) {
    String doctype = position % 2 == 0 ? "Note" : "ToDo";
    return new LogEntry(
        String.valueOf(position + 1),
        FrappeTime.format(START.plusNanos(position * 1_000L)),
        "Create",
        doctype,
        "D" + position,
        "{\"doctype\": \"%s\", \"name\": \"D%d\", \"description\": \"%d%s\"}"
            .formatted(doctype, position, position, KILOBYTE));
  }
}
