package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.Here.json;

import java.util.Map;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.CallKind;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is followed: asked for, subscribed to, approved. */
class SubscriptionTest {
  private final StandInSite site = StandInSite.start(Generation.V15_APP);

  @AfterEach
  void close() {
    site.close();
  }

  @ParameterizedTest
  @EnumSource(Read.class)
  void a_type_that_is_not_approved_gets_no_row_until_its_approval_starts_it(Read read) {
    try (TestStream stream =
        TestStream.following(site, read, TestStream.sameName("ToDo", "Note")).start()) {
      Here here = new Here(stream.database());
      stream.pull();
      site.approve(site.consumers().get(0), "ToDo");
      site.insert("ToDo", json("{'name': 'TODO-1'}"));
      site.insert("Note", json("{'name': 'NOTE-1'}"));
      stream.pull();
      long before = here.entries();

      site.approve(site.consumers().get(0), "Note");
      site.insert("Note", json("{'name': 'NOTE-2'}"));
      stream.pull();
      stream.pull();

      assertThat(before).isEqualTo(1);
      assertThat(here.names("Note")).contains("NOTE-2");
      assertThat(here.names("ToDo")).containsExactly("TODO-1");
      assertThat(here.texts("select status from event_producer_document_type"))
          .containsOnly("Approved");
    }
  }

  @Test
  void an_approval_that_is_taken_back_stops_the_type() {
    try (TestStream stream =
        TestStream.following(site, TestStream.sameName("ToDo", "Note")).start()) {
      Here here = new Here(stream.database());
      stream.pull();
      site.approve(site.consumers().get(0));
      site.insert("Note", json("{'name': 'NOTE-1'}"));
      stream.pull();

      site.reject(site.consumers().get(0), "Note");
      site.insert("Note", json("{'name': 'NOTE-2'}"));
      site.insert("ToDo", json("{'name': 'TODO-1'}"));
      stream.pull();

      assertThat(here.names("Note")).containsExactly("NOTE-1");
      assertThat(here.names("ToDo")).containsExactly("TODO-1");
    }
  }

  @Test
  void what_a_producer_sends_unasked_is_counted_once_and_gets_no_row() {
    site.approveAll().plainSelection();
    ProducerDoctype unsubscribed = TestRow.of("Note").unsubscribed().row();
    try (TestStream stream =
        TestStream.following(site, Read.METHOD, ProducerDoctype.sameName("ToDo"), unsubscribed)
            .start()) {
      Here here = new Here(stream.database());
      stream.pull();
      site.append(new LogEntry("t1", TestTimes.next(), "Create", "ToDo", "TODO-1", "{}"));
      sendUnasked();
      sendUnasked();
      stream.pull();
      stream.pull();

      assertThat(here.passedOver("Note")).isEqualTo(1);
      assertThat(here.passedOver("Item")).isEqualTo(1);
      assertThat(here.texts("select update_log from event_sync_log")).containsExactly("t1");
      assertThat(here.names("Note")).isEmpty();
      assertThat(
              here.texts(
                  "select status from event_producer_document_type where ref_doctype = 'Item'"))
          .containsExactly("Not asked for");
    }
  }

  @Test
  void a_type_that_leaves_and_comes_back_is_asked_for_on_the_producer() {
    site.approveAll();
    try (TestDatabase database = TestDatabase.create()) {
      TestStream before =
          TestStream.following(site, TestStream.sameName("ToDo", "Note")).start(database);
      before.pull();
      before.application().close();

      TestStream after = TestStream.following(site, TestStream.sameName("ToDo")).start(database);
      after.pull();
      site.insert("Note", json("{'name': 'NOTE-1'}"));
      site.insert("ToDo", json("{'name': 'TODO-1'}"));
      after.pull();
      after.application().close();

      assertThat(new Here(database).names("Note")).isEmpty();
      assertThat(new Here(database).names("ToDo")).containsExactly("TODO-1");
      assertThat(site.requests(CallKind.EVENT_CONSUMER))
          .filteredOn(request -> request.method().equals("PUT"))
          .hasSize(1)
          .allMatch(request -> !request.body().contains("Note"));
    }
  }

  /** A producer that answers with more than it was asked for. */
  private void sendUnasked() {
    String answer =
        "{\"message\": [{\"name\": \"t1\", \"creation\": \"%1$s\", \"update_type\": \"Create\", \"ref_doctype\": \"ToDo\", \"docname\": \"TODO-1\", \"data\": \"{}\"}, {\"name\": \"n1\", \"creation\": \"%1$s\", \"update_type\": \"Create\", \"ref_doctype\": \"Note\", \"docname\": \"NOTE-1\", \"data\": \"{}\"}, {\"name\": \"i1\", \"creation\": \"%1$s\", \"update_type\": \"Create\", \"ref_doctype\": \"Item\", \"docname\": \"ITEM-1\", \"data\": \"{}\"}]}"
            .formatted(MOMENT);
    site.fail(
        CallKind.PULL, new Fault.Instead(200, Map.of("Content-Type", "application/json"), answer));
  }

  private static final String MOMENT = "2036-01-01 00:00:00.000001";
}
