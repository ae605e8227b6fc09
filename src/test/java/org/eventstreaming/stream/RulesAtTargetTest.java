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
import org.eventstreaming.standin.Fault;
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

  private static final String NUMBERS =
      "[{'doctype': 'Bundle', 'made_by_site': true}, {'doctype': 'Bill Item', 'contents_of':"
          + " {'bundle': {'doctype': 'Bundle', 'rows': 'Bundle Entry',"
          + " 'fields': {'numbers': 'number', 'lot': 'lot'}}}}]";

  @Test
  void what_a_document_holds_that_the_site_makes_itself_is_said_in_fields_beside_it() {
    hq.put("Bundle", bundle("HQ-1", "N2:A", "N1:A", "N2:A"));
    hq.put("Bundle", bundle("HQ-2", "N3:A", "N4:B"));
    makingBundles(branch);
    try (TestStream stream = following(NUMBERS)) {
      hq.insert(
          "Bill",
          Here.json(
              "{'name': 'B', 'items': [{'name': 'r1', 'doctype': 'Bill Item', 'bundle': 'HQ-1'},"
                  + " {'name': 'r2', 'doctype': 'Bill Item', 'bundle': 'HQ-2'},"
                  + " {'name': 'r3', 'doctype': 'Bill Item', 'numbers': 'N9', 'bundle': 'HQ-1'}]}"));
      stream.pull();

      ObjectNode there = only(branch, "Bill");
      // of two lots the site chooses one, and the numbers with it
      assertThat(TargetSiteTest.texts(there, "numbers")).containsExactly("N2\nN1", "", "N9");
      assertThat(TargetSiteTest.texts(there, "lot")).containsExactly("A", "", "");
      assertThat(TargetSiteTest.texts(there, "bundle")).containsExactly("MADE-0", "", "MADE-2");
      assertThat(names(branch, "Bundle")).containsExactlyInAnyOrder("MADE-0", "MADE-2");
      assertThat(compare(stream, NUMBERS).differences()).isEmpty();
    }
  }

  @Test
  void rows_that_are_read_by_lists_say_all_their_numbers_too() {
    hq.put("Bundle", bundle("HQ-1", "N2:A", "N1:A"));
    hq.put("Bundle", bundle("HQ-2", "N3:A", "N4:A"));
    try (TestStream stream = following(NUMBERS)) {
      for (int i = 1; i <= 2; i++) {
        hq.insert(
            "Bill",
            Here.json(
                "{'name': 'B%d', 'items': [{'name': 'r%d', 'doctype': 'Bill Item', 'bundle': 'HQ-%d'}]}"
                    .formatted(i, i, i)));
      }
      stream.pull();

      assertThat(row(find(branch, "Bill", "B1"), "numbers")).isEqualTo("N2\nN1");
      assertThat(row(find(branch, "Bill", "B2"), "numbers")).isEqualTo("N3\nN4");
    }
  }

  @Test
  void what_an_update_adds_to_them_is_said_too() {
    hq.put("Bundle", bundle("HQ-1", "N1:A"));
    try (TestStream stream = following(NUMBERS)) {
      hq.insert("Bill", Here.json("{'name': 'B', 'items': [{'doctype': 'Bill Item'}]}"));
      stream.pull();
      hq.update(
          "Bill",
          "B",
          Here.json(
              "{'items': [{'name': '%s', 'doctype': 'Bill Item', 'bundle': 'HQ-1'}]}"
                  .formatted(row(only(hq, "Bill"), "name"))));
      stream.pull();

      assertThat(row(only(branch, "Bill"), "numbers")).isEqualTo("N1");
      assertThat(row(only(branch, "Bill"), "lot")).isEqualTo("A");
    }
  }

  @Test
  void two_sites_are_compared_by_what_their_own_documents_hold() {
    hq.put("Bundle", bundle("HQ-1", "N1:A"));
    // the site empties the fields when it has made the document
    branch.onSave(
        "Bill",
        bill -> {
          ObjectNode row = (ObjectNode) bill.path("items").path(0);
          if (!row.path("numbers").asText("").isEmpty()) {
            branch.put("Bundle", bundle("MADE", row.path("numbers").asText() + ":A"));
            row.put("bundle", "MADE").put("numbers", "").put("lot", "");
          }
          return bill;
        });
    try (TestStream stream = following(NUMBERS)) {
      hq.insert(
          "Bill",
          Here.json("{'name': 'B', 'items': [{'doctype': 'Bill Item', 'bundle': 'HQ-1'}]}"));
      stream.pull();

      assertThat(row(only(branch, "Bill"), "bundle")).isEqualTo("MADE");
      assertThat(notes(stream)).noneMatch(note -> note.contains("set by itself"));
      assertThat(compare(stream, NUMBERS).differences()).isEmpty();

      branch.put("Bundle", bundle("MADE", "N7:A"));

      assertThat(compare(stream, NUMBERS).verdicts()).isEqualTo(Map.of("B", Verdict.DIFFERS));
    }
  }

  @Test
  void where_the_producer_hides_what_they_hold_the_site_chooses() {
    hq.put("Bundle", bundle("HQ-1", "N1:A"));
    hq.fail(
        9,
        request -> request.uri().contains("Bundle%20Entry"),
        new Fault.Instead(403, Map.of(), "{\"exc_type\": \"PermissionError\"}"));
    try (TestStream stream = following(NUMBERS)) {
      hq.insert(
          "Bill",
          Here.json("{'name': 'B', 'items': [{'doctype': 'Bill Item', 'bundle': 'HQ-1'}]}"));
      stream.pull();

      assertThat(row(only(branch, "Bill"), "numbers")).isEmpty();
      assertThat(new Here(stream.database()).statuses("B")).containsExactly("Synced");
    }
  }

  /** Each entry a number and its lot. */
  private static ObjectNode bundle(String name, String... entries) {
    ObjectNode bundle = Here.json("{'name': '%s', 'entries': []}".formatted(name));
    for (String entry : entries) {
      int colon = entry.indexOf(':');
      bundle
          .withArray("/entries")
          .add(
              Here.json(
                  "{'doctype': 'Bundle Entry', 'name': '%s-%d', 'parent': '%s', 'parenttype': 'Bundle', 'parentfield': 'entries', 'number': '%s', 'lot': '%s'}"
                      .formatted(
                          name,
                          bundle.path("entries").size(),
                          name,
                          entry.substring(0, colon),
                          entry.substring(colon + 1))));
    }
    return bundle;
  }

  /** As ERPNext does of rows that name their numbers. */
  private static void makingBundles(StandInSite site) {
    site.onSave(
        "Bill",
        bill -> {
          for (int i = 0; i < bill.path("items").size(); i++) {
            ObjectNode row = (ObjectNode) bill.path("items").path(i);
            if (!row.path("numbers").asText("").isEmpty()) {
              site.put("Bundle", Here.json("{'name': 'MADE-%d'}".formatted(i)));
              row.put("bundle", "MADE-" + i);
            }
          }
          return bill;
        });
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

  private Reported compare(TestStream stream, String rules) {
    return Reported.by(stream, producer(rules), false, false, "Bill");
  }
}
