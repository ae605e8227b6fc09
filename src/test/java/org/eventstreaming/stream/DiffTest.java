package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.Leaves;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.standin.CallKind;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.RecordedHistory;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.ComparedDocument;
import org.eventstreaming.update.ComparedDocument.Verdict;
import org.eventstreaming.update.ComparedRange;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.LeaseTaken;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Both sides are compared as wholes, whatever log, {@code modified} and Comments report. */
class DiffTest {
  private final StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void equal_sides_have_equal_checksums_range_by_range() {
    try (TestStream stream = following(ProducerDoctype.sameName("Order")).page(2).start()) {
      stream.pull();
      orders("A", "B", "C");
      stream.pull();

      Reported reported = compare(stream, "Order");

      assertThat(reported.ranges)
          .extracting(range -> range.range().from(), range -> range.range().to())
          .containsExactly(tuple("A", "B"), tuple("C", "C"));
      assertThat(reported.ranges)
          .allSatisfy(
              range -> {
                assertThat(range.checksumHere()).isEqualTo(range.checksumThere());
                assertThat(range.here()).isEqualTo(range.there()).isPositive();
              });
      assertThat(reported.ranges.get(0).checksumHere())
          .isNotEqualTo(reported.ranges.get(1).checksumHere());
      assertThat(reported.differences()).isEmpty();
    }
  }

  @Test
  void what_sql_changed_without_a_trace_is_reported_field_by_field_and_repaired() {
    try (TestStream stream = following(ProducerDoctype.sameName("Order")).reconciling().start()) {
      stream.pull();
      orders("A", "B");
      stream.pull();
      stream.reconcile();
      site.dbSet("Order", "B", Here.json("{'title': 'silently'}"), false);
      String row = site.documents("Order").get(0).path("lines").path(0).path("name").asText();
      site.dbSet("Line", row, Here.json("{'qty': 7}"), false);
      stream.reconcile();

      Reported reported = compare(stream, "Order");

      assertThat(reported.verdicts())
          .containsExactlyInAnyOrderEntriesOf(Map.of("A", Verdict.DIFFERS, "B", Verdict.DIFFERS));
      assertThat(reported.fields())
          .containsExactlyInAnyOrder(
              "A lines[0].qty: 1, there 7", "B title: \"one\", there \"silently\"");
      assertThat(reported.ranges.get(0).checksumHere())
          .isNotEqualTo(reported.ranges.get(0).checksumThere());
      assertThat(stream.database().count("event_sync_log where cause = 'compare'")).isZero();

      Reported repaired = repair(stream, "Order");

      assertThat(repaired.differences()).hasSize(2).allMatch(ComparedDocument::repaired);
      assertThat(
              stream
                  .database()
                  .rows(
                      "select producer_doc, update_type, status, note from event_sync_log"
                          + " where cause = 'compare' order by 1"))
          .containsExactly(
              List.of(
                  "A",
                  "Update",
                  "Synced",
                  "Differed from the producer without an entry in its log: lines."),
              List.of(
                  "B",
                  "Update",
                  "Synced",
                  "Differed from the producer without an entry in its log: title."));
      assertThat(compare(stream, "Order").differences()).isEmpty();
    }
  }

  @Test
  void what_is_gone_there_without_a_trace_is_only_here_until_it_is_repaired() {
    try (TestStream stream = following(ProducerDoctype.sameName("Order")).start()) {
      stream.pull();
      orders("A", "B");
      stream.pull();
      site.remove("Order", "B");

      assertThat(compare(stream, "Order").verdicts()).isEqualTo(Map.of("B", Verdict.ONLY_HERE));
      repair(stream, "Order");

      assertThat(new Here(stream.database()).names("Order")).containsExactly("A");
      assertThat(
              stream
                  .database()
                  .rows("select update_type, note from event_sync_log where cause = 'compare'"))
          .containsExactly(List.of("Delete", "Is gone on the producer."));
      assertThat(compare(stream, "Order").differences()).isEmpty();
    }
  }

  @Test
  void what_the_key_may_not_see_any_more_is_no_deletion() {
    try (TestStream stream = following(ProducerDoctype.sameName("Order")).start()) {
      stream.pull();
      orders("A");
      stream.pull();
      site.forbidden("Order");

      Reported reported = repair(stream, "Order");

      assertThat(reported.refused).containsOnlyKeys("Order");
      assertThat(new Here(stream.database()).names("Order")).containsExactly("A");
    }
  }

  @Test
  void what_lists_leave_out_and_a_call_of_its_own_shows_is_no_deletion_either() {
    try (TestStream stream = following(ProducerDoctype.sameName("Order")).start()) {
      stream.pull();
      orders("A", "B");
      stream.pull();
      site.fail(
          CallKind.LIST,
          new Fault.Instead(200, Map.of("Content-Type", "application/json"), "{\"data\": []}"));

      Reported reported = repair(stream, "Order");

      assertThat(reported.differences()).isEmpty();
      assertThat(new Here(stream.database()).names("Order")).containsExactly("A", "B");
    }
  }

  @Test
  void a_stock_site_compares_equal_to_what_was_loaded_from_it() {
    ProducerDoctype[] loaded =
        RecordedHistory.DOCTYPES.stream()
            .map(doctype -> TestRow.of(doctype).loadedSince("1900-01-01 00:00:00").row())
            .toArray(ProducerDoctype[]::new);
    String[] types = RecordedHistory.DOCTYPES.toArray(String[]::new);
    try (StandInSite erp = RecordedHistory.startStock();
        TestStream stream =
            new TestStream.Builder().and(erp, Read.LIST, loaded).probing().start()) {
      stream.pull();
      EventProducer producer = TestStream.producer(erp, Read.LIST, loaded);

      Reported reported = Reported.by(stream, producer, false, false, types);

      assertThat(reported.differences()).isEmpty();
      assertThat(reported.ranges.stream().mapToLong(ComparedRange::there).sum())
          .isEqualTo(stream.database().count("document"));
      stream.database().execute("delete from document where doctype = 'Item'");
      assertThat(Reported.by(stream, producer, false, false, types).differences())
          .isNotEmpty()
          .allMatch(one -> one.verdict() == Verdict.ONLY_THERE)
          .allMatch(one -> one.remote().doctype().equals("Item"));
    }
  }

  @Test
  void what_came_since_following_began_and_is_not_here_is_only_there_and_older_things_on_request() {
    orders("OLD");
    // following begins with the newest entry, which comes once more
    site.insert("Part", Here.json("{'name': 'P'}"));
    try (TestStream stream = following(ProducerDoctype.sameName("Order")).start()) {
      stream.pull();
      orders("A", "B");
      stream.pull();
      stream.database().execute("delete from document where name = 'B'");

      Reported reported = compare(stream, "Order");

      assertThat(reported.verdicts()).isEqualTo(Map.of("B", Verdict.ONLY_THERE));
      assertThat(reported.notFollowed()).isEqualTo(1);
      Reported repaired = repair(stream, "Order");
      assertThat(repaired.verdicts()).isEqualTo(Map.of("B", Verdict.ONLY_THERE));
      assertThat(new Here(stream.database()).names("Order")).containsExactly("A", "B");

      // lost once more, without a change there: it comes back again
      stream.database().execute("delete from document where name = 'B'");
      assertThat(repair(stream, "Order").differences()).allMatch(ComparedDocument::repaired);
      assertThat(new Here(stream.database()).names("Order")).containsExactly("A", "B");

      assertThat(run(stream, true, true, "Order").verdicts())
          .isEqualTo(Map.of("OLD", Verdict.ONLY_THERE));
      assertThat(new Here(stream.database()).names("Order")).containsExactly("A", "B", "OLD");
      assertThat(run(stream, false, true, "Order").differences()).isEmpty();

      // what was here once is missed, however old
      stream.database().execute("delete from document where name = 'OLD'");
      assertThat(compare(stream, "Order").verdicts()).isEqualTo(Map.of("OLD", Verdict.ONLY_THERE));
    }
  }

  @Test
  void a_rename_that_left_no_comment_is_seen_by_the_names_and_keeps_the_identity() {
    try (TestStream stream =
        following(TestRow.of("Part").locallyNamed().row(), ProducerDoctype.sameName("Order"))
            .start()) {
      stream.pull();
      site.insert("Part", Here.json("{'name': 'P-1'}"));
      orders("A");
      site.update("Order", "A", Here.json("{'part': 'P-1'}"));
      stream.pull();
      Here here = new Here(stream.database());
      String local = here.document("Order", "A").path("part").asText();
      assertThat(here.names("Part")).containsExactly(local);
      site.rename("Part", "P-1", "P-2");
      site.documents("Comment").forEach(one -> site.remove("Comment", one.path("name").asText()));

      Reported reported = compare(stream, "Part");

      assertThat(reported.verdicts()).isEqualTo(Map.of("P-2", Verdict.RENAMED));
      assertThat(reported.differences().get(0).local()).isEqualTo(new DocumentKey("Part", local));
      repair(stream, "Part", "Order");
      assertThat(here.names("Part")).containsExactly(local);
      assertThat(here.document("Order", "A").path("part").asText()).isEqualTo(local);
      assertThat(
              stream
                  .database()
                  .value("select remote_name from document_link where local_doctype = 'Part'"))
          .isEqualTo("P-2");
      assertThat(compare(stream, "Order", "Part").differences()).isEmpty();
    }
  }

  @Test
  void what_stopped_meeting_its_condition_unseen_leaves() {
    try (TestStream stream =
        following(TestRow.of("Order").where("doc.title == 'one'").leaving(Leaves.REMOVE).row())
            .start()) {
      stream.pull();
      orders("A", "B");
      stream.pull();
      site.dbSet("Order", "A", Here.json("{'title': 'two'}"), false);

      assertThat(compare(stream, "Order").verdicts()).isEqualTo(Map.of("A", Verdict.LEFT));
      repair(stream, "Order");

      assertThat(new Here(stream.database()).names("Order")).containsExactly("B");
      Reported after = compare(stream, "Order");
      assertThat(after.differences()).isEmpty();
      assertThat(after.notFollowed()).isEqualTo(1);
    }
  }

  @Test
  void documents_under_local_names_with_translated_links_compare_equal() {
    try (TestStream stream =
        following(TestRow.of("Part").locallyNamed().row(), TestRow.of("Order").locallyNamed().row())
            .start()) {
      stream.pull();
      site.insert("Part", Here.json("{'name': 'P-1'}"));
      orders("A");
      site.update("Order", "A", Here.json("{'part': 'P-1'}"));
      stream.pull();

      Reported reported = compare(stream, "Order", "Part");

      assertThat(reported.differences()).isEmpty();
      assertThat(reported.ranges).extracting(ComparedRange::here).containsExactly(1L, 1L);
      assertThat(
              new Here(stream.database()).document("Order", onlyName(stream)).path("part").asText())
          .isNotEqualTo("P-1");
    }
  }

  @Test
  void the_recorded_erpnext_history_compares_equal_once_it_is_reconciled_and_not_before() {
    RecordedHistory history = RecordedHistory.start(RecordedHistory.Form.TABLE);
    // as the consumer that was recorded
    ProducerDoctype[] rows =
        RecordedHistory.DOCTYPES.stream()
            .map(
                doctype ->
                    doctype.equals("Note")
                        ? TestRow.of(doctype).where("doc.public == 1").leaving(Leaves.REMOVE).row()
                        : ProducerDoctype.sameName(doctype))
            .toArray(ProducerDoctype[]::new);
    try (StandInSite erp = history.site();
        TestStream stream =
            new TestStream.Builder().and(erp, Read.LIST, rows).reconciling().start()) {
      erp.approveAll();
      stream.pull();
      history.releaseAll();
      stream.send("direct:poll");
      EventProducer producer = TestStream.producer(erp, Read.LIST, rows);
      String[] types = RecordedHistory.DOCTYPES.toArray(String[]::new);
      assertThat(Reported.by(stream, producer, false, false, types).differences()).isNotEmpty();

      stream.reconcile();

      Reported reported = Reported.by(stream, producer, false, false, types);
      assertThat(reported.differences()).isEmpty();
      assertThat(reported.ranges.stream().mapToLong(ComparedRange::here).sum())
          .isEqualTo(stream.database().count("document"));
    }
  }

  @Test
  void the_recorded_erpnext_history_is_repaired_by_comparing_alone() {
    RecordedHistory history = RecordedHistory.start(RecordedHistory.Form.TABLE);
    ProducerDoctype[] rows = TestStream.sameName(RecordedHistory.DOCTYPES.toArray(String[]::new));
    try (StandInSite erp = history.site();
        TestStream stream = new TestStream.Builder().and(erp, Read.LIST, rows).start()) {
      erp.approveAll();
      stream.pull();
      history.releaseAll();
      stream.pull();
      EventProducer producer = TestStream.producer(erp, Read.LIST, rows);
      String[] types = RecordedHistory.DOCTYPES.toArray(String[]::new);

      Reported.by(stream, producer, true, false, types);

      assertThat(CompareRecorded.differences(stream.database())).isEmpty();
      assertThat(Reported.by(stream, producer, false, false, types).differences()).isEmpty();
    }
  }

  @Test
  void a_thousand_documents_with_three_child_tables_take_ten_calls() {
    for (String child : List.of("Row A", "Row B", "Row C")) {
      site.putDocType(
          Here.json("{'name': '" + child + "', 'doctype': 'DocType', 'istable': 1, 'fields': []}"));
    }
    site.putDocType(
        Here.json(
            "{'name': 'Big', 'doctype': 'DocType', 'fields': ["
                + "{'fieldname': 'a', 'fieldtype': 'Table', 'options': 'Row A'},"
                + "{'fieldname': 'b', 'fieldtype': 'Table', 'options': 'Row B'},"
                + "{'fieldname': 'c', 'fieldtype': 'Table', 'options': 'Row C'}]}"));
    try (TestStream stream = following(ProducerDoctype.sameName("Big")).start()) {
      stream.pull();
      for (int i = 0; i < 1_000; i++) {
        site.insert(
            "Big",
            Here.json(
                "{'name': 'B-%d', 'a': [{'doctype': 'Row A'}], 'b': [{'doctype': 'Row B'}], 'c': []}"
                    .formatted(i)));
      }
      stream.pull();
      site.forgetRequests();

      Reported reported = compare(stream, "Big");

      assertThat(reported.differences()).isEmpty();
      assertThat(reported.ranges).hasSize(2);
      // the names there, which of those here are there, and of each 500 documents one list for the
      // documents and one for each child table
      assertThat(site.requests()).hasSize(10);
    }
  }

  @Test
  void a_producer_that_does_not_answer_ends_it() {
    try (TestStream stream = following(ProducerDoctype.sameName("Order")).start()) {
      stream.pull();
      orders("A");
      stream.pull();
      site.refuseConnections();

      assertThatThrownBy(() -> repair(stream, "Order"))
          .isInstanceOf(SiteFailure.class)
          .hasMessageContaining(site.url());
    }
  }

  @Test
  void equal_sides_are_seen_beside_another_pull_and_for_what_differs_it_is_waited() {
    try (TestStream stream =
        following(TestStream.sameName("Order", "Part")).lease(Duration.ofMillis(100)).start()) {
      stream.pull();
      orders("A");
      stream.pull();
      stream
          .database()
          .execute(
              "update event_producer set lease_owner = '4711@elsewhere/1', lease_until = now() + interval '1 h'");

      assertThat(compare(stream, "Order").differences()).isEmpty();
      site.dbSet("Order", "A", Here.json("{'title': 'two'}"), false);

      site.forgetRequests();
      assertThatThrownBy(() -> compare(stream, "Order", "Part"))
          .isInstanceOf(LeaseTaken.class)
          .hasMessageContaining("of " + site.url() + " by process 4711@elsewhere goes on since 20")
          .hasMessageContaining("; its lease ends at 20");
      assertThat(site.requests())
          .isNotEmpty()
          .noneMatch(request -> request.uri().contains("/Part"));
      stream.database().execute("update event_producer set lease_until = now()");
      assertThat(compare(stream, "Order").verdicts()).isEqualTo(Map.of("A", Verdict.DIFFERS));
    }
  }

  @Test
  void by_the_clock_all_types_are_repaired_once_a_period() {
    EventProducer daily =
        TestStream.comparedDaily(
            TestStream.producer(site, Read.LIST, TestStream.sameName("Order", "Part")));
    define();
    try (TestStream stream = new TestStream.Builder().and(daily).start()) {
      stream.send("direct:compare-due");
      assertThat(site.requests()).isEmpty();
      stream.pull();
      orders("A");
      stream.pull();
      site.dbSet("Order", "A", Here.json("{'title': 'two'}"), false);
      Here here = new Here(stream.database());

      stream.send("direct:compare-due");

      assertThat(here.document("Order", "A").path("title").asText()).isEqualTo("two");
      site.dbSet("Order", "A", Here.json("{'title': 'three'}"), false);
      stream.clock().advance(Duration.ofHours(23));
      stream.send("direct:compare-due");
      assertThat(here.document("Order", "A").path("title").asText()).isEqualTo("two");
      stream.clock().advance(Duration.ofHours(1));
      stream.send("direct:compare-due");
      assertThat(here.document("Order", "A").path("title").asText()).isEqualTo("three");

      site.dbSet("Order", "A", Here.json("{'title': 'four'}"), false);
      stream.clock().advance(Duration.ofHours(24));
      site.refuseConnections();
      stream.send("direct:compare-due");
      site.resume();
      stream.send("direct:compare-due");
      assertThat(here.document("Order", "A").path("title").asText()).isEqualTo("three");
      stream.clock().advance(Duration.ofHours(1));
      stream.send("direct:compare-due");
      assertThat(here.document("Order", "A").path("title").asText()).isEqualTo("four");
    }
  }

  private TestStream.Builder following(ProducerDoctype... rows) {
    define();
    this.rows = rows;
    return new TestStream.Builder().and(site, Read.LIST, rows);
  }

  private ProducerDoctype[] rows = {};

  private void define() {
    site.putDocType(
        Here.json(
            "{'name': 'Line', 'doctype': 'DocType', 'istable': 1, 'fields': ["
                + "{'fieldname': 'qty', 'fieldtype': 'Int'}]}"));
    site.putDocType(Here.json("{'name': 'Part', 'doctype': 'DocType', 'fields': []}"));
    site.putDocType(
        Here.json(
            "{'name': 'Order', 'doctype': 'DocType', 'fields': ["
                + "{'fieldname': 'title', 'fieldtype': 'Data'},"
                + "{'fieldname': 'part', 'fieldtype': 'Link', 'options': 'Part'},"
                + "{'fieldname': 'lines', 'fieldtype': 'Table', 'options': 'Line'}]}"));
  }

  private void orders(String... names) {
    for (String name : names) {
      site.insert(
          "Order",
          Here.json(
              "{'name': '%s', 'title': 'one', 'lines': [{'doctype': 'Line', 'qty': 1}, {'doctype': 'Line', 'qty': 2}]}"
                  .formatted(name)));
    }
  }

  private static String onlyName(TestStream stream) {
    return new Here(stream.database()).names("Order").iterator().next();
  }

  private Reported compare(TestStream stream, String... doctypes) {
    return run(stream, false, false, doctypes);
  }

  private Reported repair(TestStream stream, String... doctypes) {
    return run(stream, true, false, doctypes);
  }

  private Reported run(TestStream stream, boolean repair, boolean all, String... doctypes) {
    return Reported.by(stream, TestStream.producer(site, Read.LIST, rows), repair, all, doctypes);
  }
}
