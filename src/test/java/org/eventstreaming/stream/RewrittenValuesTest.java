package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.Bills.TODAY;
import static org.eventstreaming.stream.Bills.changes;
import static org.eventstreaming.stream.Bills.notes;
import static org.eventstreaming.stream.Bills.resettingTheDate;
import static org.eventstreaming.stream.TargetSiteTest.only;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.eventstreaming.document.ChildRows;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.Source;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.ComparedDocument;
import org.eventstreaming.update.ComparedDocument.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a target site makes of values that are written to it is said once, and left to it. */
class RewrittenValuesTest {
  private static final String LEFT =
      "Left as they are there, as the site set them itself when they were written: %s.";

  private final StandInSite hq = Bills.site(Generation.V15_APP);
  private final StandInSite branch = Bills.site(Generation.STOCK_15);

  @AfterEach
  void close() {
    hq.close();
    branch.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"UPDATE_LOG", "MODIFIED"})
  void a_value_that_the_site_sets_itself_is_reported_once_and_never_sent_again(Source source) {
    branch.onSave("Bill", resettingTheDate());
    try (TestStream stream = following(source)) {
      hq.insert("Bill", Here.json("{'name': 'B', 'title': 'one', 'posting_date': '2026-03-02'}"));
      next(stream);

      assertThat(only(branch, "Bill").path("posting_date").asText()).isEqualTo(TODAY);
      assertThat(notes(stream).get(0))
          .endsWith("The site set by itself: posting_date is 2026-11-29, not 2026-03-02.");

      for (String title : List.of("two", "three")) {
        branch.forgetRequests();
        hq.update("Bill", "B", Here.json("{'title': '%s'}".formatted(title)));
        next(stream);

        assertThat(only(branch, "Bill").path("title").asText()).isEqualTo(title);
        assertThat(changes(branch)).singleElement().asString().doesNotContain("posting_date");
      }
      assertThat(notes(stream)).hasSize(3);
      assertThat(notes(stream).subList(1, 3)).noneMatch(note -> note.contains("posting_date"));
    }
  }

  @Test
  void diff_says_that_it_stays_and_writes_nothing() {
    branch.onSave("Bill", resettingTheDate());
    try (TestStream stream = following(Source.UPDATE_LOG)) {
      hq.insert("Bill", Here.json("{'name': 'B', 'posting_date': '2026-03-02'}"));
      stream.pull();
      branch.forgetRequests();

      for (boolean repair : List.of(false, true)) {
        Reported reported = compare(stream, repair);

        assertThat(reported.verdicts()).isEqualTo(Map.of("B", Verdict.STAYS));
        assertThat(reported.fields())
            .containsExactly("B posting_date: \"2026-11-29\", there \"2026-03-02\"");
        assertThat(reported.differences().get(0).why()).isEqualTo(LEFT.formatted("posting_date"));
      }
      assertThat(changes(branch)).isEmpty();
      assertThat(stream.database().count("event_sync_log where cause = 'compare'")).isZero();
    }
  }

  @Test
  void it_stands_in_the_identity_map_and_changes_with_what_is_sent() {
    branch.onSave("Bill", resettingTheDate());
    try (TestStream stream = following(Source.UPDATE_LOG)) {
      hq.insert("Bill", Here.json("{'name': 'B', 'posting_date': '2026-03-02'}"));
      stream.pull();

      String first = rewritten(stream, "posting_date");
      assertThat(first).contains("sent", "stored").doesNotContain("2026");

      hq.update("Bill", "B", Here.json("{'posting_date': '2026-03-03'}"));
      stream.pull();

      assertThat(rewritten(stream, "posting_date")).isNotEqualTo(first);
      assertThat(notes(stream).get(1)).contains("posting_date is 2026-11-29, not 2026-03-03");
      assertThat(compare(stream, false).verdicts()).isEqualTo(Map.of("B", Verdict.STAYS));

      branch.onSave("Bill", bill -> bill);
      hq.update("Bill", "B", Here.json("{'posting_date': '2026-03-04'}"));
      stream.pull();

      assertThat(stream.database().value("select rewritten from document_link")).isNull();
      assertThat(compare(stream, false).differences()).isEmpty();
    }
  }

  @Test
  void where_somebody_changes_it_on_the_target_it_differs_again_and_is_sent() {
    branch.onSave("Bill", resettingTheDate());
    try (TestStream stream = following(Source.UPDATE_LOG)) {
      hq.insert("Bill", Here.json("{'name': 'B', 'posting_date': '2026-03-02'}"));
      stream.pull();
      branch.dbSet("Bill", "B", Here.json("{'posting_date': '2026-01-01'}"), false);
      branch.onSave("Bill", bill -> bill);

      assertThat(compare(stream, false).verdicts()).isEqualTo(Map.of("B", Verdict.DIFFERS));
      assertThat(compare(stream, true).differences()).allMatch(ComparedDocument::repaired);

      assertThat(only(branch, "Bill").path("posting_date").asText()).isEqualTo("2026-03-02");
      assertThat(compare(stream, false).differences()).isEmpty();
      assertThat(stream.database().value("select rewritten from document_link")).isNull();
    }
  }

  @Test
  void other_fields_of_the_document_are_repaired_all_the_same() {
    branch.onSave("Bill", resettingTheDate());
    try (TestStream stream = following(Source.UPDATE_LOG)) {
      hq.insert("Bill", Here.json("{'name': 'B', 'title': 'ours', 'posting_date': '2026-03-02'}"));
      stream.pull();
      branch.dbSet("Bill", "B", Here.json("{'title': 'theirs'}"), false);

      assertThat(compare(stream, true).verdicts()).isEqualTo(Map.of("B", Verdict.PARTLY));

      assertThat(only(branch, "Bill").path("title").asText()).isEqualTo("ours");
      assertThat(compare(stream, true).verdicts()).isEqualTo(Map.of("B", Verdict.STAYS));
    }
  }

  @Test
  void text_json_and_ratings_that_the_site_cleans_are_equal_and_not_worth_a_word() {
    branch.onSave(
        "Bill",
        bill ->
            bill.put("remarks", bill.path("remarks").asText().replace("b && c>d", "b>d</b>"))
                .put("details", "{\"a\": 1, \"by\": \"the site\"}")
                .put("stars", 0.8));
    try (TestStream stream = following(Source.UPDATE_LOG)) {
      hq.insert(
          "Bill",
          Here.json(
              "{'name': 'B', 'title': 'one', 'remarks': 'a<b && c>d', 'details': {'a': 1},"
                  + " 'stars': 0.73}"));
      stream.pull();

      assertThat(only(branch, "Bill").path("remarks").asText()).isEqualTo("a<b>d</b>");
      assertThat(only(branch, "Bill").path("stars").asDouble()).isEqualTo(0.8);
      assertThat(notes(stream)).containsExactly("");
      assertThat(compare(stream, false).differences()).isEmpty();

      branch.forgetRequests();
      hq.update("Bill", "B", Here.json("{'title': 'two'}"));
      stream.pull();
      assertThat(changes(branch))
          .singleElement()
          .asString()
          .doesNotContain("remarks", "details", "stars");

      branch.dbSet("Bill", "B", Here.json("{'remarks': 'theirs'}"), false);
      assertThat(compare(stream, false).fields())
          .containsExactly("B remarks: \"theirs\", there \"a<b && c>d\"");
    }
  }

  @Test
  void what_the_site_computes_in_a_row_stays_in_that_row() {
    branch.onSave(
        "Bill",
        bill -> {
          ChildRows.of(bill.path("items")).forEach(row -> row.put("rate", 9));
          return bill;
        });
    try (TestStream stream = following(Source.UPDATE_LOG)) {
      hq.insert("Bill", Here.json(WITH_ROWS));
      stream.pull();

      assertThat(notes(stream))
          .containsExactly(
              "The site set by itself: items.rate is 9, not 2; items.rate is 9, not 3.");
      branch.forgetRequests();
      hq.update("Bill", "B", Here.json("{'title': 'two'}"));
      stream.pull();

      assertThat(changes(branch)).singleElement().asString().doesNotContain("items");
      Reported reported = compare(stream, true);
      assertThat(reported.verdicts()).isEqualTo(Map.of("B", Verdict.STAYS));
      assertThat(reported.differences().get(0).why()).isEqualTo(LEFT.formatted("items.rate"));

      hq.update(
          "Bill",
          "B",
          Here.json(
              "{'items': [{'name': 'r1', 'doctype': 'Bill Item', 'thing': 'screw', 'rate': 2},"
                  + "{'name': 'r2', 'doctype': 'Bill Item', 'thing': 'bolt', 'rate': 3}]}"));
      stream.pull();

      assertThat(TargetSiteTest.texts(only(branch, "Bill"), "thing"))
          .containsExactly("screw", "bolt");
      assertThat(compare(stream, false).verdicts()).isEqualTo(Map.of("B", Verdict.STAYS));
    }
  }

  @Test
  void rows_that_the_site_adds_are_its_own() {
    branch.onSave(
        "Bill",
        bill -> {
          ArrayNode items = bill.withArray("items");
          if (ChildRows.of(items).stream()
              .noneMatch(row -> row.path("thing").asText().equals("tax"))) {
            items.addObject().put("doctype", "Bill Item").put("thing", "tax");
          }
          return bill;
        });
    try (TestStream stream = following(Source.UPDATE_LOG)) {
      hq.insert(
          "Bill",
          Here.json(
              "{'name': 'B', 'items': [{'name': 'r1', 'doctype': 'Bill Item', 'thing': 'nut'}]}"));
      stream.pull();

      assertThat(TargetSiteTest.texts(only(branch, "Bill"), "thing")).containsExactly("nut", "tax");
      assertThat(notes(stream))
          .containsExactly("The site set by itself: items is 2 rows, not 1 row.");
      branch.forgetRequests();
      hq.update("Bill", "B", Here.json("{'title': 'two'}"));
      stream.pull();

      assertThat(changes(branch)).singleElement().asString().doesNotContain("items");
      Reported reported = compare(stream, true);
      assertThat(reported.verdicts()).isEqualTo(Map.of("B", Verdict.STAYS));
      assertThat(reported.differences().get(0).why()).isEqualTo(LEFT.formatted("items"));
      assertThat(TargetSiteTest.texts(only(branch, "Bill"), "thing")).containsExactly("nut", "tax");
    }
  }

  @Test
  void what_the_site_sets_when_a_change_is_written_is_reported_too() {
    try (TestStream stream = following(Source.UPDATE_LOG)) {
      hq.insert("Bill", Here.json("{'name': 'B', 'posting_date': '2026-03-02'}"));
      stream.pull();
      branch.onSave("Bill", resettingTheDate());
      hq.update("Bill", "B", Here.json("{'posting_date': '2026-03-05'}"));
      stream.pull();

      assertThat(notes(stream))
          .containsExactly(
              "", "The site set by itself: posting_date is 2026-11-29, not 2026-03-05.");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-01 12:00:00, Asia/Kolkata, America/New_York",
    "2026-03-08 02:30:00, America/New_York, Asia/Kolkata",
    "0001-01-01 00:00:00, Asia/Kolkata, America/New_York",
    "9999-12-31 23:59:59, America/New_York, Asia/Kolkata",
  })
  void moments_that_the_clocks_of_the_sites_do_not_distinguish_are_equal_and_not_repaired(
      String due, String from, String to) {
    hq.zone(ZoneId.of(from));
    branch.zone(ZoneId.of(to));
    try (TestStream stream = following(Source.UPDATE_LOG)) {
      hq.insert("Bill", Here.json("{'name': 'B', 'due': '%s'}".formatted(due)));
      stream.pull();
      branch.forgetRequests();

      assertThat(compare(stream, true).differences()).isEmpty();
      assertThat(changes(branch)).isEmpty();
      assertThat(notes(stream)).containsExactly("");
    }
  }

  private static final String WITH_ROWS =
      "{'name': 'B', 'items': [{'name': 'r1', 'doctype': 'Bill Item', 'thing': 'nut', 'rate': 2},"
          + "{'name': 'r2', 'doctype': 'Bill Item', 'thing': 'bolt', 'rate': 3}]}";

  private static String rewritten(TestStream stream, String path) {
    return String.valueOf(
        stream.database().value("select rewritten ->> '" + path + "' from document_link"));
  }

  private TestStream following(Source source) {
    TestStream stream = new TestStream.Builder().and(producer(source)).attempts(1).start();
    stream.pull();
    return stream;
  }

  private EventProducer producer(Source source) {
    return Bills.producer(hq, source, branch, "[]", TestRow.of("Bill").row());
  }

  private static void next(TestStream stream) {
    TargetSiteTest.reconcile(stream);
  }

  private Reported compare(TestStream stream, boolean repair) {
    return Reported.by(stream, producer(Source.UPDATE_LOG), repair, false, "Bill");
  }
}
