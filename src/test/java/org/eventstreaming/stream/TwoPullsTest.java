package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TwoPullsTest {
  private static final ProducerDoctype[] TODO = TestStream.sameName("ToDo");
  private static final int ROUNDS = 8;
  private static final int ENTRIES = 100;

  @ParameterizedTest
  @EnumSource(Read.class)
  void two_pulls_of_one_producer_at_the_same_time_apply_everything_once(Read read) {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll().plainSelection();
        TestStream one = TestStream.following(site, read, TODO).page(10).start()) {
      TestStream other = TestStream.following(site, read, TODO).page(10).start(one.database());
      try {
        one.pull();
        CyclicBarrier together = new CyclicBarrier(2);
        for (int round = 0; round < ROUNDS; round++) {
          int first = round * ENTRIES;
          site.append(
              java.util.stream.IntStream.range(first, first + ENTRIES)
                  .mapToObj(TwoPullsTest::entry)
                  .toList());
          CompletableFuture.allOf(pull(one, together), pull(other, together)).join();
        }
        one.pull();

        assertThat(one.database().count("event_sync_log where status = 'Synced'"))
            .isEqualTo(ROUNDS * ENTRIES);
        assertThat(one.database().rows("select distinct attempts from event_sync_log"))
            .containsExactly(List.of("1"));
        assertThat(one.database().rows("select distinct version from document"))
            .containsExactly(List.of("1"));
      } finally {
        other.application().close();
      }
    }
  }

  private static CompletableFuture<Void> pull(TestStream stream, CyclicBarrier together) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            together.await();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          stream.pull();
        });
  }

  private static LogEntry entry(int i) {
    return new LogEntry(
        "e%06d".formatted(i),
        "2030-01-01 00:%02d:%02d.%06d".formatted(i / 6000, i / 100 % 60, i % 100 + 1),
        "Create",
        "ToDo",
        "T%06d".formatted(i),
        "{\"doctype\":\"ToDo\",\"name\":\"T%06d\"}".formatted(i));
  }
}
