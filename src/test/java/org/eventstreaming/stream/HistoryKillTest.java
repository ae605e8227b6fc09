package org.eventstreaming.stream;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.eventstreaming.stream.TargetSiteTest.find;
import static org.eventstreaming.stream.TargetSiteTest.titles;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.Source;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes that are killed while masters are enabled for them. */
class HistoryKillTest {
  @TempDir Path folder;

  @ParameterizedTest(name = "{0}: the call is made: {1}")
  @CsvSource({
    "1 what is disabled is read, false",
    "2 a master is enabled, false",
    "2 a master is enabled, true",
    "4 what is enabled is read, false",
    "5 the documents are written, false",
    "5 the documents are written, true",
    "6 a master is disabled, false",
    "6 a master is disabled, true",
    "7 what is disabled again is read, false"
  })
  void wherever_a_process_is_killed_nothing_stays_enabled_after_the_next_start(
      String name, boolean isMade) {
    Predicate<HistoryTest.SeenCall> step = Objects.requireNonNull(HistoryTest.steps().get(name));
    try (StandInSite hq = HistoryTest.site(Generation.V15_APP);
        StandInSite branch = HistoryTest.branch(Generation.STOCK_15);
        TestDatabase database = TestDatabase.create()) {
      EventProducer producer =
          TargetSiteTest.producer(
              hq,
              Source.UPDATE_LOG,
              HistoryTest.asIs(branch, "Buyer", "Part"),
              TestRow.of("Order").locallyNamed().row());
      boolean[] cut = {false};
      try (PullingProcess process =
          PullingProcess.start(
              database,
              producer,
              100,
              folder.resolve("process.txt"),
              List.of(
                  "-Das.is=Buyer,Part",
                  "-Xmx128m",
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC"))) {
        await()
            .atMost(90, SECONDS)
            .until(
                () ->
                    database.count("event_producer_document_type where start_update is not null")
                        == 1);
        HistoryTest.Watched watched = new HistoryTest.Watched(branch);
        branch.fail(
            request -> {
              if (!cut[0] && step.test(watched.seen(request))) {
                process.kill();
                cut[0] = true;
                return true;
              }
              return false;
            },
            isMade ? Fault.lostAnswer() : Fault.badGateway());
        hq.insert("Order", HistoryTest.order("o", "B"));
        hq.insert("Order", HistoryTest.order("p", "B"));
        await().atMost(90, SECONDS).until(() -> cut[0]);
      }
      branch.heal();
      database.letLeasesRunOut();
      TestStream stream = new TestStream.Builder().and(producer).start(database);
      try {
        stream.pull();

        assertThat(titles(branch)).containsExactlyInAnyOrder("o", "p");
        assertThat(find(branch, "Buyer", "B").path("disabled").asInt()).isEqualTo(1);
        assertThat(find(branch, "Part", "P").path("enabled").asInt()).isZero();
        assertThat(HistoryTest.open(stream)).isZero();
        assertThat(database.count("event_sync_log where status = 'Synced'")).isEqualTo(2);
      } finally {
        stream.application().close();
      }
    }
  }
}
