package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.Here.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.eventstreaming.producer.Read;
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

/** What entries make of the documents here. */
class ApplyTest {
  private static final String INVOICE = "Sales Invoice";

  private static final CloseAside ASIDE = new CloseAside();

  private final StandInSite site = StandInSite.start(Generation.V15_APP);
  private final TestStream stream =
      TestStream.following(site, TestStream.sameName(INVOICE, "ToDo")).start();
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

  @Test
  void a_create_brings_the_document_with_its_rows_under_the_producers_names() {
    ObjectNode made = site.insert(INVOICE, invoice("SINV-1"));

    stream.pull();

    JsonNode held = here.document(INVOICE, "SINV-1");
    assertThat(held.path("customer").asText()).isEqualTo("Acme");
    assertThat(held.path("creation")).isEqualTo(made.path("creation"));
    assertThat(held.path("items").findValuesAsText("name"))
        .isEqualTo(made.path("items").findValuesAsText("name"));
    assertThat(held.toString()).doesNotContain("__unsaved");
    assertThat(here.statuses("SINV-1")).containsExactly("Synced");
  }

  @Test
  void an_update_changes_fields_and_changes_removes_and_adds_rows() {
    ObjectNode made = site.insert(INVOICE, invoice("SINV-1"));
    String first = made.path("items").path(0).path("name").asText();
    stream.pull();

    site.update(
        INVOICE,
        "SINV-1",
        json(
            "{'customer': 'Globex', 'remarks': null, 'items': [{'name': '%s', 'item_code': 'BOLT', 'qty': 7}, {'item_code': 'WASHER', 'qty': 9}]}"
                .formatted(first)));
    stream.pull();

    JsonNode held = here.document(INVOICE, "SINV-1");
    assertThat(held.path("customer").asText()).isEqualTo("Globex");
    assertThat(held.has("remarks")).isFalse();
    assertThat(held.path("items").findValuesAsText("item_code")).containsExactly("BOLT", "WASHER");
    assertThat(held.path("items").findValuesAsText("qty")).containsExactly("7", "9");
    assertThat(held.path("items").findValuesAsText("idx")).containsExactly("1", "2");
    assertThat(held.path("items").path(0).path("name").asText()).isEqualTo(first);
    assertThat(here.statuses("SINV-1")).containsExactly("Synced", "Synced");
  }

  @Test
  void a_delete_removes_the_document_and_its_place_in_the_identity_map() {
    site.insert(INVOICE, invoice("SINV-1"));
    stream.pull();

    site.delete(INVOICE, "SINV-1");
    stream.pull();

    assertThat(here.names(INVOICE)).isEmpty();
    assertThat(stream.database().count("document_link")).isZero();
    assertThat(here.statuses("SINV-1")).containsExactly("Synced", "Synced");
  }

  @Test
  void a_document_that_is_made_again_under_its_name_is_the_new_one() {
    site.insert(INVOICE, invoice("SINV-1"));
    site.delete(INVOICE, "SINV-1");
    site.insert(INVOICE, json("{'name': 'SINV-1', 'customer': 'Initech'}"));

    stream.pull();

    assertThat(here.document(INVOICE, "SINV-1").path("customer").asText()).isEqualTo("Initech");
    assertThat(here.document(INVOICE, "SINV-1").has("items")).isFalse();
    assertThat(here.statuses("SINV-1")).containsExactly("Synced", "Synced", "Synced");
  }

  @Test
  void child_rows_carry_their_parents_docstatus_after_submit_and_cancel() {
    site.insert(INVOICE, invoice("SINV-1"));
    stream.pull();

    site.append(update("submit", "SINV-1", "{'changed': {'docstatus': 1}}"));
    stream.pull();
    JsonNode submitted = here.document(INVOICE, "SINV-1");
    site.append(update("cancel", "SINV-1", "{'changed': {'docstatus': 2}}"));
    stream.pull();

    assertThat(submitted.findValuesAsText("docstatus")).containsExactly("1", "1", "1");
    assertThat(here.document(INVOICE, "SINV-1").findValuesAsText("docstatus"))
        .containsExactly("2", "2", "2");
    assertThat(stream.database().value("select docstatus from document")).isEqualTo("2");
  }

  @Test
  void an_update_of_a_document_that_is_not_here_brings_the_whole_document_once() {
    site.put(
        "ToDo",
        json("{'name': 'TODO-1', 'description': 'whole', 'modified': '2036-01-01 00:00:00'}"));
    site.append(todo("u1", "Update", "TODO-1", "{'changed': {'priority': 'High'}}"));
    site.append(todo("u2", "Update", "TODO-1", "{'changed': {'description': 'older'}}"));

    stream.pull();
    site.append(todo("u3", "Update", "TODO-1", "{'changed': {'description': 'older too'}}"));
    stream.pull();

    assertThat(here.document("ToDo", "TODO-1").path("description").asText()).isEqualTo("whole");
    assertThat(here.document("ToDo", "TODO-1").has("priority")).isFalse();
    assertThat(here.statuses("TODO-1")).containsExactly("Synced", "Synced", "Synced");
    assertThat(here.texts("select note from event_sync_log order by seq"))
        .allMatch(note -> note.contains("whole"));
    assertThat(site.count(CallKind.DOCUMENT)).isEqualTo(1);
  }

  @Test
  void what_comes_after_the_whole_document_is_applied_on_top() {
    site.put(
        "ToDo",
        json("{'name': 'TODO-1', 'description': 'whole', 'modified': '2020-01-01 00:00:00'}"));
    site.append(todo("u1", "Update", "TODO-1", "{'changed': {'priority': 'High'}}"));
    stream.pull();

    site.append(todo("u2", "Update", "TODO-1", "{'changed': {'description': 'newer'}}"));
    stream.pull();

    assertThat(here.document("ToDo", "TODO-1").path("description").asText()).isEqualTo("newer");
    assertThat(site.count(CallKind.DOCUMENT)).isEqualTo(1);
  }

  @Test
  void an_update_of_a_document_that_somebody_deleted_here_brings_it_back() {
    site.insert("ToDo", json("{'name': 'TODO-1', 'description': 'first'}"));
    stream.pull();
    stream.database().execute("delete from document");

    site.update("ToDo", "TODO-1", json("{'description': 'second'}"));
    stream.pull();

    assertThat(here.document("ToDo", "TODO-1").path("description").asText()).isEqualTo("second");
    assertThat(here.statuses("TODO-1")).containsExactly("Synced", "Synced");
  }

  @Test
  void a_delete_of_a_document_that_never_was_here_is_synced_and_says_so() {
    site.append(new LogEntry("d1", "2036-01-01 00:00:00.000001", "Delete", "ToDo", "TODO-1", null));

    stream.pull();

    assertThat(here.statuses("TODO-1")).containsExactly("Synced");
    assertThat(here.message("TODO-1", "Delete")).contains("Was not here");
    assertThat(here.names("ToDo")).isEmpty();
  }

  @Test
  void a_delete_of_an_unknown_document_that_the_producer_still_has_brings_it() {
    site.put(
        "ToDo",
        json("{'name': 'TODO-1', 'description': 'again', 'modified': '2036-01-01 00:00:00'}"));
    site.append(todo("d1", "Delete", "TODO-1", null));

    stream.pull();

    assertThat(here.document("ToDo", "TODO-1").path("description").asText()).isEqualTo("again");
    assertThat(here.statuses("TODO-1")).containsExactly("Synced");
  }

  @Test
  void an_update_of_a_document_that_is_gone_on_the_producer_waits_until_a_delete_comes() {
    site.append(todo("u1", "Update", "TODO-1", "{'changed': {'description': 'x'}}"));
    stream.pull();
    String waiting = here.message("TODO-1", "Update");
    long waitingEntries = here.entries("Waiting");

    site.append(todo("d1", "Delete", "TODO-1", null));
    stream.pull();

    assertThat(waitingEntries).isEqualTo(1);
    assertThat(waiting)
        .contains("ToDo TODO-1", site.url(), "not on the producer any more", "Delete");
    assertThat(here.statuses("TODO-1")).containsExactly("Synced", "Synced");
    assertThat(here.names("ToDo")).isEmpty();
  }

  @Test
  void a_document_that_was_gone_for_a_while_is_asked_for_again_after_an_hour() {
    site.append(todo("u1", "Update", "TODO-1", "{'changed': {'description': 'x'}}"));
    stream.pull();
    site.put("ToDo", json("{'name': 'TODO-1', 'description': 'back'}"));

    stream.pull();
    long before = here.entries("Waiting");
    stream.clock().advance(Duration.ofMinutes(61));
    stream.pull();

    assertThat(before).isEqualTo(1);
    assertThat(here.statuses("TODO-1")).containsExactly("Synced");
    assertThat(here.document("ToDo", "TODO-1").path("description").asText()).isEqualTo("back");
  }

  @Test
  void an_entry_older_than_the_last_one_applied_makes_the_document_be_read_whole() {
    site.insert("ToDo", json("{'name': 'TODO-1', 'description': 'first'}"));
    site.update("ToDo", "TODO-1", json("{'description': 'second'}"));
    stream.pull();
    site.update("ToDo", "TODO-1", json("{'description': 'third'}"));
    String late =
        String.valueOf(
            stream
                .database()
                .value(
                    "select to_char(min(creation) at time zone 'Asia/Kolkata' + interval '1 microsecond', 'YYYY-MM-DD HH24:MI:SS.US') from event_sync_log"));
    site.append(
        new LogEntry(
            "late", late, "Update", "ToDo", "TODO-1", "{\"changed\":{\"description\":\"old\"}}"));

    stream.pull();

    assertThat(here.document("ToDo", "TODO-1").path("description").asText()).isEqualTo("third");
    assertThat(here.entries("Synced")).isEqualTo(4);
    assertThat(site.count(CallKind.DOCUMENT)).isEqualTo(1);
  }

  @Test
  void rows_that_are_not_as_the_diff_expects_are_tolerated_and_noted() {
    site.insert(INVOICE, invoice("SINV-1"));
    stream.pull();

    site.append(
        update(
            "odd",
            "SINV-1",
            "{'removed': {'items': ['nobody']}, 'row_changed': {'items': [{'name': 'stranger', 'qty': 3}]}}"));
    stream.pull();

    assertThat(here.document(INVOICE, "SINV-1").path("items")).hasSize(3);
    assertThat(here.message("SINV-1", "Update")).contains("nobody", "stranger");
    assertThat(here.statuses("SINV-1")).containsExactly("Synced", "Synced");
  }

  @Test
  void each_entry_sent_twice_is_applied_once() {
    site.insert(INVOICE, invoice("SINV-1"));
    site.update(INVOICE, "SINV-1", json("{'customer': 'Globex'}"));
    site.fail(CallKind.LOG_LIST, Fault.doubledEntries());

    stream.pull();
    stream.pull();

    assertThat(here.statuses("SINV-1")).containsExactly("Synced", "Synced");
    assertThat(here.document(INVOICE, "SINV-1").path("items")).hasSize(2);
  }

  @Test
  void the_numbers_of_a_frappe_14_log_are_identities_like_any_other() {
    try (StandInSite site14 = StandInSite.start(Generation.V14);
        TestStream stream14 =
            TestStream.following(site14, Read.METHOD, TestStream.sameName("ToDo")).start()) {
      site14.approveAll();
      stream14.pull();
      site14.insert("ToDo", json("{'name': 'TODO-1', 'description': 'first'}"));
      site14.update("ToDo", "TODO-1", json("{'description': 'second'}"));

      stream14.pull();
      stream14.pull();

      assertThat(
              new Here(stream14.database())
                  .texts("select update_log from event_sync_log order by seq"))
          .containsExactly("1", "2");
      assertThat(new Here(stream14.database()).entries("Synced")).isEqualTo(2);
    }
  }

  @Test
  void by_the_method_all_entries_of_a_deleted_document_come_with_one_poll() {
    try (StandInSite other = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream byMethod =
            TestStream.following(other, Read.METHOD, TestStream.sameName("ToDo")).start()) {
      byMethod.pull();
      other.insert("ToDo", json("{'name': 'TODO-1', 'description': 'first'}"));
      byMethod.pull();
      other.update("ToDo", "TODO-1", json("{'description': 'second'}"));
      other.update("ToDo", "TODO-1", json("{'description': 'third'}"));
      other.delete("ToDo", "TODO-1");
      long before = other.count(CallKind.PULL);

      byMethod.pull();
      long answers = other.count(CallKind.PULL) - before;
      byMethod.pull();

      assertThat(new Here(byMethod.database()).statuses("TODO-1"))
          .containsExactly("Synced", "Synced", "Synced", "Synced");
      assertThat(new Here(byMethod.database()).names("ToDo")).isEmpty();
      // the fourth has nothing new, nor has the one of the next poll
      assertThat(answers).isEqualTo(4);
      assertThat(other.count(CallKind.PULL) - before).isEqualTo(5);
    }
  }

  private static ObjectNode invoice(String name) {
    return json(
        "{'name': '%s', 'customer': 'Acme', 'remarks': 'soon', 'items': [{'doctype': 'Sales Invoice Item', 'item_code': 'BOLT', 'qty': 1}, {'doctype': 'Sales Invoice Item', 'item_code': 'NUT', 'qty': 2}]}"
            .formatted(name));
  }

  private static LogEntry update(String entry, String docname, String diff) {
    return new LogEntry(
        entry, TestTimes.next(), "Update", INVOICE, docname, diff.replace('\'', '"'));
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
