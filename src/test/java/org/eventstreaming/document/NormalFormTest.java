package org.eventstreaming.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.document.Json.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.junit.jupiter.api.Test;

class NormalFormTest {
  private static final DocType INVOICE =
      doctype(
          "Sales Invoice",
          field("customer", "Link"),
          field("grand_total", "Currency"),
          field("is_return", "Check"),
          new DocField("items", "Table", "Sales Invoice Item"),
          field("settings", "JSON"));
  private static final DocType ITEM =
      doctype("Sales Invoice Item", field("item_code", "Link"), field("qty", "Float"));

  private final NormalForm unknown = new NormalForm(DocTypes.NONE);
  private final NormalForm known = new NormalForm(knowing(INVOICE, ITEM));

  @Test
  void null_keys_and_keys_with_two_underscores_are_left_out_in_document_and_rows() {
    var document =
        json(
            "{'name': 'A', 'doctype': 'X', 'docstatus': 0, 'po_no': null, '__unsaved': 1,"
                + " '_user_tags': ',a', 'rows': [{'name': 'r', 'batch': null, '__unsaved': 1}]}");

    var normal = unknown.of(document);

    assertThat(normal)
        .isEqualTo(
            json(
                "{'name': 'A', 'doctype': 'X', 'docstatus': 0, '_user_tags': ',a', 'rows': ["
                    + "{'name': 'r', 'docstatus': 0, 'idx': 1, 'parent': 'A',"
                    + " 'parenttype': 'X', 'parentfield': 'rows'}]}"));
  }

  @Test
  void rows_say_of_their_parent_what_it_is() {
    var document =
        json(
            "{'name': 7, 'doctype': 'X', 'docstatus': 1, 'rows': ["
                + "{'name': 'a', 'parent': 'old', 'parenttype': 'Y', 'parentfield': 'lines',"
                + " 'docstatus': 0, 'idx': 9}, {'name': 'b'}]}");

    var rows = unknown.of(document).get("rows");

    assertThat(rows.get(0))
        .isEqualTo(
            json(
                "{'name': 'a', 'parent': 7, 'parenttype': 'X', 'parentfield': 'rows',"
                    + " 'docstatus': 1, 'idx': 9}"));
    assertThat(rows.get(1).get("idx").intValue()).isEqualTo(2);
    assertThat(rows.get(1).get("docstatus").intValue()).isEqualTo(1);
  }

  @Test
  void rows_of_a_whole_document_are_in_the_order_of_their_idx_and_by_name_where_they_share_one() {
    var document =
        "{'name': 'A', 'rows': [{'name': 'x', 'idx': 9}, {'name': %s, 'idx': 0},"
            + " {'name': %s, 'idx': 0}]}";

    var one = unknown.wholeInPlace(json(document.formatted("'c'", "'b'")));
    var other = unknown.wholeInPlace(json(document.formatted("'b'", "'c'")));

    assertThat(one).isEqualTo(other);
    assertThat(one.get("rows").findValuesAsText("name")).containsExactly("b", "c", "x");
    assertThat(unknown.withTables(json(document.formatted("'c'", "'b'"))).get("rows"))
        .isEqualTo(one.get("rows"));
  }

  @Test
  void what_may_be_empty_stays_so() {
    var form =
        new NormalForm(
            knowing(
                doctype(
                    "Gauge",
                    field("count", "Int"),
                    field("serial", "Long Int"),
                    field("spent", "Duration"),
                    field("stars", "Rating"))));

    assertThat(form.of(json("{'doctype': 'Gauge', 'spent': null}")))
        .isEqualTo(json("{'doctype': 'Gauge', 'docstatus': 0, 'count': 0}"));
    assertThat(form.ofDiff("Gauge", json("{'changed': {'spent': null, 'count': null}}")))
        .isEqualTo(json("{'changed': {'spent': null, 'count': 0}}"));
  }

  @Test
  void a_document_without_docstatus_is_a_draft_and_so_are_its_rows() {
    var normal = unknown.of(json("{'name': 'A', 'docstatus': null, 'rows': [{'docstatus': 1}]}"));

    assertThat(normal.get("docstatus").intValue()).isZero();
    assertThat(normal.get("rows").get(0).get("docstatus").intValue()).isZero();
  }

  @Test
  void numbers_and_checks_of_a_known_definition_are_0_where_missing_or_null() {
    var document =
        json(
            "{'name': 'A', 'doctype': 'Sales Invoice', 'grand_total': null,"
                + " 'items': [{'name': 'r', 'qty': null}, {'name': 's', 'qty': 2.5}]}");

    var normal = known.of(document);

    assertThat(normal.get("grand_total").intValue()).isZero();
    assertThat(normal.get("is_return").intValue()).isZero();
    assertThat(normal.has("customer")).isFalse();
    assertThat(normal.get("items").get(0).get("qty").intValue()).isZero();
    assertThat(normal.get("items").get(1).get("qty").doubleValue()).isEqualTo(2.5);
  }

  @Test
  void rows_of_a_known_table_take_its_doctype() {
    var document =
        json("{'doctype': 'Sales Invoice', 'items': [{'doctype': 'Hq Item', 'name': 'r'}]}");

    var row = known.of(document).get("items").get(0);

    assertThat(row.get("doctype").textValue()).isEqualTo("Sales Invoice Item");
  }

  @Test
  void rows_of_an_unknown_document_are_filled_by_the_doctype_they_name_themselves() {
    var document =
        json("{'doctype': 'X', 'rows': [{'doctype': 'Sales Invoice Item'}, {'doctype': 'Y'}]}");

    var rows = known.of(document).get("rows");

    assertThat(rows.get(0).get("qty").intValue()).isZero();
    assertThat(rows.get(1).has("qty")).isFalse();
  }

  @Test
  void arrays_that_are_no_child_tables_stay_as_they_are() {
    var inUnknown = json("{'docstatus': 0, 'tags': ['a', null], 'mixed': [{}, 1], 'none': []}");
    var inKnown = json("{'doctype': 'Sales Invoice', 'settings': [{'a': null}], 'items': ['x']}");

    assertThat(unknown.of(inUnknown)).isEqualTo(inUnknown);
    assertThat(known.of(inKnown).get("settings")).isEqualTo(inKnown.get("settings"));
    assertThat(known.of(inKnown).get("items")).isEqualTo(inKnown.get("items"));
  }

  @Test
  void what_is_given_stays_as_it_is() {
    var document =
        json(
            "{'name': 'A', 'doctype': 'Sales Invoice', 'docstatus': 1, 'po_no': null,"
                + " 'items': [{'name': 'r', 'qty': null, '__unsaved': 1}]}");
    var before = document.deepCopy();

    known.of(document);

    assertThat(document).isEqualTo(before);
  }

  @Test
  void in_place_gives_the_same_form_in_the_same_document() {
    var document =
        json(
            "{'name': 'A', 'doctype': 'Sales Invoice', 'docstatus': 1, 'po_no': null,"
                + " 'items': [{'name': 'r', 'qty': null, '__unsaved': 1}]}");
    var expected = known.of(document);

    var normal = known.inPlace(document);

    assertThat(normal).isSameAs(document).isEqualTo(expected);
  }

  @Test
  void the_normal_form_of_a_normal_form_is_itself() {
    var once = known.of(json("{'name': 'A', 'doctype': 'Sales Invoice', 'items': [{}, {}]}"));

    var twice = known.of(once);

    assertThat(twice).isEqualTo(once);
  }

  @Test
  void a_definition_that_changes_is_followed() {
    Map<String, DocType> definitions = new HashMap<>(Map.of("Note", doctype("Note")));
    var form = new NormalForm(name -> Optional.ofNullable(definitions.get(name)));
    ObjectNode note = json("{'doctype': 'Note'}");
    form.of(note);

    definitions.put("Note", doctype("Note", field("public", "Check")));

    assertThat(form.of(note).path("public").isNumber()).isTrue();
  }

  private static DocTypes knowing(DocType... doctypes) {
    return name -> List.of(doctypes).stream().filter(d -> d.name().equals(name)).findFirst();
  }

  private static DocType doctype(String name, DocField... fields) {
    return new DocType(name, false, null, List.of(fields));
  }

  private static DocField field(String fieldname, String fieldtype) {
    return new DocField(fieldname, fieldtype, null);
  }
}
