package org.eventstreaming.stream;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Reconcile;
import org.eventstreaming.producer.Source;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.DocumentKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories of a producer, with and without an update log, written to a stock site or kept
 * here while answers of both are lost and the database breaks off: afterwards the two are equal,
 * and nothing is there twice.
 */
class TargetHistoriesTest {
  private static final int HISTORIES = 16;

  /** A stock site that is written to another, and one that is kept here. */
  private static final long[] KILLED = {2, 5};

  private static final List<Generation> SOURCES = List.of(Generation.values());
  private static final List<Generation> TARGETS =
      List.of(Generation.STOCK_13, Generation.STOCK_14, Generation.STOCK_15);

  @TempDir static Path folder;

  static LongStream seeds() {
    Long one = Long.getLong("seed");
    return one != null
        ? LongStream.of(one)
        : LongStream.rangeClosed(1, Integer.getInteger("histories", HISTORIES));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatever_is_lost_on_the_way_the_target_ends_equal_to_the_producer(long seed) {
    try (Following following = new Following(seed)) {
      Random random = following.random;
      TestStream stream = following.stream;
      BreakDatabase.prepare(stream.database());
      for (int round = 0; round < 4; round++) {
        following.history.write(1 + random.nextInt(12));
        for (int i = random.nextInt(3); i > 0; i--) {
          if (random.nextInt(3) == 0) {
            BreakDatabase.breakOff(stream.database(), random, 60);
          } else {
            breakAnswer(random.nextInt(3) == 0 ? following.from : following.to, random);
          }
          stream.clock().advance(Reconcile.DEFAULT.rows());
          BreakDatabase.orBreak(following::pull);
        }
      }
      BreakDatabase.heal(stream.database());
      following.finish();

      following.assertEqual();
    }
  }

  static LongStream killedSeeds() {
    Long one = Long.getLong("seed");
    Integer many = Integer.getInteger("killed");
    return one != null
        ? LongStream.of(one)
        : many != null ? LongStream.rangeClosed(1, many) : LongStream.of(KILLED);
  }

  /** Processes that are killed as they are, by {@code kill -9}. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("killedSeeds")
  void whenever_a_process_is_killed_the_target_ends_equal_to_the_producer(long seed)
      throws IOException {
    try (Following following = new Following(seed)) {
      following.pull();
      for (int kills = 2; kills > 0; kills--) {
        following.history.write(25);
        Path words = folder.resolve("process.txt");
        try (PullingProcess process =
            PullingProcess.start(
                following.stream.database(),
                following.producer,
                following.page,
                words,
                List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"))) {
          int calls = following.calls() + 1 + following.random.nextInt(80);
          await()
              .pollInSameThread()
              .pollDelay(Duration.ZERO)
              .pollInterval(Duration.ofMillis(1))
              .atMost(60, SECONDS)
              .until(() -> !process.isAlive() || following.calls() >= calls);
          if (!process.isAlive()) {
            throw new AssertionError("the process ended by itself: " + Files.readString(words));
          }
          process.kill();
        }
      }
      following.finish();

      following.assertEqual();
    }
  }

  /** One seed: a producer, its history, a target, and the stream that joins them. */
  private static final class Following implements AutoCloseable {
    private final long seed;
    private final Random random;
    private final StandInSite from;
    private final StandInSite to;
    private final UnseenHistory history;
    private final EventProducer producer;
    private final int page;
    private final TestStream stream;

    /** One in four is kept here, in our own store. */
    private final boolean kept;

    Following(long seed) {
      this.seed = seed;
      random = new Random(seed);
      from = StandInSite.start(SOURCES.get(random.nextInt(SOURCES.size()))).approveAll();
      to = StandInSite.start(TARGETS.get(random.nextInt(TARGETS.size())));
      history = new UnseenHistory(from, random, seed, false).retiringNames();
      history.definitions().forEach(to::putDocType);
      kept = random.nextInt(4) == 0;
      ProducerDoctype[] rows =
          history.types().stream()
              .map(type -> TestRow.of(type).with(Dependencies.ALL).locallyNamed().row())
              .toArray(ProducerDoctype[]::new);
      producer =
          TargetSiteTest.producer(
              from, Source.PROBE, kept ? null : TargetSiteTest.target(to), rows);
      page = 3 + random.nextInt(40);
      stream =
          new TestStream.Builder().and(producer).page(page).lease(Duration.ofSeconds(1)).start();
      stream.pull();
    }

    /** How many calls both sites got. */
    int calls() {
      return from.requests().size() + to.requests().size();
    }

    void pull() {
      TargetHistoriesTest.pull(stream);
    }

    /** Nothing breaks any more. */
    void finish() {
      from.heal();
      to.heal();
      for (int i = 0; i < 3; i++) {
        stream.clock().advance(Reconcile.DEFAULT.rows().multipliedBy(7));
        pull();
      }
    }

    void assertEqual() {
      assertThat(differences(from, kept ? null : to, history, stream.database()))
          .as(
              "seed %d, again with -Dtest=TargetHistoriesTest -Dseed=%d:%n%s to %s%n%s%n%s",
              seed,
              seed,
              from.generation(),
              kept ? "PostgreSQL" : to.generation(),
              history,
              String.join(
                  "\n",
                  stream
                      .database()
                      .rows(
                          "select cause, update_type, producer_doc, docname, status, coalesce(error, note) from event_sync_log order by seq")
                      .stream()
                      .map(String::valueOf)
                      .toList()))
          .isEmpty();
    }

    @Override
    public void close() {
      stream.close();
      from.close();
      to.close();
    }
  }

  private static void pull(TestStream stream) {
    stream.database().letLeasesRunOut();
    stream.pull();
  }

  private static void breakAnswer(StandInSite site, Random random) {
    List<Fault> faults =
        List.of(
            new Fault.LostAnswer(),
            new Fault.LostAnswer(),
            new Fault.HalfTheJson(),
            new Fault.Instead(502, Map.of("Content-Type", "text/html"), "<html>no site</html>"),
            new Fault.Instead(
                500,
                Map.of("Content-Type", "application/json"),
                "{\"exc_type\": \"QueryDeadlockError\", \"exception\": \"QueryDeadlockError: (1213)\"}"));
    AtomicInteger calls = new AtomicInteger(1 + random.nextInt(15));
    site.fail(request -> calls.decrementAndGet() == 0, faults.get(random.nextInt(faults.size())));
  }

  private static Set<String> differences(
      StandInSite from, @Nullable StandInSite to, UnseenHistory history, TestDatabase database) {
    Set<String> wrong = new TreeSet<>();
    Map<DocumentKey, ObjectNode> copies = new LinkedHashMap<>();
    Map<DocumentKey, String> origins = new HashMap<>();
    for (String type : history.types()) {
      for (ObjectNode copy : to == null ? kept(type, database) : to.documents(type)) {
        String origin = copy.path("remote_docname").asText();
        origins.put(new DocumentKey(type, copy.path("name").asText()), origin);
        if (!copy.path("remote_site_name").asText().equals(from.url())) {
          wrong.add(copy.path("name") + " does not say where it is from");
        }
        if (copies.put(new DocumentKey(type, origin), copy) != null) {
          wrong.add(type + " " + origin + " is there twice, as " + copy.path("name"));
        }
      }
    }
    Map<DocumentKey, ObjectNode> there = history.documents();
    copies.forEach(
        (key, copy) -> {
          if (!there.containsKey(key)) {
            wrong.add(key + " is gone on the producer and on the target " + copy.path("name"));
          }
        });
    there.forEach(
        (key, document) -> {
          ObjectNode copy = copies.get(key);
          if (copy == null) {
            wrong.add(key + " is not on the target");
          } else {
            compare(key.toString(), document, copy, origins, history, wrong);
          }
        });
    for (List<?> row :
        database.rows(
            "select producer_doctype, producer_doc, status, error from event_sync_log where status <> 'Synced'")) {
      wrong.add("not Synced: " + row);
    }
    return wrong;
  }

  private static List<ObjectNode> kept(String type, TestDatabase database) {
    return database
        .rows(
            "select d.data || jsonb_build_object('remote_docname', remote_docname, 'remote_site_name', remote_site_name)"
                + " from document d where doctype = "
                + Here.quoted(type))
        .stream()
        .map(row -> (ObjectNode) Here.parsed(String.valueOf(row.get(0))))
        .toList();
  }

  private static void compare(
      String place,
      JsonNode document,
      JsonNode copy,
      Map<DocumentKey, String> origins,
      UnseenHistory history,
      Set<String> wrong) {
    for (String field : List.of("title", "word", "party_type")) {
      if (!document.path(field).asText("").equals(copy.path(field).asText(""))) {
        wrong.add(
            "%s: %s %s, there %s".formatted(place, field, document.path(field), copy.path(field)));
      }
    }
    if (document.path("qty").asInt() != copy.path("qty").asInt()) {
      wrong.add(place + ": qty");
    }
    Map<String, String> links =
        Map.of(
            "part", history.part(),
            "made_of", history.part(),
            "party", document.path("party_type").asText(""));
    links.forEach(
        (field, type) -> {
          String wanted = document.path(field).asText("");
          String named = copy.path(field).asText("");
          String found = named.isEmpty() ? "" : origins.get(new DocumentKey(type, named));
          if (!wanted.equals(found)) {
            wrong.add("%s: %s names %s, there %s".formatted(place, field, wanted, found));
          }
        });
    List<JsonNode> rows = new ArrayList<>();
    document.path("lines").forEach(rows::add);
    if (rows.size() != copy.path("lines").size()) {
      wrong.add("%s: %d rows, there %d".formatted(place, rows.size(), copy.path("lines").size()));
      return;
    }
    for (int i = 0; i < rows.size(); i++) {
      compare(place + " row " + i, rows.get(i), copy.path("lines").get(i), origins, history, wrong);
    }
  }
}
