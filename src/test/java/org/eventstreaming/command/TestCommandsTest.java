package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
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

    JsonNode reported = Rows.parsed(out());
    assertThat(reported.path("mapping").asText()).isEqualTo("Order");
    assertThat(reported.path("document"))
        .isEqualTo(
            Rows.parsed(
                """
                {"doctype": "Sales Order", "name": "S-7", "docstatus": 0, "customer": "(Customer)",
                 "currency": "CHF", "items": [{"doctype": "Sales Order Item", "name": "l1",
                 "docstatus": 0, "idx": 1, "qty": 3, "parent": "S-7", "parenttype": "Sales Order",
                 "parentfield": "items"}]}
                """));
    assertThat(reported.path("fields"))
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
    assertThat(reported.path("needed"))
        .containsExactly(
            Rows.parsed(
                """
                {"for": "customer", "doctype": "Shop Buyer", "filters": {"email":
                 "ada@example.com"}, "mapping": "Buyer", "row": "mappings/orders.yaml:5:5"}
                """));
    assertThat(reported.path("routes").toString()).isEqualTo("[\"direct:territory\"]");
    assertThat(reported.path("notes").toString())
        .isEqualTo("[\"currency: 'CHF' is not in value_map, it stays\"]");
  }

  @Test
  void a_table_is_for_people() {
    assertThat(test("mapping", "orders.yaml")).isEqualTo(Command.USAGE);
    assertThat(err()).contains("orders.yaml is not a file with a mapping in ");

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
  void a_document_that_cannot_be_mapped_reports_row_and_cause() {
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
  void a_condition_that_cannot_be_read_or_evaluated_reports_where() {
    assertThat(test("condition", "doc.cur = 'CHF'")).isEqualTo(Command.INVALID_FILES);
    assertThat(err()).startsWith("The condition is not an expression. line 1, column 9: ");

    assertThat(test("condition", "doc.cur + 1")).isEqualTo(Command.SOME_FAILED);
    assertThat(err())
        .startsWith(
            "The condition has no value for this document: its entry would be Failed, and later"
                + " ones of the document would wait. line 1, column 9: ");
  }

  @Test
  void what_doctypes_defines_is_seen_as_the_stream_sees_it() {
    file(
        "doctypes/shop-order.json",
        """
        {"name": "Shop Order", "fields": [{"fieldname": "cur", "fieldtype": "Data"},
          {"fieldname": "total", "fieldtype": "Int"},
          {"fieldname": "gifts", "fieldtype": "Table", "options": "Shop Line"}]}
        """);

    assertThat(test("condition", "doc.curr == 'CHF'")).isEqualTo(Command.SOME_FAILED);
    assertThat(err()).contains("the document type has no field 'curr'");
    assertThat(test("condition", "doc.total == 0 and not any(r for r in doc.gifts)"))
        .isEqualTo(Command.DONE);
    assertThat(out().lines()).anyMatch(line -> line.matches("\\| true +\\| true +\\|"));
  }

  @Test
  void a_condition_that_is_a_command_cannot_be_tried() {
    assertThat(test("condition", "cmd: shop.is_ours")).isEqualTo(Command.USAGE);

    assertThat(err()).contains("'cmd: shop.is_ours' names a bean or a route");
  }

  @Test
  void a_document_that_is_no_json_is_reported_with_its_place() {
    file("order.json", "{\n  \"name\": }");

    assertThat(test("mapping", "mappings/orders.yaml")).isEqualTo(Command.USAGE);
    assertThat(err()).contains("order.json:2:11: not JSON: ").doesNotContain("Source");
  }

  @Test
  void the_answer_of_a_site_is_a_document_too() {
    for (String answer : new String[] {"{\"data\": %s}", "{\"message\": %s}", "{\"docs\": [%s]}"}) {
      file("order.json", answer.formatted("{\"doctype\": \"Shop Order\", \"cur\": \"$\"}"));

      assertThat(test("condition", "doc.cur == '$'")).isEqualTo(Command.DONE);
      assertThat(out()).contains("true");
    }
  }

  @Test
  void a_document_of_a_producer_is_mapped_and_what_would_be_fetched_is_looked_for() {
    try (StandInSite site = shop()) {
      int asked = site.requests().size();

      assertThat(
              run(
                  "test",
                  "mapping",
                  "mappings/orders.yaml",
                  "--from-site",
                  "site",
                  "S-7",
                  "-o",
                  "json"))
          .as(err())
          .isEqualTo(Command.DONE);

      JsonNode reported = Rows.parsed(out());
      assertThat(reported.path("document").path("currency").asText()).isEqualTo("CHF");
      assertThat(reported.path("needed"))
          .containsExactly(
              Rows.parsed(
                  """
                  {"for": "customer", "doctype": "Shop Buyer", "filters": {"email":
                   "ada@example.com"}, "mapping": "Buyer", "row": "mappings/orders.yaml:5:5",
                   "found": "B1"}
                  """));
      assertThat(reported.path("links"))
          .containsExactly(
              Rows.parsed(
                  """
                  {"for": "country", "doctype": "Country", "name": "CH", "found": "there"}
                  """),
              Rows.parsed(
                  """
                  {"for": "items[0].unit", "doctype": "UOM", "name": "Box", "found": "not there"}
                  """));
      assertThat(site.requests().subList(asked, site.requests().size()))
          .isNotEmpty()
          .allMatch(request -> request.method().equals("GET"));
      assertThat(project.resolve("data")).doesNotExist();
    }
  }

  @Test
  void a_producer_is_named_by_its_address_or_its_file_and_a_table_shows_what_is_there() {
    try (StandInSite site = shop()) {
      for (String producer : new String[] {site.url(), "producers/site.yaml"}) {
        assertThat(run("test", "mapping", "mappings/orders.yaml", "--from-site", producer, "S-7"))
            .isEqualTo(Command.DONE);
        assertThat(out().lines())
            .anyMatch(line -> line.matches("\\| customer +\\| Shop Buyer .*\\| B1 .*"))
            .anyMatch(
                line -> line.matches("\\| items\\[0].unit +\\| UOM +\\| Box +\\| not there .*"));
      }
      file("doctypes/order.json", "[]");
      run("test", "mapping", "mappings/orders.yaml", "--from-site", "site", "S-7");
      assertThat(out()).contains("Its links are unknown: no file in doctypes/");
    }
  }

  @Test
  void links_that_the_producer_file_does_not_bring_along_are_reported_so() {
    try (StandInSite site = shop()) {
      following(site, "Shop Order\n    dependencies: [UOM]");

      run("test", "mapping", "mappings/orders.yaml", "--from-site", "site", "S-7", "-o", "json");

      assertThat(Rows.parsed(out()).path("links").findValuesAsText("found"))
          .containsExactly("not brought along", "not there");
    }
  }

  @Test
  void what_is_not_on_the_site_or_among_the_files_is_reported() {
    try (StandInSite site = shop()) {
      assertThat(run("test", "mapping", "mappings/orders.yaml", "--from-site", "site", "S-8"))
          .isEqualTo(Command.SOME_FAILED);
      assertThat(err()).startsWith("There is no Shop Order S-8 on the producer");
      assertThat(run("test", "mapping", "mappings/orders.yaml", "--from-site", "other", "S-7"))
          .isEqualTo(Command.USAGE);
      assertThat(err()).startsWith("'other' is neither the producer_url nor the file of an Event");
      assertThat(test("mapping", "mappings/orders.yaml", "--from-site", "site", "S-7"))
          .isEqualTo(Command.USAGE);
      assertThat(run("test", "mapping", "mappings/orders.yaml")).isEqualTo(Command.USAGE);
      assertThat(err()).startsWith("Which document? Either --doc FILE or --from-site");
      site.refuseConnections();
      assertThat(run("test", "mapping", "mappings/orders.yaml", "--from-site", "site", "S-7"))
          .isEqualTo(Command.UNREACHABLE);
      assertThat(err()).startsWith("Could not read Shop Order S-7 at " + site.url());
    }
  }

  @Test
  void a_condition_is_evaluated_for_a_document_of_a_producer() {
    try (StandInSite site = shop()) {
      assertThat(
              run(
                  "test",
                  "condition",
                  "doc.cur == 'CHF'",
                  "--from-site",
                  "site",
                  "Shop Order",
                  "S-7",
                  "-o",
                  "json"))
          .isEqualTo(Command.DONE);
      assertThat(Rows.parsed(out()).path("holds").asBoolean()).isTrue();
      assertThat(run("test", "condition", "True", "--from-site", "site", "Shop Order", "S-8"))
          .isEqualTo(Command.SOME_FAILED);
    }
  }

  /** Has the order, its buyer and its country, but not the unit of its row. */
  private StandInSite shop() {
    StandInSite site = StandInSite.start(Generation.V14);
    site.put(
        "Shop Order",
        (ObjectNode)
            Rows.parsed(
                """
                {"name": "S-7", "buyer": "B1", "buyer_email": "ada@example.com", "cur": "CHF",
                 "country": "CH", "lines": [{"doctype": "Shop Line", "name": "l1", "count": "3", "unit": "Box",
                            "idx": 1}]}
                """));
    site.put(
        "Shop Buyer",
        (ObjectNode) Rows.parsed("{\"name\": \"B1\", \"email\": \"ada@example.com\"}"));
    site.put("Country", (ObjectNode) Rows.parsed("{\"name\": \"CH\"}"));
    file(
        "doctypes/order.json",
        """
        [{"name": "Sales Order", "fields": [
           {"fieldname": "customer", "fieldtype": "Link", "options": "Customer"},
           {"fieldname": "currency", "fieldtype": "Link", "options": "Currency"},
           {"fieldname": "country", "fieldtype": "Link", "options": "Country"},
           {"fieldname": "territory", "fieldtype": "Data"},
           {"fieldname": "items", "fieldtype": "Table", "options": "Sales Order Item"}]},
         {"name": "Sales Order Item", "istable": 1, "fields": [
           {"fieldname": "unit", "fieldtype": "Link", "options": "UOM"},
           {"fieldname": "qty", "fieldtype": "Int"}]}]
        """);
    following(site, "Shop Order");
    return site;
  }

  @Test
  void validate_reads_the_mappings_too() {
    ownRoutes();
    file(
        "routes/territory.camel.yaml",
        """
        - route:
            id: territory
            from:
              uri: direct:territory
              steps:
                - setBody:
                    expression:
                      constant: north
        """);
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
