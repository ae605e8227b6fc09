package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.Here.json;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.standin.CallKind;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.Request;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** What no site should send, and some day one does. */
class BadInputTest {
  private final StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void a_document_with_a_number_that_json_does_not_have_waits_by_the_name_of_its_field() {
    site.insert("ToDo", Here.json("{'name': 'T-1'}").put("weight", Double.NaN));
    site.insert("ToDo", Here.json("{'name': 'T-2'}"));
    try (TestStream stream =
        TestStream.following(site, ProducerDoctype.sameName("ToDo")).reconciling().start()) {
      stream.pull();
      site.dbSet("ToDo", "T-1", Here.json("{}"), true);
      site.dbSet("ToDo", "T-2", Here.json("{}"), true);
      stream.reconcile();

      Here here = new Here(stream.database());
      assertThat(here.names("ToDo")).containsExactly("T-2");
      assertThat(here.message("T-1", "Update"))
          .isEqualTo(
              "Could not read ToDo T-1 at "
                  + site.url()
                  + ": the answer is not JSON: weight is NaN, and JSON has no such number. Set the"
                  + " field to a number or to 0 on the site; it is read again.");
    }
  }

  @ParameterizedTest
  @EnumSource(Read.class)
  void an_answer_that_is_none_ends_the_poll_with_a_clear_word_and_the_next_poll_heals(Read read) {
    Map<String, Fault> answers = new LinkedHashMap<>();
    answers.put("is not JSON", Fault.wrongJson());
    answers.put("broke off", Fault.halfTheJson());
    answers.put("broke off or is not JSON", Fault.cutInEntry(1));
    answers.put("the answer", Fault.cutAfter(20));
    answers.put("no answer", Fault.lostAnswer());
    answers.put("a page came instead of JSON", Fault.htmlPage());
    answers.put("502", Fault.badGateway());
    answers.put("503", Fault.maintenance());
    answers.put("500 Exception: no column", Fault.serverError("Exception: no column"));
    answers.put("429", Fault.tooManyRequests(Duration.ZERO));
    answers.put("Check api_key and api_secret", Fault.unauthorized());
    answers.put("needs the role System Manager", Fault.forbidden());
    answers.put("should be a list", answer("{\"message\": \"none\", \"data\": \"none\"}"));
    answers.put("an object was expected", answer("[]"));
    answers.put("the site reports an error: KeyError", answer("{\"exc\": \"[\\\"KeyError\\\"]\"}"));
    try (TestStream stream =
        TestStream.following(site, read, TestStream.sameName("ToDo")).page(2).start()) {
      Here here = new Here(stream.database());
      stream.pull();
      int made = 0;
      for (Map.Entry<String, Fault> answer : answers.entrySet()) {
        for (int i = 0; i < 3; i++) {
          site.insert("ToDo", json("{'name': 'TODO-%d'}".formatted(++made)));
        }
        site.fail(entries(read), answer.getValue());

        stream.pull();
        String error = String.valueOf(here.lastError());
        stream.pull();

        assertThat(error)
            .contains(answer.getKey(), site.url())
            .startsWith("Could not ")
            .doesNotContain("Source");
        assertThat(here.lastError()).as(answer.getKey()).isNull();
        assertThat(here.entries("Synced")).as(answer.getKey()).isEqualTo(made);
        assertThat(here.entries()).isEqualTo(made);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"V13, 403", "V14, 401", "V15_APP, 401"})
  void a_wrong_secret_is_reported_with_what_to_check_and_moves_nothing(
      Generation generation, int status) {
    try (StandInSite other = StandInSite.start(generation).approveAll();
        TestStream stream =
            new TestStream.Builder()
                .and(
                    new EventProducer(
                        other.url(),
                        "Administrator",
                        new Secret(other.apiKey()),
                        new Secret("mistyped"),
                        Read.LIST,
                        List.of(ProducerDoctype.sameName("ToDo"))))
                .and(site, Read.LIST, TestStream.sameName("ToDo"))
                .start()) {
      stream.pull();
      other.insert("ToDo", json("{'name': 'THERE-1'}"));
      site.insert("ToDo", json("{'name': 'TODO-1'}"));

      stream.pull();

      assertThat(
              stream
                  .database()
                  .value(
                      "select last_error from event_producer where producer_url = '%s'"
                          .formatted(other.url())))
          .startsWith("Could not ")
          .contains(other.url(), String.valueOf(status), "api_secret")
          .doesNotContain("mistyped");
      assertThat(new Here(stream.database()).names("ToDo")).containsExactly("TODO-1");
    }
  }

  @ParameterizedTest
  @EnumSource(Read.class)
  void what_is_in_the_list_and_is_no_entry_is_passed_over(Read read) {
    try (TestStream stream =
        TestStream.following(site, read, TestStream.sameName("ToDo")).start()) {
      Here here = new Here(stream.database());
      stream.pull();
      String entry =
          "{\"name\": \"good\", \"creation\": \"%s\", \"update_type\": \"Create\", \"ref_doctype\": \"ToDo\", \"docname\": \"TODO-1\", \"data\": \"{}\"}"
              .formatted(TestTimes.next());
      site.fail(
          entries(read),
          answer(
              "{\"%s\": [5, \"text\", null, [1, [2]], {}, true, {\"name\": {}}, %s]}"
                  .formatted(read == Read.LIST ? "data" : "message", entry)));

      stream.pull();

      assertThat(here.texts("select update_log from event_sync_log")).containsExactly("good");
      assertThat(here.names("ToDo")).containsExactly("TODO-1");
      assertThat(here.lastError()).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(Read.class)
  void entries_without_a_name_are_distinguished_by_what_they_say(Read read) {
    try (TestStream stream =
        TestStream.following(site, read, TestStream.sameName("ToDo")).start()) {
      Here here = new Here(stream.database());
      stream.pull();
      String nameless =
          "{\"creation\": \"%s\", \"update_type\": \"Create\", \"ref_doctype\": \"ToDo\", \"docname\": \"TODO-%d\", \"data\": {\"description\": \"d\"}}";
      Fault sent =
          answer(
              "{\"%s\": [%s, %s]}"
                  .formatted(
                      read == Read.LIST ? "data" : "message",
                      nameless.formatted(TestTimes.next(), 1),
                      nameless.formatted(TestTimes.next(), 2)));
      site.fail(entries(read), sent);
      stream.pull();
      site.fail(entries(read), sent);
      stream.pull();

      assertThat(here.texts("select update_log from event_sync_log"))
          .hasSize(2)
          .allMatch(name -> name.startsWith("unnamed-"));
      assertThat(here.names("ToDo")).containsExactly("TODO-1", "TODO-2");
    }
  }

  @ParameterizedTest
  @EnumSource(Read.class)
  void a_field_of_five_megabytes_arrives_whole_in_its_place(Read read) {
    try (TestStream stream =
        TestStream.following(site, read, TestStream.sameName("ToDo")).start()) {
      Here here = new Here(stream.database());
      stream.pull();
      site.insert("ToDo", json("{'name': 'TODO-1'}"));
      site.insert("ToDo", json("{'name': 'TODO-2'}").put("description", "ü".repeat(5_000_000)));
      site.update("ToDo", "TODO-2", json("{'priority': 'High'}"));
      site.insert("ToDo", json("{'name': 'TODO-3'}"));

      stream.pull();

      assertThat(here.entries("Synced")).isEqualTo(4);
      assertThat(here.document("ToDo", "TODO-2").path("description").asText()).hasSize(5_000_000);
      assertThat(here.document("ToDo", "TODO-2").path("priority").asText()).isEqualTo("High");
    }
  }

  @Test
  void a_failed_entry_of_many_megabytes_is_tried_again_like_any_other() {
    try (TestStream stream = TestStream.following(site, TestStream.sameName("ToDo")).start()) {
      Here here = new Here(stream.database());
      stream.pull();
      site.append(
          new LogEntry(
              "large",
              TestTimes.next(),
              "Create",
              "ToDo",
              "TODO-1",
              "{\"priority\": \"\\u0000\", \"description\": \"" + "x".repeat(21_000_000) + "\"}"));
      site.append(new LogEntry("small", TestTimes.next(), "Update", "ToDo", "TODO-2", "{}"));
      stream.pull();

      stream.clock().advance(Duration.ofSeconds(1));
      site.put("ToDo", json("{'name': 'TODO-2', 'description': 'back'}"));
      stream.clock().advance(Duration.ofHours(1));
      stream.pull();

      assertThat(here.texts("select attempts from event_sync_log where update_log = 'large'"))
          .containsExactly("2");
      assertThat(here.statuses("TODO-2")).containsExactly("Synced");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Generation.class,
      names = {"V13", "V14", "V15_APP"})
  void a_document_of_any_name_is_asked_for_by_that_name(Generation generation) {
    String all = "a %#?/&=+,;'\"\\@:{}[]|^`~!$()*.%20%2F//é日本語😀";
    List<String> names =
        List.of(
            (all + all + all + all).substring(0, 139) + "z",
            "%#?/".repeat(34) + "%#?x",
            "{{env:HOME}}",
            "RAW(x)",
            "${body}",
            "x%20y",
            "http://producer.example:8000/",
            "trailing/",
            ".hidden",
            ".",
            "..",
            "../ToDo/TODO-1");
    try (StandInSite other = StandInSite.start(generation).approveAll();
        TestStream stream = TestStream.following(other, TestStream.sameName("ToDo")).start()) {
      Here here = new Here(stream.database());
      stream.pull();
      other.put("ToDo", json("{'name': 'TODO-1', 'description': 'not this'}"));
      int number = 0;
      for (String name : names) {
        other.put("ToDo", json("{'description': 'this'}").put("name", name));
        other.append(
            new LogEntry(String.valueOf(++number), TestTimes.next(), "Update", "ToDo", name, "{}"));
      }

      stream.pull();

      assertThat(here.names("ToDo")).containsExactlyInAnyOrderElementsOf(names);
      assertThat(here.texts("select data ->> 'description' from document")).containsOnly("this");
      assertThat(here.texts("select data ->> 'name' from document"))
          .containsExactlyInAnyOrderElementsOf(names);
    }
  }

  @Test
  void a_page_that_says_404_deletes_no_document() {
    try (TestStream stream = TestStream.following(site, TestStream.sameName("ToDo")).start()) {
      Here here = new Here(stream.database());
      stream.pull();
      site.append(new LogEntry("1", TestTimes.next(), "Update", "ToDo", "TODO-1", "{}"));
      site.append(new LogEntry("2", TestTimes.next(), "Delete", "ToDo", "TODO-1", null));
      site.append(new LogEntry("3", TestTimes.next(), "Create", "ToDo", "TODO-1", "{}"));
      site.put("ToDo", json("{'name': 'TODO-1', 'description': 'made again'}"));
      site.fail(
          50,
          request -> request.kind() == CallKind.DOCUMENT,
          new Fault.Instead(404, Map.of("Content-Type", "text/html"), "<p>No such site</p>"));

      stream.pull();
      site.heal();
      stream.clock().advance(Duration.ofHours(2));
      stream.pull();

      assertThat(here.document("ToDo", "TODO-1").path("description").asText())
          .isEqualTo("made again");
    }
  }

  @Test
  void names_that_cannot_be_kept_fail_alone() {
    try (TestStream stream = TestStream.following(site, TestStream.sameName("ToDo")).start()) {
      Here here = new Here(stream.database());
      stream.pull();
      site.append(new LogEntry("long", TestTimes.next(), "Create", "ToDo", "x".repeat(300), "{}"));
      String endless =
          new Random(1)
              .ints(20_000, 'a', 'z')
              .collect(
                  StringBuilder::new, (text, c) -> text.append((char) c), StringBuilder::append)
              .toString();
      site.append(new LogEntry("endless", TestTimes.next(), "Create", "ToDo", endless, "{}"));
      site.append(new LogEntry("nul", TestTimes.next(), "Create", "ToDo", "a\0b", "{}"));
      site.append(new LogEntry("none", TestTimes.next(), "Create", "ToDo", "", "{}"));
      site.append(new LogEntry("good", TestTimes.next(), "Create", "ToDo", "TODO-1", "{}"));

      stream.pull();

      assertThat(here.texts("select update_log from event_sync_log where status = 'Failed'"))
          .containsExactlyInAnyOrder("long", "endless", "nul", "none");
      assertThat(here.names("ToDo")).containsExactly("TODO-1");
    }
  }

  @Test
  void an_entry_whose_own_name_or_time_cannot_be_kept_stops_nothing_else() {
    try (TestStream stream =
        TestStream.following(site, Read.METHOD, TestStream.sameName("ToDo")).start()) {
      Here here = new Here(stream.database());
      stream.pull();
      String random =
          new Random(1)
              .ints(9_000, 'a', 'z')
              .collect(
                  StringBuilder::new, (text, c) -> text.append((char) c), StringBuilder::append)
              .toString();
      String entry =
          "{\"name\": \"%s\", \"creation\": \"%s\", \"update_type\": \"Create\", \"ref_doctype\": \"ToDo\", \"docname\": \"%s\", \"data\": \"{}\"}";
      site.fail(
          CallKind.PULL,
          answer(
              "{\"message\": [%s, %s, %s, %s, %s]}"
                  .formatted(
                      entry
                          .formatted("other", TestTimes.next(), "x")
                          .replace("\"ToDo\"", "\"" + random + "\""),
                      entry.formatted(random, TestTimes.next(), "TODO-1"),
                      entry.formatted("e2", "0000-01-01 00:00:00.000000", "TODO-2"),
                      entry.formatted("e3\\u0000", TestTimes.next(), "TODO-3"),
                      entry.formatted("e4", TestTimes.next(), "TODO-4"))));

      stream.pull();

      assertThat(here.lastError()).isNull();
      assertThat(here.names("ToDo")).containsExactly("TODO-1", "TODO-2", "TODO-3", "TODO-4");
      assertThat(here.entries()).isEqualTo(4);
    }
  }

  @Test
  void half_a_character_is_kept_as_the_sign_for_one_that_cannot_be_read() {
    try (TestStream stream = TestStream.following(site, TestStream.sameName("ToDo")).start()) {
      Here here = new Here(stream.database());
      stream.pull();
      site.append(
          new LogEntry(
              "half",
              TestTimes.next(),
              "Create",
              "ToDo",
              "TODO-1",
              "{\"description\": \"a\\ud83d b\", \"\\udc00\": 1}"));
      site.insert("ToDo", json("{'name': 'TODO-2'}"));

      stream.pull();

      assertThat(here.statuses("TODO-2")).containsExactly("Synced");
      assertThat(here.entries()).isEqualTo(2);
    }
  }

  @Test
  void no_secret_is_reported_whatever_goes_wrong() {
    ListAppender<ILoggingEvent> reported = new ListAppender<>();
    reported.start();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Logger own = (Logger) LoggerFactory.getLogger("org.eventstreaming");
    Level rootBefore = root.getLevel();
    root.setLevel(Level.INFO);
    own.setLevel(Level.TRACE);
    root.addAppender(reported);
    try (TestStream stream = TestStream.following(site, TestStream.sameName("ToDo")).start()) {
      Predicate<Request> any = request -> true;
      for (Fault fault :
          List.of(
              Fault.unauthorized(),
              Fault.forbidden(),
              Fault.serverError("KeyError: 'x'"),
              Fault.badGateway(),
              Fault.wrongJson(),
              Fault.htmlPage(),
              Fault.lostAnswer())) {
        site.fail(any, fault);
        stream.pull();
        site.fail(CallKind.REGISTER, fault);
        stream.pull();
      }
      site.refuseConnections();
      stream.pull();
      site.resume();
      stream.pull();
      site.insert("ToDo", json("{'name': 'TODO-1'}"));
      stream.pull();

      EventProducer producer = TestStream.producer(site, Read.LIST);
      StringBuilder all = new StringBuilder(producer.toString());
      for (ILoggingEvent event : List.copyOf(reported.list)) {
        all.append('\n').append(event.getFormattedMessage());
        if (event.getThrowableProxy() != null) {
          all.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
      }
      stream
          .database()
          .rows("select coalesce(last_error, '') from event_producer")
          .forEach(row -> all.append('\n').append(row));
      assertThat(reported.list).hasSizeGreaterThan(8);
      assertThat(all).contains("Could not ").doesNotContain(site.apiSecret(), "QVBJL", "Basic ");
      for (Request request : site.requests(CallKind.REGISTER)) {
        assertThat(all).doesNotContain(secretIn(request));
        assertThat(request.uri()).doesNotContain(secretIn(request));
      }
    } finally {
      root.detachAppender(reported);
      root.setLevel(rootBefore);
      own.setLevel(null);
    }
  }

  private static String secretIn(Request registration) {
    String form =
        URLDecoder.decode(registration.body().replaceFirst("^data=", ""), StandardCharsets.UTF_8);
    return Here.parsed(form).path("api_secret").asText();
  }

  /** The calls that bring entries with their content. */
  private static Predicate<Request> entries(Read read) {
    return read == Read.METHOD
        ? request -> request.kind() == CallKind.PULL
        : request ->
            request.kind() == CallKind.LOG_LIST
                && (request.uri() + request.body()).contains("docname")
                && (request.uri() + request.body()).contains("modified%22%2C%22%3E");
  }

  private static Fault answer(String body) {
    return new Fault.Instead(200, Map.of("Content-Type", "application/json"), body);
  }
}
