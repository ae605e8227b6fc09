package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.TargetSiteTest.joined;
import static org.eventstreaming.stream.TargetSiteTest.names;
import static org.eventstreaming.stream.TargetSiteTest.site;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;

/** Documents of one type that are apart from each other are created by two calls at a time. */
class CreationsAtOnceTest {
  /** Three calls of 200 documents at the most. */
  private static final int DOCUMENTS = 450;

  @Test
  void two_calls_create_documents_at_the_same_time() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, TestRow.of("Buyer")).start()) {
      stream.pull();
      insertBuyers(hq);
      CyclicBarrier both = new CyclicBarrier(2);
      AtomicInteger met = new AtomicInteger();
      branch.fail(
          2,
          request -> request.uri().contains("insert_many"),
          new Fault.Meanwhile(() -> meet(both, met)));
      stream.pull();

      assertThat(met).as("calls that the site held until there was another").hasValue(2);
      assertThat(names(branch, "Buyer")).hasSize(DOCUMENTS);
      assertThat(stream.database().count("event_sync_log where status = 'Synced'"))
          .isEqualTo(DOCUMENTS);
    }
  }

  @Test
  void what_the_other_call_created_is_known_where_one_was_not_answered() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, TestRow.of("Buyer")).start()) {
      stream.pull();
      insertBuyers(hq);
      branch.fail(1, request -> request.uri().contains("insert_many"), new Fault.LostAnswer());
      stream.pull();

      assertThat(branch.documents("Buyer")).as("two calls of three").hasSize(400);
      assertThat(stream.database().count("document_link")).as("one has an answer").isEqualTo(200);
      assertThat(stream.database().count("event_sync_log")).isZero();

      stream.pull();

      assertThat(names(branch, "Buyer")).doesNotHaveDuplicates().hasSize(DOCUMENTS);
      assertThat(stream.database().count("event_sync_log where status = 'Synced'"))
          .isEqualTo(DOCUMENTS);
    }
  }

  private static void insertBuyers(StandInSite hq) {
    for (int i = 0; i < DOCUMENTS; i++) {
      hq.insert("Buyer", Here.json("{'name': 'buyer %d', 'title': 't'}".formatted(i)));
    }
  }

  private static void meet(CyclicBarrier both, AtomicInteger met) {
    try {
      both.await(30, TimeUnit.SECONDS);
      met.incrementAndGet();
    } catch (BrokenBarrierException | TimeoutException e) {
      // it was alone: the test says so
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
