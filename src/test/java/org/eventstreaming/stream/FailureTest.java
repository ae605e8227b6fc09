package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.DocumentJson;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A bad document stops itself and nothing else; what failed heals by itself or by Resync. */
class FailureTest {
  private static final ProducerDoctype[] TODO = TestStream.sameName("ToDo");
  private int number;

  @Test
  void a_document_that_postgresql_refuses_fails_alone_and_its_later_entries_wait_behind_it() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream = TestStream.following(site, TODO).start()) {
      stream.pull();

      site.append(
          List.of(
              create("A", "fine"),
              create("B", "fine"),
              entry("Update", "B", "{\"changed\":{\"color\":\"bad \\u0000\"}}"),
              update("B", "after it"),
              create("C", "fine")));
      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows("select producer_doc, status from event_sync_log order by seq"))
          .containsExactly(
              List.of("A", "Synced"),
              List.of("B", "Synced"),
              List.of("B", "Failed"),
              List.of("B", "Waiting"),
              List.of("C", "Synced"));
      assertThat(
              stream
                  .database()
                  .value("select data ->> 'description' from document where name = 'B'"))
          .isEqualTo("fine");
      assertThat(
              stream.database().value("select error from event_sync_log where status = 'Failed'"))
          .contains("Update of ToDo B", "\\u0000", "Resync");
    }
  }

  @Test
  void a_lasting_failure_is_tried_as_often_as_set_and_then_waits_for_resync() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream = TestStream.following(site, TODO).attempts(3).start()) {
      stream.pull();
      stream
          .database()
          .execute(
              "alter table document add constraint refuse check (data ->> 'description' <> 'no')");
      site.append(create("A", "no"));
      stream.pull();
      site.append(entry("Update", "A", "{\"changed\":{\"color\":\"blue\"}}"));
      stream.pull();

      for (int i = 0; i < 5; i++) {
        stream.clock().advance(Duration.ofHours(2));
        stream.pull();
      }

      assertThat(
              stream
                  .database()
                  .rows(
                      "select status, attempts, next_attempt_at from event_sync_log order by seq limit 1"))
          .containsExactly(java.util.Arrays.asList("Failed", "3", null));

      stream.database().execute("alter table document drop constraint refuse");
      stream
          .database()
          .execute(
              "update event_sync_log set next_attempt_at = now() - interval '1 day', attempts = 0");
      stream.pull();

      assertThat(stream.database().rows("select status from event_sync_log"))
          .containsExactly(List.of("Synced"), List.of("Synced"));
      assertThat(stream.database().value("select data ->> 'color' from document"))
          .isEqualTo("blue");
    }
  }

  @Test
  void an_update_of_a_document_that_is_not_here_fetches_it_whole() throws Exception {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream = TestStream.following(site, TODO).start()) {
      stream.pull();
      site.put(
          "ToDo",
          (com.fasterxml.jackson.databind.node.ObjectNode)
              DocumentJson.MAPPER.readTree(
                  "{\"name\":\"%#?/ ü\",\"doctype\":\"ToDo\",\"description\":\"whole\"}"));
      site.append(update("%#?/ ü", "only the diff"));

      stream.pull();

      assertThat(stream.database().value("select data ->> 'description' from document"))
          .isEqualTo("whole");
      assertThat(stream.database().rows("select status, note is not null from event_sync_log"))
          .containsExactly(List.of("Synced", "t"));
    }
  }

  @Test
  void an_update_of_a_document_that_is_gone_waits_until_its_delete_comes() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream = TestStream.following(site, TODO).start()) {
      stream.pull();
      site.append(update("A", "x"));
      stream.pull();

      assertThat(stream.database().value("select status from event_sync_log")).isEqualTo("Waiting");

      site.append(entry("Delete", "A", null));
      stream.pull();

      assertThat(stream.database().rows("select status from event_sync_log"))
          .containsExactly(List.of("Synced"), List.of("Synced"));
      assertThat(stream.database().count("document")).isZero();
    }
  }

  @Test
  void data_that_is_no_json_fails_its_document_and_the_rest_flows() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream = TestStream.following(site, TODO).start()) {
      stream.pull();
      site.append(
          List.of(
              entry("Create", "A", "{broken"), entry("Rename", "B", "{}"), create("C", "fine")));

      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows("select producer_doc, status from event_sync_log order by seq"))
          .containsExactly(List.of("A", "Failed"), List.of("B", "Failed"), List.of("C", "Synced"));
    }
  }

  @Test
  void types_that_are_not_approved_get_no_row_and_are_followed_once_they_are() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP);
        TestStream stream = TestStream.following(site, TODO).start()) {
      stream.pull();
      site.append(create("A", "before approval"));
      stream.pull();

      assertThat(stream.database().count("event_sync_log")).isZero();

      site.approve(stream.url(), "ToDo");
      stream.pull();

      assertThat(stream.database().value("select name from document")).isEqualTo("A");
    }
  }

  private LogEntry create(String name, String description) {
    return entry(
        "Create",
        name,
        "{\"name\":\"%s\",\"doctype\":\"ToDo\",\"docstatus\":0,\"description\":\"%s\"}"
            .formatted(name, description));
  }

  private LogEntry update(String name, String description) {
    return entry("Update", name, "{\"changed\":{\"description\":\"%s\"}}".formatted(description));
  }

  private LogEntry entry(String type, String name, @Nullable String data) {
    number++;
    return new LogEntry(
        "log%06d".formatted(number),
        "2030-01-01 10:00:%02d.000000".formatted(number),
        type,
        "ToDo",
        name,
        data);
  }
}
