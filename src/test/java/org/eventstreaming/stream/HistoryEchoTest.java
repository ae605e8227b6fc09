package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.HistoryTest.asIs;
import static org.eventstreaming.stream.HistoryTest.inserts;
import static org.eventstreaming.stream.HistoryTest.isOpen;
import static org.eventstreaming.stream.HistoryTest.order;
import static org.eventstreaming.stream.HistoryTest.site;
import static org.eventstreaming.stream.TargetSiteTest.find;
import static org.eventstreaming.stream.TargetSiteTest.producer;
import static org.eventstreaming.stream.TargetSiteTest.reconcile;
import static org.eventstreaming.stream.TargetSiteTest.target;
import static org.eventstreaming.stream.TargetSiteTest.titles;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Reconcile;
import org.eventstreaming.producer.Source;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A master that is enabled on a target for a moment is so nowhere else. */
class HistoryEchoTest {
  private static final ProducerDoctype[] ROWS = {
    TestRow.of("Order").locallyNamed().row(), TestRow.of("Buyer").row()
  };

  @ParameterizedTest(name = "followed by {0}, read {1}")
  @CsvSource({
    "UPDATE_LOG, while it is open",
    "UPDATE_LOG, afterwards",
    "MODIFIED, while it is open",
    "MODIFIED, afterwards"
  })
  void where_two_sites_are_joined_both_ways_an_opening_does_not_come_back(
      Source source, String when) {
    Generation generation = source == Source.UPDATE_LOG ? Generation.V15_APP : Generation.STOCK_15;
    try (StandInSite one = site(generation);
        StandInSite other = site(generation).refusingDisabled("Buyer")) {
      EventProducer back = producer(other, source, target(one), ROWS);
      try (TestStream stream =
          new TestStream.Builder()
              .and(producer(one, source, asIs(other, "Buyer"), ROWS))
              .and(back)
              .start()) {
        stream.pull();
        one.insert("Buyer", Here.json("{'name': 'B', 'title': 'b', 'disabled': 1}"));
        reconcile(stream);
        reconcile(stream);
        String before = find(one, "Buyer", "B").path("modified").asText();
        List<Integer> seen = new ArrayList<>();
        if (when.startsWith("while")) {
          other.fail(
              request -> inserts(request) && isOpen(other),
              Fault.meanwhile(
                  () -> {
                    stream.clock().advance(Duration.ofMinutes(1));
                    stream.application().poll(back);
                    seen.add(find(one, "Buyer", "B").path("disabled").asInt());
                  }));
        }
        long logged = stream.database().count("event_sync_log where producer_doctype = 'Buyer'");
        one.insert("Order", order("o", "B").without("items"));
        reconcile(stream);
        reconcile(stream);
        reconcile(stream);

        assertThat(titles(other)).containsExactly("o");
        assertThat(stream.database().rows("select ending from opened_master"))
            .containsExactly(List.of("Restored"));
        assertThat(seen).hasSize(when.startsWith("while") ? 1 : 0).doesNotContain(0);
        assertThat(find(one, "Buyer", "B").path("disabled").asInt()).isEqualTo(1);
        assertThat(find(one, "Buyer", "B").path("modified").asText()).isEqualTo(before);
        assertThat(find(other, "Buyer", "B").path("disabled").asInt()).isEqualTo(1);
        assertThat(stream.database().count("event_sync_log where producer_doctype = 'Buyer'"))
            .isEqualTo(logged);
        assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();

        // what people do goes on
        other.update("Buyer", "B", Here.json("{'disabled': 0}"));
        reconcile(stream);
        assertThat(find(one, "Buyer", "B").path("disabled").asInt()).isZero();
      }
    }
  }

  @ParameterizedTest(name = "followed by {0}")
  @CsvSource({"UPDATE_LOG", "MODIFIED"})
  void where_the_target_is_followed_into_the_database_an_opening_does_not_come_there(
      Source source) {
    Generation generation = source == Source.UPDATE_LOG ? Generation.V15_APP : Generation.STOCK_15;
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(generation).refusingDisabled("Buyer")) {
      EventProducer follower = producer(branch, source, null, TestRow.of("Buyer").row());
      try (TestStream stream =
          new TestStream.Builder()
              .and(
                  producer(
                      hq,
                      Source.UPDATE_LOG,
                      asIs(branch, "Buyer"),
                      TestRow.of("Order").locallyNamed().row()))
              .and(follower)
              .start()) {
        stream.pull();
        branch.insert("Buyer", Here.json("{'name': 'B', 'title': 'b', 'disabled': 1}"));
        reconcile(stream);
        List<String> seen = new ArrayList<>();
        branch.fail(
            request -> inserts(request) && isOpen(branch),
            Fault.meanwhile(
                () -> {
                  stream.clock().advance(Reconcile.DEFAULT.rows());
                  stream.application().poll(follower);
                  seen.add(disabledHere(stream));
                }));
        hq.insert("Order", order("o", "B").without("items"));
        reconcile(stream);
        reconcile(stream);

        assertThat(titles(branch)).containsExactly("o");
        assertThat(seen).containsExactly("1");
        assertThat(disabledHere(stream)).isEqualTo("1");
        assertThat(stream.database().count("event_sync_log where producer_doctype = 'Buyer'"))
            .isEqualTo(1);
        assertThat(stream.database().count("event_producer_document_type where passed_over > 0"))
            .isZero();
      }
    }
  }

  @Test
  void other_fields_that_the_site_changes_with_it_come_along() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.V15_APP).refusingDisabled("Buyer");
        TestStream stream =
            new TestStream.Builder()
                .and(
                    producer(
                        hq,
                        Source.UPDATE_LOG,
                        asIs(branch, "Buyer"),
                        TestRow.of("Order").locallyNamed().row()))
                .and(producer(branch, Source.UPDATE_LOG, null, TestRow.of("Buyer").row()))
                .start()) {
      stream.pull();
      branch.insert("Buyer", Here.json("{'name': 'B', 'title': 'b', 'disabled': 1}"));
      stream.pull();
      branch.fail(
          request -> inserts(request) && isOpen(branch),
          Fault.meanwhile(
              () -> branch.update("Buyer", "B", Here.json("{'disabled': 1, 'title': 'c'}"))));
      hq.insert("Order", order("o", "B").without("items"));
      stream.pull();
      stream.pull();

      assertThat(disabledHere(stream)).isEqualTo("1");
      assertThat(
              stream
                  .database()
                  .rows("select data ->> 'title' from document where doctype = 'Buyer'"))
          .containsExactly(List.of("c"));
    }
  }

  private static String disabledHere(TestStream stream) {
    return String.valueOf(
        stream
            .database()
            .value("select data ->> 'disabled' from document where doctype = 'Buyer'"));
  }
}
