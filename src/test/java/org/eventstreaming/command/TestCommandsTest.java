package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TestCommandsTest extends CommandLineTest {
  @BeforeEach
  void aMappingAndADocument() {
    file(
        "mappings/orders.yaml",
        """
        mapping_name: Order
        local_doctype: Sales Order
        remote_doctype: Shop Order
        field_mapping:
          - local_fieldname: customer
            remote_fieldname: buyer
            mapping_type: Document
            mapping: Buyer
            remote_value_filters: {email: buyer_email}
          - {local_fieldname: currency, remote_fieldname: cur, value_map: {"$": USD}, default_value: EUR}
          - {local_fieldname: territory, route: direct:territory}
          - local_fieldname: items
            remote_fieldname: lines
            mapping_type: Child Table
            mapping: Line
        ---
        mapping_name: Line
        local_doctype: Sales Order Item
        remote_doctype: Shop Line
        field_mapping:
          - {local_fieldname: qty, remote_fieldname: count, type: Int}
        ---
        mapping_name: Buyer
        local_doctype: Customer
        remote_doctype: Shop Buyer
        field_mapping: [{local_fieldname: customer_name, remote_fieldname: name}]
        """);
    file(
        "order.json",
        """
        {"doctype": "Shop Order", "name": "S-7", "buyer": "B1", "buyer_email": "ada@example.com",
         "cur": "CHF", "lines": [{"name": "l1", "count": "3"}]}
        """);
  }

  @Test
  void a_mapping_shows_what_comes_out_and_by_which_row() {
    assertThat(test("mapping", "mappings/orders.yaml", "-o", "json")).isEqualTo(Command.DONE);

    JsonNode told = Rows.parsed(out());
    assertThat(told.path("mapping").asText()).isEqualTo("Order");
    assertThat(told.path("document"))
        .isEqualTo(
            Rows.parsed(
                """
                {"doctype": "Sales Order", "name": "S-7", "docstatus": 0, "customer": "(Customer)",
                 "currency": "CHF", "items": [{"doctype": "Sales Order Item", "name": "l1",
                 "docstatus": 0, "idx": 1, "qty": 3, "parent": "S-7", "parenttype": "Sales Order",
                 "parentfield": "items"}]}
                """));
    assertThat(told.path("fields"))
        .contains(
            Rows.parsed(
                """
                {"field": "items[0].qty", "value": 3, "how": "value",
                 "row": "mappings/orders.yaml:21:5"}
                """),
            Rows.parsed(
                """
                {"field": "territory", "value": null, "how": "no value",
                 "row": "mappings/orders.yaml:11:5"}
                """));
    assertThat(told.path("needed"))
        .containsExactly(
            Rows.parsed(
                """
                {"for": "customer", "doctype": "Shop Buyer", "filters": {"email":
                 "ada@example.com"}, "mapping": "Buyer", "row": "mappings/orders.yaml:5:5"}
                """));
    assertThat(told.path("routes").toString()).isEqualTo("[\"direct:territory\"]");
    assertThat(told.path("notes").toString())
        .isEqualTo("[\"currency: 'CHF' is not in value_map, it stays\"]");
  }

  @Test
  void a_table_is_for_people() {
    assertThat(test("mapping", "orders.yaml")).isEqualTo(Command.USAGE);
    assertThat(err()).contains("orders.yaml is no file with a mapping in ");

    assertThat(test("mapping", project.resolve("mappings/orders.yaml").toString()))
        .isEqualTo(Command.DONE);

    assertThat(out().lines())
        .contains("Order (mappings/orders.yaml:1:1) makes Sales Order:")
        .anyMatch(
            line ->
                line.matches(
                    "\\| items\\[0].qty +\\| 3 +\\| value +\\| mappings/orders.yaml:21:5 +\\|"))
        .anyMatch(line -> line.matches("\\| items +\\| 1 row\\(s\\) .*"))
        .contains("Documents that would be fetched:")
        .anyMatch(line -> line.contains("{\"email\":\"ada@example.com\"}"))
        .contains("direct:territory is not called here: its field is empty.")
        .contains("Note: currency: 'CHF' is not in value_map, it stays");
  }

  @Test
  void the_mapping_is_that_of_the_document_or_the_one_named() {
    file("line.json", "{\"data\": {\"doctype\": \"Shop Line\", \"count\": 5}}");

    assertThat(run("test", "mapping", "mappings/orders.yaml", "--doc", path("line.json")))
        .isEqualTo(Command.DONE);
    assertThat(out()).startsWith("Line (");
    assertThat(test("mapping", "mappings/orders.yaml", "--mapping", "Buyer"))
        .isEqualTo(Command.DONE);
    assertThat(out()).startsWith("Buyer (");
    assertThat(test("mapping", "mappings/orders.yaml", "--mapping", "None"))
        .isEqualTo(Command.USAGE);
    assertThat(err()).contains("mappings/orders.yaml has no mapping 'None'");
  }

  @Test
  void a_document_that_cannot_be_mapped_tells_row_and_cause() {
    file("order.json", "{\"doctype\": \"Shop Order\", \"lines\": [{\"count\": \"many\"}]}");

    assertThat(test("mapping", "mappings/orders.yaml")).isEqualTo(Command.SOME_FAILED);

    assertThat(err())
        .startsWith(
            "Document Type Mapping 'Line' could not make qty (mappings/orders.yaml:21:5): 'many' is"
                + " not a number.");
  }

  @Test
  void a_file_with_a_mistake_is_refused_and_so_is_a_document_that_is_none() {
    file("order.json", "[]");
    assertThat(test("mapping", "mappings/orders.yaml")).isEqualTo(Command.USAGE);
    assertThat(err()).contains("must hold one document: a JSON object");

    file("mappings/b.yaml", "mapping_name: B\n");
    assertThat(test("mapping", "mappings/orders.yaml")).isEqualTo(Command.INVALID_FILES);
    assertThat(err()).contains("mappings/b.yaml:1:1: the key field_mapping is missing");
  }

  @Test
  void a_condition_holds_or_does_not() {
    assertThat(test("condition", "doc.cur == 'CHF' and doc.lines")).isEqualTo(Command.DONE);
    assertThat(out().lines()).anyMatch(line -> line.matches("\\| true +\\| .*l1.*"));

    assertThat(test("condition", "doc.docstatus", "-o", "json")).isEqualTo(Command.DONE);
    assertThat(Rows.parsed(out())).isEqualTo(Rows.parsed("{\"holds\": false, \"value\": 0}"));
  }

  @Test
  void a_condition_that_cannot_be_read_or_evaluated_tells_where() {
    assertThat(test("condition", "doc.cur = 'CHF'")).isEqualTo(Command.INVALID_FILES);
    assertThat(err()).startsWith("The condition is no expression. line 1, column 9: ");

    assertThat(test("condition", "doc.cur + 1")).isEqualTo(Command.SOME_FAILED);
    assertThat(err())
        .startsWith(
            "The condition has no value for this document, so the document would not be followed."
                + " line 1, column 9: ");
  }

  @Test
  void validate_reads_the_mappings_too() {
    assertThat(run("validate")).isEqualTo(Command.DONE);
    assertThat(out()).contains("3 mapping(s)");

    file("mappings/b.yaml", "mapping_name: B\n");
    assertThat(run("validate")).isEqualTo(Command.INVALID_FILES);
    assertThat(out()).contains("mappings/b.yaml:1:1: the key local_doctype is missing");
  }

  private int test(String what, String of, String... options) {
    String[] all = new String[options.length + 5];
    System.arraycopy(new String[] {"test", what, of, "--doc", path("order.json")}, 0, all, 0, 5);
    System.arraycopy(options, 0, all, 5, options.length);
    return run(all);
  }

  private String path(String file) {
    return project.resolve(file).toString();
  }
}
