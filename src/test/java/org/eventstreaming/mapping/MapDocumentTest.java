package org.eventstreaming.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.eventstreaming.mapping.TestMappings.json;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eventstreaming.doctype.DocTypes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MapDocumentTest {
  @TempDir Path directory;
  private TestMappings files;

  @BeforeEach
  void aProject() {
    files = TestMappings.in(directory);
  }

  @Test
  void fields_are_renamed_and_the_document_is_of_the_type_here() {
    files.mapping("A", "  - {local_fieldname: title, remote_fieldname: subject}\n");

    var mapped = files.map(json("{'doctype': 'Their A', 'name': 'T-1', 'subject': 'Buy milk'}"));

    assertThat(mapped.document())
        .isEqualTo(json("{'doctype': 'Our A', 'name': 'T-1', 'title': 'Buy milk'}"));
    assertThat(mapped.needed()).isEmpty();
    assertThat(mapped.notes()).isEmpty();
  }

  @Test
  void fields_may_swap_their_names() {
    files.mapping(
        "A",
        """
          - {local_fieldname: title, remote_fieldname: content}
          - {local_fieldname: content, remote_fieldname: title}
        """);

    var mapped = files.map(json("{'title': 'Milk', 'content': 'Buy it'}"));

    assertThat(mapped.document())
        .isEqualTo(json("{'doctype': 'Our A', 'title': 'Buy it', 'content': 'Milk'}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{'x': null}", "{'x': ''}"})
  void what_is_missing_null_or_empty_takes_the_default(String document) {
    files.mapping("A", "  - {local_fieldname: a, remote_fieldname: x, default_value: none}\n");

    assertThat(files.map(json(document)).document())
        .isEqualTo(json("{'doctype': 'Our A', 'a': 'none'}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.0", "false", "'0'", "[]"})
  void zero_is_a_value(String value) {
    files.mapping("A", "  - {local_fieldname: a, remote_fieldname: x, default_value: 7}\n");

    assertThat(files.map(json("{'x': " + value + "}")).document().get("a"))
        .isEqualTo(json("{'x': " + value + "}").get("x"));
  }

  @Test
  void without_a_default_the_empty_text_stays_and_null_is_left_out() {
    files.mapping(
        "A",
        """
          - {local_fieldname: a, remote_fieldname: x}
          - {local_fieldname: b, remote_fieldname: y}
          - {local_fieldname: c, remote_fieldname: x, type: Int}
        """);

    assertThat(files.map(json("{'x': '', 'y': null}")).document())
        .isEqualTo(json("{'doctype': 'Our A', 'a': ''}"));
  }

  @Test
  void a_default_of_a_number_field_is_a_number_though_frappe_keeps_it_as_text() {
    files.define("Our A", "qty:Float", "code:Data");
    files.mapping(
        "A",
        """
          - {local_fieldname: qty, default_value: "5"}
          - {local_fieldname: code, default_value: "5"}
        """);

    assertThat(files.map(json("{}")).document())
        .isEqualTo(json("{'doctype': 'Our A', 'qty': 5, 'code': '5'}"));
  }

  @Test
  void fields_that_no_row_names_stay_where_the_doctype_here_has_them() {
    files.define("Our A", "status:Data", "a:Data", "territory:Data");
    files.mapping("A", "  - {local_fieldname: a, remote_fieldname: territory}\n");

    var mapped =
        files.map(
            json(
                "{'status': 'Open', 'territory': 'Nepal', 'a': 'raw', 'theirs': 1, 'parent': 'P',"
                    + " '__unsaved': 1}"));

    assertThat(mapped.document())
        .isEqualTo(json("{'doctype': 'Our A', 'status': 'Open', 'a': 'Nepal'}"));
  }

  @ParameterizedTest
  @CsvSource({"known, false", "drop, false", "keep, true"})
  void while_the_definition_is_unknown_only_keep_lets_other_fields_stay(
      String unmapped, boolean stays) {
    files.mapping(
        "A",
        "unmapped_fields: %s\nfield_mapping:\n  - {local_fieldname: a, remote_fieldname: x}\n"
            .formatted(unmapped));

    var mapped = files.map(json("{'x': 1, 'other': {'b': 2}, 'owner': 'me@example.com'}"));

    assertThat(mapped.document().has("other")).isEqualTo(stays);
    assertThat(mapped.document().has("x")).isFalse();
    assertThat(mapped.document().path("owner").asText()).isEqualTo("me@example.com");
  }

  @Test
  void standard_fields_stay_unless_a_row_gives_them() {
    files.mapping(
        "A",
        """
        unmapped_fields: drop
        field_mapping:
          - {local_fieldname: owner, remote_fieldname: author}
          - {local_fieldname: number, remote_fieldname: name}
        """);

    var mapped =
        files.map(
            json(
                "{'doctype': 'Their A', 'name': 'T-1', 'owner': 'a@x', 'author': 'b@x', 'creation':"
                    + " '2026-01-01', 'modified': '2026-01-02', 'modified_by': 'c@x', 'docstatus':"
                    + " 1, 'idx': 4}"));

    assertThat(mapped.document())
        .isEqualTo(
            json(
                "{'doctype': 'Our A', 'name': 'T-1', 'owner': 'b@x', 'number': 'T-1', 'creation':"
                    + " '2026-01-01', 'modified': '2026-01-02', 'modified_by': 'c@x', 'docstatus':"
                    + " 1, 'idx': 4}"));
  }

  @Test
  void child_rows_follow_their_own_mapping_with_defaults_types_and_names() {
    files.mapping(
        "A",
        """
          - {local_fieldname: items, remote_fieldname: lines, mapping_type: Child Table, mapping: B}
        """);
    files.mapping(
        "B",
        """
          - {local_fieldname: code, remote_fieldname: sku}
          - {local_fieldname: qty, remote_fieldname: count, type: Int, default_value: 1}
        """);

    var mapped =
        files.map(
            json(
                "{'lines': [{'doctype': 'Their B', 'name': 'r1', 'idx': 1, 'parent': 'T', 'sku':"
                    + " 'X', 'count': '3'}, {'doctype': 'Their B', 'name': 'r2', 'idx': 2, 'sku':"
                    + " 'Y'}]}"));

    assertThat(mapped.document())
        .isEqualTo(
            json(
                "{'doctype': 'Our A', 'items': [{'doctype': 'Our B', 'name': 'r1', 'idx': 1,"
                    + " 'code': 'X', 'qty': 3}, {'doctype': 'Our B', 'name': 'r2', 'idx': 2,"
                    + " 'code': 'Y', 'qty': 1}]}"));
  }

  @Test
  void an_empty_child_table_stays_empty() {
    files.mapping(
        "A",
        """
          - {local_fieldname: items, remote_fieldname: lines, mapping_type: Child Table, mapping: B}
        """);
    files.mapping("B", "  - {local_fieldname: code, remote_fieldname: sku}\n");

    assertThat(files.map(json("{'lines': []}")).document())
        .isEqualTo(json("{'doctype': 'Our A', 'items': []}"));
  }

  @Test
  void a_child_table_that_is_none_fails_the_document() {
    files.mapping(
        "A",
        """
          - {local_fieldname: items, remote_fieldname: lines, mapping_type: Child Table, mapping: B}
        """);
    files.mapping("B", "  - {local_fieldname: code, remote_fieldname: sku}\n");

    assertThatThrownBy(() -> files.map(json("{'lines': [1]}")))
        .isInstanceOf(MappingFailed.class)
        .hasMessageContaining("child rows are expected, there is [1]");
  }

  @Test
  void a_document_row_asks_for_the_document_that_its_filters_find() {
    files.resource("opportunity.yaml");

    var mapped =
        files.map(
            json(
                "{'doctype': 'ERPNext Opportunity', 'name': 'O-1', 'full_name': 'Ada', 'phone_number':"
                    + " '123', 'opportunity_items': [{'name': 'r1', 'article': 'Bolt'}]}"));

    assertThat(mapped.document())
        .isEqualTo(
            json(
                "{'doctype': 'Opportunity', 'name': 'O-1', 'opportunity_from': 'Lead',"
                    + " 'contact_mobile': '123', 'items': [{'doctype': 'Opportunity Item', 'name':"
                    + " 'r1', 'item_code': 'Bolt', 'qty': 1}]}"));
    assertThat(mapped.needed())
        .singleElement()
        .satisfies(
            needed -> {
              assertThat(needed.table()).isNull();
              assertThat(needed.fieldname()).isEqualTo("party_name");
              assertThat(needed.mapping().mappingName()).isEqualTo("Lead from ERPNext Opportunity");
              assertThat(needed.mapping().remoteDoctype()).isEqualTo("ERPNext Opportunity");
              assertThat(needed.filters())
                  .isEqualTo(
                      json("{'full_name': 'Ada', 'phone_number': '123', 'country': 'Germany'}"));
              assertThat(needed.origin()).hasToString("mappings/opportunity.yaml:8:5");
            });
  }

  @Test
  void the_names_of_needed_documents_go_where_they_are_wanted_also_in_rows() {
    files.mapping(
        "A",
        """
          - {local_fieldname: party, remote_fieldname: x, mapping_type: Document, mapping: C, remote_value_filters: {x: x}}
          - {local_fieldname: items, remote_fieldname: lines, mapping_type: Child Table, mapping: B}
        """);
    files.mapping(
        "B",
        """
          - {local_fieldname: item, remote_fieldname: sku, mapping_type: Document, mapping: C, remote_value_filters: {code: sku}}
        """);
    files.mapping("C", "  - {local_fieldname: c, remote_fieldname: x}\n");
    var mapDocument = files.mapDocument();
    var mapped =
        mapDocument.map(
            files.read().find("A").orElseThrow(),
            json("{'x': 'Ada', 'lines': [{'sku': ''}, {'sku': 'S1'}]}"));

    ObjectNode finished = mapDocument.finish(mapped, List.of("CUST-1", "ITEM-1"));

    assertThat(mapped.needed())
        .extracting(NeededDocument::table, NeededDocument::row, n -> n.filters().toString())
        .containsExactly(tuple(null, 0, "{\"x\":\"Ada\"}"), tuple("items", 1, "{\"code\":\"S1\"}"));
    assertThat(finished)
        .isEqualTo(
            json(
                "{'doctype': 'Our A', 'party': 'CUST-1', 'items': [{'doctype': 'Our B'}, {'doctype':"
                    + " 'Our B', 'item': 'ITEM-1'}]}"));
    assertThatThrownBy(() -> mapDocument.finish(mapped, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void the_default_of_a_document_row_wins_over_the_document() {
    files.mapping(
        "A",
        """
          - {local_fieldname: party, remote_fieldname: x, mapping_type: Document, mapping: C, remote_value_filters: {x: x}, default_value: Walk-In}
        """);
    files.mapping("C", "  - {local_fieldname: c, remote_fieldname: x}\n");

    var mapped = files.map(json("{'x': 'Ada'}"));

    assertThat(mapped.needed()).isEmpty();
    assertThat(mapped.document()).isEqualTo(json("{'doctype': 'Our A', 'party': 'Walk-In'}"));
  }

  @Test
  void filters_that_are_all_empty_find_no_document_that_happens_to_be_as_empty() {
    files
        .define("Their A", "buyer:Data", "email:Data", "phone:Data")
        .mapping(
            "A",
            """
                  - local_fieldname: party
                    remote_fieldname: buyer
                    mapping_type: Document
                    mapping: C
                    remote_value_filters: {email: email, phone: phone}
                """)
        .mapping("C", "  - {local_fieldname: x, remote_fieldname: x}");

    assertThat(files.map(json("{'buyer': 'Ada', 'phone': '0123'}")).needed()).hasSize(1);
    assertThatThrownBy(() -> files.map(json("{'buyer': 'Ada', 'email': ''}")))
        .isInstanceOf(MappingFailed.class)
        .hasMessageContaining("party")
        .hasMessageContaining("none of its filters (email, phone) has a value");
  }

  @Test
  void a_filter_is_an_expression_or_a_field_or_else_a_literal_text() {
    files.define("Their A", "x:Data", "city:Data");
    files.mapping(
        "A",
        """
          - local_fieldname: party
            remote_fieldname: x
            mapping_type: Document
            mapping: C
            remote_value_filters: {a: "eval:doc.qty + 1", b: qty, c: Berlin, d: name, e: city}
        """);
    files.mapping("C", "  - {local_fieldname: c, remote_fieldname: x}\n");

    var mapped = files.map(json("{'x': 'Ada', 'qty': 0, 'name': 'T-1'}"));

    assertThat(mapped.needed().get(0).filters())
        .isEqualTo(json("{'a': 1, 'b': 0, 'c': 'Berlin', 'd': 'T-1', 'e': null}"));
  }

  @Test
  void a_json_path_reads_into_the_document() {
    files.mapping(
        "A",
        """
          - {local_fieldname: sum, jsonpath: "$.totals.discounts.sum()", type: Float, default_value: 0}
          - {local_fieldname: first, jsonpath: "$.lines[0].sku"}
          - {local_fieldname: free, jsonpath: "$.lines[?(@.price == 0)].sku"}
          - {local_fieldname: none, jsonpath: "$.nothing.here"}
        """);

    assertThat(
            files
                .map(
                    json(
                        "{'totals': {'discounts': [1.5, 2]}, 'lines': [{'sku': 'S1', 'price': 1},"
                            + " {'sku': 'S2', 'price': 0}]}"))
                .document())
        .isEqualTo(json("{'doctype': 'Our A', 'sum': 3.5, 'first': 'S1', 'free': 'S2'}"));
    assertThat(files.map(json("{}")).document()).isEqualTo(json("{'doctype': 'Our A', 'sum': 0}"));
  }

  @Test
  void a_json_path_that_matches_several_values_fails() {
    files.mapping("A", "  - {local_fieldname: a, jsonpath: \"$.lines[*].sku\"}\n");

    assertThatThrownBy(() -> files.map(json("{'lines': [{'sku': 1}, {'sku': 2}]}")))
        .isInstanceOf(MappingFailed.class)
        .hasMessageContaining("matches 2 values: choose one");
  }

  @Test
  void expressions_compute_values_in_three_languages() {
    files.mapping(
        "A",
        """
          - local_fieldname: a
            expression: {language: frappe, text: "'Order %s' % doc.name"}
          - local_fieldname: b
            expression: {language: jsonpath, text: $.name}
          - local_fieldname: c
            expression: {language: jsonata, text: "$sum(lines.(qty * price))"}
          - local_fieldname: d
            expression: {language: frappe, text: "sum(row.qty for row in doc.lines)"}
        """);

    assertThat(
            files
                .map(
                    json(
                        "{'name': 'T-1', 'lines': [{'qty': 2, 'price': 1.5}, {'qty': 3, 'price':"
                            + " 2}]}"))
                .document())
        .isEqualTo(
            json(
                "{'doctype': 'Our A', 'name': 'T-1', 'a': 'Order T-1', 'b': 'T-1', 'c': 9, 'd': 5}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"$f($n + 1) + 1", "$f($n + 1)"})
  void an_expression_that_runs_away_is_stopped(String body) {
    files.mapping(
        "A",
        """
          - local_fieldname: a
            expression: {language: jsonata, text: "($f := function($n){%s}; $f(1))"}
        """
            .formatted(body));

    assertThatThrownBy(() -> files.map(json("{}")))
        .isInstanceOf(MappingFailed.class)
        .hasMessageContaining("could not make a (mappings/a.yaml:5:5): JSONata: ");
  }

  @Test
  void numbers_are_numbers_in_jsonata() {
    files.mapping(
        "A",
        """
        before:
          language: jsonata
          text: |
            {"equal": x = 1.5, "whole": y = 2, "less": x < y, "sum": x + y + 0.1, "text": $string(y),
             "same": x, "round": $round(x * 3, 1), "found": rows[price = 1.5].sku, "large": z}
        unmapped_fields: keep
        field_mapping:
          - {local_fieldname: a, default_value: 1}
        """);

    assertThat(
            files
                .map(
                    json(
                        "{'x': 1.50, 'y': 2.0, 'z': 9007199254740993, 'rows': [{'sku': 'S1', 'price':"
                            + " 1.50}, {'sku': 'S2', 'price': 2}]}"))
                .document())
        .isEqualTo(
            json(
                "{'doctype': 'Our A', 'a': 1, 'equal': true, 'whole': true, 'less': true, 'sum': 3.6,"
                    + " 'text': '2.0', 'same': 1.50, 'round': 4.5, 'found': 'S1', 'large':"
                    + " 9007199254740993}"));
  }

  @Test
  void a_value_map_translates_values_and_reports_what_it_does_not_know() {
    files.mapping(
        "A",
        """
          - {local_fieldname: a, remote_fieldname: x, value_map: {"€": EUR, "1": Yes, "2": null}}
        """);

    assertThat(files.map(json("{'x': '€'}")).document().get("a"))
        .isEqualTo(TextNode.valueOf("EUR"));
    assertThat(files.map(json("{'x': 1.0}")).document().get("a"))
        .isEqualTo(TextNode.valueOf("Yes"));
    assertThat(files.map(json("{'x': 2}")).document().has("a")).isFalse();
    var unknown = files.map(json("{'x': 'CHF'}"));
    assertThat(unknown.document().get("a")).isEqualTo(TextNode.valueOf("CHF"));
    assertThat(unknown.notes()).containsExactly("a: 'CHF' is not in value_map, it stays");
  }

  @Test
  void what_a_value_map_does_not_know_can_take_the_default_or_fail() {
    files.mapping(
        "A",
        """
          - {local_fieldname: a, remote_fieldname: x, value_map: {y: z}, value_map_missing: default, default_value: INR}
        """);
    files.mapping(
        "B",
        "  - {local_fieldname: a, remote_fieldname: x, value_map: {y: z}, value_map_missing: fail}\n");

    var unknown = files.map(json("{'x': 'CHF'}"));

    assertThat(unknown.document().get("a")).isEqualTo(TextNode.valueOf("INR"));
    assertThat(unknown.notes())
        .containsExactly("a: 'CHF' is not in value_map, default_value is used");
    assertThatThrownBy(
            () ->
                files.mapDocument().map(files.read().find("B").orElseThrow(), json("{'x': 'CHF'}")))
        .isInstanceOf(MappingFailed.class)
        .hasMessage(
            "Document Type Mapping 'B' could not make a (mappings/b.yaml:5:5): 'CHF' is not in"
                + " value_map. The document is not applied. Correct the row or the document on the"
                + " producer, or set on_error in the row.");
  }

  @Test
  void constants_and_rows_that_apply_only_sometimes() {
    files.mapping(
        "A",
        """
          - {local_fieldname: update_stock, constant: 1, when: doc.delivery == "pickup"}
          - {local_fieldname: posted, constant: "2026-01-31 10:00:00", type: Date}
        """);

    assertThat(files.map(json("{'delivery': 'pickup'}")).document())
        .isEqualTo(json("{'doctype': 'Our A', 'update_stock': 1, 'posted': '2026-01-31'}"));
    assertThat(files.map(json("{'delivery': 'mail'}")).document())
        .isEqualTo(json("{'doctype': 'Our A', 'posted': '2026-01-31'}"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "Data| 12.50| '12.50'",
        "Data| ' a '| 'a'",
        "Data| true| '1'",
        "Int| '7'| 7",
        "Int| 7.0| 7",
        "Int| '-12345678901'| -12345678901",
        "Int| '7.5'| fails: '7.5' is not a whole number",
        "Int| 'seven'| fails: 'seven' is not a number",
        "Int| [7]| fails: [7] is not a single value",
        "Float| '7.25'| 7.25",
        "Float| '1e9'| fails: '1e9' is not a number",
        "Currency| 7.10| 7.10",
        "Check| 'Yes'| 1",
        "Check| false| 0",
        "Check| 1.0| 1",
        "Check| 2| fails: 2 is neither 0 nor 1",
        "Date| '2026-1-5 10:00:00'| '2026-01-05'",
        "Date| '31.01.2026'| fails: '31.01.2026' is not a time like",
        "Date| '2026-02-30'| fails: '2026-02-30' is not a time like",
        "Datetime| '2026-01-05'| '2026-01-05 00:00:00.000000'",
        "Datetime| '2026-01-05T10:11:12.5'| '2026-01-05 10:11:12.500000'",
        "Time| '9:05:00'| '09:05:00'",
        "Time| '23:59:59.25'| '23:59:59.250000'",
        "Time| '2026-01-05 10:11:12'| '10:11:12'",
        "Time| '24:00:00'| fails: '24:00:00' is not a time of a day",
        "JSON| {'a': [1]}| '{\"a\":[1]}'",
        "JSON| '[1, 2]'| '[1, 2]'",
        "JSON| '[1, '| fails: '[1, ' is not JSON"
      },
      delimiter = '|')
  void a_type_makes_what_frappe_keeps_in_such_a_field(String type, String given, String wanted) {
    files.mapping("A", "  - {local_fieldname: a, remote_fieldname: x, type: " + type + "}\n");
    ObjectNode document = json("{'x': " + given + "}");

    if (wanted.startsWith("fails: ")) {
      assertThatThrownBy(() -> files.map(document))
          .isInstanceOf(MappingFailed.class)
          .hasMessageContaining(wanted.substring(7));
    } else {
      assertThat(files.map(document).document().get("a").toString().replace("\\\"", "\""))
          .isEqualTo(wanted.replace('\'', '"'));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Date, dd.MM.yyyy, 31.01.2026, 2026-01-31",
    "Date, yyyy-MM-dd'T'HH:mm:ssXXX, 2026-01-31T23:30:00-08:00, 2026-01-31",
    "Datetime, dd/MM/yyyy HH:mm, 31/01/2026 08:15, 2026-01-31 08:15:00.000000",
    "Time, h:mm a, 8:15 PM, 20:15:00"
  })
  void a_format_reports_how_the_producer_writes_a_time(
      String type, String format, String given, String wanted) {
    files.mapping(
        "A",
        "  - {local_fieldname: a, remote_fieldname: x, type: %s, format: \"%s\"}\n"
            .formatted(type, format));

    assertThat(files.map(json("{'x': '" + given + "'}")).document().get("a"))
        .isEqualTo(TextNode.valueOf(wanted));
    assertThatThrownBy(() -> files.map(json("{'x': 'soon'}")))
        .hasMessageContaining("'soon' is not written as format says");
  }

  @ParameterizedTest
  @CsvSource({
    "Date, dd.MM.yyyy, 31.02.2026",
    "Date, d MMM yy, 31 Apr 26",
    "Datetime, yyyy-MM-dd HH:mm, 2026-02-29 10:00"
  })
  void a_day_that_does_not_exist_is_none(String type, String format, String given) {
    files.mapping(
        "A",
        "  - {local_fieldname: a, remote_fieldname: x, type: %s, format: \"%s\"}\n"
            .formatted(type, format));

    assertThatThrownBy(() -> files.map(json("{'x': '" + given + "'}")))
        .hasMessageContaining("'" + given + "' is not written as format says");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$number(x)",
        "$toMillis(x)",
        "$sort([1, x])",
        "$parseInteger(x, 'w')",
        "$base64decode('%zz')"
      })
  void whatever_an_expression_of_jsonata_stumbles_over_fails_its_row_alone(String text) {
    files.mapping(
        "A",
        "  - {local_fieldname: a, expression: {language: jsonata, text: \"%s\"}}\n"
            .formatted(text));

    assertThatThrownBy(() -> files.map(json("{'x': 'n/a'}")))
        .isInstanceOf(MappingFailed.class)
        .hasMessageContaining("JSONata: ");
  }

  @Test
  void only_the_row_that_took_a_default_names_what_is_here() {
    files.mapping(
        "A",
        """
          - {local_fieldname: customer, remote_fieldname: buyer, default_value: ACME}
          - {local_fieldname: items, remote_fieldname: lines, mapping_type: Child Table, mapping: B}
        """);
    files.mapping(
        "B", "  - {local_fieldname: house, remote_fieldname: house, default_value: Main}\n");

    var mapped =
        files.map(
            json(
                "{'lines': ["
                    + "{'name': 'l1'}, {'name': 'l2', 'house': 'Stores'}, {'house': null}]}"));

    assertThat(mapped.ours())
        .containsExactlyInAnyOrder("customer", "items/l1.house", "items.house");
  }

  @Test
  void where_rows_are_reshaped_a_default_in_one_of_them_stands_for_all() {
    files.mapping(
        "A",
        """
        after: {language: jsonata, text: "{'items': items.{'house': house}}"}
        field_mapping:
          - {local_fieldname: items, remote_fieldname: lines, mapping_type: Child Table, mapping: B}
        """);
    files.mapping(
        "B", "  - {local_fieldname: house, remote_fieldname: house, default_value: Main}\n");

    assertThat(files.map(json("{'lines': [{'name': 'l1'}]}")).ours())
        .containsExactly("items.house");
  }

  @Test
  void a_number_that_would_fill_the_memory_fails_alone() {
    files.mapping(
        "A",
        """
          - {local_fieldname: a, remote_fieldname: x, type: Int}
          - {local_fieldname: b, remote_fieldname: y, value_map: {1: one}}
        """);

    assertThatThrownBy(() -> files.map(json("{'x': 1e2000000000}")))
        .isInstanceOf(MappingFailed.class)
        .hasMessageContaining("is not a number that a field can hold");
    assertThat(files.map(json("{'y': 1e2000000000}")).notes())
        .containsExactly("b: 1E+2000000000 is not in value_map, it stays");
  }

  @Test
  void a_long_constant_keeps_its_digits() {
    files.mapping(
        "A",
        """
          - {local_fieldname: a, constant: 1234567890123456789}
          - {local_fieldname: b, constant: 12345678901234567890}
          - {local_fieldname: c, default_value: 0.12345678901234567891}
        """);

    assertThat(files.map(json("{}")).document().toString())
        .contains("1234567890123456789,", "12345678901234567890,", "0.12345678901234567891}");
  }

  @Test
  void a_filter_on_a_field_that_is_known_and_empty_looks_for_what_is_empty_too() {
    files.mapping(
        "A",
        """
          - local_fieldname: buyer
            remote_fieldname: buyer
            mapping_type: Document
            mapping: B
            remote_value_filters: {full_name: buyer, country: country, kind: retail}
        """);
    files.mapping("B", "  - {local_fieldname: title, remote_fieldname: full_name}\n");
    var read = files.read();
    // as the stream learns it, long after the files were read
    files.define("Their A", "buyer:Data", "country:Data");
    var document =
        new MapDocument(
            read,
            DocTypes.of(files.definitions()),
            (uri, unused) -> MissingNode.getInstance(),
            TestMappings::scope);

    var needed = document.map(read.named("A"), json("{'buyer': 'Ann'}")).needed().get(0).filters();

    assertThat(needed).isEqualTo(json("{'full_name': 'Ann', 'country': null, 'kind': 'retail'}"));
  }

  @Test
  void a_row_that_fails_can_take_its_default_or_be_left_out() {
    files.mapping(
        "A",
        """
          - {local_fieldname: a, remote_fieldname: x, type: Int, on_error: default, default_value: 0}
          - {local_fieldname: b, remote_fieldname: x, type: Int, on_error: skip}
          - {local_fieldname: c, expression: {language: frappe, text: "doc.x + 1"}, on_error: skip}
        """);

    var mapped = files.map(json("{'x': 'many'}"));

    assertThat(mapped.document()).isEqualTo(json("{'doctype': 'Our A', 'a': 0}"));
    assertThat(mapped.notes())
        .hasSize(3)
        .contains(
            "a: 'many' is not a number, default_value is used",
            "b: 'many' is not a number, it stays empty");
  }

  @Test
  void a_row_of_a_table_that_fails_reports_its_own_mapping() {
    files.mapping(
        "A",
        """
          - {local_fieldname: items, remote_fieldname: lines, mapping_type: Child Table, mapping: B, on_error: skip}
        """);
    files.mapping("B", "  - {local_fieldname: qty, remote_fieldname: count, type: Int}\n");

    assertThatThrownBy(() -> files.map(json("{'lines': [{'count': 'x'}]}")))
        .isInstanceOf(MappingFailed.class)
        .hasMessageStartingWith(
            "Document Type Mapping 'B' could not make qty (mappings/b.yaml:5:5): 'x' is not a"
                + " number.");
  }

  @Test
  void a_route_computes_a_value_from_a_copy_of_the_document() {
    files.mapping(
        "A",
        """
          - {local_fieldname: grp, route: direct:customer-group, value_map: {gold: Gold}}
          - {local_fieldname: x, remote_fieldname: x}
          - {local_fieldname: other, route: direct:broken, on_error: skip}
        """);
    List<String> called = new ArrayList<>();
    RouteHook routes =
        (uri, document) -> {
          called.add(uri + " " + document);
          document.removeAll();
          if (uri.equals("direct:broken")) {
            throw new NoValue("direct:broken failed: no such table");
          }
          return TextNode.valueOf("gold");
        };

    var mapped =
        files.mapDocument(routes).map(files.read().find("A").orElseThrow(), json("{'x': 1}"));

    assertThat(called)
        .containsExactly("direct:customer-group {\"x\":1}", "direct:broken {\"x\":1}");
    assertThat(mapped.document()).isEqualTo(json("{'doctype': 'Our A', 'grp': 'Gold', 'x': 1}"));
    assertThat(mapped.notes())
        .containsExactly("other: direct:broken failed: no such table, it stays empty");
  }

  @Test
  void a_document_can_be_reshaped_before_and_after_its_rows() {
    files.mapping(
        "A",
        """
        before: {language: jsonata, text: '{"code": lines[0].sku, "total": $sum(lines.price)}'}
        after: {language: jsonata, text: '$ ~> |$|{"label": party & "/" & code}|'}
        field_mapping:
          - {local_fieldname: code, remote_fieldname: code}
          - {local_fieldname: total, remote_fieldname: total}
          - {local_fieldname: party, remote_fieldname: code, mapping_type: Document, mapping: C, remote_value_filters: {x: code}}
        """);
    files.mapping("C", "  - {local_fieldname: c, remote_fieldname: x}\n");
    var mapDocument = files.mapDocument();

    var mapped =
        mapDocument.map(
            files.read().find("A").orElseThrow(),
            json("{'name': 'T-1', 'docstatus': 1, 'lines': [{'sku': 'S1', 'price': 1.5}]}"));

    assertThat(mapDocument.finish(mapped, List.of("CUST-1")))
        .isEqualTo(
            json(
                "{'doctype': 'Our A', 'name': 'T-1', 'docstatus': 1, 'code': 'S1', 'total': 1.5,"
                    + " 'party': 'CUST-1', 'label': 'CUST-1/S1'}"));
  }

  @Test
  void reshaping_must_give_a_document() {
    files.mapping(
        "A",
        """
        before: {language: jsonata, text: lines.sku}
        field_mapping:
          - {local_fieldname: a, constant: 1}
        """);

    assertThatThrownBy(() -> files.map(json("{'lines': {'sku': 'S1'}}")))
        .isInstanceOf(MappingFailed.class)
        .hasMessageContaining(
            "'A' could not reshape the document by before (mappings/a.yaml:1:1): it must give a"
                + " document, gave 'S1'");
  }

  @Test
  void the_shop_order_of_the_reference_becomes_a_sales_invoice() {
    files.resource("shop-order.yaml").resource("jsonata/shop-order.jsonata");

    var mapped =
        files.map(
            json(
                "{'doctype': 'Shop Order', 'name': 'S-7', 'contact': {'id': 'B1', 'email':"
                    + " 'Ada@Example.com'}, 'ordered_at': '2026-01-31T23:30:00+01:00', 'cur': '€',"
                    + " 'totals': {'discounts': [1.5, 2]}, 'delivery': 'pickup', 'lines': [{'name':"
                    + " 'l1', 'sku': 'BOLT', 'price': '9.90'}]}"));

    assertThat(mapped.document())
        .isEqualTo(
            json(
                "{'doctype': 'Sales Invoice', 'name': 'S-7', 'posting_date': '2026-01-31',"
                    + " 'currency': 'EUR', 'discount_amount': 3.5, 'remarks': 'Shop order S-7',"
                    + " 'update_stock': 1, 'items': [{'doctype': 'Sales Invoice Item', 'name':"
                    + " 'l1', 'item_code': 'BOLT', 'rate': 9.90}]}"));
    assertThat(mapped.needed().get(0).filters()).isEqualTo(json("{'email': 'ada@example.com'}"));
  }

  @Test
  void the_export_of_frappe_maps_as_there() {
    files.resource("export.json");

    var mapped = files.map(json("{'name': '17', 'title': 'Broken', 'account': 'ACME'}"));

    assertThat(mapped.document())
        .isEqualTo(
            json("{'doctype': 'Issue', 'name': '17', 'subject': 'Broken', 'priority': 'Medium'}"));
    assertThat(mapped.needed().get(0).filters())
        .isEqualTo(json("{'account_name': 'ACME', 'region': 'EMEA'}"));
  }

  @Test
  void the_document_that_came_in_stays_as_it_is_and_shares_nothing_with_what_goes_out() {
    files.mapping(
        "A",
        """
        unmapped_fields: keep
        field_mapping:
          - {local_fieldname: a, remote_fieldname: x}
          - {local_fieldname: b, remote_fieldname: x}
          - {local_fieldname: c, jsonpath: $.x}
        """);
    ObjectNode document = json("{'x': [{'k': 1}], 'y': [{'k': 2}]}");
    ObjectNode before = document.deepCopy();

    var mapped = files.map(document).document();
    for (String field : List.of("a", "b", "c", "y")) {
      ((ObjectNode) mapped.get(field).get(0)).set("k", IntNode.valueOf(9));
    }

    assertThat(document).isEqualTo(before);
  }

  @Test
  void each_field_reports_which_row_gave_it() {
    files.mapping(
        "A",
        """
        unmapped_fields: keep
        field_mapping:
          - {local_fieldname: a, remote_fieldname: x, default_value: 1}
          - {local_fieldname: b, constant: 1, when: doc.x}
          - {local_fieldname: items, remote_fieldname: lines, mapping_type: Child Table, mapping: B}
        """);
    files.mapping("B", "  - {local_fieldname: qty, remote_fieldname: count}\n");
    List<String> given = new ArrayList<>();

    files
        .mapDocument()
        .explain(
            files.read().find("A").orElseThrow(),
            json("{'z': 1, 'lines': [{'count': 1}]}"),
            source -> given.add(source.field() + " " + source.how() + " " + source.row()));

    assertThat(given)
        .containsExactly(
            "z STAYS null",
            "a DEFAULT mappings/a.yaml:6:5",
            "b NOT_APPLIED mappings/a.yaml:7:5",
            "items[0].qty VALUE mappings/b.yaml:5:5",
            "items VALUE mappings/a.yaml:8:5");
  }

  @Test
  void numbers_keep_their_digits() {
    files.mapping("A", "  - {local_fieldname: a, remote_fieldname: x}\n");

    assertThat(files.map(json("{'x': 1234567890123456.123456789}")).document().toString())
        .contains("1234567890123456.123456789");
  }
}
