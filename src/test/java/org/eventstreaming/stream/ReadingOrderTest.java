package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.eventstreaming.producer.Read;
import org.eventstreaming.standin.CallKind;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.DocumentJson;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries that come late, twice, in another order, at the same moment, or not to their end. */
class ReadingOrderTest {
  private static final String DAY = "2030-01-01 ";
  private static final CloseAside ASIDE = new CloseAside();

  private final StandInSite site = StandInSite.start(Generation.V15_APP);
  private final TestDatabase database = TestDatabase.create();
  private @Nullable TestStream running;

  @BeforeEach
  void atMidnight() {
    site.zone(ZoneId.of("UTC")).clock(at("2030-01-01T00:00:00Z"));
    site.approveAll();
  }

  @AfterEach
  void closeAside() {
    if (running != null) {
      ASIDE.add(running.application());
    }
    ASIDE.add(site, database);
  }

  @AfterAll
  static void close() throws Exception {
    ASIDE.close();
  }

  @Test
  void an_entry_that_becomes_visible_late_behind_the_cursor_is_applied() {
    TestStream stream = registered(Read.LIST, 500, "ToDo");
    site.append(create("e2", DAY + "00:20:00", "T2"));
    stream.pull();
    site.append(create("e1", DAY + "00:10:30", "T1"));

    stream.pull();

    assertThat(names()).containsExactly("T1", "T2");
    assertThat(cursor("ToDo")).isEqualTo(DAY + "00:20:00");
  }

  @Test
  void many_entries_that_become_visible_late_are_applied_in_their_order() {
    TestStream stream = registered(Read.LIST, 500, "ToDo");
    site.append(create("z", DAY + "00:20:00", "Z"));
    stream.pull();
    IntStream.range(100, 260)
        .forEach(i -> site.append(create("c" + i, DAY + "00:15:00." + i, "T" + i)));
    IntStream.range(100, 260)
        .forEach(
            i -> site.append(update("u" + i, DAY + "00:16:00." + i, "T" + i, "status", "Closed")));
    site.forgetRequests();

    stream.pull();

    assertThat(
            database.count(
                "document where doctype = 'ToDo' and name <> 'Z' and data ->> 'status' = 'Closed'"))
        .isEqualTo(160);
    assertThat(site.count(CallKind.DOCUMENT)).as("documents fetched whole").isZero();
  }

  @ParameterizedTest
  @EnumSource(Read.class)
  void entries_of_one_moment_that_fill_more_than_a_page_are_all_applied(Read read) {
    TestStream stream = registered(read, 4, "ToDo");
    site.append(create("a", DAY + "00:00:01", "A"));
    IntStream.range(10, 35).forEach(i -> site.append(create("e" + i, DAY + "00:00:02", "T" + i)));
    site.append(create("z", DAY + "00:00:03", "Z"));

    stream.pull();

    assertThat(database.count("document")).isEqualTo(27);
    assertThat(database.count("event_sync_log where status = 'Synced' and attempts = 1"))
        .isEqualTo(27);
  }

  @Test
  void entries_that_were_all_changed_at_one_moment_are_read_page_by_page() {
    TestStream stream = registered(Read.LIST, 4, "ToDo");
    IntStream.range(10, 50)
        .forEach(
            i ->
                site.append(
                    new LogEntry(
                        "e" + i,
                        DAY + "00:00:" + (60 - i),
                        DAY + "00:20:00",
                        "Create",
                        "ToDo",
                        "T" + i,
                        "{}")));
    site.forgetRequests();

    stream.pull();

    assertThat(database.count("document")).isEqualTo(40);
    assertThat(site.count(CallKind.LOG_LIST)).isLessThan(15);
    assertThat(cursor("ToDo")).isEqualTo(DAY + "00:20:00");
  }

  @ParameterizedTest
  @EnumSource(Read.class)
  void a_type_that_is_followed_later_gets_nothing_from_before_its_own_start(Read read) {
    TestStream first = registered(read, 500, "ToDo");
    site.append(create("e1", DAY + "00:10:00", "T1"));
    first.pull();
    first.application().close();
    site.append(note("n1", DAY + "00:05:00", "BEFORE"));
    TestStream both = registered(read, 500, "ToDo", "Note");
    site.append(note("n2", DAY + "00:06:00", "LATE"));
    site.append(note("n3", DAY + "00:11:00", "AFTER"));

    both.pull();

    assertThat(database.rows("select name from document where doctype = 'Note'"))
        .containsExactly(List.of("AFTER"));
    assertThat(database.rows("select update_log from event_sync_log order by seq"))
        .containsExactly(List.of("e1"), List.of("n3"));
  }

  @ParameterizedTest
  @EnumSource(Read.class)
  void entries_that_come_twice_are_applied_once(Read read) {
    RandomHistory history = new RandomHistory(site, new Random(5));
    TestStream stream = followHistory(read);
    history.write(300);
    site.fail(50, request -> isLog(request.kind()), Fault.doubledEntries());

    stream.pull();

    CompareHistory compare = new CompareHistory(database, history);
    compare.assertSameDocuments();
    compare.assertAppliedOnce();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void entries_that_come_in_any_order_end_in_the_same_documents(long seed) {
    RandomHistory history = new RandomHistory(site, new Random(seed));
    TestStream stream = followHistory(Read.METHOD);
    history.write(400);
    site.fail(CallKind.PULL, Fault.shuffledEntries(seed));

    for (int i = 0; i < 3; i++) {
      stream.pull();
      stream.clock().advance(Duration.ofHours(2));
    }

    new CompareHistory(database, history).assertSameDocuments();
    assertThat(database.count("event_sync_log where status = 'Synced'"))
        .isEqualTo(history.followedEntries().size());
  }

  @Test
  void an_entry_older_than_the_last_one_applied_leads_to_the_whole_document() {
    TestStream stream = registered(Read.LIST, 500, "ToDo");
    site.append(create("e1", DAY + "00:01:00", "T1"));
    site.append(update("e3", DAY + "00:05:00", "T1", "status", "third"));
    stream.pull();
    site.append(update("e2", DAY + "00:03:00", "T1", "status", "second"));
    site.put("ToDo", todo("T1").put("status", "third").put("color", "of the second"));

    stream.pull();

    assertThat(field("T1", "status")).isEqualTo("third");
    assertThat(field("T1", "color")).isEqualTo("of the second");
    assertThat(database.value("select note from event_sync_log where update_log = 'e2'"))
        .contains("Fetched whole");
  }

  @Test
  void a_create_older_than_the_delete_applied_brings_nothing_back() {
    TestStream stream = registered(Read.LIST, 500, "ToDo");
    site.append(new LogEntry("e2", DAY + "00:05:00", "Delete", "ToDo", "T1", null));
    stream.pull();
    site.append(create("e1", DAY + "00:01:00", "T1"));

    stream.pull();

    assertThat(names()).isEmpty();
    assertThat(database.count("event_sync_log where status = 'Synced'")).isEqualTo(2);
  }

  @Test
  void the_cursor_of_a_type_stays_while_another_type_catches_up() {
    StandInSite picky = StandInSite.start(Generation.V15_APP);
    try (picky) {
      picky.zone(ZoneId.of("UTC")).clock(at("2030-01-01T00:00:00Z"));
      TestStream stream =
          TestStream.following(picky, TestStream.sameName("ToDo", "Note")).page(2).start(database);
      running = stream;
      stream.pull();
      String us = picky.consumers().get(0);
      picky.approve(us, "ToDo");
      picky.append(create("t", DAY + "00:30:00", "T"));
      for (int i = 1; i < 7; i++) {
        picky.append(
            new LogEntry("n" + i, DAY + "00:0" + i + ":00", "Create", "Note", "N" + i, "{}"));
      }
      stream.pull();
      assertThat(cursor("ToDo")).isEqualTo(DAY + "00:30:00");
      picky.approve(us, "Note");
      int[] calls = {0};
      picky.fail(
          request -> request.kind() == CallKind.LOG_LIST && ++calls[0] == 4, Fault.badGateway());

      stream.pull();

      assertThat(cursor("Note")).isBetween(DAY + "00:01:00", DAY + "00:06:00");
      assertThat(cursor("ToDo")).isEqualTo(DAY + "00:30:00");
      assertThat(database.value("select last_update from event_producer"))
          .isEqualTo(DAY + "00:30:00");
      stream.pull();
      assertThat(database.count("document")).isEqualTo(7);
    }
  }

  @ParameterizedTest
  @EnumSource(Read.class)
  void the_cursor_never_moves_back(Read read) {
    TestStream stream = registered(read, 3, "ToDo");
    site.append(create("e9", DAY + "00:09:00", "T9"));
    stream.pull();
    for (int i = 1; i < 9; i++) {
      site.append(create("e" + i, DAY + "00:0" + i + ":00", "T" + i));
      stream.pull();

      assertThat(cursor("ToDo")).isEqualTo(DAY + "00:09:00");
    }
    assertThat(database.count("document")).isEqualTo(9);
  }

  @ParameterizedTest
  @EnumSource(Read.class)
  void what_came_whole_of_a_cut_answer_is_kept(Read read) {
    TestStream stream = registered(read, 100, "ToDo");
    IntStream.range(10, 30).forEach(i -> site.append(create("e" + i, DAY + "00:00:" + i, "T" + i)));
    site.fail(request -> isLog(request.kind()), Fault.cutInEntry(8));

    stream.pull();

    assertThat(names()).containsExactly("T10", "T11", "T12", "T13", "T14", "T15", "T16");
    assertThat(database.value("select last_error from event_producer")).contains("broke off");
    assertThat(cursor("ToDo")).isEqualTo(read == Read.LIST ? DAY + "00:00:16" : DAY + "00:00:00");
    stream.pull();
    assertThat(database.count("document")).isEqualTo(20);
    assertThat(database.count("event_sync_log where attempts = 1")).isEqualTo(20);
  }

  @ParameterizedTest
  @EnumSource(Read.class)
  void in_the_hour_that_happens_twice_a_smaller_time_is_not_missed(Read read) {
    site.zone(ZoneId.of("Europe/Berlin")).clock(at("2030-10-26T23:30:00Z"));
    TestStream stream = registered(read, 500, "ToDo");
    site.put("ToDo", todo("T1"));
    site.append(create("e1", "2030-10-27 02:50:00", "T1"));
    stream.pull();
    // an hour of real time later the clock says less
    site.put("ToDo", todo("T2"));
    site.append(create("e2", "2030-10-27 02:05:00", "T2"));

    stream.pull();

    assertThat(names()).containsExactly("T1", "T2");
  }

  @ParameterizedTest
  @EnumSource(Read.class)
  void in_the_hour_that_happens_twice_a_document_read_whole_goes_on_changing(Read read) {
    site.zone(ZoneId.of("Europe/Berlin")).clock(at("2030-10-26T23:30:00Z"));
    TestStream stream = registered(read, 500, "ToDo");
    site.put("ToDo", todo("T1").put("status", "first").put("modified", "2030-10-27 02:50:00"));
    site.append(create("e0", "2030-10-27 01:40:00", "T0"));
    site.append(update("e1", "2030-10-27 02:50:00.000001", "T1", "status", "first"));
    stream.pull();
    assertThat(field("T1", "status")).isEqualTo("first");
    site.append(update("e2", "2030-10-27 02:05:00", "T1", "status", "second"));
    site.put("ToDo", todo("T1").put("status", "second").put("modified", "2030-10-27 02:05:00"));

    stream.pull();

    assertThat(field("T1", "status")).isEqualTo("second");
  }

  private TestStream registered(Read read, int page, String... doctypes) {
    if (read == Read.METHOD) {
      site.plainSelection();
    }
    return follow(TestStream.following(site, read, TestStream.sameName(doctypes)).page(page));
  }

  private TestStream followHistory(Read read) {
    site.plainSelection();
    return follow(TestStream.following(site, read, RandomHistory.followed()).page(20));
  }

  private TestStream follow(TestStream.Builder builder) {
    TestStream stream = builder.start(database);
    running = stream;
    stream.pull();
    return stream;
  }

  private static boolean isLog(CallKind kind) {
    return kind == CallKind.LOG_LIST || kind == CallKind.PULL;
  }

  private List<String> names() {
    return database.rows("select name from document order by name").stream()
        .map(row -> String.valueOf(row.get(0)))
        .toList();
  }

  private @Nullable String cursor(String doctype) {
    return database.value(
        "select last_update from event_producer_document_type where ref_doctype = '%s'"
            .formatted(doctype));
  }

  private String field(String name, String field) {
    try {
      JsonNode document =
          DocumentJson.MAPPER.readTree(
              database.value("select data from document where name = '%s'".formatted(name)));
      return document.path(field).asText();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static LogEntry create(String entry, String creation, String name) {
    return new LogEntry(
        entry, creation, "Create", "ToDo", name, todo(name).put("doctype", "ToDo").toString());
  }

  private static LogEntry note(String entry, String creation, String name) {
    return new LogEntry(entry, creation, "Create", "Note", name, "{}");
  }

  private static LogEntry update(
      String entry, String creation, String name, String field, String value) {
    ObjectNode diff = DocumentJson.MAPPER.createObjectNode();
    diff.putObject("changed").put(field, value);
    return new LogEntry(entry, creation, "Update", "ToDo", name, diff.toString());
  }

  private static ObjectNode todo(String name) {
    return DocumentJson.MAPPER.createObjectNode().put("name", name);
  }

  private static Clock at(String moment) {
    return Clock.fixed(Instant.parse(moment), ZoneId.of("UTC"));
  }
}
