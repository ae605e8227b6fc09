package org.eventstreaming.stream;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.Source;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.CallKind;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A fifth of all answers of a site fail, also inside their bodies: reads are repeated in place and
 * go on where they broke off. Another history with {@code -Dseed=17}, a longer one with {@code
 * -Dentries=20000}.
 */
class FlakySiteTest {
  private static final long SEED = Long.getLong("seed", System.nanoTime());
  private static final int ENTRIES = Integer.getInteger("entries", 1_500);

  /** More calls fail in one reading than one call may be attempted. */
  private static final int PAGE = Integer.getInteger("page", 10);

  private static final double SHARE = 0.2;

  /** So many that a test of a few hundred calls does not fail by chance. */
  private static final int ATTEMPTS = 12;

  @TempDir static Path folder;

  @ParameterizedTest
  @EnumSource(Read.class)
  void one_pull_brings_all_that_is_in_the_log(Read read) {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream = follow(site, read)) {
      RandomHistory history = new RandomHistory(site, new Random(SEED));
      stream.pull();
      history.write(ENTRIES);
      site.fail(SEED, SHARE);
      site.fail(2, request -> request.kind() == CallKind.PULL, Fault.halfTheJson());

      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows("select last_error from event_producer where last_error <> ''"))
          .isEmpty();
      site.heal();
      new CompareHistory(stream.database(), history).assertSameDocuments();
    } catch (AssertionError e) {
      throw new AssertionError("seed " + SEED + ": " + e.getMessage(), e);
    }
  }

  @Test
  void one_pull_loads_all_documents_of_a_stock_site_with_what_they_need() {
    try (StandInSite site = StandInSite.start(Generation.STOCK_15)) {
      site.putDocType(
          Here.json(
              "{'name': 'Job', 'doctype': 'DocType', 'fields': ["
                  + "{'fieldname': 'task', 'fieldtype': 'Link', 'options': 'Task'}]}"));
      site.putDocType(Here.json("{'name': 'Task', 'doctype': 'DocType', 'fields': []}"));
      try (TestStream stream =
          new TestStream.Builder()
              .and(
                  TargetSiteTest.producer(
                      site, Source.PROBE, null, TestRow.of("Job").with(Dependencies.ALL).row()))
              .page(PAGE)
              .reads(ATTEMPTS)
              .start()) {
        stream.pull();
        for (int i = 0; i < 300; i++) {
          site.insert("Task", Here.json("{'name': 'T-" + i + "'}"));
          site.insert("Job", Here.json("{'name': 'J-" + i + "', 'task': 'T-" + i + "'}"));
        }
        site.fail(SEED, SHARE);

        stream.pull();

        assertThat(new Here(stream.database()).names("Job")).as("seed " + SEED).hasSize(300);
        assertThat(new Here(stream.database()).names("Task")).as("seed " + SEED).hasSize(300);
        assertThat(stream.database().count("event_sync_log where status <> 'Synced'"))
            .as("seed " + SEED)
            .isZero();
      }
    }
  }

  @Test
  void whenever_a_process_is_killed_nothing_is_lost_or_doubled() throws IOException {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream = follow(site, Read.LIST)) {
      Random random = new Random(SEED);
      RandomHistory history = new RandomHistory(site, random);
      stream.pull();
      history.write(ENTRIES);
      site.fail(SEED, SHARE);
      Path words = folder.resolve("process.txt");
      for (int kill = 1; kill <= 3; kill++) {
        try (PullingProcess process =
            PullingProcess.start(
                stream.database(),
                TestStream.producer(site, Read.LIST, RandomHistory.followed()),
                PAGE,
                words,
                List.of(
                    "-Xmx128m",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Dattempts=" + ATTEMPTS))) {
          long rows = (long) kill * ENTRIES / 4 - random.nextInt(ENTRIES / 8);
          await()
              .pollInSameThread()
              .pollDelay(Duration.ZERO)
              .pollInterval(Duration.ofMillis(2))
              .atMost(120, SECONDS)
              .until(() -> !process.isAlive() || stream.database().count("event_sync_log") >= rows);
          assertThat(process.isAlive()).as(Files.readString(words)).isTrue();
          process.kill();
        }
      }

      for (int i = 0; i < 2; i++) {
        stream.clock().advance(Duration.ofHours(2));
        stream.database().letLeasesRunOut();
        stream.pull();
      }
      site.heal();

      CompareHistory compare = new CompareHistory(stream.database(), history);
      compare.assertSameDocuments();
      compare.assertAppliedOnce();
    } catch (AssertionError e) {
      throw new AssertionError("seed " + SEED + ": " + e.getMessage(), e);
    }
  }

  @Test
  void a_document_that_a_site_fails_on_for_good_fails_alone() {
    try (StandInSite site = StandInSite.start(Generation.STOCK_15)) {
      site.putDocType(
          Here.json(
              "{'name': 'Job', 'doctype': 'DocType', 'fields': ["
                  + "{'fieldname': 'steps', 'fieldtype': 'Table', 'options': 'Step'}]}"));
      site.putDocType(
          Here.json(
              "{'name': 'Step', 'doctype': 'DocType', 'istable': 1, 'fields': ["
                  + "{'fieldname': 'word', 'fieldtype': 'Data'}]}"));
      for (String broken : List.of("name", "parent")) {
        try (TestStream stream =
            new TestStream.Builder()
                .and(TargetSiteTest.producer(site, Source.PROBE, null, TestRow.of("Job").row()))
                .reads(ATTEMPTS)
                .start()) {
          stream.pull();
          for (int i = 0; i < 100; i++) {
            site.insert(
                "Job", Here.json("{'name': 'J-" + broken + i + "', 'steps': [{'word': 'w'}]}"));
          }
          site.heal();
          site.fail(
              1_000_000,
              request ->
                  request.kind() != CallKind.METHOD
                      && request.toString().contains("J-" + broken + "77")
                      && (broken.equals("name") || !request.toString().contains("/Job?")),
              Fault.serverError("SerializationFailure"));
          stream.pull();

          assertThat(new Here(stream.database()).names("Job"))
              .hasSize(99)
              .doesNotContain("J-" + broken + "77");
          assertThat(
                  stream
                      .database()
                      .rows("select producer_doc from event_sync_log where status <> 'Synced'"))
              .isEqualTo(List.of(List.of("J-" + broken + "77")));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Read.class)
  void failures_of_one_call_after_the_other_do_not_add_up(Read read) {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream =
            TestStream.following(site, read, RandomHistory.followed())
                .page(PAGE)
                .reads(2)
                .start()) {
      RandomHistory history = new RandomHistory(site, new Random(SEED));
      stream.pull();
      history.write(10 * PAGE);
      AtomicInteger calls = new AtomicInteger();
      site.fail(
          1_000,
          call ->
              (call.kind() == CallKind.LOG_LIST || call.kind() == CallKind.PULL)
                  && calls.getAndIncrement() % 2 == 0,
          Fault.badGateway());

      stream.send("direct:poll");

      site.heal();
      assertThat(calls.get()).isGreaterThan(read == Read.LIST ? 10 : 1);
      new CompareHistory(stream.database(), history).assertSameDocuments();
    }
  }

  /** A log whose last page is cut in each of its entries in turn. */
  @Test
  void a_list_that_is_cut_goes_on_behind_its_last_whole_entry() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream = follow(site, Read.LIST)) {
      RandomHistory history = new RandomHistory(site, new Random(SEED));
      stream.pull();
      history.write(3 * PAGE);
      for (int cut = 1; cut <= 5; cut++) {
        site.fail(request -> request.kind() == CallKind.LOG_LIST, Fault.cutInEntry(3));
      }

      stream.pull();

      site.heal();
      CompareHistory compare = new CompareHistory(stream.database(), history);
      compare.assertSameDocuments();
      compare.assertAppliedOnce();
    }
  }

  @Test
  void a_site_that_redirects_is_asked_once_and_again_with_the_next_poll() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream = follow(site, Read.LIST)) {
      stream.pull();
      site.fail(
          1_000,
          request -> true,
          new Fault.Instead(302, Map.of("Location", "https://elsewhere.example/login"), ""));

      for (int poll = 0; poll < 2; poll++) {
        site.forgetRequests();
        stream.pull();

        assertThat(site.requests()).hasSize(1);
        assertThat(new Here(stream.database()).lastError())
            .contains("302, which sends us to https://elsewhere.example");
      }
    }
  }

  private static TestStream follow(StandInSite site, Read read) {
    return TestStream.following(site, read, RandomHistory.followed())
        .page(PAGE)
        .lease(Duration.ofSeconds(2))
        .reads(ATTEMPTS)
        .start();
  }
}
