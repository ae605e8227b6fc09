package org.eventstreaming.stream;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.eventstreaming.poll.TakeLease;
import org.eventstreaming.postgres.PostgresProducerStates;
import org.eventstreaming.postgres.Transactions;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.Reconcile;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.Lease;
import org.eventstreaming.update.NextTurn;
import org.eventstreaming.update.Work;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is due has its turn, in the order in which it was due, over all processes. */
class TurnsTest {
  private static final Duration LEASE = Duration.ofSeconds(2);

  private final StandInSite site = StandInSite.start(Generation.V15_APP);
  private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor();
  private final EventProducer producer =
      TestStream.producer(site, Read.LIST, TestStream.sameName("ToDo"));

  @AfterEach
  void close() {
    heart.shutdownNow();
    site.close();
  }

  @Test
  void what_was_refused_the_lease_gets_it_in_order_and_no_poll_comes_before() {
    try (TestDatabase database = TestDatabase.create()) {
      TakeLease here = process(database);
      TakeLease other = process(database);
      Lease poll = Objects.requireNonNull(here.take(producer, "poll"));
      assertThat(other.take(producer, "reconcile")).isNull();
      assertThat(here.take(producer, "retry")).isNull();
      assertThat(other.take(producer, "poll")).isNull();

      assertThat(here.release(poll)).isEqualTo(new NextTurn(producer, Work.RECONCILE, false));
      Lease reconcile = Objects.requireNonNull(here.take(producer, "reconcile"));
      assertThat(reconcile.work()).isEqualTo(Work.RECONCILE);
      assertThat(here.release(reconcile)).isEqualTo(new NextTurn(producer, Work.RETRY, false));
      Lease retry = Objects.requireNonNull(here.take(producer, "retry"));
      assertThat(here.release(retry)).isEqualTo(new NextTurn(producer, Work.POLL, false));
      Lease last = Objects.requireNonNull(other.take(producer, "poll"));
      assertThat(other.release(last)).isNull();
    }
  }

  @Test
  void who_waits_for_its_turn_is_not_overtaken_by_polls_of_any_process() throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      TakeLease here = process(database);
      TakeLease other = process(database);
      Lease poll = Objects.requireNonNull(here.take(producer, "poll"));
      var waiting = Executors.newSingleThreadExecutor();
      try {
        var turn = waiting.submit(() -> other.take(producer, "load"));
        await().until(() -> database.count("event_producer_work where work = 'load'") == 1);
        assertThat(here.release(poll)).isNull();

        assertThat(here.take(producer, "poll")).isNull();
        Lease load = turn.get();

        assertThat(load.work()).isEqualTo(Work.LOAD);
        assertThat(other.release(load)).isEqualTo(new NextTurn(producer, Work.POLL, false));
      } finally {
        waiting.shutdownNow();
      }
    }
  }

  @Test
  void a_request_whose_process_died_holds_up_others_no_longer_than_a_lease() {
    try (TestDatabase database = TestDatabase.create()) {
      TakeLease here = process(database);
      Lease poll = Objects.requireNonNull(here.take(producer, "poll"));
      states(database).request(producer.producerUrl(), Work.COMPARE);
      here.release(poll);

      assertThat(here.take(producer, "poll")).isNull();
      await().atMost(10, SECONDS).until(() -> here.take(producer, "poll") != null);
    }
  }

  @Test
  void a_reconcile_that_is_due_during_a_poll_runs_after_it_without_its_clock() {
    site.approveAll();
    try (TestStream stream =
        TestStream.following(site, TestStream.sameName("ToDo")).reconciling().start()) {
      stream.pull();
      stream.clock().advance(Reconcile.DEFAULT.rows());
      String before = String.valueOf(reconciledAt(stream));
      site.fail(1, request -> true, Fault.meanwhile(() -> stream.send("direct:reconcile")));

      stream.send("direct:poll");

      await().atMost(10, SECONDS).until(() -> !before.equals(reconciledAt(stream)));
    }
  }

  @Test
  void no_work_waits_while_the_site_asks_to_be_left_alone() {
    try (TestDatabase database = TestDatabase.create()) {
      TakeLease here = process(database);
      states(database)
          .failed(producer.producerUrl(), Work.POLL, "busy", true, Duration.ofMinutes(1));

      assertThat(here.take(producer, "reconcile")).isNull();
      assertThat(database.count("event_producer_work where requested_until is not null")).isZero();
    }
  }

  private TakeLease process(TestDatabase database) {
    return new TakeLease(states(database), heart, LEASE);
  }

  private PostgresProducerStates states(TestDatabase database) {
    PostgresProducerStates states =
        new PostgresProducerStates(new Transactions(database.database().pool()), LEASE);
    states.ensure(producer);
    return states;
  }

  private static String reconciledAt(TestStream stream) {
    return String.valueOf(stream.database().value("select swept_at from event_producer"));
  }
}
