package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.Here.json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.mapping.ReadMappingFiles;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.CallKind;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.StandInSite;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A bad document stops itself, and heals when it can. */
class FailureTest {
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  private static final CloseAside ASIDE = new CloseAside();

  private final StandInSite site = StandInSite.start(Generation.V15_APP);
  private final TestStream stream =
      TestStream.following(site, TestStream.sameName("ToDo", "Note")).page(7).attempts(3).start();
  private final Here here = new Here(stream.database());

  @BeforeEach
  void follow() {
    site.approveAll();
    stream.pull();
  }

  @AfterEach
  void closeAside() {
    ASIDE.add(stream, site);
  }

  @AfterAll
  static void close() throws Exception {
    ASIDE.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'changed': {'priority': 'a\\u0000b'}}",
        "{'changed': {'priority': 1e200000}}",
        "{'changed': {'docstatus': 70000}}"
      })
  void what_the_store_refuses_stands_alone_in_its_page(String refused) {
    site.append(todo("good1", "Create", "TODO-1", "{'description': 'good'}"));
    site.append(todo("first", "Create", "TODO-2", "{'description': 'first'}"));
    site.append(todo("second", "Update", "TODO-2", "{'changed': {'description': 'second'}}"));
    site.append(todo("culprit", "Update", "TODO-2", refused));
    site.append(todo("behind", "Update", "TODO-2", "{'changed': {'description': 'behind'}}"));
    site.append(todo("good2", "Create", "TODO-3", "{'description': 'good'}"));
    site.append(todo("good3", "Create", "TODO-4", "{'description': 'good'}"));

    stream.pull();

    assertThat(here.statuses("TODO-2")).containsExactly("Synced", "Synced", "Failed", "Waiting");
    assertThat(here.document("ToDo", "TODO-2").path("description").asText()).isEqualTo("second");
    assertThat(here.names("ToDo")).containsExactly("TODO-1", "TODO-2", "TODO-3", "TODO-4");
    assertThat(here.entries("Synced")).isEqualTo(5);
    assertThat(error("culprit"))
        .startsWith("Could not store Update of ToDo TODO-2 of " + site.url() + ": ")
        .endsWith(", then run event-streaming resync " + row("culprit") + ".");
  }

  @Test
  void a_text_with_a_nul_character_fails_by_the_name_of_its_field() {
    site.append(
        todo(
            "create",
            "Create",
            "TODO-1",
            "{'description': 'a\\u0000', 'lines': [{'name': 'r1'}, {'name': 'r2', 'note': '\\u0000'}]}"));
    site.append(todo("good", "Create", "TODO-2", "{'description': 'good'}"));
    site.append(todo("update", "Update", "TODO-2", "{'changed': {'priority': '\\u0000'}}"));

    stream.pull();

    assertThat(error("create"))
        .isEqualTo(
            "Could not store Create of ToDo TODO-1 of "
                + site.url()
                + ": description, lines[1].note holds the NUL character, which PostgreSQL cannot"
                + " store. Remove it on the producer, or write nul: strip into the producer file."
                + " Later entries of this document wait behind it. Fix the cause, then run event-streaming resync "
                + row("create")
                + ".");
    assertThat(error("update")).contains(": priority holds the NUL character");
    assertThat(here.statuses("TODO-2")).containsExactly("Synced", "Failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e1500", "1e-1500", "-2.5e100000"})
  void a_number_that_the_store_writes_out_at_length_is_read_again(String number) {
    site.append(todo("first", "Create", "TODO-1", "{'priority': %s}".formatted(number)));
    stream.pull();
    site.append(todo("second", "Update", "TODO-1", "{'changed': {'description': 'second'}}"));

    stream.pull();

    assertThat(here.statuses("TODO-1")).containsExactly("Synced", "Synced");
    assertThat(here.document("ToDo", "TODO-1").path("description").asText()).isEqualTo("second");
  }

  @Test
  void a_refused_create_fails_and_what_follows_it_waits() {
    site.append(todo("culprit", "Create", "TODO-1", "{'priority': 'a\\u0000b'}"));
    site.append(todo("behind", "Update", "TODO-1", "{'changed': {'description': 'behind'}}"));
    site.append(todo("good", "Create", "TODO-2", "{'description': 'good'}"));

    stream.pull();

    assertThat(here.statuses("TODO-1")).containsExactly("Failed", "Waiting");
    assertThat(here.names("ToDo")).containsExactly("TODO-2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Update | {'changed': 5}                  | changed must be",
        "Update | {'description': 'no diff'}      | the diff must be",
        "Update | {'added': {'items': 'none'}}    | added.items must be",
        "Update | {'row_changed': {'items': [1]}} | row_changed.items must be",
        "Update | {'changed':                     | not JSON",
        "Update | {'changed': {'priority': NaN}}  | priority is NaN, and JSON has no such number",
        "Update | {'changed': {'a': [-Infinity]}} | a is -Infinity, and JSON has no such number",
        "Update | {'changed': {'a': 01}}          | Leading zeroes not allowed.",
        "Update | [1, 2]                          | JSON but not an object",
        "Update |                                 | data is empty",
        "Rename | {}                              | update type is 'Rename'",
      })
  void an_entry_that_cannot_be_read_fails_alone_and_says_why(
      String type, @Nullable String data, String why) {
    site.append(todo("create", "Create", "TODO-1", "{'description': 'first'}"));
    site.append(todo("culprit", type, "TODO-1", data));
    site.append(todo("behind", "Update", "TODO-1", "{'changed': {'description': 'behind'}}"));
    site.append(todo("good", "Create", "TODO-2", "{'description': 'good'}"));

    stream.pull();

    assertThat(here.statuses("TODO-1")).containsExactly("Synced", "Failed", "Waiting");
    assertThat(here.document("ToDo", "TODO-1").path("description").asText()).isEqualTo("first");
    assertThat(here.statuses("TODO-2")).containsExactly("Synced");
    assertThat(error("culprit")).contains(why, "ToDo TODO-1", site.url(), "event-streaming resync");
  }

  @Test
  void a_failed_entry_is_tried_as_often_as_is_set_with_growing_pauses_and_then_stays() {
    Instant start = stream.clock().instant();
    site.append(todo("culprit", "Create", "TODO-1", "{'priority': 'a\\u0000b'}"));

    stream.pull();
    Duration first = pause("culprit", start);
    stream.pull();
    long triedAtOnce = attempts("culprit");
    stream.clock().advance(Duration.ofSeconds(1));
    Instant second = stream.clock().instant();
    stream.pull();
    Duration next = pause("culprit", second);
    stream.clock().advance(Duration.ofSeconds(2));
    stream.pull();
    stream.clock().advance(Duration.ofDays(30));
    stream.pull();

    assertThat(first).isBetween(Duration.ofMillis(499), Duration.ofSeconds(1));
    assertThat(triedAtOnce).isEqualTo(1);
    assertThat(next).isBetween(Duration.ofMillis(999), Duration.ofSeconds(2));
    assertThat(attempts("culprit")).isEqualTo(3);
    assertThat(here.statuses("TODO-1")).containsExactly("Failed");
    assertThat(here.texts("select next_attempt_at from event_sync_log")).containsExactly("null");
  }

  @Test
  void resync_replays_the_original_entry_and_its_line_in_order_once_the_cause_is_gone() {
    stream
        .database()
        .execute("alter table document add constraint no_bad check (data ->> 'priority' <> 'Bad')");
    site.append(todo("create", "Create", "TODO-1", "{'priority': 'Bad', 'description': '1'}"));
    for (int i = 2; i <= 20; i++) {
      site.append(
          todo(
              "u" + i,
              "Update",
              "TODO-1",
              "{'changed': {'description': '%d', 'f%d': 1}}".formatted(i, i)));
    }
    stream.pull();
    stream.clock().advance(Duration.ofDays(1));
    stream.pull();
    stream.clock().advance(Duration.ofDays(1));
    stream.pull();
    long failed = here.entries("Failed");
    long waiting = here.entries("Waiting");

    stream.database().execute("alter table document drop constraint no_bad");
    resync("create");
    stream.pull();

    assertThat(failed).isEqualTo(1);
    assertThat(waiting).isEqualTo(19);
    assertThat(here.statuses("TODO-1")).hasSize(20).containsOnly("Synced");
    assertThat(here.document("ToDo", "TODO-1").path("description").asText()).isEqualTo("20");
    assertThat(here.document("ToDo", "TODO-1").path("f2").asInt()).isEqualTo(1);
    assertThat(here.texts("select count(entry) from event_sync_log")).containsExactly("0");
  }

  @Test
  void resync_of_what_still_cannot_be_stored_fails_again_and_keeps_its_line() {
    site.append(todo("culprit", "Create", "TODO-1", "{'priority': 'a\\u0000b'}"));
    site.append(todo("behind", "Update", "TODO-1", "{'changed': {'description': 'behind'}}"));
    stream.pull();

    resync("culprit");
    stream.pull();

    assertThat(here.statuses("TODO-1")).containsExactly("Failed", "Waiting");
    assertThat(attempts("culprit")).isEqualTo(2);
    assertThat(here.entries()).isEqualTo(2);
    assertThat(error("culprit"))
        .endsWith(", then run event-streaming resync " + row("culprit") + ".");
  }

  @Test
  void failure_while_fetching_a_document_is_tried_again_with_growing_pauses_and_heals() {
    site.put("ToDo", json("{'name': 'TODO-1', 'description': 'whole'}"));
    site.fail(1_000, request -> request.kind() == CallKind.DOCUMENT, Fault.badGateway());
    site.append(todo("update", "Update", "TODO-1", "{'changed': {'description': 'x'}}"));
    site.append(todo("good", "Create", "TODO-2", "{'description': 'good'}"));
    Duration expected = Duration.ofSeconds(1);

    stream.pull();
    for (int tries = 1; tries <= 15; tries++) {
      assertThat(attempts("update")).isEqualTo(tries);
      assertThat(pause("update", stream.clock().instant()))
          .as("after try %d", tries)
          .isBetween(expected.dividedBy(2).minusMillis(1), expected);
      stream.clock().advance(expected);
      stream.pull();
      expected =
          expected.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
              ? LONGEST_PAUSE
              : expected.multipliedBy(2);
    }
    String waiting = error("update");
    site.heal();
    stream.clock().advance(LONGEST_PAUSE);
    stream.pull();

    assertThat(waiting).contains("ToDo TODO-1", site.url(), "502");
    assertThat(here.statuses("TODO-1")).containsExactly("Synced");
    assertThat(here.statuses("TODO-2")).containsExactly("Synced");
    assertThat(here.document("ToDo", "TODO-1").path("description").asText()).isEqualTo("whole");
  }

  @Test
  void a_key_that_is_revoked_while_documents_are_fetched_fails_none_of_them() {
    site.put("ToDo", json("{'name': 'TODO-1', 'description': 'whole'}"));
    site.fail(1_000, request -> request.kind() == CallKind.DOCUMENT, Fault.unauthorized());
    site.append(todo("update", "Update", "TODO-1", "{'changed': {'description': 'x'}}"));
    stream.pull();
    List<String> revoked = here.statuses("TODO-1");
    String waiting = error("update");
    for (int tries = 0; tries < 10; tries++) {
      stream.clock().advance(LONGEST_PAUSE);
      stream.pull();
    }

    site.heal();
    stream.clock().advance(LONGEST_PAUSE);
    stream.pull();

    assertThat(revoked).containsExactly("Waiting");
    assertThat(waiting).contains("ToDo TODO-1", site.url(), "401", "Check api_key and api_secret");
    assertThat(here.statuses("TODO-1")).containsExactly("Synced");
    assertThat(here.document("ToDo", "TODO-1").path("description").asText()).isEqualTo("whole");
  }

  @Test
  void a_document_that_may_not_be_read_fails_and_names_the_missing_right() {
    site.fail(CallKind.DOCUMENT, Fault.forbidden());
    site.append(todo("update", "Update", "TODO-1", "{'changed': {'description': 'x'}}"));

    stream.pull();

    assertThat(here.statuses("TODO-1")).containsExactly("Failed");
    assertThat(error("update"))
        .contains("403", "ToDo TODO-1", site.url(), "no read permission on this ToDo");
  }

  @Test
  void a_site_that_asks_to_be_left_alone_is_left_alone_that_long_and_no_longer_than_an_hour() {
    site.fail(CallKind.LOG_LIST, Fault.tooManyRequests(Duration.ofDays(365)));
    stream.pull();
    String pause =
        here.texts(
                "select paused_until between now() + interval '59 minutes' and now() + interval '1 hour' from event_producer")
            .get(0);
    site.insert("ToDo", json("{'name': 'TODO-1'}"));
    site.forgetRequests();

    stream.pull();
    long calls = site.requests().size();
    stream.database().execute("update event_producer set paused_until = now()");
    stream.clock().advance(Duration.ofHours(1));
    stream.pull();

    assertThat(pause).isEqualTo("t");
    assertThat(calls).isZero();
    assertThat(here.statuses("TODO-1")).containsExactly("Synced");
  }

  @Test
  void what_is_tried_again_is_no_poll() {
    site.append(todo("culprit", "Create", "TODO-1", "{'priority': 'a\\u0000b'}"));
    stream.pull();
    stream.database().execute("update event_producer set last_poll = '2020-01-01'");
    stream.clock().advance(Duration.ofHours(1));

    stream.send("direct:retry");

    assertThat(attempts("culprit")).isEqualTo(2);
    assertThat(here.texts("select last_poll < '2020-01-02' from event_producer"))
        .containsExactly("t");
  }

  @Test
  void a_document_that_waits_for_itself_waits_under_its_type_here(@TempDir Path project)
      throws IOException {
    Files.createDirectory(project.resolve("mappings"));
    Files.writeString(
        project.resolve("mappings/task.yaml"),
        """
        mapping_name: todo-to-task
        local_doctype: Task
        remote_doctype: ToDo
        field_mapping:
          - {local_fieldname: status, remote_fieldname: status}
        """);
    try (TestStream mapped =
        TestStream.following(site, TestRow.of("Task").mapped("todo-to-task", "ToDo").row())
            .mappings(new ReadMappingFiles(project, DocTypes.NONE).read())
            .start()) {
      Here there = new Here(mapped.database());
      mapped.pull();
      site.append(todo("update", "Update", "TODO-1", "{'changed': {'status': 'Closed'}}"));
      mapped.pull();
      List<String> waiting = there.texts("select waits_for from event_sync_log");

      site.append(todo("delete", "Delete", "TODO-1", null));
      mapped.pull();

      assertThat(waiting).containsExactly("{Task,TODO-1}");
      assertThat(there.statuses("TODO-1")).containsExactly("Synced", "Synced");
    }
  }

  @Test
  void a_log_table_that_may_not_be_read_any_more_is_followed_by_the_method_from_then_on() {
    site.fail(1_000, request -> request.kind() == CallKind.LOG_LIST, Fault.forbidden());
    site.insert("ToDo", json("{'name': 'TODO-1'}"));

    stream.pull();
    String error = String.valueOf(here.lastError());
    stream.pull();

    assertThat(error).contains("403", "System Manager");
    assertThat(here.statuses("TODO-1")).containsExactly("Synced");
    assertThat(here.lastError()).isNull();
  }

  @Test
  void what_waits_for_a_document_is_woken_when_that_is_written() {
    site.append(todo("update", "Update", "TODO-1", "{'changed': {'description': 'x'}}"));
    stream.pull();
    stream
        .database()
        .execute(
            "update event_sync_log set waits_for = array['Note', 'NOTE-1'] where update_log = 'update'");
    site.put("ToDo", json("{'name': 'TODO-1', 'description': 'back'}"));
    stream.pull();
    long before = here.entries("Waiting");

    site.insert("Note", json("{'name': 'NOTE-1'}"));
    stream.pull();

    assertThat(before).isEqualTo(1);
    assertThat(here.statuses("TODO-1")).containsExactly("Synced");
  }

  @Test
  void a_producer_that_cannot_be_reached_is_no_entrys_failure() {
    site.insert("ToDo", json("{'name': 'TODO-1'}"));
    site.refuseConnections();
    stream.pull();
    String error = String.valueOf(here.lastError());
    long entries = here.entries();

    site.resume();
    stream.pull();

    assertThat(error).contains(site.url(), "no answer", "Is the site up");
    assertThat(entries).isZero();
    assertThat(here.statuses("TODO-1")).containsExactly("Synced");
    assertThat(here.lastError()).isNull();
  }

  @Test
  void one_producers_failure_does_not_hold_up_another() {
    try (StandInSite other = StandInSite.start(Generation.V13).approveAll();
        TestStream both =
            TestStream.following(site, ProducerDoctype.sameName("ToDo"))
                .and(other, Read.METHOD, ProducerDoctype.sameName("ToDo"))
                .start()) {
      both.pull();
      site.refuseConnections();
      other.insert("ToDo", json("{'name': 'TODO-9'}"));

      both.pull();

      assertThat(new Here(both.database()).names("ToDo")).containsExactly("TODO-9");
    }
  }

  /** What the command does. */
  private void resync(String entry) {
    stream
        .database()
        .execute(
            "update event_sync_log set next_attempt_at = '%s' where update_log = '%s'"
                .formatted(stream.clock().instant(), entry));
  }

  private String row(String entry) {
    return here.texts("select seq from event_sync_log where update_log = '" + entry + "'").get(0);
  }

  private String error(String entry) {
    return here.texts("select error from event_sync_log where update_log = '" + entry + "'").get(0);
  }

  private long attempts(String entry) {
    return Long.parseLong(
        here.texts("select attempts from event_sync_log where update_log = '" + entry + "'")
            .get(0));
  }

  private Duration pause(String entry, Instant from) {
    String next =
        here.texts(
                "select to_char(next_attempt_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from event_sync_log where update_log = '"
                    + entry
                    + "'")
            .get(0);
    return Duration.between(
        from, OffsetDateTime.parse(next, DateTimeFormatter.ISO_OFFSET_DATE_TIME).toInstant());
  }

  private static LogEntry todo(String entry, String type, String docname, @Nullable String data) {
    return new LogEntry(
        entry,
        TestTimes.next(),
        type,
        "ToDo",
        docname,
        data == null ? null : data.replace('\'', '"'));
  }
}
