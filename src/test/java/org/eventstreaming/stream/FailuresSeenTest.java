package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.Reconcile;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What fails is an error of its work: in the state, in the log once, and in health. */
class FailuresSeenTest {
  private static final Fault REFUSED = Fault.unauthorized();

  @Test
  void a_stock_site_whose_key_stops_working_is_an_error_of_the_poll_and_not_a_success() {
    try (LogLines log = LogLines.open();
        StandInSite site = StandInSite.start(Generation.STOCK_15);
        TestStream stream = stock(site, "ToDo", "Note").serving().start()) {
      stream.pull();
      assertThat(health(stream).toString()).contains("\"status\":\"UP\"").doesNotContain("DOWN");
      String success = lastSuccess(stream);

      site.fail(10_000, request -> true, REFUSED);
      for (int i = 0; i < 3; i++) {
        look(stream);
      }

      assertThat(lastSuccess(stream)).isEqualTo(success);
      assertThat(lastError(stream)).contains("list");
      assertThat(health(stream).path("status").asText()).isEqualTo("DOWN");
      assertThat(health(stream).toString()).contains(site.url().substring(7));
      assertThat(health(stream, "/ready").path("status").asText()).isEqualTo("DOWN");
      assertThat(health(stream, "/live").path("status").asText()).isEqualTo("UP");
      assertThat(log.at(Level.WARN, "list")).hasSize(1);

      site.heal();
      site.insert("ToDo", Here.json("{'name': 'T-1'}"));
      look(stream);
      look(stream);

      assertThat(new Here(stream.database()).names("ToDo")).containsExactly("T-1");
      assertThat(lastError(stream)).isEqualTo("null");
      assertThat(health(stream).toString()).contains("\"status\":\"UP\"").doesNotContain("DOWN");
      assertThat(log.at(Level.INFO, "The poll of " + site.url() + " succeeds again")).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Generation.class,
      names = {"V13", "V15_APP", "STOCK_13", "STOCK_15"})
  void a_type_that_was_renamed_there_is_an_error_and_its_documents_stay(Generation generation) {
    try (LogLines log = LogLines.open();
        StandInSite site = StandInSite.start(generation).approveAll();
        TestStream stream = stock(site, "ToDo", "Note").serving().start()) {
      stream.pull();
      site.insert("ToDo", Here.json("{'name': 'T-1'}"));
      look(stream);
      site.withoutDocType("ToDo");
      site.insert("Note", Here.json("{'name': 'N-1'}"));

      for (int i = 0; i < 3; i++) {
        look(stream);
      }

      assertThat(lastError(stream)).contains("ToDo");
      assertThat(health(stream).path("status").asText()).isEqualTo("DOWN");
      assertThat(log.at(Level.WARN, "ToDo at " + site.url())).isNotEmpty();
      assertThat(new Here(stream.database()).names("ToDo")).containsExactly("T-1");
      assertThat(new Here(stream.database()).names("Note")).containsExactly("N-1");
    }
  }

  @Test
  void a_condition_that_nothing_can_answer_is_an_error_of_a_site_that_is_followed_by_lists() {
    try (LogLines log = LogLines.open();
        StandInSite site = StandInSite.start(Generation.STOCK_15);
        TestStream stream =
            new TestStream.Builder()
                .and(
                    site,
                    Read.LIST,
                    TestRow.of("ToDo").where("cmd: shop.is_open").row(),
                    ProducerDoctype.sameName("Note"))
                .probing()
                .start()) {
      stream.pull();
      site.insert("ToDo", Here.json("{'name': 'T-1'}"));
      site.insert("Note", Here.json("{'name': 'N-1'}"));

      look(stream);
      look(stream);

      assertThat(new Here(stream.database()).names("Note")).containsExactly("N-1");
      assertThat(lastError(stream))
          .contains("No new document of ToDo of " + site.url(), "direct:cmd.shop.is_open");
      assertThat(log.at(Level.WARN, "No new document of ToDo")).hasSize(1);
    }
  }

  @Test
  void a_list_that_a_reconcile_may_not_read_is_its_error_though_polls_succeed() {
    try (LogLines log = LogLines.open();
        StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream =
            TestStream.following(site, TestStream.sameName("ToDo")).reconciling().start()) {
      stream.pull();
      site.forbidden("ToDo");

      for (int i = 0; i < 3; i++) {
        look(stream);
        stream.send("direct:poll");
      }

      assertThat(lastError(stream)).contains("list what changed of ToDo");
      assertThat(log.at(Level.WARN, "list what changed of ToDo")).hasSize(1);

      site.allowed("ToDo");
      look(stream);

      assertThat(lastError(stream)).isEqualTo("null");
      assertThat(log.at(Level.INFO, "The reconcile of ")).hasSize(1);
    }
  }

  @Test
  void a_poll_that_goes_on_failing_is_logged_once_and_once_when_it_succeeds_again() {
    try (LogLines log = LogLines.open();
        StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream = TestStream.following(site, TestStream.sameName("ToDo")).start()) {
      stream.pull();
      site.fail(10_000, request -> true, Fault.badGateway());
      for (int i = 0; i < 4; i++) {
        stream.send("direct:poll");
      }

      assertThat(log.at(Level.WARN, site.url())).hasSize(1);
      assertThat(log.at(Level.ERROR, "")).isEmpty();

      site.heal();
      stream.send("direct:poll");
      stream.send("direct:poll");

      assertThat(log.at(Level.INFO, "succeeds again")).hasSize(1);
    }
  }

  @Test
  void each_new_failed_row_is_one_line_however_often_it_is_tried() {
    try (LogLines log = LogLines.open();
        StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream =
            TestStream.following(site, TestStream.sameName("ToDo")).attempts(3).start()) {
      stream.pull();
      site.append(
          new LogEntry("bad", TestTimes.next(), "Create", "ToDo", "T-1\nforged", "no JSON"));
      for (int i = 0; i < 4; i++) {
        stream.clock().advance(Duration.ofHours(1));
        stream.pull();
      }

      assertThat(new Here(stream.database()).entries("Failed")).isEqualTo(1);
      assertThat(log.at(Level.WARN, "is Failed"))
          .singleElement()
          .asString()
          .contains("ToDo T-1 forged", site.url());
    }
  }

  @Test
  void approvals_and_the_first_documents_are_a_line_each() {
    try (LogLines log = LogLines.open();
        StandInSite site = StandInSite.start(Generation.V15_APP);
        TestStream stream =
            TestStream.following(site, TestStream.sameName("ToDo", "Note")).start()) {
      stream.pull();
      assertThat(log.at(Level.INFO, "Approved")).isEmpty();
      site.approveAll();
      stream.pull();
      stream.pull();
      site.insert("ToDo", Here.json("{'name': 'T-1'}"));
      stream.pull();
      site.insert("ToDo", Here.json("{'name': 'T-2'}"));
      stream.pull();

      assertThat(log.at(Level.INFO, "Approved at " + site.url() + ": Note, ToDo")).hasSize(1);
      assertThat(log.at(Level.INFO, "The first documents of " + site.url()))
          .singleElement()
          .asString()
          .contains("ToDo T-1");
    }
  }

  @Test
  void a_type_that_may_not_be_listed_stays_requested_and_is_loaded_once_it_may() {
    try (LogLines log = LogLines.open();
        StandInSite site = StandInSite.start(Generation.STOCK_15)) {
      site.put("Note", Here.json("{'name': 'N-1', 'modified': '2026-01-01 00:00:00.000000'}"));
      site.put("ToDo", Here.json("{'name': 'T-1', 'modified': '2026-01-01 00:00:00.000000'}"));
      site.forbidden("Note");
      try (TestStream stream =
          new TestStream.Builder()
              .and(site, Read.LIST, all("Note"), all("ToDo"))
              .probing()
              .start()) {
        for (int i = 0; i < 3; i++) {
          stream.pull();
          stream.clock().advance(Duration.ofMinutes(1));
        }
        assertThat(new Here(stream.database()).names("ToDo")).containsExactly("T-1");
        assertThat(
                stream
                    .database()
                    .value("select error from event_producer_work where work = 'load'"))
            .contains("Note");
        assertThat(log.at(Level.WARN, "Note")).hasSizeLessThanOrEqualTo(3);

        site.allowed("Note");
        stream.clock().advance(Duration.ofMinutes(1));
        stream.pull();

        assertThat(new Here(stream.database()).names("Note")).containsExactly("N-1");
        assertThat(lastError(stream)).isEqualTo("null");
      }
    }
  }

  @Test
  void a_full_disk_is_named_once_health_is_down_and_the_stream_goes_on_when_there_is_space() {
    try (LogLines log = LogLines.open();
        StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream =
            TestStream.following(site, TestStream.sameName("ToDo")).serving().start()) {
      stream.pull();
      stream
          .database()
          .execute(
              """
              create function full_disk() returns trigger language plpgsql as $$
              begin
                raise exception using errcode = '53100', message = 'could not extend file "base/1/2": No space left on device';
              end $$;
              create trigger full_disk before insert or update on document execute function full_disk();
              create trigger full_disk before insert or update on event_sync_log execute function full_disk();
              create trigger full_disk before insert or update on event_producer execute function full_disk()
              """);
      site.insert("ToDo", Here.json("{'name': 'T-1'}"));
      for (int i = 0; i < 5; i++) {
        stream.clock().advance(Duration.ofMinutes(11));
        stream.pull();
      }

      assertThat(log.at(Level.ERROR, "The disk of the database is full")).hasSize(1);
      assertThat(log.at(Level.ERROR, "")).hasSize(1);
      assertThat(log.at(Level.WARN, "")).isEmpty();
      assertThat(health(stream).path("status").asText()).isEqualTo("DOWN");
      assertThat(health(stream).toString()).contains("disk of the database is full");

      stream.database().execute("drop function full_disk cascade");
      stream.clock().advance(Duration.ofMinutes(11));
      stream.pull();

      assertThat(new Here(stream.database()).names("ToDo")).containsExactly("T-1");
      assertThat(health(stream).toString()).contains("\"status\":\"UP\"").doesNotContain("DOWN");
      assertThat(log.at(Level.INFO, "The database can be written again")).hasSize(1);
    }
  }

  @Test
  void what_waits_for_a_type_that_may_not_be_read_comes_within_a_minute_of_the_right() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll()) {
      site.putDocType(
          Here.json(
              "{'name': 'Job', 'doctype': 'DocType', 'fields': ["
                  + "{'fieldname': 'task', 'fieldtype': 'Link', 'options': 'Task'}]}"));
      site.putDocType(Here.json("{'name': 'Task', 'doctype': 'DocType', 'fields': []}"));
      for (int i = 0; i < 5; i++) {
        site.put("Task", Here.json("{'name': 'T-%d'}".formatted(i)));
      }
      site.forbidden("Task");
      try (TestStream stream =
          TestStream.following(site, TestRow.of("Job").with(Dependencies.ALL).row()).start()) {
        stream.pull();
        for (int i = 0; i < 5; i++) {
          site.insert("Job", Here.json("{'name': 'J-%d', 'task': 'T-%d'}".formatted(i, i)));
        }
        stream.pull();
        assertThat(new Here(stream.database()).entries("Waiting")).isEqualTo(5);
        stream.clock().advance(Duration.ofSeconds(61));
        site.forgetRequests();
        stream.pull();
        stream.pull();
        assertThat(site.requests().stream().filter(one -> isOf(one.uri(), "Task")).count())
            .isLessThanOrEqualTo(2);
        assertThat(new Here(stream.database()).entries("Waiting")).isEqualTo(5);

        site.allowed("Task");
        stream.clock().advance(Duration.ofSeconds(61));
        stream.pull();
        stream.pull();

        assertThat(new Here(stream.database()).entries("Waiting")).isZero();
        assertThat(new Here(stream.database()).names("Job")).hasSize(5);
        assertThat(new Here(stream.database()).names("Task")).hasSize(5);
      }
    }
  }

  private static boolean isOf(String uri, String doctype) {
    return URLDecoder.decode(uri, StandardCharsets.UTF_8).contains("/" + doctype);
  }

  private static ProducerDoctype all(String doctype) {
    return TestRow.of(doctype).loadedSince(FrappeTime.EVER).row();
  }

  private static TestStream.Builder stock(StandInSite site, String... doctypes) {
    return new TestStream.Builder().and(site, Read.LIST, TestStream.sameName(doctypes)).probing();
  }

  private static void look(TestStream stream) {
    stream.clock().advance(Reconcile.DEFAULT.rows());
    stream.pull();
  }

  private static String lastError(TestStream stream) {
    return String.valueOf(stream.database().value("select last_error from event_producer"));
  }

  private static String lastSuccess(TestStream stream) {
    return String.valueOf(stream.database().value("select last_success from event_producer"));
  }

  private static JsonNode health(TestStream stream) {
    return health(stream, "");
  }

  private static JsonNode health(TestStream stream, String part) {
    try {
      HttpURLConnection call =
          (HttpURLConnection)
              URI.create(stream.application().healthUrl() + part).toURL().openConnection();
      try (InputStream answer =
          call.getResponseCode() < 400 ? call.getInputStream() : call.getErrorStream()) {
        return Here.parsed(new String(answer.readAllBytes(), StandardCharsets.UTF_8));
      } finally {
        call.disconnect();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
