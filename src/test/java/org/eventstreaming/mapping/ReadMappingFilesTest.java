package org.eventstreaming.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadMappingFilesTest {
  @TempDir Path directory;
  private TestMappings files;

  @BeforeEach
  void aProject() {
    files = TestMappings.in(directory);
  }

  @Test
  void a_project_without_the_directory_has_no_mappings() {
    assertThat(files.read().all()).isEmpty();
  }

  @Test
  void several_documents_of_one_file_are_several_mappings() {
    var mappings = files.resource("opportunity.yaml").read();

    assertThat(mappings.all())
        .extracting(DocumentTypeMapping::toString)
        .containsExactly(
            "Opportunity from ERPNext Opportunity (mappings/opportunity.yaml:2:1)",
            "Lead from ERPNext Opportunity (mappings/opportunity.yaml:23:1)",
            "Opportunity Item from ERPNext Opportunity Item (mappings/opportunity.yaml:31:1)");
    assertThat(mappings.find("Lead from ERPNext Opportunity").orElseThrow().localDoctype())
        .isEqualTo("Lead");
  }

  @Test
  void expressions_may_lie_in_files_of_their_own() {
    var mappings = files.resource("shop-order.yaml").resource("jsonata/shop-order.jsonata").read();

    assertThat(mappings.all()).hasSize(3);
  }

  @Test
  void an_export_of_frappe_loads_unchanged() {
    var mappings = files.resource("export.json").read();

    assertThat(mappings.all())
        .extracting(DocumentTypeMapping::mappingName)
        .containsExactly("Issue from Ticket", "Customer from Account");
    assertThat(mappings.find("Issue from Ticket").orElseThrow().rows())
        .extracting(FieldMapping::localFieldname)
        .containsExactly("subject", "customer", "priority", "name");
  }

  @Test
  void a_row_that_frappes_form_left_empty_maps_nothing_and_one_that_somebody_wrote_is_refused() {
    String rows =
        """
          - {local_fieldname: title, remote_fieldname: subject}
          - {local_fieldname: color, remote_fieldname: "", mapping_type: null%s}
        """;

    files.mapping("A", rows.formatted(", parent: A, parentfield: field_mapping"));
    assertThat(files.read().find("A").orElseThrow().rows())
        .extracting(FieldMapping::localFieldname)
        .containsExactly("title");

    files.mapping("A", rows.formatted(""));
    assertThat(files.refusal())
        .hasSize(1)
        .allMatch(line -> line.startsWith("mappings/a.yaml:6:5: the row gives no value: "));
  }

  @Test
  void a_value_of_a_wrong_kind_is_reported_with_the_kinds_that_are_possible() {
    files.mapping(
        "A",
        """
          - {local_fieldname: a, constant: [1]}
          - {local_fieldname: b, remote_fieldname: b, value_map: {}}
        """);

    assertThat(files.refusal())
        .containsExactly(
            "mappings/a.yaml:5:36: constant must be text, a number or true or false, was a list",
            "mappings/a.yaml:6:58: value_map must have at least 1 key");
  }

  @Test
  void what_breaks_the_schema_is_reported_with_its_place() {
    files.file(
        "broken.yaml",
        """
        mapping_name: Broken
        local_doctype: Item
        remote_doctyp: Article
        unmapped_fields: all
        field_mapping:
          - local_fieldname: item name
            mapping_type: Table
            jsonpath: totals.sum
            route: seda:name
            expression: {language: groovy, text: x}
        """);

    assertThat(files.refusal())
        .containsExactly(
            "mappings/broken.yaml:1:1: the key remote_doctype is missing",
            "mappings/broken.yaml:3:1: unknown key 'remote_doctyp': did you mean remote_doctype?",
            "mappings/broken.yaml:4:18: unmapped_fields must be known, keep or drop, was 'all'",
            "mappings/broken.yaml:6:22: local_fieldname must be a fieldname: letters, digits and _",
            "mappings/broken.yaml:7:19: mapping_type 'Table' must be Child Table or Document",
            "mappings/broken.yaml:8:15: jsonpath must begin with $",
            "mappings/broken.yaml:9:12: route must be direct: and the name of a route, such as"
                + " direct:customer-group",
            "mappings/broken.yaml:10:17: use only one of remote_fieldname, jsonpath, expression,"
                + " constant, route",
            "mappings/broken.yaml:10:28: language must be frappe, jsonpath or jsonata, was"
                + " 'groovy'");
  }

  @ParameterizedTest
  @CsvSource({
    "remote_fieldname: a, jsonpath: $.a",
    "jsonpath: $.a, constant: 1",
    "constant: 1, route: direct:a",
    "remote_fieldname: a, 'expression: {language: frappe, text: doc.a}'"
  })
  void a_row_has_one_source(String one, String other) {
    files.mapping("A", "  - local_fieldname: a\n    %s\n    %s\n".formatted(one, other));

    assertThat(files.refusal())
        .hasSize(1)
        .allMatch(
            line ->
                line.matches(
                    "mappings/a.yaml:7:\\d+: use only one of remote_fieldname, jsonpath,"
                        + " expression, constant, route"));
  }

  @Test
  void a_row_without_any_value_is_refused() {
    files.mapping("A", "  - local_fieldname: a\n    type: Int\n");

    assertThat(files.refusal())
        .containsExactly(
            "mappings/a.yaml:5:5: the row gives no value: it needs remote_fieldname, jsonpath,"
                + " expression, constant, route or default_value");
  }

  @Test
  void a_document_row_needs_filters_and_a_mapping() {
    files.mapping(
        "A",
        """
          - {local_fieldname: a, remote_fieldname: a, mapping_type: Document}
          - {local_fieldname: b, constant: 1, mapping_type: Child Table, type: Int}
        """);

    assertThat(files.refusal())
        .containsExactly(
            "mappings/a.yaml:5:61: mapping_type Document needs mapping",
            "mappings/a.yaml:5:61: mapping_type Document needs remote_value_filters",
            "mappings/a.yaml:6:53: mapping_type Child Table needs remote_fieldname",
            "mappings/a.yaml:6:53: mapping_type Child Table needs mapping",
            "mappings/a.yaml:6:66: type does not go with mapping_type Child Table: remove it");
  }

  @Test
  void a_mapping_without_its_type_is_a_slip_of_the_pen() {
    files.mapping("A", "  - {local_fieldname: a, remote_fieldname: a, mapping: A}\n");

    assertThat(files.refusal())
        .containsExactly(
            "mappings/a.yaml:5:56: mapping needs mapping_type: Child Table or Document");
  }

  @Test
  void a_field_here_has_one_row() {
    files.mapping(
        "A",
        """
          - {local_fieldname: a, remote_fieldname: x}
          - {local_fieldname: b, remote_fieldname: x}
          - {local_fieldname: a, remote_fieldname: y}
        """);

    assertThat(files.refusal())
        .containsExactly(
            "mappings/a.yaml:7:23: this local_fieldname is in row 1 already: a field has one"
                + " row");
  }

  @Test
  void a_name_stands_once_in_all_files_and_both_places_are_reported() {
    files.mapping("A", "  - {local_fieldname: a, remote_fieldname: x}\n");
    files.file(
        "b.yaml",
        """
        - mapping_name: "A"
          local_doctype: X
          remote_doctype: Y
          field_mapping: [{local_fieldname: a, remote_fieldname: x}]
        """);

    assertThat(files.refusal())
        .containsExactly(
            "mappings/b.yaml:1:17: this mapping_name is in mappings/a.yaml:1:15 already: a name"
                + " appears once in all files");
  }

  @Test
  void an_unknown_mapping_is_reported_with_the_nearest() {
    files.mapping(
        "Order",
        """
          - {local_fieldname: items, remote_fieldname: rows, mapping_type: Child Table, mapping: Lime}
        """);
    files.mapping("Line", "  - {local_fieldname: a, remote_fieldname: x}\n");

    assertThat(files.refusal())
        .containsExactly(
            "mappings/order.yaml:5:90: there is no mapping 'Lime': did you mean 'Line'?");
  }

  @Test
  void mappings_that_ask_for_each_other_without_end_are_refused() {
    String row =
        "  - {local_fieldname: a, remote_fieldname: x, mapping_type: Document, mapping: %s,"
            + " remote_value_filters: {x: x}}\n";
    files.mapping("A", row.formatted("B"));
    files.mapping("B", row.formatted("C"));
    files.mapping("C", row.formatted("B"));
    files.mapping("D", row.formatted("D"));

    assertThat(files.refusal())
        .containsExactly(
            "mappings/c.yaml:5:80: these mappings need each other in a cycle: B → C → B",
            "mappings/d.yaml:5:80: these mappings need each other in a cycle: D → D");
  }

  @Test
  void child_rows_have_no_child_tables() {
    String row =
        "  - {local_fieldname: a, remote_fieldname: x, mapping_type: Child Table, mapping: %s}\n";
    files.mapping("A", row.formatted("B"));
    files.mapping("B", row.formatted("C"));
    files.mapping("C", "  - {local_fieldname: a, remote_fieldname: x}\n");

    assertThat(files.refusal())
        .containsExactly(
            "mappings/a.yaml:5:83: the rows of a child table have no child tables, 'B' maps one"
                + " (mappings/b.yaml:5:83)");
  }

  @Test
  void fields_that_a_known_definition_does_not_have_are_refused_on_both_sides() {
    files.define("Our A", "customer_name:Data").define("Their A", "full_name:Data");
    files.mapping(
        "A",
        """
          - {local_fieldname: custmer_name, remote_fieldname: fullname}
          - {local_fieldname: owner, remote_fieldname: modified_by}
          - {local_fieldname: customer_name, remote_fieldname: parent}
        """);

    assertThat(files.refusal())
        .containsExactly(
            "mappings/a.yaml:5:23: Our A has no field custmer_name: did you mean customer_name?",
            "mappings/a.yaml:5:55: Their A has no field fullname: did you mean full_name?");
  }

  @Test
  void a_type_of_the_same_name_on_both_sides_is_checked_on_our_side_only() {
    files.define("Item", "item_name:Data");
    files.file(
        "item.yaml",
        """
        mapping_name: Item
        local_doctype: Item
        remote_doctype: Item
        field_mapping: [{local_fieldname: item_name, remote_fieldname: theirs_alone}]
        """);

    assertThat(files.read().all()).hasSize(1);
  }

  @Test
  void links_and_tables_need_a_mapping_or_a_default_as_in_frappe() {
    files.define(
        "Our A", "customer:Link:Customer", "party:Dynamic Link:party_type", "items:Table:Line");
    files.mapping(
        "A",
        """
          - {local_fieldname: customer, remote_fieldname: x}
          - {local_fieldname: party, remote_fieldname: y}
          - {local_fieldname: items, remote_fieldname: z}
        """);

    assertThat(files.refusal())
        .containsExactly(
            "mappings/a.yaml:5:51: customer is a Link of Customer: it needs mapping_type and"
                + " mapping, or default_value",
            "mappings/a.yaml:6:48: party is a Dynamic Link: it needs mapping_type and mapping, or"
                + " default_value",
            "mappings/a.yaml:7:48: items is a Table of Line: it needs mapping_type and mapping, or"
                + " default_value");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "remote_fieldname: x, default_value: Walk-In",
        "remote_fieldname: x, value_map: {a: b}",
        "constant: Walk-In",
        "jsonpath: $.x"
      })
  void who_says_what_a_link_is_needs_no_mapping(String source) {
    files.define("Our A", "customer:Link:Customer");
    files.mapping("A", "  - {local_fieldname: customer, %s}\n".formatted(source));

    assertThat(files.read().all()).hasSize(1);
  }

  @Test
  void a_mapping_must_make_what_the_field_points_to() {
    files.define("Our A", "customer:Link:Customer");
    files.mapping(
        "A",
        """
          - {local_fieldname: customer, remote_fieldname: x, mapping_type: Document, mapping: B, remote_value_filters: {x: x}}
        """);
    files.mapping("B", "  - {local_fieldname: a, remote_fieldname: x}\n");

    assertThat(files.refusal())
        .containsExactly(
            "mappings/a.yaml:5:87: documents of the type Customer are needed here, 'B' makes Our B");
  }

  @Test
  void a_mistake_in_an_expression_is_reported_where_it_stands_in_the_file() {
    files.file(
        "a.yaml",
        """
        mapping_name: A
        local_doctype: X
        remote_doctype: Y
        field_mapping:
          - local_fieldname: a
            constant: 1
            when: doc.status = "x"
          - local_fieldname: b
            expression:
              language: frappe
              text: |
                doc.qty *
                  doc.rate +
                  )
          - local_fieldname: c
            expression: {language: jsonata, text: "items["}
          - local_fieldname: d
            remote_fieldname: d
            mapping_type: Document
            mapping: B
            remote_value_filters:
              code: "eval: doc.code ="
          - local_fieldname: e
            jsonpath: $.items[?(@.qty >]
        ---
        mapping_name: B
        local_doctype: X
        remote_doctype: Y
        field_mapping: [{local_fieldname: a, constant: 1}]
        """);

    assertThat(files.refusal())
        .hasSize(5)
        .anyMatch(line -> line.startsWith("mappings/a.yaml:7:22: is not an expression: "))
        .anyMatch(line -> line.startsWith("mappings/a.yaml:14:11: is not an expression: "))
        .anyMatch(line -> line.startsWith("mappings/a.yaml:16:49: is not JSONata: "))
        .anyMatch(line -> line.startsWith("mappings/a.yaml:22:29: is not an expression: "))
        .anyMatch(line -> line.startsWith("mappings/a.yaml:24:22: is not a JSONPath: "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " -> ",
      quoteCharacter = '`',
      value = {
        "$.items[?(@.qty >] -> 8: a filter is written [?(…)], and this one is not closed or has no",
        "$.items[?(@.a && )] -> 18: the filter cannot be read from here on",
        "$.items[0 -> 8: [ is not closed by ], or holds something else: in [ ] stands an index, a",
        "$.items[ -> 8: [ is not closed by ]: in [ ] stands an index, a name in quotes, * or",
        "$.items[-] -> 8: this is not an index: in [ ] stands an index",
        "$.items.[ -> 9: [ is not closed by ]",
        "$.items. -> 8: a name must follow the last dot",
        "$.my name -> 3: a name with a blank is written in brackets, as ['my name']",
        "$['a' 'b'] -> 5: names in brackets are separated by commas",
        "$['a -> 2: a name in brackets is not closed by its quote and ]",
        "$.sum( -> 3: the parenthesis of sum() is not closed",
        "$.a[?(@.x =~ /a)] -> 14: a regular expression is not closed by /",
        "$.a[?(@.x == 'a)] -> 14: a text is not closed by its quote",
        "$a -> 2: after $ a . or [ must follow",
      })
  void a_mistake_in_a_json_path_is_reported_in_plain_words_at_its_place(String path, String given) {
    files.mapping(
        "A", "field_mapping:\n  - local_fieldname: a\n    jsonpath: |-\n      " + path + "\n");

    int column = 6 + Integer.parseInt(given.substring(0, given.indexOf(':')));
    assertThat(files.refusal())
        .hasSize(1)
        .allMatch(
            line ->
                line.startsWith(
                    "mappings/a.yaml:7:%d: is not a JSONPath: %s"
                        .formatted(column, given.substring(given.indexOf(' ') + 1))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " -> ",
      quoteCharacter = '~',
      value = {
        "items[ -> 6: ']' is missing before the end",
        "{a} -> 3: ':' is missing before '}'",
        "a + -> 3: it ends where a value must follow",
        "a b -> 3: 'b' is not allowed here: an operator is missing before it",
        "a + ] -> 5: ']' is not allowed here: a value is missing before it",
        "\"abc -> 4: a text is not closed by its quote",
        "a & \"\\q\" -> 6: a text has an unknown escape after its \\",
        "`abc -> 4: a quoted name is not closed by its backquote",
        "1 := 2 -> 1: a variable must precede :=, as $x",
        "/x -> 2: a regular expression is not closed by /",
        "a /* x -> 3: a comment is not closed by */",
      })
  void a_mistake_in_jsonata_is_reported_in_plain_words_at_its_place(String text, String given) {
    files.mapping(
        "A",
        "field_mapping:\n  - local_fieldname: a\n    expression:\n      language: jsonata\n"
            + "      text: |-\n        "
            + text
            + "\n");

    int column = 8 + Integer.parseInt(given.substring(0, given.indexOf(':')));
    assertThat(files.refusal())
        .hasSize(1)
        .allMatch(
            line ->
                line.startsWith(
                    "mappings/a.yaml:9:%d: is not JSONata: %s"
                        .formatted(column, given.substring(given.indexOf(' ') + 1))));
  }

  @Test
  void a_mistake_in_a_file_of_its_own_is_reported_there() {
    files.file("shop/broken.jsonata", "{\n  \"a\": ]\n}\n");
    files.mapping(
        "A",
        """
        before: {language: jsonata, resource: file:mappings/shop/broken.jsonata}
        after: {language: jsonata, resource: file:mappings/shop/none.jsonata}
        field_mapping:
          - {local_fieldname: a, constant: 1}
          - local_fieldname: b
            expression: {language: jsonata, resource: file:../b.jsonata}
          - local_fieldname: c
            expression: {language: frappe}
          - local_fieldname: d
            expression: {language: frappe, text: doc.a, resource: file:d.py}
        """);

    assertThat(files.refusal())
        .hasSize(5)
        .anyMatch(line -> line.startsWith("mappings/shop/broken.jsonata:2:8: is not JSONata: "))
        .contains("mappings/a.yaml:5:38: there is no file mappings/shop/none.jsonata")
        .contains("mappings/a.yaml:9:47: resource must lie within the project")
        .contains("mappings/a.yaml:11:17: the expression needs text or resource")
        .contains("mappings/a.yaml:13:49: use only one of text, resource");
  }

  @Test
  void filters_as_json_text_must_be_json_with_texts() {
    String row =
        "  - {local_fieldname: %1$s, remote_fieldname: x, mapping_type: Document, mapping: B,"
            + " remote_value_filters: '%2$s'}\n";
    files.mapping(
        "A",
        row.formatted("a", "{\"x\": }")
            + row.formatted("b", "[1]")
            + row.formatted("c", "{\"x\": 1}"));
    files.mapping("B", "  - {local_fieldname: a, remote_fieldname: x}\n");

    assertThat(files.refusal())
        .hasSize(3)
        .anyMatch(
            line -> line.startsWith("mappings/a.yaml:5:112: remote_value_filters is not JSON: "))
        .contains(
            "mappings/a.yaml:6:105: remote_value_filters must be a JSON object with at least one"
                + " filter",
            "mappings/a.yaml:7:105: the filter for x must be text");
  }

  @Test
  void keys_that_need_another_key_say_so() {
    files.mapping(
        "A",
        """
          - {local_fieldname: a, remote_fieldname: a, on_error: default}
          - {local_fieldname: b, remote_fieldname: b, value_map: {x: y}, value_map_missing: default}
          - {local_fieldname: c, remote_fieldname: c, value_map_missing: keep}
          - {local_fieldname: d, remote_fieldname: d, format: dd.MM.yyyy}
          - {local_fieldname: e, remote_fieldname: e, type: Date, format: "dd.MM.bbbb"}
          - {local_fieldname: f, remote_fieldname: f, type: Int, default_value: many}
          - {local_fieldname: g, constant: never, type: Date}
        """);

    assertThat(files.refusal())
        .hasSize(7)
        .contains(
            "mappings/a.yaml:5:57: on_error default needs default_value",
            "mappings/a.yaml:6:85: value_map_missing default needs default_value",
            "mappings/a.yaml:7:66: value_map_missing needs value_map",
            "mappings/a.yaml:8:55: format needs type: Date, Datetime or Time",
            "mappings/a.yaml:10:73: default_value: 'many' is not a number")
        .anyMatch(
            line -> line.startsWith("mappings/a.yaml:9:67: is not a pattern of a date or time: "))
        .anyMatch(
            line -> line.startsWith("mappings/a.yaml:11:36: constant: 'never' is not a time "));
  }

  @Test
  void what_is_made_here_cannot_be_mapped() {
    files.mapping(
        "A",
        """
          - {local_fieldname: doctype, constant: Item}
          - {local_fieldname: name, remote_fieldname: number}
        """);

    assertThat(files.refusal())
        .containsExactly(
            "mappings/a.yaml:5:23: doctype is made here: remove the row",
            "mappings/a.yaml:6:23: name is decided by use_same_name and the naming rule of the"
                + " DocType here: remove the row, or map to another field");
  }
}
