package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.TargetSiteTest.names;
import static org.eventstreaming.stream.TargetSiteTest.only;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.Source;
import org.eventstreaming.producer.TargetRules;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules for ERPNext that come along, against a site that refuses what the rules leave out. */
class ShippedRulesAtTargetTest {
  private static final Set<String> ROWS =
      Set.of(
          "Delivery Note Item",
          "Material Request Item",
          "POS Invoice Item",
          "Packed Item",
          "Production Plan Item",
          "Purchase Invoice Item",
          "Purchase Order Item",
          "Purchase Receipt Item",
          "Quotation Item",
          "Sales Invoice Item",
          "Sales Order Item",
          "Supplier Quotation Item",
          "Timesheet Detail");

  private final StandInSite hq = StandInSite.start(Generation.V15_APP).approveAll();
  private final StandInSite branch = StandInSite.start(Generation.STOCK_15);

  @AfterEach
  void close() {
    hq.close();
    branch.close();
  }

  static Stream<String> typesWithFieldsThatTheSiteSets() {
    return shipped(rule -> !rule.setBySite().isEmpty());
  }

  static Stream<String> typesWithFieldsThatTheSiteSetsUnless() {
    return shipped(rule -> !rule.setUnless().isEmpty());
  }

  static Stream<String> typesThatBeginAsDraft() {
    return shipped(TargetRules.Rule::beginsAsDraft);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("typesWithFieldsThatTheSiteSets")
  void a_field_that_the_site_sets_is_neither_sent_nor_compared(String doctype) {
    Set<String> fields = new TreeSet<>(TargetRules.shipped().of(doctype).setBySite());
    boolean isRow = ROWS.contains(doctype);
    String written = isRow ? "Voucher" : doctype;
    define(doctype, isRow, fields.stream().map(ShippedRulesAtTargetTest::text).toList());
    branch.onSave(
        written,
        saved -> {
          setBySite(isRow ? (ObjectNode) saved.path("items").path(0) : saved, fields);
          return saved;
        });
    try (TestStream stream = following(written)) {
      hq.insert(written, document(doctype, isRow, "one", fields, "of hq"));
      stream.pull();
      hq.update(written, "A", document(doctype, isRow, "two", fields, "of hq, later"));
      stream.pull();

      ObjectNode there = only(branch, written);
      ObjectNode holder = isRow ? (ObjectNode) there.path("items").path(0) : there;
      assertThat(there.path("title").asText()).isEqualTo("two");
      assertThat(fields)
          .allSatisfy(field -> assertThat(holder.path(field).asText()).isEqualTo("of the site"));
      assertThat(new Here(stream.database()).statuses("A")).containsOnly("Synced");
      assertThat(Bills.notes(stream)).noneMatch(note -> note.contains("set by itself"));
      assertThat(compare(stream, written).differences()).isEmpty();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("typesWithFieldsThatTheSiteSetsUnless")
  void a_field_that_the_site_sets_is_sent_and_compared_where_another_field_says_so(String doctype) {
    TargetRules.shipped()
        .of(doctype)
        .setUnless()
        .forEach((field, unless) -> isSentWhereAnotherFieldSaysSo(doctype, field, unless));
  }

  private void isSentWhereAnotherFieldSaysSo(String doctype, String field, String unless) {
    define(
        doctype,
        false,
        List.of(
            text(field),
            "{'fieldname': '%s', 'fieldtype': 'Check', 'label': 'Own'}".formatted(unless)));
    branch.onSave(
        doctype,
        saved -> {
          if (saved.path(unless).asInt() == 0) {
            setBySite(saved, Set.of(field));
          }
          return saved;
        });
    try (TestStream stream = following(doctype)) {
      hq.insert(doctype, document(doctype, false, "one", Set.of(field), "of hq").put(unless, 0));
      stream.pull();
      assertThat(only(branch, doctype).path(field).asText()).isEqualTo("of the site");
      assertThat(compare(stream, doctype).differences()).isEmpty();

      hq.update(doctype, "A", Here.json("{'title': 'two', '%s': 1}".formatted(unless)));
      stream.pull();
      assertThat(only(branch, doctype).path("title").asText()).isEqualTo("two");
      assertThat(only(branch, doctype).path(field).asText()).isEqualTo("of hq");
      assertThat(new Here(stream.database()).statuses("A")).containsOnly("Synced");
      assertThat(Bills.notes(stream)).noneMatch(note -> note.contains("set by itself"));
      assertThat(compare(stream, doctype).differences()).isEmpty();

      branch.put(doctype, only(branch, doctype).put(field, "of somebody"));
      assertThat(compare(stream, doctype).differences()).isNotEmpty();
    }
  }

  @Test
  void a_serial_no_arrives_without_its_warehouse_which_is_not_brought_along() {
    for (StandInSite site : List.of(hq, branch)) {
      site.putDocType(type("Warehouse", false, List.of()));
    }
    define(
        "Serial No",
        false,
        List.of(
            text("status"),
            "{'fieldname': 'warehouse', 'fieldtype': 'Link', 'options': 'Warehouse'}"));
    hq.put("Warehouse", Here.json("{'name': 'W', 'title': 'at hq alone'}"));
    try (TestStream stream = following("Serial No")) {
      hq.insert(
          "Serial No",
          Here.json("{'name': 'N1', 'title': 'one', 'status': 'Active', 'warehouse': 'W'}"));
      stream.pull();

      assertThat(only(branch, "Serial No").path("title").asText()).isEqualTo("one");
      assertThat(only(branch, "Serial No").path("warehouse").asText("")).isEmpty();
      assertThat(names(branch, "Warehouse")).isEmpty();
      assertThat(new Here(stream.database()).statuses("N1")).containsExactly("Synced");
      assertThat(compare(stream, "Serial No").differences()).isEmpty();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("typesThatBeginAsDraft")
  void a_type_that_begins_as_a_draft_is_created_as_one_and_submitted_then(String doctype) {
    define(doctype, false, List.of());
    try (TestStream stream = following(doctype)) {
      hq.insert(doctype, Here.json("{'name': 'A', 'title': 'one'}"));
      hq.update(doctype, "A", Here.json("{'docstatus': 1}"));
      branch.forgetRequests();
      stream.pull();

      assertThat(branch.requests())
          .filteredOn(request -> request.uri().contains("insert_many"))
          .singleElement()
          .satisfies(
              request ->
                  assertThat(request.body())
                      .contains("docstatus%22%3A0")
                      .doesNotContain("docstatus%22%3A1"));
      assertThat(only(branch, doctype).path("docstatus").asInt()).isEqualTo(1);
      assertThat(compare(stream, doctype).differences()).isEmpty();
    }
  }

  /** As ERPNext does: a value that is not the site's own is refused. */
  private static void setBySite(ObjectNode holder, Set<String> fields) {
    for (String field : fields) {
      if (holder.path(field).asText("").startsWith("of hq")) {
        throw StandInSite.refusal(field + " is set by other documents alone");
      }
      holder.put(field, "of the site");
    }
  }

  private static Stream<String> shipped(Predicate<TargetRules.Rule> isMeant) {
    return TargetRules.shipped().byDoctype().entrySet().stream()
        .filter(one -> isMeant.test(one.getValue()))
        .map(Map.Entry::getKey)
        .sorted();
  }

  private void define(String doctype, boolean isRow, List<String> fields) {
    for (StandInSite site : List.of(hq, branch)) {
      site.putDocType(type(doctype, isRow, fields));
      if (isRow) {
        site.putDocType(
            type(
                "Voucher",
                false,
                List.of(
                    "{'fieldname': 'items', 'fieldtype': 'Table', 'options': '%s'}"
                        .formatted(doctype))));
      }
    }
  }

  private static ObjectNode type(String name, boolean isRow, List<String> fields) {
    return Here.json(
        "{'name': '%s', 'doctype': 'DocType', 'istable': %d, 'is_submittable': %d, 'autoname': 'prompt', 'fields': [%s]}"
            .formatted(
                name,
                isRow ? 1 : 0,
                isRow ? 0 : 1,
                String.join(
                    ", ", Stream.concat(Stream.of(text("title")), fields.stream()).toList())));
  }

  private static String text(String fieldname) {
    return "{'fieldname': '%s', 'fieldtype': 'Data', 'label': '%s'}"
        .formatted(fieldname, fieldname);
  }

  private static ObjectNode document(
      String doctype, boolean isRow, String title, Set<String> fields, String value) {
    ObjectNode document = Here.json("{'name': 'A', 'title': '%s'}".formatted(title));
    ObjectNode holder =
        isRow
            ? document
                .withArray("/items")
                .addObject()
                .put("name", "r1")
                .put("doctype", doctype)
                .put("title", title)
            : document;
    fields.forEach(field -> holder.put(field, value));
    return document;
  }

  private TestStream following(String doctype) {
    TestStream stream = new TestStream.Builder().and(producer(doctype)).attempts(1).start();
    stream.pull();
    return stream;
  }

  private EventProducer producer(String doctype) {
    return Bills.producer(
        hq, Source.UPDATE_LOG, branch, "[]", TestRow.of(doctype).with(Dependencies.ALL).row());
  }

  private Reported compare(TestStream stream, String doctype) {
    return Reported.by(stream, producer(doctype), false, false, doctype);
  }
}
