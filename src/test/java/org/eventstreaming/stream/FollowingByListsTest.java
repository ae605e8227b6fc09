package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.Reconcile;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What lists by {@code modified} do not show by themselves. */
class FollowingByListsTest {
  @Test
  void a_single_is_followed_though_it_has_no_table_that_could_be_listed() {
    try (StandInSite site = StandInSite.start(Generation.STOCK_15)) {
      site.putDocType(
          Here.json(
              "{'name': 'Shop Settings', 'doctype': 'DocType', 'issingle': 1, 'fields': ["
                  + "{'fieldname': 'currency', 'fieldtype': 'Data'}]}"));
      try (TestStream stream = stock(site, "Shop Settings", "ToDo").start()) {
        stream.pull();
        site.insert("Shop Settings", Here.json("{'name': 'Shop Settings', 'currency': 'EUR'}"));
        look(stream);
        assertThat(currency(stream)).isEqualTo("EUR");
        site.update("Shop Settings", "Shop Settings", Here.json("{'currency': 'INR'}"));
        look(stream);

        assertThat(currency(stream)).isEqualTo("INR");
        assertThat(lastError(stream)).isEqualTo("null");
      }
    }
  }

  @Test
  void a_type_whose_list_is_broken_there_holds_up_none_of_the_others() {
    try (StandInSite site = StandInSite.start(Generation.STOCK_15);
        TestStream stream = stock(site, "Note", "ToDo").start()) {
      stream.pull();
      site.insert("Note", Here.json("{'name': 'N-1'}"));
      site.insert("ToDo", Here.json("{'name': 'T-1'}"));
      site.fail(
          request -> request.uri().startsWith("/api/resource/Note"),
          Fault.serverError("Exception: broken"));
      look(stream);

      assertThat(new Here(stream.database()).names("ToDo")).containsExactly("T-1");
      assertThat(lastError(stream)).contains("list what changed of Note", "Exception: broken");

      site.heal();
      look(stream);

      assertThat(new Here(stream.database()).names("Note")).containsExactly("N-1");
      assertThat(lastError(stream)).isEqualTo("null");
    }
  }

  @Test
  void after_a_restart_the_links_that_a_rename_rewrote_are_found() {
    try (StandInSite site = StandInSite.start(Generation.STOCK_15)) {
      site.putDocType(
          Here.json(
              "{'name': 'Job', 'doctype': 'DocType', 'fields': ["
                  + "{'fieldname': 'todo', 'fieldtype': 'Link', 'options': 'Task'}]}"));
      site.putDocType(Here.json("{'name': 'Task', 'doctype': 'DocType', 'fields': []}"));
      TestStream.Builder builder = stock(site, "Job", "Task");
      try (TestStream stream = builder.start()) {
        stream.pull();
        site.insert("Task", Here.json("{'name': 'T-1'}"));
        site.insert("Job", Here.json("{'name': 'J-1', 'todo': 'T-1'}"));
        look(stream);
        stream.application().close();
        site.rename("Task", "T-1", "T-2");

        TestStream again = builder.start(stream.database());
        try {
          look(again);

          assertThat(new Here(stream.database()).document("Job", "J-1").path("todo").asText())
              .isEqualTo("T-2");
        } finally {
          again.application().close();
        }
      }
    }
  }

  @Test
  void what_bears_a_time_to_come_hides_no_change() {
    try (StandInSite site = StandInSite.start(Generation.STOCK_15);
        TestStream stream = stock(site, "ToDo").start()) {
      stream.pull();
      site.clock(Clock.offset(Clock.systemUTC(), Duration.ofHours(9)));
      site.insert("ToDo", Here.json("{'name': 'T-1', 'description': 'one'}"));
      stream.pull();
      assertThat(new Here(stream.database()).names("ToDo")).containsExactly("T-1");

      site.clock(Clock.systemUTC());
      stream.clock().advance(Duration.ofMinutes(1));
      site.insert("ToDo", Here.json("{'name': 'T-2'}"));
      site.update("ToDo", "T-1", Here.json("{'description': 'two'}"));
      stream.pull();

      assertThat(new Here(stream.database()).names("ToDo")).containsExactly("T-1", "T-2");
      assertThat(new Here(stream.database()).document("ToDo", "T-1").path("description").asText())
          .isEqualTo("two");
    }
  }

  @Test
  void a_place_to_come_that_a_list_was_left_at_is_left_again() {
    try (StandInSite site = StandInSite.start(Generation.STOCK_15);
        TestStream stream = stock(site, "ToDo").start()) {
      stream.pull();
      look(stream);
      stream
          .database()
          .execute("update event_producer_watermark set modified = '2999-01-01 00:00:00.000000'");
      site.clock(Clock.fixed(stream.clock().instant(), ZoneOffset.UTC));
      site.insert("ToDo", Here.json("{'name': 'T-1'}"));
      look(stream);

      assertThat(new Here(stream.database()).names("ToDo")).containsExactly("T-1");
      assertThat(stream.database().count("event_producer_watermark where modified like '2999%'"))
          .isZero();
    }
  }

  @Test
  void in_the_hour_that_happens_twice_changes_of_its_second_pass_are_seen() {
    Instant before = Instant.parse("2030-10-27T00:30:00Z");
    try (StandInSite site =
            StandInSite.start(Generation.STOCK_15)
                .zone(ZoneId.of("Europe/Berlin"))
                .clock(Clock.fixed(before, ZoneOffset.UTC));
        TestStream stream = stock(site, "ToDo").start()) {
      stream.clock().advance(Duration.between(stream.clock().instant(), before));
      stream.pull();
      put(site, "T-1", "first", "2030-10-27 02:50:00.000001");
      stream.clock().advance(Duration.ofMinutes(21));
      stream.pull();
      // long enough to know that nothing is late
      for (int i = 0; i < 2; i++) {
        stream.clock().advance(Duration.ofMinutes(12));
        stream.pull();
      }
      put(site, "T-1", "second", "2030-10-27 02:10:00.000001");
      put(site, "T-2", "first", "2030-10-27 02:30:00.000001");
      stream.clock().advance(Duration.ofMinutes(20));
      stream.pull();

      assertThat(new Here(stream.database()).names("ToDo")).containsExactly("T-1", "T-2");
      assertThat(new Here(stream.database()).document("ToDo", "T-1").path("description").asText())
          .isEqualTo("second");
    }
  }

  @Test
  void sites_are_asked_in_the_language_in_which_their_answers_are_read() {
    try (StandInSite site = StandInSite.start(Generation.STOCK_15);
        TestStream stream = stock(site, "ToDo").start()) {
      stream.pull();

      assertThat(site.requests())
          .isNotEmpty()
          .allSatisfy(
              request -> assertThat(request.headers()).containsEntry("accept-language", "en"));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"STOCK_15", "V15_APP"})
  void what_changed_before_following_began_does_not_come_unless_it_is_asked_for(Generation kind) {
    try (StandInSite site = StandInSite.start(kind);
        TestStream stream = stock(site, "ToDo").start()) {
      site.approveAll();
      stream.pull();
      site.approveAll();
      stream.pull();
      LocalDateTime start = start(stream);
      putAt(site, "minutes-before", start.minusMinutes(5));
      putAt(site, "just-before", start.minusNanos(1000));
      putAt(site, "at-the-beginning", start);
      putAt(site, "after", start.plusSeconds(1));
      stream.clock().advance(Duration.ofMinutes(1));
      look(stream);
      look(stream);

      assertThat(new Here(stream.database()).names("ToDo"))
          .containsExactly("after", "at-the-beginning");

      putAt(site, "just-before", start.plusSeconds(2));
      look(stream);

      assertThat(new Here(stream.database()).names("ToDo")).contains("just-before");
    }
  }

  @Test
  void a_site_whose_clock_is_ahead_of_ours_is_followed_from_its_own_moment_on() {
    try (StandInSite site = StandInSite.start(Generation.STOCK_15);
        TestStream stream = stock(site, "ToDo").start()) {
      stream.clock().advance(Duration.ofMinutes(-20));
      site.insert("ToDo", Here.json("{'name': 'before'}"));
      site.dbSet(
          "ToDo",
          "before",
          Here.json(
              "{'modified': '%s'}"
                  .formatted(
                      FrappeTime.format(
                          LocalDateTime.ofInstant(
                              Instant.now().minus(Duration.ofMinutes(5)),
                              ZoneId.of("Asia/Kolkata"))))),
          false);
      stream.pull();
      site.insert("ToDo", Here.json("{'name': 'after'}"));
      look(stream);
      look(stream);

      assertThat(new Here(stream.database()).names("ToDo")).containsExactly("after");
    }
  }

  private static LocalDateTime start(TestStream stream) {
    return FrappeTime.parse(
            String.valueOf(
                stream
                    .database()
                    .value("select min(start_update) from event_producer_document_type")))
        .orElseThrow();
  }

  private static void putAt(StandInSite site, String name, LocalDateTime moment) {
    put(site, name, "", FrappeTime.format(moment));
  }

  private static void put(StandInSite site, String name, String description, String modified) {
    site.put(
        "ToDo",
        Here.json(
            "{'name': '%s', 'description': '%s', 'creation': '2030-10-27 02:50:00.000001', 'modified': '%s'}"
                .formatted(name, description, modified)));
  }

  private static TestStream.Builder stock(StandInSite site, String... doctypes) {
    return new TestStream.Builder().and(site, Read.LIST, TestStream.sameName(doctypes)).probing();
  }

  private static void look(TestStream stream) {
    stream.clock().advance(Reconcile.DEFAULT.rows());
    stream.pull();
  }

  private static String currency(TestStream stream) {
    return new Here(stream.database())
        .document("Shop Settings", "Shop Settings")
        .path("currency")
        .asText();
  }

  private static String lastError(TestStream stream) {
    return String.valueOf(stream.database().value("select last_error from event_producer"));
  }
}
