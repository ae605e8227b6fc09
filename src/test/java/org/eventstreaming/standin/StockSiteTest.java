package org.eventstreaming.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.standin.Peer.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a site without Event Streaming mentions its documents, and a site with it as well. */
class StockSiteTest {
  private static final String THEN = "2020-01-01 00:00:00.000000";

  private StandInSite site = StandInSite.start(Generation.STOCK_15);
  private Peer peer = new Peer(site);

  @BeforeEach
  void somebodyOrders() {
    described();
  }

  @AfterEach
  void close() {
    site.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"STOCK_13", "STOCK_14", "STOCK_15"})
  void it_has_no_log_no_consumers_and_no_methods_for_them(Generation generation) {
    on(generation);
    var method = ".doctype.event_consumer.event_consumer.register_consumer";

    assertThat(peer.get("/api/method/frappe.event_streaming" + method).statusCode()).isEqualTo(417);
    assertThat(peer.get("/api/method/event_streaming.event_streaming" + method).body())
        .contains("App event_streaming is not installed");
    assertThat(peer.get("/api/resource/Event%20Update%20Log").statusCode())
        .isEqualTo(generation == Generation.STOCK_13 ? 500 : 404);
    assertThat(peer.get("/api/resource/Event%20Consumer/x").statusCode()).isEqualTo(500);
    site.insert("Customer", json("{'name': 'C'}"));
    assertThat(site.logSize()).isZero();
  }

  @Test
  void rows_are_listed_for_one_parent_type_but_come_from_all_unless_filtered() {
    site.put("Order", json("{'name': 'O1', 'items': [{'name': 'r1', 'doctype': 'Line'}]}"));
    site.put("Offer", json("{'name': 'F1', 'items': [{'name': 'r2', 'doctype': 'Line'}]}"));
    site.insert("Order", json("{'name': 'O2', 'items': [{'name': 'r3'}]}"));

    assertThat(names("Line?order_by=name&parent=Order")).containsExactly("r1", "r2", "r3");
    assertThat(
            names(
                "Line?parent=Order&filters="
                    + Peer.encoded("[[\"parenttype\",\"=\",\"Order\"],[\"parent\",\"=\",\"O2\"]]")))
        .containsExactly("r3");
    assertThat(peer.get("/api/resource/Line").statusCode()).isEqualTo(403);
    assertThat(peer.get("/api/resource/Line?parent=Customer").statusCode()).isEqualTo(403);
  }

  @ParameterizedTest
  @EnumSource
  void a_rename_rewrites_links_and_moves_no_modified(Generation generation) {
    on(generation);
    ordered();
    var logged = site.logSize();

    site.rename("Customer", "Old", "New");

    assertThat(peer.get("/api/resource/Customer/Old").statusCode()).isEqualTo(404);
    var customer = document("Customer/New");
    assertThat(customer.path("customer_name").asText()).isEqualTo("New");
    assertThat(customer.path("modified").asText()).isEqualTo(THEN);
    assertThat(customer.path("lines").path(0).path("parent").asText()).isEqualTo("New");
    var order = document("Order/O1");
    assertThat(order.path("customer").asText()).isEqualTo("New");
    assertThat(order.path("title").asText()).isEqualTo("Old");
    assertThat(order.path("modified").asText()).isEqualTo(THEN);
    var lines = order.path("items");
    assertThat(lines.findValuesAsText("party")).containsExactly("New", "Old");
    assertThat(lines.path(0).path("modified").asText()).isEqualTo(THEN);
    assertThat(site.logSize()).isEqualTo(logged);
    var strong = generation.is13() ? "b" : "strong";
    assertThat(comments())
        .singleElement()
        .isEqualTo(
            json(
                ("{'comment_type': 'Edit', 'reference_doctype': 'Customer', 'reference_name': 'New',"
                        + " 'content': 'renamed from <X>Old</X> to <X>New</X>'}")
                    .replace("X", strong)));
  }

  @Test
  void renamed_twice_both_comments_are_about_the_last_name() {
    ordered();

    site.rename("Customer", "Old", "New");
    site.rename("Customer", "New", "Newest");

    assertThat(comments().findValuesAsText("reference_name")).containsExactly("Newest", "Newest");
  }

  @ParameterizedTest
  @EnumSource
  void a_merge_rewrites_links_and_deletes(Generation generation) {
    on(generation);
    ordered();
    site.put("Customer", json("{'name': 'Other', 'modified': '" + THEN + "'}"));

    site.merge("Customer", "Old", "Other");

    assertThat(names("Customer")).containsExactly("Other");
    assertThat(document("Order/O1").path("customer").asText()).isEqualTo("Other");
    assertThat(comments().findValuesAsText("comment_type")).containsExactly("Edit", "Deleted");
    assertThat(comments().path(0).path("reference_name").asText()).isEqualTo("Other");
    assertThat(comments().path(0).path("content").asText())
        .startsWith("merged <")
        .contains(">Old<", ">Other<");
    assertThat(deletions()).containsExactly("Old");
    assertThat(site.logSize()).isEqualTo(generation.streams() ? 1 : 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"STOCK_13", "STOCK_15", "V15_APP"})
  void a_rename_is_asked_for_and_refused_over_http(Generation generation) {
    on(generation);
    ordered();
    site.put("Customer", json("{'name': 'Other'}"));

    assertThat(rename("Customer", "Old", "Other", "0").statusCode()).isEqualTo(417);
    assertThat(rename("Order", "O1", "O2", "0").body()).contains("Order not allowed to be renamed");
    assertThat(rename("Customer", "Nobody", "X", "0").statusCode())
        .isEqualTo(generation.is13() ? 200 : 404);
    assertThat(rename("Customer", "Old", "Nobody", "1").statusCode()).isEqualTo(417);
    assertThat(rename("Customer", "Old", "New", "0").body()).contains("\"message\":\"New\"");
    assertThat(rename("Customer", "New", "Other", "1").body()).contains("\"message\":\"Other\"");
    assertThat(names("Customer")).containsExactly("Other");
  }

  @Test
  void sql_writes_past_the_document_with_or_without_a_new_modified() {
    on(Generation.V15_APP);
    ordered();

    site.dbSet("Order", "O1", json("{'status': 'Paid'}"), false);
    site.dbSet("Line", "l1", json("{'amount': 5}"), true);

    var order = document("Order/O1");
    assertThat(order.path("status").asText()).isEqualTo("Paid");
    assertThat(order.path("modified").asText()).isEqualTo(THEN);
    assertThat(order.path("items").path(0).path("amount").asInt()).isEqualTo(5);
    assertThat(order.path("items").path(0).path("modified").asText()).isGreaterThan(THEN);
    assertThat(order.path("items").path(1).path("modified").asText()).isEqualTo(THEN);
    assertThat(
            names(
                "Line?parent=Order&filters="
                    + Peer.encoded("[[\"modified\",\">\",\"" + THEN + "\"]]")))
        .containsExactly("l1");
    site.dbSet("Order", "O1", json("{'status': null}"), true);
    assertThat(document("Order/O1").has("status")).isFalse();
    assertThat(document("Order/O1").path("modified").asText()).isGreaterThan(THEN);
    assertThat(site.logSize()).isZero();
  }

  @Test
  void numbers_that_nobody_set_are_listed_as_0_and_all_else_as_null() {
    site.putDocType(
        json(
            "{'name': 'Offer', 'fields': [{'fieldname': 'open', 'fieldtype': 'Check'},"
                + "{'fieldname': 'total', 'fieldtype': 'Currency'},"
                + "{'fieldname': 'remark', 'fieldtype': 'Data'}]}"));
    site.put("Offer", json("{'name': 'F'}"));

    var row = list("Offer?fields=" + Peer.encoded("[\"*\"]")).path(0);

    assertThat(row.path("open")).isEqualTo(new IntNode(0));
    assertThat(row.path("total")).isEqualTo(new DoubleNode(0));
    assertThat(row.path("remark").isNull()).isTrue();
    assertThat(list("Offer?filters=" + Peer.encoded("[[\"open\",\"=\",0]]"))).hasSize(1);
  }

  @Test
  void what_the_owner_of_the_key_may_not_read_is_refused() {
    ordered();
    site.forbidden("Deleted Document").forbidden("Order");

    assertThat(peer.get("/api/resource/Deleted%20Document").statusCode()).isEqualTo(403);
    assertThat(peer.get("/api/resource/Order/O1").statusCode()).isEqualTo(403);
    assertThat(peer.get("/api/resource/Line?parent=Order").statusCode()).isEqualTo(403);
    assertThat(peer.get("/api/resource/Customer/Old").statusCode()).isEqualTo(200);
  }

  @Test
  void what_is_deleted_is_remembered_with_its_last_state() {
    ordered();

    site.delete("Order", "O1");

    var row = list("Deleted%20Document?fields=" + Peer.encoded("[\"*\"]")).path(0);
    assertThat(row.path("deleted_doctype").asText()).isEqualTo("Order");
    assertThat(row.path("restored").asInt()).isZero();
    assertThat(row.path("new_name").isNull()).isTrue();
    assertThat(Peer.tree(row.path("data").asText()).path("items").findValuesAsText("name"))
        .containsExactly("l1", "l2");
  }

  private void ordered() {
    site.put(
        "Customer",
        json(
            ("{'name': 'Old', 'customer_name': 'Old', 'modified': 'THEN',"
                    + " 'lines': [{'name': 'c1', 'doctype': 'Line', 'parent': 'Old'}]}")
                .replace("THEN", THEN)));
    site.put(
        "Order",
        json(
            ("{'name': 'O1', 'customer': 'Old', 'title': 'Old', 'modified': 'THEN', 'items': ["
                    + "{'name': 'l1', 'doctype': 'Line', 'party_type': 'Customer', 'party': 'Old',"
                    + " 'modified': 'THEN'},"
                    + "{'name': 'l2', 'doctype': 'Line', 'party_type': 'Supplier', 'party': 'Old',"
                    + " 'modified': 'THEN'}]}")
                .replace("THEN", THEN)));
  }

  private void described() {
    site.putDocType(
        json(
            "{'name': 'Customer', 'autoname': 'field:customer_name', 'allow_rename': 1, 'fields': ["
                + "{'fieldname': 'customer_name', 'fieldtype': 'Data'}]}"));
    site.putDocType(
        json(
            "{'name': 'Order', 'allow_rename': 0, 'fields': ["
                + "{'fieldname': 'customer', 'fieldtype': 'Link', 'options': 'Customer'},"
                + "{'fieldname': 'items', 'fieldtype': 'Table', 'options': 'Line'}]}"));
    site.putDocType(
        json(
            "{'name': 'Line', 'istable': 1, 'fields': ["
                + "{'fieldname': 'party_type', 'fieldtype': 'Link', 'options': 'DocType'},"
                + "{'fieldname': 'party', 'fieldtype': 'Dynamic Link', 'options': 'party_type'}]}"));
  }

  private void on(Generation generation) {
    site.close();
    site = StandInSite.start(generation);
    peer = new Peer(site);
    described();
  }

  private HttpResponse<String> rename(String doctype, String from, String to, String merge) {
    return peer.post(
        "/api/method/frappe.client.rename_doc",
        Map.of("doctype", doctype, "old_name", from, "new_name", to, "merge", merge));
  }

  private JsonNode document(String path) {
    return Peer.tree(peer.get("/api/resource/" + path).body()).path("data");
  }

  private JsonNode comments() {
    return list(
        "Comment?order_by=creation&fields="
            + Peer.encoded(
                "[\"comment_type\",\"reference_doctype\",\"reference_name\",\"content\"]"));
  }

  private List<String> deletions() {
    return list("Deleted%20Document?fields=" + Peer.encoded("[\"deleted_name\"]"))
        .findValuesAsText("deleted_name");
  }

  private List<String> names(String listing) {
    return list(listing).findValuesAsText("name");
  }

  private JsonNode list(String listing) {
    return Peer.tree(peer.get("/api/resource/" + listing).body()).path("data");
  }
}
