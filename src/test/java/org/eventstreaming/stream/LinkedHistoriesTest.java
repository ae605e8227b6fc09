package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.mapping.Mappings;
import org.eventstreaming.mapping.ReadMappingFiles;
import org.eventstreaming.producer.Read;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random documents that link to each other, randomly followed, named and mapped, with random
 * histories: whatever happens there, what is here is right whenever it is quiet. More of them with
 * {@code -Dhistories=20000}, one again with {@code -Dseed=17}.
 */
class LinkedHistoriesTest {
  private static final int HISTORIES = 100;

  /** So many sites are followed by one stream: to start one takes longer than a history. */
  private static final int TOGETHER = 25;

  private static final List<Integer> PAGES = List.of(3, 1, 500, 7);
  private static final CloseAside ASIDE = new CloseAside();

  @TempDir static Path folder;

  @AfterAll
  static void close() throws Exception {
    ASIDE.close();
  }

  static Stream<List<Long>> seeds() {
    Long one = Long.getLong("seed");
    if (one != null) {
      return Stream.of(List.of(one));
    }
    long first = Long.getLong("first", 1);
    long last = first - 1 + Integer.getInteger("histories", HISTORIES);
    return LongStream.rangeClosed((first - 1) / TOGETHER, (last - 1) / TOGETHER)
        .mapToObj(
            group ->
                LongStream.rangeClosed(group * TOGETHER + 1, (group + 1) * TOGETHER)
                    .filter(seed -> seed >= first && seed <= last)
                    .boxed()
                    .toList());
  }

  @ParameterizedTest(name = "seeds {0}")
  @MethodSource("seeds")
  void whatever_is_linked_and_mapped_what_is_here_is_right(List<Long> seeds) {
    List<Following> all = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    TestStream stream = null;
    try {
      seeds.forEach(seed -> all.add(new Following(seed)));
      stream = start(all);
      all.forEach(one -> one.history.follow());
      stream.pull();
      TestDatabase database = stream.database();
      all.forEach(one -> one.compareIn(database));
      List<Following> right = new ArrayList<>(all);
      for (int round = 0; round < 4; round++) {
        right.forEach(Following::write);
        stream.pull();
        right.removeIf(one -> one.fails(Objects.requireNonNull(one.compare).lost(), failures));
        // what waits is tried every hour, and what waits behind it after that
        long waiting;
        do {
          waiting = database.count("event_sync_log where status <> 'Synced'");
          stream.clock().advance(Duration.ofHours(2));
          stream.send("direct:retry");
        } while (waiting != database.count("event_sync_log where status <> 'Synced'"));
        right.removeIf(
            one -> one.fails(Objects.requireNonNull(one.compare).differences(), failures));
      }
    } finally {
      if (stream != null) {
        ASIDE.add(stream);
      }
      all.forEach(one -> one.site.close());
    }

    assertThat(failures).isEmpty();
  }

  private static TestStream start(List<Following> all) {
    TestStream.Builder builder = new TestStream.Builder();
    Map<String, DocType> definitions = new HashMap<>();
    Path project = folder.resolve("seed" + all.get(0).seed);
    try {
      Files.createDirectories(project.resolve("mappings"));
      for (Following one : all) {
        builder.and(one.site, Read.LIST, one.types.rows());
        for (DocType definition : one.types.here()) {
          builder.doctype(definition);
          definitions.put(definition.name(), definition);
        }
        for (RandomTypes.OneMapping mapping : one.types.mappings()) {
          Files.writeString(
              project.resolve("mappings/" + mapping.localType() + ".json"),
              mapping.json().toString());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Mappings mappings = new ReadMappingFiles(project, DocTypes.of(definitions)).read();
    long group = (all.get(0).seed - 1) / TOGETHER;
    return builder.mappings(mappings).page(PAGES.get((int) (group % PAGES.size()))).start();
  }

  /** One seed: a site, its history, and what is here of it. */
  private static final class Following {
    private final long seed;
    private final Random random;
    private final RandomTypes types;
    private final StandInSite site;
    private final LinkedHistory history;
    private @Nullable CompareLinks compare;

    Following(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      this.types = new RandomTypes(seed, random);
      this.site =
          StandInSite.start(
                  List.of(Generation.V13, Generation.V14, Generation.V15_APP)
                      .get(random.nextInt(3)))
              .approveAll();
      this.history = new LinkedHistory(site, types, random);
      history.write(random.nextInt(20));
    }

    void compareIn(TestDatabase database) {
      compare = new CompareLinks(database, site.url(), types, history);
    }

    void write() {
      history.write(1 + random.nextInt(14));
    }

    boolean fails(List<String> differences, List<String> failures) {
      history.pulled();
      if (!differences.isEmpty()) {
        failures.add(
            "seed %d, again with -Dtest=LinkedHistoriesTest -Dseed=%d:\n%s\n\n%s\n%s\n%s"
                .formatted(
                    seed,
                    seed,
                    String.join("\n", differences),
                    types,
                    history,
                    Objects.requireNonNull(compare).logged()));
      }
      return !differences.isEmpty();
    }
  }
}
