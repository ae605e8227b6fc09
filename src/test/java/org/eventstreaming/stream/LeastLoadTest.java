package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.Here.json;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.CallKind;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.Request;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A site is asked for less while it is busy, and for nothing while it asks to be left alone. */
class LeastLoadTest {
  private static final ProducerDoctype TODO = ProducerDoctype.sameName("ToDo");
  private static final ZoneId ZONE = ZoneId.of("Asia/Kolkata");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Pattern LIMIT = Pattern.compile("limit_page_length=(\\d+)");

  @ParameterizedTest
  @EnumSource(names = {"V15_APP", "STOCK_15"})
  void a_look_that_is_answered_429_is_the_last_until_the_time_that_was_named(Generation kind) {
    try (StandInSite site = StandInSite.start(kind).approveAll();
        TestStream stream = probing(site).start()) {
      stream.pull();
      site.fail(listed("ToDo"), Fault.tooManyRequests(Duration.ofMinutes(5)));
      stream.reconcile();
      stream.pull();
      assertThat(stream.database().value("select last_error from event_producer"))
          .contains("Could not list what changed of ToDo", "429");
      site.forgetRequests();

      stream.pull();
      stream.clock().advance(Duration.ofSeconds(299));
      resume(stream);
      stream.pull();

      assertThat(site.requests()).isEmpty();

      stream.clock().advance(Duration.ofSeconds(1));
      resume(stream);
      stream.pull();

      assertThat(site.requests()).isNotEmpty();
      assertThat(stream.database().value("select last_error from event_producer")).isNull();
    }
  }

  @Test
  void a_document_that_is_answered_429_ends_all_calls_too() {
    try (StandInSite site = StandInSite.start(Generation.STOCK_15);
        TestStream stream = probing(site).start()) {
      stream.pull();
      site.insert("ToDo", json("{'name': 'A'}"));
      site.fail(request -> request.kind() == CallKind.DOCUMENT, Fault.tooManyRequests(HOUR));
      stream.pull();
      assertThat(stream.database().value("select status from event_sync_log")).isEqualTo("Waiting");
      site.forgetRequests();

      stream.clock().advance(Duration.ofMinutes(59));
      stream.pull();
      assertThat(site.requests()).isEmpty();

      stream.clock().advance(Duration.ofHours(2));
      resume(stream);
      stream.pull();
      assertThat(stream.database().value("select status from event_sync_log")).isEqualTo("Synced");
    }
  }

  @Test
  void what_is_left_of_a_rate_limit_is_left_to_the_people_of_the_site() {
    try (StandInSite site = StandInSite.start(Generation.STOCK_15);
        TestStream stream = probing(site).start()) {
      site.rateLimit(600_000_000, 120_000_000, Duration.ofMinutes(10));
      stream.pull();
      assertThat(stream.database().value("select last_error from event_producer")).isNull();
      site.forgetRequests();

      site.rateLimit(600_000_000, 119_000_000, Duration.ofMinutes(10));
      stream.pull();

      assertThat(site.requests()).hasSize(1);
      assertThat(stream.database().value("select last_error from event_producer"))
          .contains("only 19 % of its rate limit is left", "called again in 10 min");
      assertThat(
              stream
                  .database()
                  .value(
                      "select paused_until between now() + interval '9 minutes' and now() + interval '10 minutes' from event_producer"))
          .isEqualTo("t");

      site.rateLimit(600_000_000, 600_000_000, Duration.ofMinutes(60));
      stream.clock().advance(Duration.ofMinutes(10));
      resume(stream);
      stream.pull();

      assertThat(stream.database().value("select last_error from event_producer")).isNull();
    }
  }

  @Test
  void a_slow_site_is_asked_for_half_as_many_until_it_is_quick_again() {
    try (StandInSite site = StandInSite.start(Generation.STOCK_15);
        TestStream stream = probing(site).start()) {
      stream.pull();
      for (int i = 0; i < 1_400; i++) {
        site.insert("ToDo", json("{'name': 'T-%04d'}".formatted(i)));
      }
      site.forgetRequests();
      site.fail(
          2, listed("ToDo"), Fault.meanwhile(() -> stream.clock().advance(Duration.ofSeconds(20))));

      stream.pull();

      assertThat(limits(site)).containsExactly(1_000, 500);
      assertThat(stream.database().count("document")).isEqualTo(1_400);

      for (int i = 0; i < 10; i++) {
        stream.pull();
      }
      assertThat(limits(site)).last().isEqualTo(1_000);
    }
  }

  @Test
  void a_log_that_is_slow_is_read_in_smaller_pages_and_whole() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream = TestStream.following(site, TODO).start()) {
      stream.pull();
      for (int i = 0; i < 700; i++) {
        site.insert("ToDo", json("{'name': 'T-%04d'}".formatted(i)));
      }
      site.forgetRequests();
      site.fail(
          2,
          request -> request.kind() == CallKind.LOG_LIST && limit(request) == 500,
          Fault.meanwhile(() -> stream.clock().advance(Duration.ofSeconds(20))));

      stream.pull();

      assertThat(site.requests(CallKind.LOG_LIST).stream().map(LeastLoadTest::limit))
          .contains(500, 250);
      assertThat(stream.database().count("document")).isEqualTo(700);
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void in_quiet_hours_a_log_is_read_and_nothing_is_looked_for_beside_it() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream =
            new TestStream.Builder()
                .and(site, Read.LIST, TODO)
                .reconciling()
                .quietHours(aroundNow())
                .start()) {
      site.insert("ToDo", json("{'name': 'A', 'status': 'Open'}"));
      stream.pull();
      site.insert("ToDo", json("{'name': 'B'}"));
      stream.pull();
      site.dbSet("ToDo", "B", json("{'status': 'Closed'}"), true);
      site.forgetRequests();

      stream.reconcile();

      assertThat(stream.database().count("document where name = 'B'")).isEqualTo(1);
      assertThat(site.requests()).isEmpty();

      stream.clock().advance(Duration.ofHours(2));
      stream.reconcile();

      assertThat(new Here(stream.database()).document("ToDo", "B").path("status").asText())
          .isEqualTo("Closed");
    }
  }

  @Test
  void in_quiet_hours_a_stock_site_reports_what_is_new_and_loads_nothing_old() {
    try (StandInSite site = StandInSite.start(Generation.STOCK_15)) {
      site.put(
          "ToDo",
          json(
              "{'name': 'OLD', 'creation': '2026-01-01 00:00:00.000000',"
                  + " 'modified': '2026-01-01 00:00:00.000000'}"));
      try (TestStream stream =
          new TestStream.Builder()
              .and(
                  site,
                  Read.LIST,
                  TestRow.of("ToDo").loadedSince("1900-01-01 00:00:00").row(),
                  ProducerDoctype.sameName("Note"))
              .probing()
              .quietHours(aroundNow())
              .start()) {
        stream.pull();
        site.insert("Note", json("{'name': 'NEW NOTE'}"));

        stream.pull();

        assertThat(stream.database().rows("select name from document"))
            .containsExactly(List.of("NEW NOTE"));

        stream.clock().advance(Duration.ofHours(2));
        stream.pull();

        assertThat(stream.database().rows("select name from document order by name"))
            .containsExactly(List.of("NEW NOTE"), List.of("OLD"));
      }
    }
  }

  private static TestStream.Builder probing(StandInSite site) {
    return new TestStream.Builder().and(site, Read.LIST, TODO).probing();
  }

  /** The hour before and after now, at the site. */
  private static String aroundNow() {
    LocalTime now = LocalTime.ofInstant(Instant.now(), ZONE).truncatedTo(ChronoUnit.MINUTES);
    return now.minus(HOUR) + "-" + now.plus(HOUR);
  }

  /** The pause that the database keeps goes by its own clock. */
  private static void resume(TestStream stream) {
    stream.database().execute("update event_producer set paused_until = null");
  }

  /** Lists of what changed of a type. */
  private static Predicate<Request> listed(String doctype) {
    return request ->
        request.kind() == CallKind.LIST
            && request.uri().startsWith("/api/resource/" + doctype)
            && URLDecoder.decode(request.uri(), StandardCharsets.UTF_8)
                .contains("order_by=modified asc");
  }

  private static List<Integer> limits(StandInSite site) {
    return site.requests().stream().filter(listed("ToDo")).map(LeastLoadTest::limit).toList();
  }

  private static int limit(Request request) {
    return Stream.of(request.uri(), request.body())
        .flatMap(text -> LIMIT.matcher(text).results())
        .map(found -> Integer.parseInt(found.group(1)))
        .findFirst()
        .orElse(0);
  }
}
