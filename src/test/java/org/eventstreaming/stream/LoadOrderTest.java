package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.TargetSiteTest.find;
import static org.eventstreaming.stream.TargetSiteTest.names;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Source;
import org.eventstreaming.producer.TargetSite;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A target site gets documents in an order in which it takes them: those of a load as they were
 * made, and what it refused once more when others are there.
 */
class LoadOrderTest {
  private static final List<String> TYPES = List.of("Delivery", "Receipt", "Note");

  private final StandInSite hq = site(Generation.V15_APP).logOnlyWhatIsFollowed();
  private final StandInSite branch = site(Generation.STOCK_15);

  @AfterEach
  void close() {
    hq.close();
    branch.close();
  }

  @Test
  void documents_of_all_types_are_loaded_in_the_order_in_which_they_were_made() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      String type = TYPES.get((i * 7 + 2) % 3);
      made.add(type + "-" + i);
      hq.insert(type, Here.json("{'name': '%s-%d', 'title': 't'}".formatted(type, i)));
    }
    // those that were changed last were made first
    for (int i = 29; i >= 0; i--) {
      String type = TYPES.get((i * 7 + 2) % 3);
      hq.update(type, type + "-" + i, Here.json("{'title': 'changed'}"));
    }
    try (TestStream stream = loading(TargetSiteTest.target(branch), 100)) {
      stream.pull();

      assertThat(arrived(branch)).isEqualTo(made);
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
      assertThat(
              stream
                  .database()
                  .count(
                      "event_producer_document_type where loaded_at is not null and load_done = 10"))
          .isEqualTo(3);
    }
  }

  @Test
  void what_polls_would_find_of_them_before_the_load_is_left_to_it() {
    goodsFirst(branch);
    for (int i = 0; i < 6; i++) {
      hq.insert(i % 2 == 0 ? "Receipt" : "Delivery", Here.json("{'name': 'N-%d'}".formatted(i)));
    }
    try (TestStream stream =
        new TestStream.Builder()
            .and(producer(Source.MODIFIED, TargetSiteTest.target(branch), FrappeTime.EVER))
            .attempts(1)
            .start()) {
      stream.send("direct:poll");
      stream.send("direct:poll");
      hq.insert("Note", Here.json("{'name': 'N-new'}"));
      stream.send("direct:poll");
      assertThat(arrived(branch)).containsExactly("N-new");

      stream.pull();
      assertThat(arrived(branch))
          .containsExactly("N-new", "N-0", "N-1", "N-2", "N-3", "N-4", "N-5");
      assertThat(failed(stream)).isEmpty();
    }
  }

  @Test
  void a_workflow_is_loaded_before_the_documents_whose_states_it_gives() {
    String workflow = "Workflow";
    for (StandInSite site : List.of(hq, branch)) {
      site.putDocType(Here.json(type(workflow)));
    }
    hq.insert("Receipt", Here.json("{'name': 'R'}"));
    hq.insert(workflow, Here.json("{'name': 'W'}"));
    try (TestStream stream =
        new TestStream.Builder()
            .and(
                TargetSiteTest.producer(
                    hq,
                    Source.UPDATE_LOG,
                    TargetSiteTest.target(branch),
                    TestRow.of("Receipt").loadedSince(FrappeTime.EVER).row(),
                    TestRow.of(workflow).loadedSince(FrappeTime.EVER).row()))
            .page(1)
            .attempts(1)
            .start()) {
      stream.pull();

      assertThat(
              new Here(stream.database())
                  .texts("select producer_doc from event_sync_log order by seq"))
          .containsExactly("W", "R");
    }
  }

  @Test
  void pages_of_a_turn_follow_that_order_too() {
    for (int i = 0; i < 12; i++) {
      hq.insert(i % 2 == 0 ? "Receipt" : "Delivery", Here.json("{'name': 'N-%02d'}".formatted(i)));
    }
    goodsFirst(branch);
    try (TestStream stream = loading(TargetSiteTest.target(branch), 4)) {
      stream.pull();

      assertThat(arrived(branch)).isSorted().hasSize(12);
      assertThat(
              new Here(stream.database())
                  .texts("select producer_doc from event_sync_log order by seq"))
          .isSorted();
    }
  }

  @Test
  void where_postgresql_is_the_store_one_type_is_loaded_after_the_other() {
    for (int i = 0; i < 12; i++) {
      hq.insert(i % 2 == 0 ? "Receipt" : "Delivery", Here.json("{'name': 'N-%02d'}".formatted(i)));
    }
    try (TestStream stream = loading(null, 100)) {
      stream.pull();

      assertThat(
              new Here(stream.database())
                  .texts("select ref_doctype from event_sync_log order by seq"))
          .isSorted()
          .hasSize(12);
    }
  }

  @Test
  void a_document_that_is_refused_for_what_was_not_there_yet_arrives_in_the_same_poll() {
    goodsFirst(branch);
    try (TestStream stream = following()) {
      hq.insert("Delivery", Here.json("{'name': 'D', 'title': 'out'}"));
      hq.insert("Note", Here.json("{'name': 'N', 'about': 'D'}"));
      hq.insert("Receipt", Here.json("{'name': 'R', 'title': 'in'}"));
      stream.pull();

      assertThat(names(branch, "Delivery")).containsExactly("D");
      assertThat(find(branch, "Note", "N").path("about").asText()).isEqualTo("D");
      assertThat(new Here(stream.database()).texts("select distinct status from event_sync_log"))
          .containsExactly("Synced");
    }
  }

  @Test
  void what_is_refused_with_nothing_else_written_is_refused_at_once() {
    goodsFirst(branch);
    try (TestStream stream = following()) {
      hq.insert("Note", Here.json("{'name': 'N'}"));
      stream.pull();
      branch.forgetRequests();
      hq.insert("Delivery", Here.json("{'name': 'D'}"));
      stream.pull();

      assertThat(creations()).isEqualTo(1);
      assertThat(failed(stream)).containsExactly("D");
    }
  }

  @Test
  void what_is_refused_again_fails_in_the_words_of_the_site_and_what_needs_it_waits() {
    branch.onSave("Delivery", refusing("never"));
    try (TestStream stream = following()) {
      hq.insert("Delivery", Here.json("{'name': 'D'}"));
      hq.insert("Receipt", Here.json("{'name': 'R'}"));
      hq.insert("Note", Here.json("{'name': 'N', 'about': 'D'}"));
      hq.insert("Note", Here.json("{'name': 'M'}"));
      branch.forgetRequests();
      stream.pull();

      // of all, of its half twice, of itself; once more of itself
      assertThat(
              branch.requests().stream()
                  .filter(request -> request.uri().contains("insert_many"))
                  .filter(request -> request.body().contains("Delivery"))
                  .count())
          .isLessThanOrEqualTo(4);
      assertThat(failed(stream)).containsExactly("D");
      assertThat(
              stream.database().value("select error from event_sync_log where producer_doc = 'D'"))
          .contains("417 never");
      assertThat(names(branch, "Note")).containsExactly("M");
      assertThat(new Here(stream.database()).statuses("N")).containsExactly("Waiting");
    }
  }

  @Test
  void a_change_that_is_refused_gets_its_second_chance_too() {
    branch.onSave(
        "Delivery",
        delivery -> {
          if (delivery.path("title").asText().equals("out")
              && find(branch, "Receipt", "R").path("docstatus").asInt() == 0) {
            throw StandInSite.refusal("Nothing there to deliver");
          }
          return delivery;
        });
    try (TestStream stream = following()) {
      hq.insert("Delivery", Here.json("{'name': 'D', 'title': 'planned'}"));
      hq.insert("Receipt", Here.json("{'name': 'R'}"));
      stream.pull();
      hq.update("Delivery", "D", Here.json("{'title': 'out'}"));
      // submitted is what else was changed first
      hq.update("Receipt", "R", Here.json("{'docstatus': 1}"));
      stream.pull();

      assertThat(find(branch, "Delivery", "D").path("title").asText()).isEqualTo("out");
      assertThat(failed(stream)).isEmpty();
    }
  }

  /** Goods are delivered that were received. */
  private static void goodsFirst(StandInSite site) {
    site.onSave(
        "Delivery",
        delivery -> {
          long delivered =
              site.documents("Delivery").stream()
                  .filter(one -> !one.path("name").equals(delivery.path("name")))
                  .count();
          if (site.documents("Receipt").size() <= delivered) {
            throw StandInSite.refusal("Nothing there to deliver");
          }
          return delivery;
        });
  }

  private static UnaryOperator<ObjectNode> refusing(String said) {
    return document -> {
      throw StandInSite.refusal(said);
    };
  }

  private long creations() {
    return branch.requests().stream()
        .filter(request -> request.uri().contains("insert_many"))
        .count();
  }

  private static List<String> arrived(StandInSite site) {
    return TYPES.stream()
        .flatMap(type -> site.documents(type).stream())
        .sorted(Comparator.comparing(one -> one.path("creation").asText()))
        .map(one -> one.path("name").asText())
        .toList();
  }

  private static List<String> failed(TestStream stream) {
    return new Here(stream.database())
        .texts("select producer_doc from event_sync_log where status = 'Failed'");
  }

  private TestStream following() {
    TestStream stream =
        new TestStream.Builder()
            .and(producer(TargetSiteTest.target(branch), null))
            .attempts(1)
            .start();
    stream.pull();
    return stream;
  }

  private TestStream loading(@Nullable TargetSite target, int page) {
    return new TestStream.Builder()
        .and(producer(target, FrappeTime.EVER))
        .page(page)
        .attempts(1)
        .start();
  }

  private EventProducer producer(@Nullable TargetSite target, @Nullable String since) {
    return producer(Source.UPDATE_LOG, target, since);
  }

  private EventProducer producer(
      Source source, @Nullable TargetSite target, @Nullable String since) {
    return TargetSiteTest.producer(
        hq,
        source,
        target,
        TYPES.stream()
            .map(type -> TestRow.of(type).with(Dependencies.ALL))
            .map(row -> since == null ? row : row.loadedSince(since))
            .map(TestRow::row)
            .toArray(ProducerDoctype[]::new));
  }

  private static StandInSite site(Generation generation) {
    StandInSite site = StandInSite.start(generation);
    if (generation.streams()) {
      site.approveAll();
    }
    Stream.of("Delivery", "Receipt", "Note")
        .forEach(type -> site.putDocType(Here.json(type(type))));
    return site;
  }

  private static String type(String name) {
    return "{'name': '%s', 'doctype': 'DocType', 'autoname': 'prompt', 'fields': [".formatted(name)
        + "{'fieldname': 'title', 'fieldtype': 'Data', 'label': 'Title'},"
        + "{'fieldname': 'about', 'fieldtype': 'Link', 'options': 'Delivery', 'label': 'About'}]}";
  }
}
