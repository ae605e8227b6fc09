package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.eventstreaming.stream.Here.json;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.Request;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.LeaseHolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Documents that were there before their type was followed, loaded where that is requested. */
class LoadTest {
  private static final ProducerDoctype ALL = TestRow.of("ToDo").loadedSince(FrappeTime.EVER).row();

  @ParameterizedTest
  @EnumSource(names = {"V13", "V15_APP", "STOCK_15"})
  void what_was_there_comes_once_and_what_changes_later_as_ever(Generation kind) {
    try (StandInSite site = StandInSite.start(kind).approveAll()) {
      putOld(site, 30);
      try (TestStream stream = probing(site, ALL).page(7).start()) {
        stream.pull();

        assertThat(names(stream)).hasSize(30);
        assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
        assertThat(
                stream.database().value("select count(*) from event_sync_log where cause = 'load'"))
            .isEqualTo("30");
        assertThat(load(stream)).containsExactly("30", "30", "t");

        site.update("ToDo", "T-00001", json("{'description': 'changed'}"));
        site.insert("ToDo", json("{'name': 'NEW'}"));
        site.forgetRequests();
        stream.pull();

        assertThat(names(stream)).hasSize(31);
        assertThat(stream.database().count("event_sync_log")).isEqualTo(32);
        assertThat(counts(site)).isZero();
      }
    }
  }

  @Test
  void only_what_changed_since_the_requested_day_is_loaded_and_counted() {
    try (StandInSite site = StandInSite.start(Generation.STOCK_15)) {
      site.put("ToDo", changedAt("OLD", "2026-01-31 23:59:59.999999"));
      site.put("ToDo", changedAt("NEW", "2026-02-01 00:00:00.000000"));
      try (TestStream stream = probing(site, since("2026-02-01 00:00:00.000000")).start()) {
        stream.pull();

        assertThat(names(stream)).containsExactly("NEW");
        assertThat(load(stream)).containsExactly("1", "1", "t");
      }
    }
  }

  @Test
  void a_load_that_a_broken_site_ended_goes_on_where_it_was() {
    try (StandInSite site = StandInSite.start(Generation.STOCK_15)) {
      putOld(site, 250);
      site.fail(list(3), Fault.badGateway());
      try (TestStream stream = probing(site, ALL).page(10).start()) {
        stream.pull();

        assertThat(names(stream)).hasSize(100);
        assertThat(stream.database().value("select last_error from event_producer"))
            .contains("Could not list what changed of ToDo");
        site.heal();
        site.forgetRequests();

        stream.pull();

        assertThat(names(stream)).hasSize(250);
        assertThat(site.requests().stream().map(LoadTest::decoded))
            .noneMatch(uri -> uri.contains("\"T-00050\""));
        assertThat(load(stream)).last().isEqualTo("t");
        assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
      }
    }
  }

  @Test
  void while_much_is_loaded_the_log_is_read_between_turns() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll()) {
      putOld(site, 250);
      try (TestStream stream =
          new TestStream.Builder().and(site, Read.LIST, ALL).page(10).start()) {
        site.fail(
            list(1),
            Fault.meanwhile(
                () -> {
                  site.insert("ToDo", json("{'name': 'MEANWHILE'}"));
                  stream
                      .database()
                      .execute("update event_producer set last_poll = now() - interval '1 hour'");
                }));

        stream.pull();

        assertThat(names(stream)).hasSize(251);
        long place =
            stream
                .database()
                .count(
                    "event_sync_log where seq < (select seq from event_sync_log"
                        + " where producer_doc = 'MEANWHILE')");
        assertThat(place).isEqualTo(100);
      }
    }
  }

  @Test
  void a_load_beside_a_long_pull_of_another_process_is_put_off_and_says_whose_lease_it_is() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll()) {
      putOld(site, 30);
      try (TestStream stream =
              new TestStream.Builder()
                  .and(site, Read.LIST, ALL)
                  .lease(Duration.ofMillis(100))
                  .start();
          LogLines lines = LogLines.open()) {
        stream.send("direct:poll");
        stream
            .database()
            .execute(
                "update event_producer set lease_owner = '4711@elsewhere/1',"
                    + " lease_until = now() + interval '1 h'");

        stream.send("direct:load");

        assertThat(lines.at(Level.ERROR, "")).isEmpty();
        assertThat(lines.at(Level.INFO, "Waiting for the lease."))
            .singleElement(STRING)
            .startsWith("The poll of " + site.url() + " by process 4711@elsewhere goes on since 2");
        assertThat(lines.at(Level.INFO, "Loading continues later."))
            .singleElement(STRING)
            .contains(" by process 4711@elsewhere goes on since 2", "; its lease ends at 2");
        assertThat(names(stream)).isEmpty();
        stream.database().execute("update event_producer set lease_until = now()");
        stream.pull();
        assertThat(names(stream)).hasSize(30);
      }
    }
  }

  @Test
  void while_a_producer_is_loaded_from_the_clock_starts_no_second_loading_of_it() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll()) {
      putOld(site, 30);
      AtomicInteger started = new AtomicInteger();
      try (TestStream stream =
              new TestStream.Builder()
                  .and(site, Read.LIST, ALL)
                  .lease(Duration.ofMillis(100))
                  .start();
          LogLines lines = LogLines.open()) {
        stream.send("direct:poll");
        site.fail(
            1,
            request -> started.get() == 0 && request.uri().contains("ToDo"),
            new Fault.Meanwhile(
                () -> {
                  started.incrementAndGet();
                  stream.send("direct:load");
                }));

        stream.send("direct:load");

        assertThat(started).hasValue(1);
        assertThat(lines.at(Level.INFO, "Loading continues later.")).isEmpty();
        assertThat(names(stream)).hasSize(30);
      }
    }
  }

  @Test
  void a_load_that_waits_for_a_pull_of_its_own_process_says_nothing_of_another() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll()) {
      putOld(site, 30);
      try (TestStream stream =
              new TestStream.Builder()
                  .and(site, Read.LIST, ALL)
                  .lease(Duration.ofMillis(100))
                  .start();
          LogLines lines = LogLines.open()) {
        stream.send("direct:poll");
        stream
            .database()
            .execute(
                "update event_producer set lease_owner = '%s', lease_until = now() + interval '1 h'"
                    .formatted(LeaseHolder.newOwner()));

        stream.send("direct:load");

        assertThat(lines.at(Level.INFO, "Waiting for the lease.")).isEmpty();
        assertThat(lines.at(Level.INFO, "Loading continues later."))
            .singleElement(STRING)
            .startsWith("The poll of " + site.url() + " by this process goes on since 2")
            .doesNotContain("by process ");
      }
    }
  }

  @Test
  void documents_that_changed_in_one_moment_are_all_loaded_however_many() {
    try (StandInSite site = StandInSite.start(Generation.STOCK_15)) {
      for (int i = 0; i < 120; i++) {
        site.put("ToDo", changedAt("T-" + i, "2026-02-01 00:00:00.000000"));
      }
      try (TestStream stream = probing(site, ALL).page(10).start()) {
        stream.pull();

        assertThat(names(stream)).hasSize(120);
        assertThat(load(stream)).containsExactly("120", "120", "t");
      }
    }
  }

  @Test
  void what_became_visible_late_while_it_was_loaded_comes_too() {
    try (StandInSite site = StandInSite.start(Generation.STOCK_15)) {
      putOld(site, 1);
      try (TestStream stream = probing(site, ALL).start()) {
        stream.pull();
        String start =
            stream.database().value("select start_update from event_producer_document_type");
        LocalDateTime began = FrappeTime.parse(String.valueOf(start)).orElseThrow();
        site.put("ToDo", changedAt("LATE", FrappeTime.format(began.minusSeconds(30))));

        stream.clock().advance(Duration.ofSeconds(60));
        stream.pull();

        assertThat(names(stream)).containsExactly("LATE", "T-00001");
      }
    }
  }

  @Test
  void a_request_of_the_file_that_comes_later_or_reaches_further_back_is_met_and_no_other() {
    try (StandInSite site = StandInSite.start(Generation.STOCK_15)) {
      site.put("ToDo", changedAt("OLD", "2026-01-01 00:00:00.000000"));
      site.put("ToDo", changedAt("NEWER", "2026-02-02 00:00:00.000000"));
      try (TestDatabase database = TestDatabase.create()) {
        assertThat(pulled(database, site, ProducerDoctype.sameName("ToDo"))).isEmpty();
        assertThat(pulled(database, site, since("2026-02-01 00:00:00.000000")))
            .containsExactly("NEWER");
        site.put("ToDo", changedAt("UNSEEN", "2026-02-02 00:00:00.000000"));
        assertThat(pulled(database, site, since("2026-02-01 00:00:00.000000")))
            .containsExactly("NEWER");
        assertThat(pulled(database, site, ALL)).containsExactly("NEWER", "OLD", "UNSEEN");
      }
    }
  }

  @Test
  void a_type_that_may_not_be_listed_is_reported_and_holds_up_no_other() {
    try (StandInSite site = StandInSite.start(Generation.STOCK_15)) {
      putOld(site, 3);
      ProducerDoctype other = TestRow.of("Note").loadedSince(FrappeTime.EVER).row();
      site.forbidden("Note");
      try (TestStream stream = probing(site, other, ALL).start()) {
        stream.pull();

        assertThat(names(stream)).hasSize(3);
        site.forgetRequests();
        stream.pull();
        assertThat(counts(site)).isZero();
      }
    }
  }

  private static TestStream.Builder probing(StandInSite site, ProducerDoctype... rows) {
    return new TestStream.Builder().and(site, Read.LIST, rows).probing();
  }

  private static ProducerDoctype since(String moment) {
    return TestRow.of("ToDo").loadedSince(moment).row();
  }

  /** What is here after a start with this row, one pull and a stop. */
  private static List<String> pulled(TestDatabase database, StandInSite site, ProducerDoctype row) {
    TestStream stream = probing(site, row).start(database);
    try {
      stream.pull();
      return names(stream);
    } finally {
      stream.application().close();
    }
  }

  /** So many documents from a day long ago, each a second after the one before. */
  private static void putOld(StandInSite site, int count) {
    LocalDateTime moment = LocalDateTime.of(2026, 1, 1, 0, 0);
    for (int i = 1; i <= count; i++) {
      site.put("ToDo", changedAt("T-%05d".formatted(i), FrappeTime.format(moment.plusSeconds(i))));
    }
  }

  private static ObjectNode changedAt(String name, String moment) {
    return json(
        "{'name': '%s', 'creation': '%s', 'modified': '%s', 'owner': 'a@example.com'}"
            .formatted(name, moment, moment));
  }

  private static List<String> names(TestStream stream) {
    return stream.database().rows("select name from document order by name").stream()
        .map(row -> String.valueOf(row.get(0)))
        .toList();
  }

  /** How many were counted, how many looked at, and whether it ended. */
  private static List<String> load(TestStream stream) {
    return stream
        .database()
        .rows(
            "select load_total::text, load_done::text, (loaded_at is not null)::text::char"
                + " from event_producer_document_type where ref_doctype = 'ToDo'")
        .get(0)
        .stream()
        .map(String::valueOf)
        .toList();
  }

  /** One of the lists by which changes and documents from before are found, the first is 1. */
  private static Predicate<Request> list(int place) {
    AtomicInteger lists = new AtomicInteger();
    return request ->
        decoded(request).contains("/api/resource/ToDo?")
            && decoded(request).contains("order_by=modified asc")
            && lists.incrementAndGet() == place;
  }

  private static long counts(StandInSite site) {
    return site.requests().stream().filter(one -> decoded(one).contains("get_count")).count();
  }

  private static String decoded(Request request) {
    return URLDecoder.decode(request.uri() + "\n" + request.body(), StandardCharsets.UTF_8);
  }
}
