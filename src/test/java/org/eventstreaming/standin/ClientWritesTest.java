package org.eventstreaming.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.standin.Peer.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a site makes of what a client writes, and what it refuses. */
class ClientWritesTest {
  private StandInSite site = StandInSite.start(Generation.STOCK_15);
  private Peer peer = new Peer(site);

  @BeforeEach
  void aSmallShop() {
    described();
  }

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void the_site_names_by_its_own_rule() {
    site.putDocType(json("{'name': 'Label', 'autoname': 'Prompt', 'fields': []}"));
    site.putDocType(json("{'name': 'Ticket', 'autoname': 'hash', 'fields': []}"));
    var year = created("Ticket", "{'name': 'mine'}").path("creation").asText().substring(0, 4);

    assertThat(created("Ticket", "{'name': 'mine', '__newname': 'mine'}").path("name").asText())
        .hasSize(10);
    assertThat(created("Label", "{'name': 'mine'}").path("name").asText()).isEqualTo("mine");
    assertThat(created("Label", "{'__newname': 'new'}").path("name").asText()).isEqualTo("new");
    assertThat(post("Label", "{}").body()).contains("Please set the document name");
    assertThat(created("Customer", "{'name': 'mine', 'title': 'Acme'}").path("name").asText())
        .isEqualTo("Acme");
    assertThat(created("Order", "{'name': 'mine', 'customer': 'Acme'}").path("name").asText())
        .isEqualTo("ORD-" + year + "-00001");
    assertThat(created("Order", "{'customer': 'Acme'}").path("name").asText())
        .isEqualTo("ORD-" + year + "-00002");
    assertThat(post("Customer", "{'title': 'Acme'}").statusCode()).isEqualTo(409);
    site.namedBy("Ticket", "subject");
    assertThat(created("Ticket", "{'subject': 'By code'}").path("name").asText())
        .isEqualTo("By code");
  }

  @Test
  void frappe_13_and_14_take_a_forced_name_for_every_type_and_answer_nulls() {
    for (var generation : List.of(Generation.STOCK_13, Generation.STOCK_14)) {
      on(generation);

      var created = created("Customer", "{'title': 'Acme', '__newname': 'forced'}");

      assertThat(created.path("name").asText()).isEqualTo("forced");
      assertThat(created.path("phone").isNull()).isTrue();
    }
  }

  @Test
  void what_is_left_out_is_filled_and_texts_become_numbers() {
    site.put("Customer", json("{'name': 'Acme'}"));

    var order = created("Order", "{'customer': 'Acme', 'total': '7.5', 'lines': [{'qty': 'x'}]}");

    assertThat(order.path("status").asText()).isEqualTo("Open");
    assertThat(order.path("total").asDouble()).isEqualTo(7.5);
    assertThat(order.path("lines").path(0).path("qty").isInt()).isTrue();
    assertThat(order.path("lines").path(0).path("rate").asDouble()).isZero();
    assertThat(order.path("lines").path(0).path("doctype").asText()).isEqualTo("Line");
  }

  @Test
  void what_is_amended_is_cancelled_before_and_its_amendment_does_not_hold_it_back() {
    site.putDocType(
        json(
            "{'name': 'Bill', 'is_submittable': 1, 'fields': ["
                + "{'fieldname': 'amended_from', 'fieldtype': 'Link', 'options': 'Bill'}]}"));
    site.put("Bill", json("{'name': 'B', 'docstatus': 1}"));

    assertThat(post("Bill", "{'amended_from': 'B'}").body())
        .contains("cannot be amended because it is not cancelled");
    site.put("Bill", json("{'name': 'B-1', 'docstatus': 1, 'amended_from': 'B'}"));
    assertThat(put("Bill/B", "{'docstatus': 2}").statusCode()).isEqualTo(200);
    assertThat(post("Bill", "{'amended_from': 'B'}").statusCode()).isEqualTo(409);
  }

  @Test
  void links_and_mandatory_fields_are_checked_in_rows_too() {
    assertThat(post("Order", "{'customer': 'Nobody', 'lines': [{'item': 'Nothing'}]}").body())
        .contains("LinkValidationError: Could not find Customer: Nobody, Row #1: Item: Nothing");
    assertThat(post("Customer", "{'title': 'T', 'lines': [{}, {'item': ''}]}").statusCode())
        .isEqualTo(200);
    assertThat(post("Order", "{}").body())
        .contains("MandatoryError: [Order, ", "]: customer", "Value missing for Order: Customer");
    site.put("Customer", json("{'name': 'Acme'}"));
    var order = created("Order", "{'customer': 'Acme'}").path("name").asText();
    assertThat(put("Order/" + order, "{'customer': null}").body()).contains("MandatoryError");
    assertThat(put("Order/" + order, "{'customer': 'Nobody'}").statusCode()).isEqualTo(417);
  }

  @Test
  void of_a_doctype_that_is_not_there_nothing_is_created() {
    site.withoutDocType("Nope");

    assertThat(post("Nope", "{}").body()).contains("No module named 'frappe.core.doctype.nope'");
  }

  @Test
  void many_are_inserted_or_none() {
    on(Generation.V15_APP);

    var refused = method("insert_many", Map.of("docs", customers(3, "{'doctype': 'Order'}")));
    var tooMany = method("insert_many", Map.of("docs", customers(201, "")));

    assertThat(refused.statusCode()).isEqualTo(417);
    assertThat(tooMany.body()).contains("Only 200 inserts allowed in one request");
    assertThat(list("Customer")).isEmpty();
    assertThat(site.logSize()).isZero();
    assertThat(method("insert_many", Map.of("docs", customers(200, ""))).statusCode())
        .isEqualTo(200);
    assertThat(site.logSize()).isEqualTo(200);
  }

  @Test
  void in_bulk_the_good_ones_are_updated_and_the_bad_ones_come_back() {
    site.put("Customer", json("{'name': 'Acme', 'title': 'Acme'}"));

    var answer =
        method(
            "bulk_update",
            Map.of(
                "docs",
                json("{'docs': [{'doctype': 'Customer', 'docname': 'Nobody', 'phone': '1'},"
                        + "{'doctype': 'Customer', 'docname': 'Acme', 'phone': '2'}]}")
                    .path("docs")
                    .toString()));

    var failed = Peer.tree(answer.body()).path("message").path("failed_docs");
    assertThat(failed).hasSize(1);
    assertThat(failed.path(0).path("doc").path("docname").asText()).isEqualTo("Nobody");
    assertThat(failed.path(0).path("exc").asText()).contains("Customer Nobody not found");
    assertThat(document("Customer/Acme").path("phone").asText()).isEqualTo("2");
  }

  @Test
  void a_document_is_submitted_cancelled_and_amended() {
    var order = ordered();
    var uri = "Order/" + order;
    var stale = document(uri);

    assertThat(put(uri, "{'docstatus': 2}").body()).contains("DocstatusTransitionError");
    assertThat(method("submit", Map.of("doc", stale.toString())).statusCode()).isEqualTo(200);
    assertThat(document(uri).path("lines").path(0).path("docstatus").asInt()).isEqualTo(1);
    assertThat(method("submit", Map.of("doc", stale.toString())).body())
        .contains("TimestampMismatchError");
    assertThat(put(uri, "{'docstatus': 0}").body()).contains("DocstatusTransitionError");
    assertThat(put(uri, "{'remark': 'fine'}").statusCode()).isEqualTo(200);
    assertThat(put(uri, "{'total': 1}").body())
        .contains("Not allowed to change <strong>Total</strong> after submission");
    var lines = FrappeJson.object();
    lines.set("lines", document(uri).path("lines").deepCopy());
    assertThat(put(uri, lines.toString()).statusCode()).isEqualTo(200);
    ((ObjectNode) lines.path("lines").path(0)).put("qty", 99);
    assertThat(put(uri, lines.toString()).body()).contains("Row #1: Not allowed to change");
    assertThat(peer.send("DELETE", "/api/resource/" + uri, "", "").body())
        .contains("Submitted Record cannot be deleted");
    assertThat(method("cancel", Map.of("doctype", "Order", "name", order)).statusCode())
        .isEqualTo(200);
    assertThat(put(uri, "{'remark': 'late'}").body()).contains("Cannot edit cancelled document");

    var amended = created("Order", "{'customer': 'Acme', 'amended_from': '" + order + "'}");
    put("Order/" + amended.path("name").asText(), "{'docstatus': 1}");
    put("Order/" + amended.path("name").asText(), "{'docstatus': 2}");
    var again =
        created(
            "Order",
            "{'customer': 'Acme', 'amended_from': '" + amended.path("name").asText() + "'}");

    assertThat(amended.path("name").asText()).isEqualTo(order + "-1");
    assertThat(again.path("name").asText()).isEqualTo(order + "-2");
  }

  @ParameterizedTest
  @EnumSource
  void what_others_link_to_is_not_deleted_until_they_are_cancelled(Generation generation) {
    on(generation);
    var order = ordered();
    var customer = "/api/resource/Customer/Acme";

    var linked = peer.send("DELETE", customer, "", "");

    assertThat(linked.statusCode()).isEqualTo(417);
    assertThat(linked.body()).contains("LinkExistsError", "is linked with Order");
    put("Order/" + order, "{'docstatus': 1}");
    put("Order/" + order, "{'docstatus': 2}");
    assertThat(peer.send("DELETE", customer, "", "").statusCode()).isEqualTo(202);
    assertThat(method("delete", Map.of("doctype", "Order", "name", order)).body()).isEqualTo("{}");
  }

  @Test
  void a_custom_field_becomes_a_column() {
    site.put("Customer", json("{'name': 'Acme', 'remote_docname': 'A-1'}"));
    var field = "{'dt': 'Customer', 'fieldname': 'remote_docname', 'fieldtype': 'Data'}";
    var filter = "Customer?filters=" + Peer.encoded("[[\"remote_docname\",\"=\",\"A-1\"]]");
    assertThat(peer.get("/api/resource/" + filter).statusCode()).isEqualTo(417);

    assertThat(created("Custom Field", field).path("name").asText())
        .isEqualTo("Customer-remote_docname");

    assertThat(list(filter)).hasSize(1);
    assertThat(post("Custom Field", field).body()).contains("already exists in Customer");
  }

  private String ordered() {
    site.put("Customer", json("{'name': 'Acme', 'title': 'Acme'}"));
    return created("Order", "{'customer': 'Acme', 'lines': [{'qty': 1}]}").path("name").asText();
  }

  private void described() {
    site.putDocType(
        json(
            "{'name': 'Customer', 'autoname': 'field:title', 'fields': ["
                + "{'fieldname': 'title', 'fieldtype': 'Data'},"
                + "{'fieldname': 'phone', 'fieldtype': 'Data'},"
                + "{'fieldname': 'lines', 'fieldtype': 'Table', 'options': 'Line'}]}"));
    site.putDocType(json("{'name': 'Item', 'fields': []}"));
    site.putDocType(
        json(
            "{'name': 'Order', 'autoname': 'naming_series:', 'is_submittable': 1, 'fields': ["
                + "{'fieldname': 'naming_series', 'fieldtype': 'Select',"
                + " 'options': 'ORD-.YYYY.-\\nOTHER-.####'},"
                + "{'fieldname': 'customer', 'fieldtype': 'Link', 'options': 'Customer', 'reqd': 1},"
                + "{'fieldname': 'amended_from', 'fieldtype': 'Link', 'options': 'Order'},"
                + "{'fieldname': 'status', 'fieldtype': 'Select', 'options': 'Open\\nClosed'},"
                + "{'fieldname': 'remark', 'fieldtype': 'Data', 'allow_on_submit': 1},"
                + "{'fieldname': 'total', 'fieldtype': 'Currency'},"
                + "{'fieldname': 'lines', 'fieldtype': 'Table', 'options': 'Line'}]}"));
    site.putDocType(
        json(
            "{'name': 'Line', 'istable': 1, 'fields': ["
                + "{'fieldname': 'item', 'fieldtype': 'Link', 'options': 'Item'},"
                + "{'fieldname': 'qty', 'fieldtype': 'Int'},"
                + "{'fieldname': 'rate', 'fieldtype': 'Float'}]}"));
  }

  private void on(Generation generation) {
    site.close();
    site = StandInSite.start(generation);
    peer = new Peer(site);
    described();
  }

  private static String customers(int count, String last) {
    var documents =
        IntStream.range(0, count)
            .mapToObj(i -> json("{'doctype': 'Customer', 'title': 'C" + i + "'}").toString())
            .collect(Collectors.joining(","));
    return "[" + documents + (last.isEmpty() ? "" : "," + json(last)) + "]";
  }

  private JsonNode created(String doctype, String document) {
    return Peer.tree(post(doctype, document).body()).path("data");
  }

  private HttpResponse<String> post(String doctype, String document) {
    return peer.send(
        "POST",
        "/api/resource/" + doctype.replace(" ", "%20"),
        json(document).toString(),
        "application/json");
  }

  private HttpResponse<String> put(String path, String changes) {
    return peer.send(
        "PUT", "/api/resource/" + path, changes.replace('\'', '"'), "application/json");
  }

  private HttpResponse<String> method(String name, Map<String, String> arguments) {
    return peer.post("/api/method/frappe.client." + name, arguments);
  }

  private JsonNode document(String path) {
    return Peer.tree(peer.get("/api/resource/" + path).body()).path("data");
  }

  private List<String> list(String listing) {
    return Peer.tree(peer.get("/api/resource/" + listing).body())
        .path("data")
        .findValuesAsText("name");
  }
}
