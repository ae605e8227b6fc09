package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.Bills.TODAY;
import static org.eventstreaming.stream.Bills.changes;
import static org.eventstreaming.stream.Bills.notes;
import static org.eventstreaming.stream.Bills.resettingTheDate;
import static org.eventstreaming.stream.TargetSiteTest.find;
import static org.eventstreaming.stream.TargetSiteTest.names;
import static org.eventstreaming.stream.TargetSiteTest.only;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.Source;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.ComparedDocument.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is known of an application lets its site take documents as they are. */
class RulesAtTargetTest {
  private static final String KEEP_DATE =
      "[{'doctype': 'Bill', 'send': {'set_posting_time': 1}, 'keeps': ['posting_date']}]";
  private static final String ROWS = "[{'doctype': 'Bill Item', 'row_references': ['row']}]";

  private final StandInSite hq = Bills.site(Generation.V15_APP);
  private final StandInSite branch = Bills.site(Generation.STOCK_15);

  @AfterEach
  void close() {
    hq.close();
    branch.close();
  }

  @Test
  void a_switch_makes_the_site_keep_the_date_and_is_no_difference() {
    branch.onSave("Bill", resettingTheDate());
    try (TestStream stream = following(KEEP_DATE)) {
      hq.insert("Bill", Here.json("{'name': 'B', 'title': 'one', 'posting_date': '2026-03-02'}"));
      stream.pull();

      assertThat(only(branch, "Bill").path("posting_date").asText()).isEqualTo("2026-03-02");
      assertThat(notes(stream)).containsExactly("");

      hq.update("Bill", "B", Here.json("{'title': 'two', 'posting_date': '2026-03-03'}"));
      stream.pull();

      assertThat(only(branch, "Bill").path("posting_date").asText()).isEqualTo("2026-03-03");
      assertThat(hq.documents("Bill").get(0).path("set_posting_time").asInt()).isZero();
      assertThat(compare(stream, KEEP_DATE).differences()).isEmpty();
    }
  }

  @Test
  void without_the_switch_the_site_makes_the_date_its_own() {
    branch.onSave("Bill", resettingTheDate());
    String taken =
        KEEP_DATE.replace("}]", "}, {'doctype': 'Bill', 'send': {'set_posting_time': null}}]");
    try (TestStream stream = following(taken)) {
      hq.insert("Bill", Here.json("{'name': 'B', 'posting_date': '2026-03-02'}"));
      stream.pull();

      assertThat(only(branch, "Bill").path("posting_date").asText()).isEqualTo(TODAY);
    }
  }

  @Test
  void a_switch_goes_along_where_there_is_something_to_keep_or_always_where_nothing_is_named() {
    String rules =
        "[{'doctype': 'Bill', 'send': {'set_posting_time': 1}, 'keeps': ['posting_date']},"
            + "{'doctype': 'Bill', 'send': {'title': 'always', 'no_field_there': 1}},"
            + "{'doctype': 'Bill Item', 'send': {'rate': 7}, 'keeps': ['thing']}]";
    try (TestStream stream = following(rules)) {
      hq.insert(
          "Bill",
          Here.json(
              "{'name': 'B', 'items': [{'name': 'r1', 'doctype': 'Bill Item', 'thing': 'nut'},"
                  + " {'name': 'r2', 'doctype': 'Bill Item', 'rate': 3}]}"));
      stream.pull();

      ObjectNode there = only(branch, "Bill");
      assertThat(there.path("set_posting_time").asInt()).isZero();
      assertThat(there.path("title").asText()).isEqualTo("always");
      assertThat(there.has("no_field_there")).isFalse();
      assertThat(TargetSiteTest.texts(there, "rate")).containsExactly("7", "3");
    }
  }

  @Test
  void a_field_that_names_a_row_of_another_document_names_the_row_of_the_target() {
    try (TestStream stream = following(ROWS)) {
      hq.insert(
          "Bill",
          Here.json(
              "{'name': 'A', 'items': [{'name': 'hq1', 'doctype': 'Bill Item', 'thing': 'nut'}]}"));
      hq.insert("Bill", Here.json(AGAINST.formatted("hq1")));
      stream.pull();

      String row = row(find(branch, "Bill", "A"), "name");
      assertThat(row).isNotEqualTo("hq1");
      assertThat(row(find(branch, "Bill", "B"), "row")).isEqualTo(row);
      assertThat(compare(stream, ROWS).differences()).isEmpty();

      branch.forgetRequests();
      hq.update("Bill", "B", Here.json("{'title': 'two'}"));
      stream.pull();

      assertThat(row(find(branch, "Bill", "B"), "row")).isEqualTo(row);
      assertThat(changes(branch)).singleElement().asString().doesNotContain("hq1", "items");
    }
  }

  @Test
  void a_field_that_names_a_row_that_never_came_stays_as_it_is() {
    try (TestStream stream = following(ROWS)) {
      hq.insert("Bill", Here.json(AGAINST.formatted("gone").replace("'against': 'A',", "")));
      stream.pull();

      assertThat(row(only(branch, "Bill"), "row")).isEqualTo("gone");
    }
  }

  @Test
  void without_the_rule_the_name_of_the_row_goes_over_as_it_is_and_diff_says_no_difference() {
    try (TestStream stream = following("[]")) {
      hq.insert(
          "Bill", Here.json("{'name': 'A', 'items': [{'name': 'hq1', 'doctype': 'Bill Item'}]}"));
      hq.insert("Bill", Here.json(AGAINST.formatted("hq1")));
      stream.pull();

      assertThat(row(find(branch, "Bill", "B"), "row")).isEqualTo("hq1");
      // where the rule is added later, diff finds what it has to correct
      assertThat(compare(stream, ROWS).verdicts()).isEqualTo(Map.of("B", Verdict.DIFFERS));
    }
  }

  @Test
  void what_the_site_makes_itself_is_not_brought_along_and_its_own_link_stays() {
    String rules = "[{'doctype': 'Bundle', 'made_by_site': true}]";
    branch.onSave("Bill", bill -> bill.put("bundle", "MADE-1"));
    branch.put("Bundle", Here.json("{'name': 'MADE-1'}"));
    hq.put("Bundle", Here.json("{'name': 'HQ-1'}"));
    try (TestStream stream = following(rules)) {
      hq.insert("Bill", Here.json("{'name': 'B', 'bundle': 'HQ-1'}"));
      stream.pull();

      assertThat(names(branch, "Bundle")).containsExactly("MADE-1");
      assertThat(only(branch, "Bill").path("bundle").asText()).isEqualTo("MADE-1");
      assertThat(notes(stream)).containsExactly("");
      assertThat(compare(stream, rules).differences()).isEmpty();
    }
  }

  @Test
  void what_the_site_does_not_make_itself_comes_along() {
    hq.put("Bundle", Here.json("{'name': 'HQ-1'}"));
    try (TestStream stream = following("[]")) {
      hq.insert("Bill", Here.json("{'name': 'B', 'bundle': 'HQ-1'}"));
      stream.pull();

      assertThat(names(branch, "Bundle")).containsExactly("HQ-1");
    }
  }

  private static final String AGAINST =
      "{'name': 'B', 'against': 'A',"
          + " 'items': [{'name': 'hq2', 'doctype': 'Bill Item', 'row': '%s'}]}";

  private static String row(ObjectNode bill, String field) {
    return bill.path("items").path(0).path(field).asText();
  }

  private TestStream following(String rules) {
    TestStream stream = new TestStream.Builder().and(producer(rules)).attempts(1).start();
    stream.pull();
    return stream;
  }

  private EventProducer producer(String rules) {
    return Bills.producer(
        hq, Source.UPDATE_LOG, branch, rules, TestRow.of("Bill").with(Dependencies.ALL).row());
  }

  private Told compare(TestStream stream, String rules) {
    return Told.by(stream, producer(rules), false, false, "Bill");
  }
}
