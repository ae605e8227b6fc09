package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.Reconcile;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.DocumentKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories of which the update log reports only part: after one look beside it everything
 * here is as it is there, and what leaves no trace to look for a comparison finds. More of them
 * with {@code -Dhistories=5000}, one again with {@code -Dseed=17}.
 */
class UnseenHistoriesTest {
  private static final int HISTORIES = 150;

  /** So many sites are followed by one stream: to start one takes longer than a history. */
  private static final int TOGETHER = 25;

  private static final List<Integer> PAGES = List.of(500, 2, 1, 7);
  private static final List<Generation> GENERATIONS = List.of(Generation.values());
  private static final CloseAside ASIDE = new CloseAside();

  @AfterAll
  static void close() throws Exception {
    ASIDE.close();
  }

  static Stream<List<Long>> seeds() {
    return seeds(2);
  }

  /** Every third history leaves no trace of some of its steps. */
  static Stream<List<Long>> tracelessSeeds() {
    return seeds(1);
  }

  private static Stream<List<Long>> seeds(int ofThree) {
    Long one = Long.getLong("seed");
    if (one != null) {
      return Stream.of(List.of(one));
    }
    long last = Integer.getInteger("histories", HISTORIES) * (long) ofThree / 3;
    return LongStream.rangeClosed(0, (last - 1) / TOGETHER)
        .mapToObj(
            group ->
                LongStream.rangeClosed(group * TOGETHER + 1, (group + 1) * TOGETHER)
                    .filter(seed -> seed <= last)
                    .boxed()
                    .toList());
  }

  /** By groups: of small ones most are prepared while the one before is written. */
  private static int page(List<Long> seeds) {
    return PAGES.get((int) ((seeds.get(0) - 1) / TOGETHER % PAGES.size()));
  }

  private static TestStream start(List<Following> all, int page) {
    TestStream.Builder builder = new TestStream.Builder();
    all.forEach(one -> builder.and(one.site, one.read, one.rows));
    return builder.probing().page(page).start();
  }

  @ParameterizedTest(name = "seeds {0}")
  @MethodSource("seeds")
  void whatever_the_log_leaves_out_one_look_beside_it_finds(List<Long> seeds) {
    List<Following> all = seeds.stream().map(seed -> new Following(seed, false)).toList();
    List<String> failures = new ArrayList<>();
    TestStream stream = start(all, page(seeds));
    try {
      stream.pull();
      List<Following> right = new ArrayList<>(all);
      for (int round = 0; round < 3; round++) {
        right.forEach(Following::write);
        stream.pull();
        if (round == 1) {
          right.forEach(Following::write);
        }
        stream.clock().advance(Reconcile.DEFAULT.rows());
        stream.pull();
        right.removeIf(one -> one.fails(stream.database(), Set.of(), failures));
      }
      assertThat(failures).isEmpty();
      long logged = stream.database().count("event_sync_log");
      for (int looks = 0; looks < 3; looks++) {
        stream.clock().advance(Reconcile.DEFAULT.rows());
        stream.pull();
      }
      // what did not change again is not logged again
      assertThat(
              stream
                  .database()
                  .rows(
                      "select seq, cause, update_type, producer_doctype, producer_doc, status,"
                          + " note, error from event_sync_log order by seq offset "
                          + logged))
          .isEmpty();
    } finally {
      ASIDE.add(stream);
      all.forEach(one -> ASIDE.add(one.site));
    }
  }

  @ParameterizedTest(name = "seeds {0}")
  @MethodSource("tracelessSeeds")
  void whatever_call_fails_in_passing_the_looks_after_it_find_everything(List<Long> seeds) {
    List<Following> all = seeds.stream().map(seed -> new Following(seed, false)).toList();
    List<String> failures = new ArrayList<>();
    TestStream stream = start(all, page(seeds));
    try {
      stream.pull();
      List<Following> right = new ArrayList<>(all);
      for (int round = 0; round < 3; round++) {
        right.forEach(Following::write);
        right.forEach(Following::failOnce);
        stream.clock().advance(Reconcile.DEFAULT.rows());
        stream.pull();
        right.forEach(one -> one.site.heal());
        // what failed may hold up what is looked for after it
        for (int looks = 0; looks < 2; looks++) {
          stream.clock().advance(Reconcile.DEFAULT.rows());
          stream.pull();
        }
        right.removeIf(one -> one.fails(stream.database(), Set.of(), failures));
      }
    } finally {
      ASIDE.add(stream);
      all.forEach(one -> ASIDE.add(one.site));
    }

    assertThat(failures).isEmpty();
  }

  @ParameterizedTest(name = "seeds {0}")
  @MethodSource("tracelessSeeds")
  void what_leaves_no_trace_at_all_a_comparison_finds_and_repairs(List<Long> seeds) {
    List<Following> all = seeds.stream().map(seed -> new Following(seed, true)).toList();
    List<String> failures = new ArrayList<>();
    TestStream stream = start(all, page(seeds));
    try {
      stream.pull();
      List<String> repaired = new ArrayList<>();
      List<Following> right = new ArrayList<>(all);
      for (int round = 0; round < 3; round++) {
        right.forEach(Following::write);
        stream.clock().advance(Reconcile.DEFAULT.rows());
        stream.pull();
        atOnce(right, one -> one.compare(stream, true)).values().forEach(repaired::addAll);
        atOnce(right, one -> one.compare(stream, false))
            .forEach(
                (one, reported) -> {
                  if (one.fails(stream.database(), reported, failures)) {
                    right.remove(one);
                  }
                });
      }
      assertThat(repaired).as("what no reconciliation saw").isNotEmpty();
    } finally {
      ASIDE.add(stream);
      all.forEach(one -> ASIDE.add(one.site));
    }

    assertThat(failures).isEmpty();
  }

  /** The sites have nothing to do with each other. */
  private static <T> Map<Following, T> atOnce(List<Following> all, Function<Following, T> work) {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      Map<Following, Future<T>> begun = new LinkedHashMap<>();
      all.forEach(one -> begun.put(one, threads.submit(() -> work.apply(one))));
      Map<Following, T> done = new LinkedHashMap<>();
      for (Map.Entry<Following, Future<T>> one : begun.entrySet()) {
        done.put(one.getKey(), one.getValue().get());
      }
      return done;
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    } finally {
      threads.shutdownNow();
    }
  }

  /** One seed: a site, its history, and what is here of it. */
  private static final class Following {
    private final long seed;
    private final Random random;
    private final StandInSite site;
    private final Read read;
    private final ProducerDoctype[] rows;
    private final UnseenHistory history;
    private final Random faulty;

    Following(long seed, boolean traceless) {
      this.seed = seed;
      this.random = new Random(seed);
      this.faulty = new Random(-seed);
      this.site =
          StandInSite.start(GENERATIONS.get(random.nextInt(GENERATIONS.size()))).approveAll();
      this.read = random.nextInt(3) == 0 ? Read.METHOD : Read.LIST;
      this.history = new UnseenHistory(site, random, seed, traceless);
      // of its own: what follows is the same for the same seed
      Random before = new Random(~seed);
      boolean isLoaded = before.nextInt(3) == 0;
      if (isLoaded) {
        history.write(before.nextInt(40));
        history.pulled("followed from here on");
      }
      // where nothing comes along a link keeps the producer's name of what is not here yet
      boolean sameNames = random.nextBoolean();
      this.rows =
          history.types().stream()
              .map(
                  type -> {
                    TestRow row =
                        TestRow.of(type)
                            .with(
                                sameNames && random.nextBoolean()
                                    ? Dependencies.NONE
                                    : Dependencies.ALL);
                    if (isLoaded) {
                      row.loadedSince(FrappeTime.EVER);
                    }
                    return (sameNames || random.nextBoolean() ? row : row.locallyNamed()).row();
                  })
              .toArray(ProducerDoctype[]::new);
    }

    void write() {
      history.write(1 + random.nextInt(12));
      history.pulled("pulled");
    }

    /** One of the next calls fails. */
    void failOnce() {
      List<Fault> faults =
          List.of(
              Fault.lostAnswer(),
              Fault.cutAfter(faulty.nextInt(5_000)),
              Fault.halfTheJson(),
              Fault.badGateway(),
              Fault.serverError("QueryDeadlockError"));
      AtomicInteger calls = new AtomicInteger(1 + faulty.nextInt(40));
      Fault fault = faults.get(faulty.nextInt(faults.size()));
      site.fail(request -> calls.decrementAndGet() == 0, fault);
      history.pulled("pulled, call " + calls + " fails: " + fault);
    }

    /** What a comparison says of this site. */
    Set<String> compare(TestStream stream, boolean repair) {
      Reported reported =
          Reported.by(
              stream,
              TestStream.producer(site, read, rows),
              repair,
              false,
              history.types().toArray(String[]::new));
      Set<String> wrong = new TreeSet<>(reported.refused.values());
      reported
          .differences()
          .forEach(
              one ->
                  wrong.add(
                      "reported of %s: %s %s %s"
                          .formatted(one.remote(), one.verdict(), one.fields(), one.why())));
      reported.ranges.stream()
          .filter(range -> range.isEqual() != range.checksumHere().equals(range.checksumThere()))
          .filter(range -> range.range().from() != null)
          .forEach(range -> wrong.add("checksums of " + range));
      return wrong;
    }

    /** Reports what is wrong here, with what was mentioned it. */
    boolean fails(TestDatabase database, Set<String> reported, List<String> failures) {
      Set<String> wrong = differences(database);
      wrong.addAll(reported);
      if (!wrong.isEmpty()) {
        String logged =
            database
                .rows(
                    "select cause, update_type, producer_doctype, producer_doc, docname, status, note"
                        + " from event_sync_log where event_producer = %s order by seq"
                            .formatted(Here.quoted(site.url())))
                .stream()
                .map(String::valueOf)
                .collect(Collectors.joining("\n"));
        failures.add(
            "seed %d, again with -Dtest=UnseenHistoriesTest -Dseed=%d:\n%s\n\nread by %s %s\n%s\n%s\nlast error: %s"
                .formatted(
                    seed,
                    seed,
                    String.join("\n", wrong),
                    read,
                    List.of(rows),
                    history,
                    logged,
                    database.rows(
                        "select last_error from event_producer where producer_url = "
                            + Here.quoted(site.url()))));
      }
      return !wrong.isEmpty();
    }

    /** What is here and what is there, side by side. */
    private Set<String> differences(TestDatabase database) {
      Map<DocumentKey, ObjectNode> here = new HashMap<>();
      Map<DocumentKey, String> names = new HashMap<>();
      for (List<@Nullable String> row :
          database.rows(
              """
              select l.remote_doctype, l.remote_name, l.local_name, d.data::text
                from document_link l
                left join document d on d.doctype = l.local_doctype and d.name = l.local_name
               where l.producer_url = %s
              """
                  .formatted(Here.quoted(site.url())))) {
        DocumentKey key = new DocumentKey(String.valueOf(row.get(0)), String.valueOf(row.get(1)));
        names.put(key, String.valueOf(row.get(2)));
        here.put(key, (ObjectNode) Here.parsed(String.valueOf(row.get(3))));
      }
      Set<String> wrong = new TreeSet<>();
      Map<DocumentKey, ObjectNode> there = history.documents();
      here.keySet().stream()
          .filter(key -> !there.containsKey(key))
          .forEach(key -> wrong.add(key + " is here and not there"));
      there.forEach(
          (key, document) -> {
            ObjectNode copy = here.get(key);
            if (copy == null) {
              wrong.add(key + " is not here");
            } else {
              compare(key.toString(), document, copy, names, wrong);
            }
          });
      for (List<@Nullable String> row :
          database.rows(
              "select producer_doctype, producer_doc, status, error from event_sync_log"
                  + " where status <> 'Synced' and event_producer = "
                  + Here.quoted(site.url()))) {
        wrong.add("not Synced: " + row);
      }
      return wrong;
    }

    private void compare(
        String place,
        JsonNode there,
        JsonNode copy,
        Map<DocumentKey, String> names,
        Set<String> wrong) {
      for (String field : List.of("title", "word", "qty", "docstatus")) {
        if (!there.path(field).asText("").equals(copy.path(field).asText(""))
            && !(there.path(field).asInt(0) == 0
                && copy.path(field).asInt(0) == 0
                && !there.path(field).isTextual())) {
          wrong.add(place + "." + field + ": " + there.path(field) + ", is " + copy.path(field));
        }
      }
      Map.of(
              "part",
              history.part(),
              "made_of",
              history.part(),
              "party",
              there.path("party_type").asText(""))
          .forEach(
              (field, type) -> {
                String name = there.path(field).asText("");
                String meant = names.getOrDefault(new DocumentKey(type, name), name);
                if (!meant.equals(copy.path(field).asText(""))) {
                  wrong.add(
                      place
                          + "."
                          + field
                          + ": "
                          + name
                          + ", here "
                          + meant
                          + ", is "
                          + copy.path(field));
                }
              });
      JsonNode rows = there.path("lines");
      if (rows.size() != copy.path("lines").size()) {
        wrong.add(place + ".lines: " + rows + ", is " + copy.path("lines"));
        return;
      }
      for (int i = 0; i < rows.size(); i++) {
        compare(
            place + ".lines[" + i + "]", rows.path(i), copy.path("lines").path(i), names, wrong);
      }
    }
  }
}
