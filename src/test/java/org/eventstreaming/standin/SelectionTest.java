package org.eventstreaming.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.eventstreaming.standin.Peer.json;

import java.io.UncheckedIOException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The worked timelines that were run against real sites: entry C1 is the Create at second 1. */
class SelectionTest {
  private StandInSite site = StandInSite.start(Generation.V13);
  private Peer peer = new Peer(site);

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void two_updates_of_a_delivered_document_come_as_they_are_from_frappe_13() {
    given(Generation.V13, "C1 A");
    exists("A");
    peer.pull(at(0), "ToDo");
    log("U2 A", "U3 A");

    var pulled = peer.pull(at(1), "ToDo");

    assertThat(pulled).containsExactly("U2", "U3");
  }

  @ParameterizedTest
  @EnumSource(names = {"V14", "V15_APP"})
  void two_updates_of_a_delivered_document_drag_its_history_along(Generation generation) {
    given(generation, "C1 A");
    exists("A");
    peer.pull(at(0), "ToDo");
    log("U2 A", "U3 A");

    var pulled = peer.pull(at(1), "ToDo");

    assertThat(pulled).containsExactly("C1", "U2", "U3");
  }

  @Test
  void entries_come_grouped_by_document() {
    given(Generation.V13, "C1 A", "C3 B", "U5 A");
    exists("A");
    exists("B");

    var pulled = peer.pull(at(0), "ToDo");

    assertThat(pulled).containsExactly("C3", "C1", "U5");
  }

  @Test
  void a_delete_after_an_unread_update_is_lost_behind_a_newer_entry() {
    given(Generation.V13, "C1 A");
    exists("A");
    exists("X");
    peer.pull(at(0), "ToDo");
    site.remove("ToDo", "A");
    log("U2 A", "D3 A", "C4 X");

    var first = peer.pull(at(1), "ToDo");
    var second = peer.pull(at(4), "ToDo");

    assertThat(first).containsExactly("U2", "C4");
    assertThat(second).isEmpty();
  }

  @Test
  void what_a_condition_withheld_comes_once_it_is_met() {
    given(Generation.V13, "ToDo|doc.public == 1", new String[] {"C1 A", "U2 A"});
    site.condition("ToDo", document -> document.path("public").asInt() == 1);
    site.put("ToDo", json("{'name': 'A', 'public': 0}"));
    var withheld = peer.pull(at(0), "ToDo");
    site.put("ToDo", json("{'name': 'A', 'public': 1}"));
    log("U3 A");

    var pulled = peer.pull(at(2), "ToDo");

    assertThat(withheld).isEmpty();
    assertThat(pulled).containsExactly("C1", "U2", "U3");
  }

  @Test
  void what_was_read_is_not_sent_again_by_frappe_13_although_the_answer_was_lost() {
    given(Generation.V13, "ToDo|doc.public == 1", new String[] {"C1 A", "C2 B", "U3 A"});
    site.condition("ToDo", document -> true);
    exists("A");
    exists("B");
    site.fail(CallKind.PULL, Fault.lostAnswer());
    assertThatNoAnswerComes(() -> peer.pull(at(2), "ToDo"));

    var pulled = peer.pull(at(2), "ToDo");

    assertThat(pulled).containsExactly("U3");
  }

  @Test
  void an_update_of_a_document_from_before_the_subscription_comes_alone() {
    given(Generation.V13, "U5 A");
    exists("A");

    var pulled = peer.pull(at(0), "ToDo");

    assertThat(pulled).containsExactly("U5");
  }

  @Test
  void a_late_commit_is_passed_by_the_cursor_and_heals_with_the_next_update() {
    given(Generation.V13, "C1 A");
    exists("A");
    peer.pull(at(0), "ToDo");
    site.append(entry("U1.5 A"));
    var missed = peer.pull(at(2), "ToDo");
    log("U4 A");

    var healed = peer.pull(at(2), "ToDo");

    assertThat(missed).isEmpty();
    assertThat(healed).containsExactly("U1.5", "U4");
  }

  @Test
  void a_delete_of_a_delivered_document_comes() {
    given(Generation.V13, "C1 A");
    exists("A");
    peer.pull(at(0), "ToDo");
    site.remove("ToDo", "A");
    log("D2 A");

    assertThat(peer.pull(at(1), "ToDo")).containsExactly("D2");
  }

  @Test
  void a_document_deleted_before_delivery_never_comes() {
    given(Generation.V13, "C1 A", "D2 A");

    assertThat(peer.pull(at(0), "ToDo")).isEmpty();
  }

  @Test
  void a_delete_behind_an_unread_update_comes_one_pull_later() {
    given(Generation.V13, "C1 A");
    exists("A");
    peer.pull(at(0), "ToDo");
    site.remove("ToDo", "A");
    log("U2 A", "D3 A");

    assertThat(peer.pull(at(1), "ToDo")).containsExactly("U2");
    assertThat(peer.pull(at(2), "ToDo")).containsExactly("D3");
  }

  @Test
  void a_document_made_again_comes_with_its_delete() {
    given(Generation.V13, "C1 A");
    exists("A");
    peer.pull(at(0), "ToDo");
    log("D2 A", "C3 A");

    assertThat(peer.pull(at(1), "ToDo")).containsExactly("D2", "C3");
  }

  @Test
  void a_peek_stores_no_marks() {
    given(Generation.V13, "C1 A");
    exists("A");

    assertThat(peer.peek(at(0), "ToDo")).containsExactly("C1");
    assertThat(site.readBy(Peer.URL)).isEmpty();
    peer.pull(at(0), "ToDo");
    assertThat(site.readBy(Peer.URL)).containsExactly("C1");
  }

  @Test
  void a_cursor_that_is_no_date_gets_the_whole_history_and_an_unknown_type_nothing() {
    given(Generation.V13, "C1 A");
    exists("A");

    assertThat(peer.pull("yesterday", "ToDo")).containsExactly("C1");
    assertThat(peer.pull("", "ToDo")).containsExactly("C1");
    assertThat(peer.pull(at(0), "Nope")).isEmpty();
  }

  private void given(Generation generation, String... entries) {
    given(generation, "ToDo", entries);
  }

  private void given(Generation generation, String row, String[] entries) {
    site.close();
    site = StandInSite.start(generation);
    peer = new Peer(site);
    peer.register(row);
    log(entries);
  }

  private void exists(String name) {
    site.put("ToDo", json("{'name': '" + name + "'}"));
  }

  private void log(String... entries) {
    for (var entry : entries) {
      site.append(entry(entry));
    }
  }

  private static LogEntry entry(String text) {
    var name = text.substring(0, text.indexOf(' '));
    var type =
        switch (name.charAt(0)) {
          case 'C' -> "Create";
          case 'U' -> "Update";
          default -> "Delete";
        };
    var second = Double.parseDouble(name.substring(1));
    return new LogEntry(
        name, at(second), type, "ToDo", text.substring(text.indexOf(' ') + 1), "{}");
  }

  private static String at(double second) {
    return "2030-01-01 00:00:0%.1f00000".formatted(second);
  }

  private static void assertThatNoAnswerComes(ThrowingCallable call) {
    assertThat(catchThrowable(call)).isInstanceOf(UncheckedIOException.class);
  }
}
