package org.eventstreaming.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.eventstreaming.document.Json.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.eventstreaming.doctype.DocTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApplyDiffTest {
  private static final ObjectNode CURRENT =
      json(
          "{'name': 'L-1', 'doctype': 'List', 'docstatus': 0, 'title': 'Old', 'po_no': '7',"
              + " 'links': [{'name': 'a', 'idx': 1, 'text': 'A', 'note': 'x'},"
              + " {'name': 'b', 'idx': 2, 'text': 'B'}, {'name': 'c', 'idx': 3, 'text': 'C'}]}");

  private final ApplyDiff applyDiff = new ApplyDiff();

  @Test
  void changed_sets_fields_and_null_removes_them() {
    var result = apply("{'changed': {'title': 'New', 'po_no': null, 'docstatus': 1}}");

    assertThat(result.document().get("title").textValue()).isEqualTo("New");
    assertThat(result.document().has("po_no")).isFalse();
    assertThat(result.document().get("docstatus").intValue()).isEqualTo(1);
    assertThat(result.notes()).isEmpty();
  }

  @Test
  void a_diff_cannot_change_who_the_document_is() {
    var result = apply("{'changed': {'name': 'Other', 'doctype': null}}");

    assertThat(result.document()).isEqualTo(CURRENT);
  }

  @Test
  void parts_may_be_missing_null_or_empty() {
    var result = apply("{'changed': null, 'added': {}, 'removed': null}");

    assertThat(result.document()).isEqualTo(CURRENT);
    assertThat(result.notes()).isEmpty();
    assertThat(apply("{}").document()).isEqualTo(CURRENT);
  }

  @Test
  void a_removed_row_is_gone_and_what_stays_keeps_its_number() {
    var result = apply("{'removed': {'links': ['a']}}");

    assertThat(rows(result)).containsExactly("b2", "c3");
    assertThat(result.notes()).isEmpty();
  }

  @Test
  void the_last_row_leaves_an_empty_table() {
    var result = apply("{'removed': {'links': ['a', 'b', 'c']}}");

    assertThat(result.document().get("links")).isEmpty();
  }

  @Test
  void removing_a_row_that_is_not_here_does_nothing_and_is_noted() {
    var result = apply("{'removed': {'links': ['kav7r27b37'], 'taxes': ['t']}}");

    assertThat(result.document()).isEqualTo(CURRENT);
    assertThat(result.notes())
        .containsExactly(
            "row kav7r27b37 of links was not here and could not be removed",
            "row t of taxes was not here and could not be removed");
  }

  @Test
  void row_changed_sets_fields_of_the_row_and_null_removes_them() {
    var result = apply("{'row_changed': {'links': [{'name': 'a', 'text': 'Z', 'note': null}]}}");

    assertThat(result.document().get("links").get(0))
        .isEqualTo(json("{'name': 'a', 'idx': 1, 'text': 'Z'}"));
    assertThat(result.notes()).isEmpty();
  }

  @Test
  void changing_a_row_that_is_not_here_appends_it_and_is_noted() {
    var result = apply("{'row_changed': {'links': [{'name': 'z', 'text': 'Z', 'note': null}]}}");

    assertThat(rows(result)).containsExactly("a1", "b2", "c3", "z4");
    assertThat(result.document().get("links").get(3).has("note")).isFalse();
    assertThat(result.notes())
        .containsExactly(
            "row z of links was not here and was appended with the changed fields alone");
  }

  @Test
  void added_rows_go_to_their_idx_lowest_first() {
    var result =
        apply(
            "{'added': {'links': [{'name': 'z', 'idx': 5}, {'name': 'y', 'idx': 1},"
                + " {'name': 'x', 'idx': 3}]}}");

    assertThat(rows(result)).containsExactly("y1", "a2", "x3", "b4", "z5", "c6");
    assertThat(result.notes()).isEmpty();
  }

  @Test
  void added_rows_take_their_places_after_others_have_left() {
    var result =
        apply("{'removed': {'links': ['a', 'b']}, 'added': {'links': [{'name': 'x', 'idx': 1}]}}");

    assertThat(rows(result)).containsExactly("x1", "c3");
  }

  @Test
  void rows_keep_equal_numbers_as_sites_write_them_over_rest() {
    var result =
        apply("{'removed': {'links': ['b']}, 'added': {'links': [{'name': 'x', 'idx': 3}]}}");

    assertThat(rows(result)).containsExactly("a1", "c3", "x3");
  }

  @Test
  void an_added_row_whose_idx_is_missing_zero_or_too_high_goes_to_the_end() {
    var result =
        apply(
            "{'added': {'links': [{'name': 'x'}, {'name': 'y', 'idx': 0}, {'name': 'z', 'idx':"
                + " 99}]}}");

    assertThat(rows(result)).containsExactly("a1", "b2", "c3", "z99", "x100", "y101");
  }

  @Test
  void added_rows_that_want_the_same_place_keep_their_order() {
    var result = apply("{'added': {'links': [{'name': 'x', 'idx': 2}, {'name': 'y', 'idx': 2}]}}");

    assertThat(rows(result)).containsExactly("a1", "x2", "y2", "b3", "c4");
  }

  @Test
  void the_first_added_rows_make_the_table() {
    var result = apply("{'added': {'taxes': [{'name': 't', 'idx': 1, 'rate': null}]}}");

    assertThat(result.document().get("taxes")).containsExactly(json("{'name': 't', 'idx': 1}"));
  }

  @Test
  void an_added_row_that_is_here_is_replaced_in_its_place_and_noted() {
    var result = apply("{'added': {'links': [{'name': 'a', 'idx': 3, 'text': 'Z'}]}}");

    assertThat(rows(result)).containsExactly("a1", "b2", "c3");
    assertThat(result.document().get("links").get(0))
        .isEqualTo(json("{'name': 'a', 'idx': 1, 'text': 'Z'}"));
    assertThat(result.notes()).containsExactly("row a of links was already here and was replaced");
  }

  @Test
  void row_names_are_the_same_as_number_and_as_text() {
    var current = json("{'rows': [{'name': 1, 'idx': 1}, {'name': '2', 'idx': 2}]}");

    var result =
        applyDiff.apply(
            current,
            json("{'removed': {'rows': ['1']}, 'row_changed': {'rows': [{'name': 2, 'x': 1}]}}"));

    assertThat(result.document()).isEqualTo(json("{'rows': [{'name': '2', 'idx': 2, 'x': 1}]}"));
    assertThat(result.notes()).isEmpty();
  }

  @Test
  void an_unknown_part_is_ignored_and_noted() {
    var result = apply("{'changed': {}, 'renamed': {'links': 'lines'}}");

    assertThat(result.document()).isEqualTo(CURRENT);
    assertThat(result.notes()).containsExactly("renamed is not a part of a diff and was ignored");
  }

  @Test
  void neither_the_current_state_nor_the_diff_changes_also_not_through_the_result() {
    var current = CURRENT.deepCopy();
    var diff =
        json(
            "{'changed': {'more': [{'name': 'm'}]}, 'removed': {'links': ['b']},"
                + " 'row_changed': {'links': [{'name': 'a', 'text': 'Z'}]},"
                + " 'added': {'links': [{'name': 'n', 'idx': 1}]}}");
    var diffBefore = diff.deepCopy();

    var result = applyDiff.apply(current, diff);
    new NormalForm(DocTypes.NONE).inPlace(result.document().put("docstatus", 2));

    assertThat(current).isEqualTo(CURRENT);
    assertThat(diff).isEqualTo(diffBefore);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {'changed': [1]}                          | changed must be an object of fields, was array [1]
          {'added': 'x'}                            | added must be an object of child tables, was string "x"
          {'removed': {'links': {'a': 1}}}          | removed.links must be a list of row names, was object {"a":1}
          {'removed': {'links': [{'name': 'a'}]}}   | each of removed.links must be the name of a row, text or number, was object {"name":"a"}
          {'added': {'links': [7]}}                 | each row of added.links must be an object, was number 7
          {'row_changed': {'links': null}}          | row_changed.links must be a list of rows, was null
          {'row_changed': {'links': ['a']}}         | each row of row_changed.links must be an object, was string "a"
          {'row_changed': {'links': [{'text': 1}]}} | each of row_changed.links.name must be the name of a row, text or number, was missing
          {'removed': {'title': ['a']}}             | title, as it is here, must be a child table, was string "Old"
          {'name': 'L-1', 'doctype': 'List'}        | the diff must be an object with changed, added, removed, row_changed, was object {"name":"L-1","doctype":"List"}
          """)
  void a_malformed_diff_is_refused_and_says_where(String diff, String message) {
    assertThatThrownBy(() -> apply(diff)).isInstanceOf(MalformedDiff.class).hasMessage(message);
  }

  @Test
  void no_diff_at_all_is_malformed() {
    assertThatThrownBy(() -> applyDiff.apply(CURRENT, NullNode.instance))
        .isInstanceOf(MalformedDiff.class)
        .hasMessageEndingWith("was null");
  }

  @Test
  void a_long_value_is_quoted_from_its_beginning_only() {
    assertThatThrownBy(() -> apply("{'changed': '%s'}".formatted("x".repeat(5000))))
        .isInstanceOf(MalformedDiff.class)
        .message()
        .hasSizeLessThan(150)
        .endsWith("x…");
  }

  private ApplyDiff.Result apply(String diff) {
    return applyDiff.apply(CURRENT, json(diff));
  }

  private static List<String> rows(ApplyDiff.Result result) {
    List<String> rows = new ArrayList<>();
    for (JsonNode row : result.document().get("links")) {
      rows.add(row.get("name").asText() + row.get("idx").asText());
    }
    return rows;
  }
}
