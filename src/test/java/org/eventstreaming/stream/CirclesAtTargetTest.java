package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.TargetSiteTest.names;
import static org.eventstreaming.stream.TargetSiteTest.only;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Documents whose rows name each other, or rows of the same document: none of the names is known
 * before the site has given it.
 */
class CirclesAtTargetTest {
  private static final String SHEET =
      "{'name': 'Sheet', 'doctype': 'DocType', 'is_submittable': 1, 'autoname': 'hash',"
          + " 'allow_rename': 0, 'fields': ["
          + "{'fieldname': 'title', 'fieldtype': 'Data', 'label': 'Title'},"
          + "{'fieldname': 'logs', 'fieldtype': 'Table', 'options': 'Sheet Log', 'label': 'Logs'}]}";
  private static final String SHEET_LOG =
      "{'name': 'Sheet Log', 'doctype': 'DocType', 'istable': 1, 'fields': ["
          + "{'fieldname': 'hours', 'fieldtype': 'Data', 'label': 'Hours'},"
          + "{'fieldname': 'earlier', 'fieldtype': 'Data', 'label': 'Earlier'},"
          + "{'fieldname': 'sheet', 'fieldtype': 'Link', 'options': 'Sheet', 'label': 'Sheet'}]}";
  private static final String PART =
      "{'name': 'Part', 'doctype': 'DocType', 'autoname': 'prompt', 'fields': ["
          + "{'fieldname': 'default_sheet', 'fieldtype': 'Link', 'options': 'Sheet', 'label': 'Sheet'}]}";
  private static final String EARLIER = "[{'doctype': 'Sheet Log', 'row_references': ['earlier']}]";
  private static final String SET_BY_SITE = "[{'doctype': 'Sheet Log', 'set_by_site': ['sheet']}]";

  private final StandInSite hq = site(Generation.V15_APP);
  private final StandInSite branch = site(Generation.STOCK_15);

  @AfterEach
  void close() {
    hq.close();
    branch.close();
  }

  @Test
  void a_row_stays_where_the_link_that_closes_a_circle_follows_later() {
    branch.onSave(
        "Sheet",
        sheet -> {
          if (sheet.path("logs").isEmpty()) {
            throw StandInSite.refusal("Data missing in table: Logs");
          }
          return sheet;
        });
    try (TestStream stream = following("[]")) {
      hq.insert("Sheet", sheet("A", 1, "{'hours': '2', 'sheet': 'B'}"));
      hq.insert("Sheet", sheet("B", 1, "{'hours': '3', 'sheet': 'A'}"));
      stream.pull();

      ObjectNode a = titled("A");
      ObjectNode b = titled("B");
      assertThat(texts(a, "sheet")).containsExactly(b.path("name").asText());
      assertThat(texts(b, "sheet")).containsExactly(a.path("name").asText());
      assertThat(a.path("docstatus").asInt() + b.path("docstatus").asInt()).isEqualTo(2);
      assertThat(compare(stream, "[]").differences()).isEmpty();
    }
  }

  @Test
  void a_row_that_needs_its_link_comes_with_it() {
    branch.putDocType(
        Here.json(SHEET_LOG.replace("'label': 'Sheet'}", "'label': 'Sheet', 'reqd': 1}")));
    try (TestStream stream = following("[]")) {
      hq.insert("Sheet", sheet("A", 0, "{'hours': '2', 'sheet': 'B'}"));
      hq.insert("Sheet", sheet("B", 0, "{'hours': '3', 'sheet': 'A'}"));
      branch.forgetRequests();
      stream.pull();

      assertThat(texts(titled("B"), "sheet")).containsExactly(titled("A").path("name").asText());
      assertThat(texts(titled("A"), "sheet")).containsExactly(titled("B").path("name").asText());
    }
  }

  @ParameterizedTest(name = "the other one has docstatus {0}")
  @ValueSource(ints = {0, 1})
  void what_is_submitted_in_a_circle_is_so_before_what_comes_after_it(int docstatus) {
    branch.onSave(
        "Sheet",
        sheet -> {
          if (sheet.path("title").asText().equals("C")
              && titled("A").path("docstatus").asInt() != 1) {
            throw StandInSite.refusal("Nothing there to deliver");
          }
          return sheet;
        });
    try (TestStream stream = following("[]")) {
      hq.insert("Sheet", sheet("A", 1, "{'hours': '2', 'sheet': 'B'}"));
      hq.insert("Sheet", sheet("B", docstatus, "{'hours': '3', 'sheet': 'A'}"));
      hq.insert("Sheet", sheet("C", 1, "{'hours': '4'}"));
      stream.pull();

      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
      assertThat(titled("A").path("docstatus").asInt()).isEqualTo(1);
      assertThat(titled("B").path("docstatus").asInt()).isEqualTo(docstatus);
      assertThat(compare(stream, "[]").differences()).isEmpty();
    }
  }

  @Test
  void what_the_site_fills_in_by_itself_is_not_sent_and_nothing_waits_for_it() {
    // billed already is what names its bill
    branch.onSave(
        "Sheet",
        sheet -> {
          if (texts(sheet, "sheet").stream().anyMatch(name -> !name.isEmpty())) {
            throw StandInSite.refusal("Already billed");
          }
          return sheet;
        });
    hq.put("Sheet", sheet("C", 0, "{'hours': '9'}").put("name", "C"));
    try (TestStream stream = following(SET_BY_SITE)) {
      hq.insert("Sheet", sheet("A", 1, "{'hours': '2', 'sheet': 'B'}"));
      hq.insert("Sheet", sheet("B", 1, "{'hours': '3', 'sheet': 'A'}"));
      hq.insert("Sheet", sheet("D", 0, "{'hours': '4', 'sheet': 'C'}"));
      stream.pull();

      assertThat(branch.documents("Sheet"))
          .extracting(one -> one.path("title").asText())
          .containsExactlyInAnyOrder("A", "B", "D");
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();

      branch.onSave("Sheet", sheet -> sheet);
      assertThat(compare(stream, SET_BY_SITE).differences()).isEmpty();
      hq.update("Sheet", "D", Here.json("{'title': 'E'}"));
      stream.pull();

      assertThat(texts(titled("E"), "hours")).containsExactly("4");
    }
  }

  @Test
  void rows_of_a_new_document_name_each_other_by_the_names_that_the_site_gives() {
    try (TestStream stream = following(EARLIER)) {
      hq.insert(
          "Sheet", sheet("A", 1, "{'name': 'r1', 'hours': '2'}, {'name': 'r2', 'earlier': 'r1'}"));
      stream.pull();

      ObjectNode there = only(branch, "Sheet");
      assertThat(there.path("logs").path(1).path("earlier").asText())
          .isEqualTo(there.path("logs").path(0).path("name").asText())
          .isNotEqualTo("r1");
      assertThat(there.path("docstatus").asInt()).isEqualTo(1);
      assertThat(compare(stream, EARLIER).differences()).isEmpty();
    }
  }

  @Test
  void what_the_site_makes_of_a_document_that_is_not_complete_is_sent_again_with_the_rest() {
    // as ERPNext makes the packing list of a new delivery anew
    branch.onSave(
        "Sheet",
        sheet -> {
          if (branch.documents("Sheet").isEmpty()) {
            sheet.path("logs").forEach(row -> ((ObjectNode) row).put("hours", ""));
            // and names the rows in it by itself
            ObjectNode first = (ObjectNode) sheet.path("logs").path(0);
            first.put("name", "packed");
            ((ObjectNode) sheet.path("logs").path(1)).put("earlier", "packed");
          }
          return sheet;
        });
    try (TestStream stream = following(EARLIER)) {
      hq.insert(
          "Sheet",
          sheet(
              "A",
              1,
              "{'name': 'r1', 'hours': '2'}, {'name': 'r2', 'hours': '3', 'earlier': 'r1'}"));
      stream.pull();

      ObjectNode there = only(branch, "Sheet");
      assertThat(texts(there, "hours")).containsExactly("2", "3");
      assertThat(there.path("docstatus").asInt()).isEqualTo(1);
      assertThat(Bills.notes(stream)).noneMatch(note -> note.contains("set by itself"));
      assertThat(compare(stream, EARLIER).differences()).isEmpty();
    }
  }

  @Test
  void what_a_site_submits_only_once_it_is_there_begins_as_a_draft() {
    String rules = "[{'doctype': 'Sheet', 'begins_as_draft': true}]";
    // as ERPNext leaves the state of a new Material Request alone
    branch.onSave(
        "Sheet",
        sheet -> {
          boolean isNew = branch.documents("Sheet").isEmpty();
          return isNew && sheet.path("docstatus").asInt() == 1 ? sheet.put("title", "new") : sheet;
        });
    try (TestStream stream = following(rules)) {
      hq.insert("Sheet", sheet("A", 1, "{'hours': '2'}"));
      stream.pull();

      assertThat(only(branch, "Sheet").path("title").asText()).isEqualTo("A");
      assertThat(only(branch, "Sheet").path("docstatus").asInt()).isEqualTo(1);
      assertThat(compare(stream, rules).differences()).isEmpty();
    }
  }

  @Test
  void a_draft_that_an_interrupted_pull_left_is_submitted_before_what_comes_behind_it() {
    List<String> submitted = new ArrayList<>();
    branch.onSave(
        "Sheet",
        sheet -> {
          if (sheet.path("docstatus").asInt() == 1) {
            submitted.add(sheet.path("title").asText());
          }
          return sheet;
        });
    try (TestStream stream = following("[{'doctype': 'Sheet', 'begins_as_draft': true}]")) {
      hq.insert("Sheet", sheet("A", 1, "{'hours': '2'}"));
      branch.fail(1_000, request -> request.method().equals("PUT"), Fault.badGateway());
      stream.pull();
      assertThat(only(branch, "Sheet").path("docstatus").asInt()).isZero();
      branch.heal();
      hq.insert("Sheet", sheet("B", 1, "{'hours': '3'}"));
      stream.pull();

      assertThat(submitted).containsExactly("A", "B");
    }
  }

  @Test
  void of_a_circle_that_document_goes_first_that_keeps_its_rows() {
    for (StandInSite site : List.of(hq, branch)) {
      site.putDocType(Here.json(PART));
      site.putDocType(
          Here.json(
              SHEET_LOG.replace(
                  "{'fieldname': 'hours'",
                  "{'fieldname': 'part', 'fieldtype': 'Link', 'options': 'Part', 'label': 'Part', 'reqd': 1},"
                      + "{'fieldname': 'hours'")));
    }
    try (TestStream stream = following(EARLIER)) {
      hq.put("Part", Here.json("{'name': 'P', 'default_sheet': 'A'}"));
      hq.insert(
          "Sheet",
          sheet(
              "A", 0, "{'name': 'r1', 'part': 'P'}, {'name': 'r2', 'part': 'P', 'earlier': 'r1'}"));
      stream.pull();

      ObjectNode there = only(branch, "Sheet");
      String first = there.path("logs").path(0).path("name").asText();
      assertThat(texts(there, "earlier")).containsExactly("", first);
      assertThat(only(branch, "Part").path("default_sheet").asText())
          .isEqualTo(there.path("name").asText());
    }
  }

  @Test
  void without_the_rule_they_go_over_as_they_are() {
    try (TestStream stream = following("[]")) {
      hq.insert(
          "Sheet", sheet("A", 0, "{'name': 'r1', 'hours': '2'}, {'name': 'r2', 'earlier': 'r1'}"));
      stream.pull();

      assertThat(only(branch, "Sheet").path("logs").path(1).path("earlier").asText())
          .isEqualTo("r1");
      assertThat(compare(stream, EARLIER).verdicts().values()).containsExactly(Verdict.DIFFERS);
    }
  }

  @Test
  void a_site_is_not_asked_to_rename_what_it_never_renames() {
    try (TestStream stream = named(true)) {
      hq.insert("Sheet", sheet("A", 0, "{'hours': '2'}"));
      branch.forgetRequests();
      stream.pull();

      assertThat(names(branch, "Sheet")).hasSize(1).isNotEqualTo(names(hq, "Sheet"));
      assertThat(branch.requests()).noneMatch(one -> one.uri().contains("rename_doc"));
      assertThat(Bills.notes(stream))
          .singleElement()
          .asString()
          .contains("The site calls it", "by its own rule");
    }
  }

  private static List<String> texts(ObjectNode sheet, String field) {
    List<String> texts = new ArrayList<>();
    sheet.path("logs").forEach(row -> texts.add(row.path(field).asText("")));
    return texts;
  }

  private ObjectNode titled(String title) {
    return branch.documents("Sheet").stream()
        .filter(one -> one.path("title").asText().equals(title))
        .findFirst()
        .orElseThrow();
  }

  private static ObjectNode sheet(String title, int docstatus, String rows) {
    return Here.json(
        "{'name': '%s', 'title': '%s', 'docstatus': %d, 'logs': [%s]}"
            .formatted(title, title, docstatus, rows.replace("{'", "{'doctype': 'Sheet Log', '")));
  }

  private TestStream following(String rules) {
    TestStream stream = new TestStream.Builder().and(producer(rules, false)).attempts(1).start();
    stream.pull();
    return stream;
  }

  private TestStream named(boolean useSameName) {
    TestStream stream =
        new TestStream.Builder().and(producer("[]", useSameName)).attempts(1).start();
    stream.pull();
    return stream;
  }

  private EventProducer producer(String rules, boolean useSameName) {
    TestRow row = TestRow.of("Sheet").with(Dependencies.ALL);
    return Bills.producer(
        hq, Source.UPDATE_LOG, branch, rules, (useSameName ? row : row.locallyNamed()).row());
  }

  private Reported compare(TestStream stream, String rules) {
    return Reported.by(stream, producer(rules, false), false, false, "Sheet");
  }

  private static StandInSite site(Generation generation) {
    StandInSite site = StandInSite.start(generation);
    if (generation.streams()) {
      site.approveAll();
    }
    site.putDocType(Here.json(generation.streams() ? SHEET.replace("'hash'", "'prompt'") : SHEET));
    site.putDocType(Here.json(SHEET_LOG));
    return site;
  }
}
