package org.eventstreaming.stream;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.regex.Pattern;
import org.eventstreaming.poll.TakeLease;
import org.eventstreaming.postgres.PostgresProducerStates;
import org.eventstreaming.postgres.Transactions;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.standin.CallKind;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.DocumentJson;
import org.eventstreaming.update.Lease;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One pull of a producer at a time, whoever else is about to pull. */
@Timeout(120)
class TwoPullsTest {
  private static final Pattern SAID =
      Pattern.compile("The next poll continues|No answer from the database");

  private final StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
  private final TestDatabase database = TestDatabase.create();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ScheduledExecutorService heart = Executors.newScheduledThreadPool(1);

  @AfterEach
  void close() {
    threads.shutdownNow();
    heart.shutdownNow();
    site.close();
    database.close();
  }

  @ParameterizedTest
  @EnumSource(Read.class)
  void two_pulls_at_the_same_time_apply_everything_once(Read read) throws Exception {
    site.plainSelection();
    long seed = System.nanoTime();
    RandomHistory history = new RandomHistory(site, new Random(seed));
    TestStream one =
        TestStream.following(site, read, RandomHistory.followed()).page(25).start(database);
    TestStream other =
        TestStream.following(site, read, RandomHistory.followed()).page(25).start(database);
    try {
      one.pull();
      for (int round = 0; round < 15; round++) {
        history.write(60);
        CyclicBarrier together = new CyclicBarrier(2);
        Future<?> first = threads.submit(pull(one, together));
        Future<?> second = threads.submit(pull(other, together));
        first.get();
        second.get();
      }

      // what one was refused has its turn when the other is done
      await()
          .atMost(20, SECONDS)
          .untilAsserted(
              () -> {
                one.pull();
                new CompareHistory(database, history).assertSameDocuments();
              });
      new CompareHistory(database, history).assertAppliedOnce();
    } catch (Throwable e) {
      throw new AssertionError("seed " + seed, e);
    } finally {
      one.application().close();
      other.application().close();
    }
  }

  @Test
  void a_pull_that_is_going_on_is_left_alone() throws Exception {
    TestStream slow = following(TestStream.sameName("ToDo")).start(database);
    TestStream other = following(TestStream.sameName("ToDo")).start(database);
    try {
      slow.pull();
      site.put("ToDo", todo("T1").put("status", "Open"));
      site.update("ToDo", "T1", object().put("status", "Closed"));
      site.fail(CallKind.DOCUMENT, Fault.slow(Duration.ofSeconds(4), 10_000));
      Future<?> pull = threads.submit(slow::pull);
      await().until(() -> site.count(CallKind.DOCUMENT) == 1);
      String owner = database.value("select lease_owner from event_producer");
      site.forgetRequests();

      other.pull();

      assertThat(site.requests()).isEmpty();
      assertThat(pull.isDone()).isFalse();
      assertThat(database.value("select lease_owner from event_producer")).isEqualTo(owner);
      pull.get();
      assertThat(database.count("event_sync_log where status = 'Synced'")).isEqualTo(1);
    } finally {
      slow.application().close();
      other.application().close();
    }
  }

  @Test
  void a_clock_poll_that_finds_another_pull_has_the_next_one_look_back() {
    EventProducer producer = TestStream.producer(site, Read.LIST, TestStream.sameName("ToDo"));
    Duration lease = Duration.ofMinutes(1);
    PostgresProducerStates states =
        new PostgresProducerStates(new Transactions(database.database().pool()), lease);
    states.ensure(producer);
    TakeLease takeLease = new TakeLease(states, heart, lease);
    Lease notified = Objects.requireNonNull(takeLease.take(producer, "notified"));

    Lease refused = takeLease.take(producer, "poll");
    takeLease.release(notified);
    Lease next = Objects.requireNonNull(takeLease.take(producer, "notified"));
    takeLease.release(next);
    Lease afterIt = Objects.requireNonNull(takeLease.take(producer, "notified"));

    assertThat(refused).isNull();
    assertThat(notified.overlap()).isFalse();
    assertThat(next.overlap()).isTrue();
    assertThat(afterIt.overlap()).isFalse();
  }

  @Test
  void a_page_that_takes_long_lets_no_other_producers_lease_run_out() throws Exception {
    try (StandInSite another = StandInSite.start(Generation.V15_APP);
        Connection page = database.database().pool().getConnection()) {
      EventProducer busy = TestStream.producer(site, Read.LIST, TestStream.sameName("ToDo"));
      EventProducer quiet = TestStream.producer(another, Read.LIST, TestStream.sameName("ToDo"));
      Duration lease = Duration.ofMillis(600);
      PostgresProducerStates states =
          new PostgresProducerStates(new Transactions(database.database().pool()), lease);
      states.ensure(busy);
      states.ensure(quiet);
      TakeLease takeLease = new TakeLease(states, heart, lease);
      takeLease.take(busy, "poll");
      page.setAutoCommit(false);
      try (Statement statement = page.createStatement()) {
        statement.execute(
            "select 1 from event_producer where producer_url = '%s' for update"
                .formatted(busy.producerUrl()));
      }
      takeLease.take(quiet, "poll");
      String taken = leaseUntil(quiet);

      await().atMost(10, SECONDS).until(() -> !taken.equals(leaseUntil(quiet)));

      page.rollback();
    }
  }

  @Test
  void a_page_prolongs_its_lease_when_it_begins_and_when_it_ends() throws Exception {
    TestStream stream = following(TestStream.sameName("ToDo")).start(database);
    try {
      stream.pull();
      database.execute(
          """
          create table seen (page bigint);
          create function see() returns trigger language plpgsql as
            'begin insert into seen values (txid_current()); return new; end';
          create trigger see after update on event_producer for each row
            when (old.lease_owner = new.lease_owner and old.lease_until <> new.lease_until)
            execute function see();
          """);
      site.insert("ToDo", todo("T1"));

      stream.send("direct:poll");

      assertThat(database.value("select count(*) from seen group by page order by 1 desc limit 1"))
          .isEqualTo("2");
    } finally {
      stream.application().close();
    }
  }

  @Test
  void a_pull_that_was_silent_for_too_long_writes_nothing_once_another_took_over()
      throws Exception {
    TestStream silent = following(TestStream.sameName("ToDo")).start(database);
    TestStream other = following(TestStream.sameName("ToDo")).start(database);
    try {
      silent.pull();
      site.put("ToDo", todo("T1").put("status", "Open"));
      site.update("ToDo", "T1", object().put("status", "Closed"));
      site.insert("ToDo", todo("T2"));
      site.fail(CallKind.DOCUMENT, Fault.slow(Duration.ofSeconds(4), 10_000));
      Future<?> pull = threads.submit(silent::pull);
      await().until(() -> site.count(CallKind.DOCUMENT) == 1);
      database.execute("update event_producer set lease_until = now() - interval '1 second'");

      other.pull();
      List<List<String>> before = everything();
      assertThat(pull.isDone()).isFalse();
      pull.get();

      assertThat(everything()).isEqualTo(before);
      assertThat(database.value("select last_error from event_producer"))
          .contains("Another process pulls from " + site.url());
      assertThat(database.rows("select status from event_sync_log"))
          .isEqualTo(List.of(List.of("Synced"), List.of("Synced")));
    } finally {
      silent.application().close();
      other.application().close();
    }
  }

  @Test
  void a_process_that_stops_inside_a_page_is_taken_over(@TempDir Path folder) throws Exception {
    RandomHistory history = new RandomHistory(site, new Random(4));
    TestStream other =
        following(RandomHistory.followed()).lease(Duration.ofSeconds(1)).start(database);
    Path words = folder.resolve("process.txt");
    try {
      other.pull();
      history.write(300);
      try (Connection blocker = database.database().pool().getConnection();
          PullingProcess process =
              PullingProcess.start(
                  database,
                  TestStream.producer(site, Read.LIST, RandomHistory.followed()),
                  50,
                  words,
                  List.of("-Xmx128m"))) {
        block(blocker);
        await().atMost(60, SECONDS).until(() -> waitingForTheBlocker() == 1);
        process.signal("STOP");
        blocker.rollback();
        blocker.setAutoCommit(true);

        await()
            .atMost(20, SECONDS)
            .until(
                () -> {
                  other.pull();
                  return database.count("event_sync_log") == history.followedEntries().size();
                });
        process.signal("CONT");
        // it says so, in the words of the server where that has closed its connection meanwhile,
        // and finds nothing to do from then on
        await()
            .atMost(60, SECONDS)
            .until(
                () ->
                    SAID.matcher(Files.readString(words)).find()
                        && database.value("select last_error from event_producer") == null);
      }

      CompareHistory compare = new CompareHistory(database, history);
      compare.assertSameDocuments();
      compare.assertAppliedOnce();
    } finally {
      other.application().close();
    }
  }

  @Test
  void a_notification_during_a_pull_leads_to_another_look() throws Exception {
    TestStream stream = following(TestStream.sameName("ToDo")).serving().start(database);
    try {
      stream.pull();
      site.put("ToDo", todo("T1").put("status", "Open"));
      site.update("ToDo", "T1", object().put("status", "Closed"));
      site.fail(CallKind.DOCUMENT, Fault.slow(Duration.ofSeconds(2), 10_000));
      Future<?> pull = threads.submit(() -> stream.send("direct:poll"));
      await().until(() -> site.count(CallKind.DOCUMENT) == 1);

      site.insert("ToDo", todo("T2"));
      site.notify(stream.url());
      pull.get();

      await().atMost(10, SECONDS).until(() -> database.count("document where name = 'T2'") == 1);
    } finally {
      stream.application().close();
    }
  }

  @Test
  void a_notification_that_a_retry_gets_ahead_of_leads_to_another_look() {
    TestStream stream = following(TestStream.sameName("ToDo")).serving().start(database);
    try {
      stream.pull();
      site.put("ToDo", todo("T1").put("status", "Open"));
      site.update("ToDo", "T1", object().put("status", "Closed"));
      site.fail(CallKind.DOCUMENT, Fault.badGateway());
      stream.send("direct:poll");
      stream.clock().advance(Duration.ofHours(1));
      assertThat(database.count("event_sync_log where status = 'Waiting'")).isEqualTo(1);

      site.insert("ToDo", todo("T2"));
      database.execute("update event_producer set notified = true");
      stream.send("direct:retry");

      await().atMost(10, SECONDS).until(() -> database.count("document where name = 'T2'") == 1);
      assertThat(database.count("event_sync_log where status = 'Waiting'")).isZero();
    } finally {
      stream.application().close();
    }
  }

  private TestStream.Builder following(ProducerDoctype... doctypes) {
    return TestStream.following(site, doctypes);
  }

  private static Callable<Void> pull(TestStream stream, CyclicBarrier together) {
    return () -> {
      together.await();
      stream.pull();
      return null;
    };
  }

  private static void block(Connection blocker) throws SQLException {
    blocker.setAutoCommit(false);
    try (Statement statement = blocker.createStatement()) {
      statement.execute("lock table document_link in exclusive mode");
    }
  }

  private long waitingForTheBlocker() {
    return database.count("pg_locks where not granted and relation = 'document_link'::regclass");
  }

  private String leaseUntil(EventProducer producer) {
    return String.valueOf(
        database.value(
            "select lease_until from event_producer where producer_url = '%s'"
                .formatted(producer.producerUrl())));
  }

  /** Rows and the transactions that wrote them. */
  private List<List<String>> everything() {
    return database.rows(
        """
        select 'd', name, xmin::text from document union all
        select 'l', local_name, xmin::text from document_link union all
        select 's', update_log, xmin::text from event_sync_log union all
        select 't', last_update, xmin::text from event_producer_document_type
        order by 1, 2
        """);
  }

  private static ObjectNode object() {
    return DocumentJson.MAPPER.createObjectNode();
  }

  private static ObjectNode todo(String name) {
    return object().put("name", name);
  }
}
