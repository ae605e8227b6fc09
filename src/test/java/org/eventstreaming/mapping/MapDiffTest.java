package org.eventstreaming.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.eventstreaming.mapping.TestMappings.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MapDiffTest {
  private static final String TABLE =
      "  - {local_fieldname: items, remote_fieldname: lines, mapping_type: Child Table, mapping:"
          + " B}\n";

  @TempDir Path directory;
  private TestMappings files;

  @BeforeEach
  void aProject() {
    files = TestMappings.in(directory);
  }

  @Test
  void changed_fields_are_renamed_typed_and_take_their_defaults() {
    files.mapping(
        "A",
        """
          - {local_fieldname: title, remote_fieldname: subject}
          - {local_fieldname: label, remote_fieldname: subject}
          - {local_fieldname: qty, remote_fieldname: count, type: Int}
          - {local_fieldname: area, remote_fieldname: region, default_value: EMEA}
          - {local_fieldname: note, remote_fieldname: remark}
          - {local_fieldname: kind, default_value: Lead}
        """);

    assertThat(
            diff(
                "{'changed': {'subject': 'New', 'count': '7', 'region': '', 'remark': null,"
                    + " 'theirs': 1, 'docstatus': 1}}"))
        .isEqualTo(
            json(
                "{'changed': {'docstatus': 1, 'title': 'New', 'label': 'New', 'qty': 7, 'area':"
                    + " 'EMEA', 'note': null}}"));
  }

  @Test
  void a_box_that_was_unticked_and_a_text_that_was_emptied_are_reported() {
    files.mapping(
        "A",
        """
          - {local_fieldname: a, remote_fieldname: x}
          - {local_fieldname: b, remote_fieldname: y}
        """);

    assertThat(diff("{'changed': {'x': 0, 'y': ''}}"))
        .isEqualTo(json("{'changed': {'a': 0, 'b': ''}}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "''"})
  void a_number_that_was_emptied_is_empty_here(String emptied) {
    files.mapping("A", "  - {local_fieldname: qty, remote_fieldname: count, type: Int}\n");

    assertThat(diff("{'changed': {'count': " + emptied + "}}"))
        .isEqualTo(json("{'changed': {'qty': null}}"));
  }

  @Test
  void child_rows_keep_their_names_and_follow_their_own_mapping() {
    files.mapping("A", TABLE);
    files.mapping(
        "B",
        """
          - {local_fieldname: code, remote_fieldname: sku}
          - {local_fieldname: qty, remote_fieldname: count, default_value: 1}
        """);

    assertThat(
            diff(
                "{'changed': {}, 'added': {'lines': [{'name': 'r3', 'idx': 3, 'doctype': 'L', 'sku':"
                    + " 'Z'}]}, 'removed': {'lines': ['r1']}, 'row_changed': {'lines': [{'name':"
                    + " 'r2', 'sku': 'Y'}, {'name': 'r4', 'theirs': 1}]}}"))
        .isEqualTo(
            json(
                "{'added': {'items': [{'doctype': 'Our B', 'name': 'r3', 'idx': 3, 'code': 'Z',"
                    + " 'qty': 1}]}, 'removed': {'items': ['r1']}, 'row_changed': {'items':"
                    + " [{'name': 'r2', 'code': 'Y'}]}}"));
  }

  @Test
  void a_table_is_looked_up_in_this_mapping_alone_and_unmapped_tables_are_ignored() {
    files.mapping("A", "  - {local_fieldname: title, remote_fieldname: subject}\n");
    files.mapping("Z", TABLE);
    files.mapping("B", "  - {local_fieldname: code, remote_fieldname: sku}\n");

    assertThat(diff("{'added': {'lines': [{'name': 'r1', 'sku': 'X'}]}}")).isEqualTo(json("{}"));
  }

  @Test
  void fields_and_tables_that_stay_are_reported_as_they_are() {
    files.define("Our A", "title:Data", "status:Data", "taxes:Table:Tax");
    files.mapping("A", "  - {local_fieldname: title, remote_fieldname: subject}\n");

    assertThat(
            diff(
                "{'changed': {'status': 'Open', 'theirs': 1}, 'row_changed': {'taxes': [{'name':"
                    + " 'r1', 'rate': 5}], 'other': [{'name': 'o1', 'x': 1}]}}"))
        .isEqualTo(
            json(
                "{'changed': {'status': 'Open'}, 'row_changed': {'taxes': [{'name': 'r1', 'rate':"
                    + " 5}]}}"));
  }

  @Test
  void a_table_that_is_only_renamed_keeps_its_rows() {
    files.mapping("A", "  - {local_fieldname: items, remote_fieldname: lines}\n");

    assertThat(diff("{'removed': {'lines': ['r1']}, 'added': {'lines': [{'name': 'r2', 'x': 1}]}}"))
        .isEqualTo(
            json("{'removed': {'items': ['r1']}, 'added': {'items': [{'name': 'r2', 'x': 1}]}}"));
  }

  @Test
  void a_diff_that_touches_nothing_that_is_followed_is_empty() {
    files.mapping("A", "  - {local_fieldname: title, remote_fieldname: subject}\n");

    assertThat(diff("{'changed': {'theirs': 1}, 'removed': {'rows': ['r1']}}"))
        .isEqualTo(json("{}"));
    assertThat(diff("{}")).isEqualTo(json("{}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "expression: {language: frappe, text: doc.x}",
        "jsonpath: $.x",
        "route: direct:x",
        "constant: 1, when: doc.x"
      })
  void a_row_that_reads_the_document_needs_the_whole_of_it(String source) {
    files.mapping(
        "A",
        """
          - {local_fieldname: title, remote_fieldname: subject}
          - {local_fieldname: a, %s}
        """
            .formatted(source));

    assertThat(map("{'changed': {'subject': 'New'}}"))
        .isEqualTo(new MappedDiff.NeedsWhole("a (mappings/a.yaml:6:5) is not in the diff"));
    assertThat(diff("{}")).isEqualTo(json("{}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"before", "after"})
  void reshaping_needs_the_whole_document(String key) {
    files.mapping(
        "A",
        key
            + ": {language: jsonata, text: $}\n"
            + "field_mapping:\n  - {local_fieldname: a, remote_fieldname: x}\n");

    assertThat(map("{'changed': {'x': 1}}"))
        .isEqualTo(
            new MappedDiff.NeedsWhole("A (mappings/a.yaml:1:1) reshapes the whole document"));
  }

  @Test
  void a_document_row_needs_the_whole_document_when_what_it_finds_may_be_another() {
    files.mapping(
        "A",
        """
          - {local_fieldname: title, remote_fieldname: subject}
          - {local_fieldname: party, remote_fieldname: x, mapping_type: Document, mapping: B, remote_value_filters: {e: email}}
        """);
    files.mapping("B", "  - {local_fieldname: a, remote_fieldname: x}\n");
    var whole = new MappedDiff.NeedsWhole("party (mappings/a.yaml:6:5) is not in the diff");

    assertThat(map("{'changed': {'x': 'Ada'}}")).isEqualTo(whole);
    assertThat(map("{'changed': {'email': 'ada@x'}}")).isEqualTo(whole);
    assertThat(diff("{'changed': {'subject': 'New'}}"))
        .isEqualTo(json("{'changed': {'title': 'New'}}"));
  }

  @Test
  void a_document_row_whose_filter_is_an_expression_needs_the_whole_document_always() {
    files.mapping(
        "A",
        """
          - {local_fieldname: title, remote_fieldname: subject}
          - {local_fieldname: party, remote_fieldname: x, mapping_type: Document, mapping: B, remote_value_filters: {e: "eval:doc.y"}}
        """);
    files.mapping("B", "  - {local_fieldname: a, remote_fieldname: x}\n");

    assertThat(map("{'changed': {'subject': 'New'}}")).isInstanceOf(MappedDiff.NeedsWhole.class);
  }

  @Test
  void the_default_of_a_document_row_is_reported_without_the_document() {
    files.mapping(
        "A",
        """
          - {local_fieldname: party, remote_fieldname: x, mapping_type: Document, mapping: B, remote_value_filters: {e: email}, default_value: Walk-In}
        """);
    files.mapping("B", "  - {local_fieldname: a, remote_fieldname: x}\n");

    assertThat(diff("{'changed': {'x': 'Ada', 'email': 'ada@x'}}"))
        .isEqualTo(json("{'changed': {'party': 'Walk-In'}}"));
  }

  @Test
  void a_touched_table_whose_rows_read_more_than_a_field_needs_the_whole_document() {
    files.mapping("A", TABLE + "  - {local_fieldname: title, remote_fieldname: subject}\n");
    files.mapping("B", "  - {local_fieldname: code, jsonpath: $.sku}\n");

    assertThat(map("{'removed': {'lines': ['r1']}}"))
        .isEqualTo(new MappedDiff.NeedsWhole("items (mappings/a.yaml:5:5) is not in the diff"));
    assertThat(diff("{'changed': {'subject': 'New'}}"))
        .isEqualTo(json("{'changed': {'title': 'New'}}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"type: JSON", "default_value: none"})
  void rows_that_can_become_one_value_need_the_whole_document(String key) {
    files.mapping("A", "  - {local_fieldname: a, remote_fieldname: lines, %s}\n".formatted(key));

    assertThat(map("{'removed': {'lines': ['r1']}}")).isInstanceOf(MappedDiff.NeedsWhole.class);
  }

  @Test
  void a_value_that_cannot_be_made_fails_the_diff() {
    files.mapping("A", "  - {local_fieldname: qty, remote_fieldname: count, type: Int}\n");

    assertThatThrownBy(() -> map("{'changed': {'count': 'many'}}"))
        .isInstanceOf(MappingFailed.class)
        .hasMessageContaining("qty (mappings/a.yaml:5:5): 'many' is not a number");
  }

  @Test
  void a_value_map_reports_what_it_does_not_know() {
    files.mapping(
        "A", "  - {local_fieldname: cur, remote_fieldname: c, value_map: {\"€\": EUR}}\n");

    assertThat(map("{'changed': {'c': 'CHF'}}"))
        .isEqualTo(
            new MappedDiff.Diff(
                json("{'changed': {'cur': 'CHF'}}"),
                Set.of("cur"),
                List.of("cur: 'CHF' is not in value_map, it stays")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'name': 'T-1', 'subject': 'a whole document'}",
        "{'changed': 7}",
        "{'removed': {'lines': 7}}",
        "{'row_changed': {'lines': ['r1']}}"
      })
  void what_is_no_diff_comes_out_for_others_to_refuse(String noDiff) {
    files.mapping("A", TABLE.replace("local_fieldname: items", "local_fieldname: lines"));
    files.mapping("B", "  - {local_fieldname: code, remote_fieldname: sku}\n");

    assertThat(diff(noDiff)).isEqualTo(json(noDiff));
  }

  @Test
  void the_diff_that_came_in_stays_as_it_is() {
    files.mapping("A", TABLE);
    files.mapping(
        "B",
        "unmapped_fields: keep\nfield_mapping:\n  - {local_fieldname: code, remote_fieldname: sku}\n");
    ObjectNode diff = json("{'added': {'lines': [{'name': 'r1', 'sku': {'a': 1}, 'k': [1]}]}}");
    ObjectNode before = diff.deepCopy();

    var mapped = (MappedDiff.Diff) files.mapDiff().map(first(), diff);
    ((ObjectNode) mapped.diff().at("/added/items/0/code")).put("a", 2);

    assertThat(diff).isEqualTo(before);
  }

  private ObjectNode diff(String diff) {
    return ((MappedDiff.Diff) map(diff)).diff();
  }

  private MappedDiff map(String diff) {
    return files.mapDiff().map(first(), json(diff));
  }

  private DocumentTypeMapping first() {
    return files.read().all().get(0);
  }
}
