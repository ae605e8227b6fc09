package org.eventstreaming.stream;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.eventstreaming.producer.Read;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories, pulls that break off at random points: in the end every entry was applied once.
 * More of them with {@code -Dseeds=500}, one again with {@code -Dseed=17}.
 */
class KillTest {
  private static final int ENTRIES = 2_000;
  private static final int SEEDS = 40;

  /** Of so many seeds one is run by processes that are really killed. */
  private static final int PROCESS_SEED = 7;

  private static final TestDatabase database = TestDatabase.create();
  private static final Path WORDS = Path.of("target", "kill-test.log");
  private static final PrintStream STDERR = System.err;
  private static final CloseAside ASIDE = new CloseAside();

  @TempDir static Path folder;

  @BeforeAll
  static void sayItElsewhere() throws IOException {
    // hundreds of broken pulls are no news in the output of a build
    System.setErr(new PrintStream(Files.newOutputStream(WORDS), true, StandardCharsets.UTF_8));
  }

  @BeforeAll
  static void setUpKills() {
    BreakDatabase.prepare(database);
  }

  @AfterAll
  static void close() throws Exception {
    ASIDE.close();
    System.err.close();
    System.setErr(STDERR);
    database.close();
  }

  static LongStream seeds() {
    Long one = Long.getLong("seed");
    return one != null
        ? LongStream.of(one)
        : LongStream.rangeClosed(1, Integer.getInteger("seeds", SEEDS));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatever_breaks_off_every_entry_is_applied_once(long seed) {
    database.execute("alter sequence tick restart");
    database.execute(
        """
        truncate kill_at, document, document_link, event_producer, event_producer_document_type, event_producer_watermark,
                 event_producer_work,
                 event_sync_log, api_key, naming_series, attachment, target_creation
        """);
    Random random = new Random(seed);
    Generation generation =
        List.of(Generation.V13, Generation.V14, Generation.V15_APP).get(random.nextInt(3));
    Read read = random.nextInt(4) == 0 ? Read.METHOD : Read.LIST;
    try (StandInSite site = StandInSite.start(generation)) {
      site.approveAll();
      RandomHistory history = new RandomHistory(site, random);
      if (seed % PROCESS_SEED == 0) {
        runProcesses(site, read, history, random);
      } else {
        run(site, read, history, random);
      }

      CompareHistory compare = new CompareHistory(database, history);
      compare.assertSameDocuments();
      if (read == Read.LIST) {
        compare.assertAppliedOnce();
      }
    } catch (Throwable e) {
      throw new AssertionError(
          "seed %d (%s, %s): %s; its log is in %s; again with -Dtest=KillTest -Dseed=%d"
              .formatted(seed, generation, read, e.getMessage(), WORDS, seed),
          e);
    }
  }

  /** Connections to the site and to the database that end in the middle. */
  private static void run(StandInSite site, Read read, RandomHistory history, Random random) {
    TestStream stream = follow(site, read, 20 + random.nextInt(200));
    try {
      pull(stream);
      int rounds = 2 + random.nextInt(4);
      for (int round = 1; round <= rounds; round++) {
        history.write(ENTRIES / rounds);
        int breaks = 1 + random.nextInt(3);
        for (int i = 0; i < breaks; i++) {
          if (random.nextBoolean()) {
            breakAnswer(site, random);
          }
          if (random.nextBoolean()) {
            BreakDatabase.breakOff(database, random, i == 0 ? 20 : 150);
          }
          pullOrBreak(stream);
        }
      }
      finish(stream, site);
    } finally {
      ASIDE.add(stream.application());
    }
  }

  /** Processes that are killed as they are. */
  private static void runProcesses(
      StandInSite site, Read read, RandomHistory history, Random random) throws IOException {
    int page = 20 + random.nextInt(100);
    TestStream stream = follow(site, read, page);
    try {
      pull(stream);
      history.write(ENTRIES);
      for (int kills = 2; kills > 0; kills--) {
        try (PullingProcess process =
            PullingProcess.start(
                database,
                TestStream.producer(site, read, RandomHistory.followed()),
                page,
                folder.resolve("process.txt"),
                List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"))) {
          long rows = database.count("event_sync_log") + 1 + random.nextInt(ENTRIES / 3);
          await()
              .pollInSameThread()
              .pollDelay(Duration.ZERO)
              .pollInterval(Duration.ofMillis(2))
              .atMost(60, SECONDS)
              .until(
                  () ->
                      !process.isAlive()
                          || database.count("event_sync_log") >= rows
                          || database.count("event_sync_log") >= ENTRIES * 3 / 4);
          if (!process.isAlive()) {
            throw new AssertionError(
                "the process ended by itself: " + Files.readString(folder.resolve("process.txt")));
          }
          process.kill();
        }
      }
      finish(stream, site);
    } finally {
      ASIDE.add(stream.application());
    }
  }

  private static TestStream follow(StandInSite site, Read read, int page) {
    return TestStream.following(site, read, RandomHistory.followed())
        .page(page)
        .lease(Duration.ofSeconds(1))
        .start(database);
  }

  private static void breakAnswer(StandInSite site, Random random) {
    List<Fault> faults =
        List.of(
            Fault.lostAnswer(),
            Fault.cutInEntry(1 + random.nextInt(200)),
            Fault.cutAfter(random.nextInt(50_000)),
            Fault.halfTheJson(),
            Fault.badGateway(),
            Fault.serverError("QueryDeadlockError"));
    AtomicInteger calls = new AtomicInteger(1 + random.nextInt(12));
    site.fail(request -> calls.decrementAndGet() == 0, faults.get(random.nextInt(faults.size())));
  }

  /**
   * Nothing breaks any more: what was left open is worked off. By the method it takes as many pulls
   * as a deleted document has entries that were not sent: each sends the first of them alone.
   */
  private static void finish(TestStream stream, StandInSite site) {
    site.heal();
    BreakDatabase.heal(database);
    long before;
    do {
      before = database.count("event_sync_log");
      for (int i = 0; i < 2; i++) {
        stream.clock().advance(Duration.ofHours(2));
        pull(stream);
      }
    } while (database.count("event_sync_log") > before);
  }

  /** The kill may hit what lies around a pull as well: taking the lease, giving it back. */
  private static void pullOrBreak(TestStream stream) {
    BreakDatabase.orBreak(() -> pull(stream));
  }

  private static void pull(TestStream stream) {
    database.letLeasesRunOut();
    stream.pull();
  }
}
