package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.eventstreaming.stream.TargetSiteTest.BUYER;
import static org.eventstreaming.stream.TargetSiteTest.find;
import static org.eventstreaming.stream.TargetSiteTest.only;
import static org.eventstreaming.stream.TargetSiteTest.reconcile;
import static org.eventstreaming.stream.TargetSiteTest.site;
import static org.eventstreaming.stream.TargetSiteTest.target;
import static org.eventstreaming.stream.TargetSiteTest.texts;
import static org.eventstreaming.stream.TargetSiteTest.writes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Source;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.target.TargetFailed;
import org.eventstreaming.update.ComparedDocument;
import org.eventstreaming.update.ComparedDocument.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a producer has is compared with what its target site has of it. */
class TargetDiffTest {
  private static final String FIRST =
      "{'name': 'SO-1', 'naming_series': 'X-.####', 'title': 'first', 'total': 12.5,"
          + " 'customer': 'ada', 'due': '2026-03-01 12:00:00', 'items': ["
          + "{'name': 'r1', 'doctype': 'Order Item', 'thing': 'nut', 'qty': 2},"
          + "{'name': 'r2', 'doctype': 'Order Item', 'thing': 'bolt', 'qty': 3}]}";

  private final StandInSite hq = site(Generation.V15_APP);
  private final StandInSite branch = site(Generation.STOCK_15).zone(ZoneId.of("America/New_York"));
  private final EventProducer producer =
      TargetSiteTest.producer(
          hq,
          Source.UPDATE_LOG,
          target(branch),
          TestRow.of("Order").locallyNamed().row(),
          TestRow.of("Buyer").locallyNamed().row());

  @BeforeEach
  void nameBuyersThere() {
    branch.putDocType(Here.json(BUYER.formatted("hash", 0)));
  }

  @AfterEach
  void close() {
    hq.close();
    branch.close();
  }

  @Test
  void what_was_streamed_is_equal_under_other_names_with_fields_of_the_targets_own() {
    branch.putDocType(
        Here.json(
            TargetSiteTest.ORDER.replace(
                "'fields': [",
                "'fields': [{'fieldname': 'shelf', 'fieldtype': 'Data', 'label': 'Shelf'},")));
    try (TestStream stream = following()) {
      assertThat(only(branch, "Order").path("due").asText()).isNotEqualTo("2026-03-01 12:00:00");
      branch.update(
          "Order", only(branch, "Order").path("name").asText(), Here.json("{'shelf': 'A-7'}"));
      branch.forgetRequests();

      Reported reported = compare(stream);

      assertThat(reported.differences()).isEmpty();
      assertThat(reported.ranges).extracting(range -> range.range().doctype()).hasSize(2);
      assertThat(reported.ranges)
          .allSatisfy(
              range -> {
                assertThat(range.checksumHere()).isEqualTo(range.checksumThere());
                assertThat(range.here()).isEqualTo(range.there()).isEqualTo(1);
              });
      assertThat(writes(branch)).as("writes of a comparison").isZero();
    }
  }

  @Test
  void what_somebody_changed_on_the_target_is_reported_field_by_field_and_repaired() {
    try (TestStream stream = following()) {
      ObjectNode there = only(branch, "Order");
      String name = there.path("name").asText();
      branch.dbSet("Order", name, Here.json("{'title': 'theirs', 'total': 99}"), false);
      branch.dbSet(
          "Order Item",
          there.path("items").path(1).path("name").asText(),
          Here.json("{'qty': 7}"),
          false);

      Reported reported = compare(stream);

      assertThat(reported.verdicts()).isEqualTo(Map.of("SO-1", Verdict.DIFFERS));
      assertThat(reported.fields())
          .containsExactlyInAnyOrder(
              "SO-1 items[1].qty: 7, there 3",
              "SO-1 title: \"theirs\", there \"first\"",
              "SO-1 total: 99, there 12.5");
      assertThat(only(branch, "Order").path("title").asText()).isEqualTo("theirs");

      assertThat(repair(stream).differences()).hasSize(1).allMatch(ComparedDocument::repaired);

      assertThat(only(branch, "Order").path("title").asText()).isEqualTo("first");
      assertThat(texts(only(branch, "Order"), "qty")).containsExactly("2", "3");
      assertThat(
              stream
                  .database()
                  .rows("select docname, status, note from event_sync_log where cause = 'compare'"))
          .containsExactly(
              List.of(
                  name,
                  "Synced",
                  "Read whole from the producer. Changed there: title, total, items."));
      assertThat(compare(stream).differences()).isEmpty();
    }
  }

  @Test
  void what_was_deleted_on_the_target_is_only_there_however_often_it_is_looked_for() {
    try (TestStream stream = following()) {
      branch.remove("Order", only(branch, "Order").path("name").asText());

      assertThat(compare(stream).verdicts()).isEqualTo(Map.of("SO-1", Verdict.ONLY_THERE));
      // had it changed since following began, that alone would let it be expected
      stream.database().execute("update event_producer_document_type set start_update = '2100'");
      assertThat(compare(stream).verdicts()).isEqualTo(Map.of("SO-1", Verdict.ONLY_THERE));

      assertThat(repair(stream).differences()).hasSize(1).allMatch(ComparedDocument::repaired);

      assertThat(only(branch, "Order").path("title").asText()).isEqualTo("first");
      assertThat(stream.database().count("document_link where remote_doctype = 'Order'")).isOne();
      assertThat(compare(stream).differences()).isEmpty();
    }
  }

  @Test
  void what_is_gone_there_without_a_trace_is_deleted_on_the_target() {
    try (TestStream stream = following()) {
      hq.remove("Order", "SO-1");

      assertThat(compare(stream).verdicts()).isEqualTo(Map.of("SO-1", Verdict.ONLY_HERE));
      assertThat(branch.documents("Order")).hasSize(1);
      assertThat(repair(stream).differences()).hasSize(1).allMatch(ComparedDocument::repaired);

      assertThat(branch.documents("Order")).isEmpty();
      assertThat(compare(stream).differences()).isEmpty();
    }
  }

  @Test
  void a_rename_that_left_no_comment_keeps_the_document_on_the_target() {
    try (TestStream stream = following()) {
      String name = only(branch, "Order").path("name").asText();
      hq.rename("Order", "SO-1", "SO-9");
      hq.documents("Comment").forEach(one -> hq.remove("Comment", one.path("name").asText()));

      assertThat(compare(stream).verdicts()).isEqualTo(Map.of("SO-9", Verdict.RENAMED));
      assertThat(repair(stream).differences()).hasSize(1).allMatch(ComparedDocument::repaired);

      assertThat(only(branch, "Order").path("name").asText()).isEqualTo(name);
      assertThat(only(branch, "Order").path("remote_docname").asText()).isEqualTo("SO-9");
      assertThat(compare(stream).differences()).isEmpty();
    }
  }

  @Test
  void what_is_gone_on_both_sides_is_no_difference() {
    try (TestStream stream = following()) {
      hq.remove("Order", "SO-1");
      branch.remove("Order", only(branch, "Order").path("name").asText());

      assertThat(compare(stream).differences()).isEmpty();
    }
  }

  @Test
  void what_the_target_makes_something_else_of_is_not_repaired() {
    try (TestStream stream = following()) {
      String name = only(branch, "Order").path("name").asText();
      branch.dbSet("Order", name, Here.json("{'title': 'theirs', 'total': 3}"), false);
      branch.fail(
          request -> request.method().equals("PUT"),
          Fault.meanwhile(
              () -> branch.dbSet("Order", name, Here.json("{'title': 'computed'}"), false)));

      Reported reported = repair(stream);

      assertThat(reported.differences()).hasSize(1).noneMatch(ComparedDocument::repaired);
      assertThat(reported.differences().get(0).why())
          .isEqualTo("It was written, and the site made something else of: title.");
      assertThat(only(branch, "Order").path("total").asDouble()).isEqualTo(12.5);
    }
  }

  @Test
  void what_the_target_does_not_define_is_not_called_equal() {
    try (TestStream stream = following()) {
      stream.clock().advance(Duration.ofHours(2));
      branch.fail(
          100,
          request ->
              request.uri().contains("getdoctype") && request.uri().contains("doctype=Order"),
          Fault.forbidden());

      Reported reported = compare(stream);

      assertThat(reported.verdicts()).isEqualTo(Map.of("SO-1", Verdict.REFUSED));
      assertThat(reported.differences().get(0).why())
          .isEqualTo(branch.url() + " does not define a DocType Order.");
    }
  }

  @Test
  void a_target_that_does_not_answer_ends_it() {
    try (TestStream stream = following()) {
      branch.fail(100, request -> request.uri().contains("Order"), Fault.badGateway());

      assertThatThrownBy(() -> compare(stream))
          .isInstanceOf(TargetFailed.class)
          .hasMessageContaining(branch.url());
    }
  }

  @Test
  void what_a_submitted_document_does_not_take_differs_for_good() {
    try (TestStream stream = following()) {
      hq.update("Order", "SO-1", Here.json("{'docstatus': 1}"));
      stream.pull();
      hq.dbSet("Order", "SO-1", Here.json("{'title': 'by a patch'}"), false);

      Reported reported = compare(stream);
      assertThat(reported.verdicts()).isEqualTo(Map.of("SO-1", Verdict.STAYS));
      assertThat(reported.differences().get(0).why()).contains("submitted").endsWith(": title.");
      assertThat(repair(stream).differences()).noneMatch(ComparedDocument::repaired);
      assertThat(stream.database().count("event_sync_log where cause = 'compare'")).isZero();

      hq.dbSet("Order", "SO-1", Here.json("{'remarks': 'paid'}"), false);
      Reported repaired = repair(stream);

      assertThat(repaired.verdicts()).isEqualTo(Map.of("SO-1", Verdict.PARTLY));
      assertThat(repaired.differences()).noneMatch(ComparedDocument::repaired);
      assertThat(only(branch, "Order").path("remarks").asText()).isEqualTo("paid");
      assertThat(only(branch, "Order").path("title").asText()).isEqualTo("first");
      assertThat(compare(stream).verdicts()).isEqualTo(Map.of("SO-1", Verdict.STAYS));
    }
  }

  @Test
  void what_was_submitted_or_cancelled_on_the_target_alone_differs_for_good() {
    try (TestStream stream = following()) {
      branch.update(
          "Order", only(branch, "Order").path("name").asText(), Here.json("{'docstatus': 1}"));

      Reported reported = repair(stream);

      assertThat(reported.verdicts()).isEqualTo(Map.of("SO-1", Verdict.STAYS));
      assertThat(reported.fields()).containsExactly("SO-1 docstatus: 1, there 0");
      assertThat(reported.differences().get(0).why())
          .isEqualTo(
              "It is submitted there, and would have to become a draft again: no site does that.");
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void a_comparison_creates_nothing_that_a_document_would_need() {
    try (TestStream stream =
        new TestStream.Builder()
            .and(
                TargetSiteTest.producer(
                    hq, Source.UPDATE_LOG, target(branch), TestRow.of("Order").row()))
            .start()) {
      stream.pull();
      hq.insert("Buyer", Here.json("{'name': 'ada', 'title': 'Ada'}"));
      hq.insert("Order", Here.json(FIRST));

      Reported reported =
          Reported.by(
              stream,
              TargetSiteTest.producer(
                  hq, Source.UPDATE_LOG, target(branch), TestRow.of("Order").row()),
              false,
              true,
              "Order");

      assertThat(reported.verdicts()).isEqualTo(Map.of("SO-1", Verdict.ONLY_THERE));
      assertThat(writes(branch)).isZero();
      assertThat(branch.documents("Custom Field")).isEmpty();
    }
  }

  @Test
  void two_sites_joined_in_both_directions_are_equal_from_either_side() {
    ProducerDoctype[] rows = {TestRow.of("Order").locallyNamed().row()};
    try (StandInSite one = site(Generation.STOCK_15);
        StandInSite other = site(Generation.STOCK_14)) {
      EventProducer there = TargetSiteTest.producer(one, Source.MODIFIED, target(other), rows);
      EventProducer back = TargetSiteTest.producer(other, Source.MODIFIED, target(one), rows);
      try (TestStream stream = new TestStream.Builder().and(there).and(back).start()) {
        stream.pull();
        one.insert("Order", TargetSiteTest.order("from one"));
        other.insert("Order", TargetSiteTest.order("from other"));
        reconcile(stream);
        reconcile(stream);

        for (EventProducer side : List.of(there, back)) {
          Reported reported = Reported.by(stream, side, false, false, "Order");
          assertThat(reported.differences()).isEmpty();
          assertThat(reported.ranges.get(0).here()).isEqualTo(2);
        }

        String copied =
            other.documents("Order").stream()
                .filter(order -> order.path("title").asText().equals("from one"))
                .findFirst()
                .orElseThrow()
                .path("name")
                .asText();
        other.dbSet("Order", copied, Here.json("{'title': 'silently'}"), false);

        assertThat(Reported.by(stream, there, false, false, "Order").verdicts())
            .containsValue(Verdict.DIFFERS)
            .hasSize(1);
        assertThat(Reported.by(stream, back, true, false, "Order").differences())
            .hasSize(1)
            .allMatch(ComparedDocument::repaired);
        assertThat(TargetSiteTest.titles(one)).contains("silently");
        assertThat(Reported.by(stream, there, false, false, "Order").differences()).isEmpty();
      }
    }
  }

  @Test
  void by_the_clock_the_target_is_repaired_once_a_period() {
    try (TestStream stream = following(TestStream.comparedDaily(producer))) {
      branch.dbSet(
          "Order",
          only(branch, "Order").path("name").asText(),
          Here.json("{'title': 'theirs'}"),
          false);

      stream.send("direct:compare-due");

      assertThat(only(branch, "Order").path("title").asText()).isEqualTo("first");
    }
  }

  private TestStream following() {
    return following(producer);
  }

  /** One order with its buyer, there and on the target. */
  private TestStream following(EventProducer followed) {
    TestStream stream = new TestStream.Builder().and(followed).start();
    stream.pull();
    hq.insert("Buyer", Here.json("{'name': 'ada', 'title': 'Ada'}"));
    hq.insert("Order", Here.json(FIRST));
    stream.pull();
    assertThat(find(branch, "Buyer", only(branch, "Order").path("customer").asText())).isNotNull();
    return stream;
  }

  private Reported compare(TestStream stream) {
    return Reported.by(stream, producer, false, false, "Buyer", "Order");
  }

  private Reported repair(TestStream stream) {
    return Reported.by(stream, producer, true, false, "Buyer", "Order");
  }
}
