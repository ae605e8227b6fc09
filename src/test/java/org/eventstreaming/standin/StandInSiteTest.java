package org.eventstreaming.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.standin.Peer.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StandInSiteTest {
  private static final String CONSUMER =
      "/api/resource/Event%20Consumer/http://consumer.example:8000";

  private StandInSite site = StandInSite.start(Generation.V15_APP);
  private Peer peer = new Peer(site);

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void arguments_come_from_query_form_or_json_alike() {
    peer.register("ToDo");
    site.insert("ToDo", json("{'name': 'T1'}"));
    var arguments = peer.pullArguments("2000-01-01", "ToDo");
    var dotted = "/api/method/" + arguments.get("cmd");
    var asJson = FrappeJson.object();
    arguments.forEach(asJson::put);

    assertThat(
            List.of(
                peer.post("/", arguments).body(),
                peer.post("/?" + Peer.form(arguments), Map.of()).body(),
                peer.get("/?" + Peer.form(arguments)).body(),
                peer.get(dotted + "?" + Peer.form(arguments)).body(),
                peer.send("POST", dotted, asJson.toString(), "application/json").body()))
        .allSatisfy(body -> assertThat(body).contains("\"docname\":\"T1\""));
  }

  @Test
  void a_real_array_in_a_json_body_breaks_frappe_13_only() {
    for (var generation : List.of(Generation.V13, Generation.V14)) {
      on(generation);
      peer.register("ToDo");
      var body =
          json("{'event_consumer': '" + Peer.URL + "', 'doctypes': ['ToDo'], 'last_update': ''}");

      var answer =
          peer.send(
              "POST",
              peer.method("event_update_log.event_update_log.get_update_logs_for_consumer"),
              body.toString(),
              "application/json");

      assertThat(answer.statusCode()).isEqualTo(generation == Generation.V13 ? 500 : 200);
    }
  }

  @Test
  void the_home_page_is_for_everybody_and_the_zone_too() {
    peer.as("");

    assertThat(peer.get("").statusCode()).isEqualTo(200);
    assertThat(peer.get("/").headers().firstValue("content-type").orElse(""))
        .startsWith("text/html");
    assertThat(peer.get("/api/method/ping").body()).contains("pong");
    assertThat(peer.get("/api/method/frappe.client.get_time_zone").body()).contains("Asia/Kolkata");
    site.zone(ZoneId.of("Europe/Berlin"));
    assertThat(peer.get("/api/method/frappe.client.get_time_zone").body())
        .contains("Europe/Berlin");
    site.zoneUnset();
    assertThat(peer.get("/api/method/frappe.client.get_time_zone").body())
        .contains("\"time_zone\":null");
  }

  @Test
  void credentials_are_taken_and_refused_as_by_each_generation() {
    var user = "/api/method/frappe.auth.get_logged_user";

    for (var generation : Generation.values()) {
      on(generation);
      assertThat(peer.as("Basic QVBJLUtFWTpBUEktU0VDUkVU").get(user).statusCode()).isEqualTo(200);
      assertThat(peer.as("TOKEN API-KEY:API-SECRET").get(user).statusCode()).isEqualTo(200);
      assertThat(peer.as("").get(user).statusCode()).isEqualTo(403);
      assertThat(peer.as("token  API-KEY:API-SECRET").get(user).statusCode()).isEqualTo(403);
      assertThat(peer.as("Basic QVBJ*").get(user).statusCode()).isEqualTo(400);
      var stranger = generation.is13() ? 403 : 401;
      assertThat(peer.as("token API-KEY:wrong").get(user).statusCode()).isEqualTo(stranger);
      assertThat(peer.as("token a:b:c").get(user).statusCode()).isEqualTo(stranger);
      assertThat(peer.as("token x:y").get(user).statusCode()).isEqualTo(401);
      assertThat(peer.as("token API-KEY:wrong").get("/api/method/ping").statusCode())
          .isEqualTo(generation.is13() ? 200 : 401);
    }
  }

  @Test
  void the_other_prefix_and_a_stock_site_fail_to_get_the_method() {
    var method = ".event_consumer.event_consumer.register_consumer";
    var core = "/api/method/frappe.event_streaming.doctype" + method;
    var app = "/api/method/event_streaming.event_streaming.doctype" + method;

    assertThat(peer.get(core).statusCode()).isEqualTo(417);
    assertThat(peer.get(core).body())
        .contains("Failed to get method for command", "No module named 'frappe.event_streaming'");
    on(Generation.V13);
    assertThat(peer.get(app).body()).contains("App event_streaming is not installed");
    on(Generation.STOCK_15);
    assertThat(peer.get(core).body()).contains("No module named 'frappe.event_streaming'");
    assertThat(peer.get(app).body()).contains("App event_streaming is not installed");
    assertThat(peer.get("/api/resource/Event%20Update%20Log").statusCode()).isEqualTo(404);
    assertThat(peer.get("/api/method/frappe.utils.change_log.get_versions").body())
        .doesNotContain("event_streaming");
  }

  @Test
  void a_request_line_over_the_limit_is_refused_with_a_page() {
    var fits =
        "/api/method/ping?x=" + "a".repeat(4094 - "GET /api/method/ping?x= HTTP/1.1".length());

    assertThat(peer.get(fits).statusCode()).isEqualTo(200);
    assertThat(peer.get(fits + "a").statusCode()).isEqualTo(400);
    assertThat(peer.get(fits + "a").body()).startsWith("<!DOCTYPE html>");
  }

  @Test
  void a_subscription_is_saved_under_an_optimistic_lock() {
    peer.register("ToDo", "Note");
    var read = Peer.tree(peer.get(CONSUMER).body()).path("data");
    var encoded = "/api/resource/Event%20Consumer/" + Peer.encoded(Peer.URL);
    assertThat(Peer.tree(peer.get(encoded).body()).path("data")).isEqualTo(read);
    var change = json("{'consumer_doctypes': [{'ref_doctype': 'Note', 'unsubscribed': 1}]}");
    change.put("modified", read.path("modified").asText()).put("incoming_change", true);

    var first =
        peer.send(
            "PUT",
            CONSUMER,
            "data=" + Peer.encoded(change.toString()),
            "application/x-www-form-urlencoded");
    var second = peer.send("PUT", CONSUMER, change.toString(), "application/json");

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(second.statusCode()).isEqualTo(417);
    assertThat(second.body()).contains("TimestampMismatchError");
    var answered = Peer.tree(first.body()).path("data");
    var stored = Peer.tree(peer.get(CONSUMER).body()).path("data");
    assertThat(answered.path("incoming_change").asInt()).isEqualTo(1);
    assertThat(stored.path("incoming_change").asInt()).isEqualTo(0);
    assertThat(stored.path("modified").asText()).isGreaterThan(answered.path("modified").asText());
    assertThat(stored.path("consumer_doctypes").findValuesAsText("ref_doctype"))
        .containsExactly("Note");
    assertThat(stored.path("consumer_doctypes").path(0).path("status").asText())
        .isEqualTo("Pending");
  }

  @Test
  void rows_are_approved_one_by_one_all_or_from_the_start() {
    peer.register("ToDo", "Note");

    site.approve(Peer.URL, "Note");
    assertThat(peer.get(CONSUMER).body()).contains("Pending", "Approved");
    site.approveAll();
    assertThat(peer.get(CONSUMER).body()).doesNotContain("Pending");
    site.forget(Peer.URL);
    assertThat(peer.get(CONSUMER).statusCode()).isEqualTo(404);
    peer.register("ToDo");
    assertThat(peer.get(CONSUMER).body()).contains("Approved");
    assertThat(site.consumers()).containsExactly(Peer.URL);
  }

  @Test
  void a_registration_without_types_or_with_an_unknown_one_is_refused() {
    site.withoutDocType("Nope");

    peer.register();
    peer.register("Nope");

    assertThat(site.consumers()).isEmpty();
  }

  @Test
  void writes_are_stamped_in_the_sites_zone_and_logged() {
    site.clock(Clock.fixed(Instant.parse("2026-01-01T00:00:00.5Z"), ZoneOffset.UTC));
    site.putDocType(
        json(
            "{'name': 'Item', 'fields': [{'fieldname': 'taxes', 'fieldtype': 'Table', 'options': 'Item Tax'}]}"));

    site.insert(
        "Item", json("{'name': 'I1', 'item_name': 'One', 'brand': null, 'taxes': [{'rate': 5}]}"));
    var row =
        Peer.tree(peer.get("/api/resource/Item/I1").body()).path("data").path("taxes").path(0);
    var changes = json("{'item_name': null, 'docstatus': 1}");
    changes.putArray("taxes").add(row.deepCopy()).add(json("{'rate': 7}"));
    site.update("Item", "I1", changes);
    site.update("Item", "I1", json("{'taxes': []}"));
    site.update("Item", "I1", json("{'docstatus': 1}"));
    site.delete("Item", "I1");

    var log = list("Event%20Update%20Log", "[\"*\"]", "&order_by=creation%20asc");
    assertThat(log.findValuesAsText("update_type"))
        .containsExactly("Create", "Update", "Update", "Delete");
    assertThat(log.path(0).path("creation").asText()).isEqualTo("2026-01-01 05:30:00.500001");
    var create = Peer.tree(log.path(0).path("data").asText());
    assertThat(create.has("brand")).isFalse();
    assertThat(create.path("__unsaved").asInt()).isEqualTo(1);
    assertThat(create.path("taxes").path(0).path("doctype").asText()).isEqualTo("Item Tax");
    var update = Peer.tree(log.path(1).path("data").asText());
    assertThat(update.path("changed")).isEqualTo(json("{'item_name': null, 'docstatus': 1}"));
    assertThat(update.path("added").path("taxes").findValuesAsText("rate")).containsExactly("7");
    assertThat(update.path("row_changed")).isEmpty();
    var removal = Peer.tree(log.path(2).path("data").asText());
    assertThat(removal.path("removed").path("taxes")).hasSize(2).contains(row.path("name"));
    assertThat(log.path(3).path("data").isNull()).isTrue();
    assertThat(
            list("Deleted%20Document", "[\"deleted_name\"]", "").findValuesAsText("deleted_name"))
        .containsExactly("I1");
  }

  @Test
  void what_nobody_follows_is_not_logged_where_the_site_is_strict() {
    site.logOnlyWhatIsFollowed();
    peer.register("ToDo");

    site.insert("ToDo", json("{'name': 'T1'}"));
    site.approve(Peer.URL);
    site.insert("ToDo", json("{'name': 'T2'}"));

    assertThat(site.logSize()).isEqualTo(1);
  }

  @Test
  void names_of_the_log_are_numbers_in_frappe_14_only() {
    for (var generation : List.of(Generation.V13, Generation.V14, Generation.V15_APP)) {
      on(generation);
      site.append(new LogEntry("41", "2020-01-01 00:00:00", "Create", "ToDo", "T0", "{}"));
      site.insert("ToDo", json("{'name': 'T1'}"));

      var names = list("Event%20Update%20Log", "[\"name\"]", "&order_by=creation%20asc");

      var numbered = generation == Generation.V14;
      assertThat(names.path(0).path("name").isIntegralNumber()).isEqualTo(numbered);
      assertThat(names.path(1).path("name").asText().equals("42")).isEqualTo(numbered);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_document_is_deleted_with_202(Generation generation) {
    on(generation);
    site.put("ToDo", json("{'name': 'a/b%20c#?'}"));
    var uri = "/api/resource/ToDo/" + Peer.encoded("a/b%20c#?");

    var deleted = peer.send("DELETE", uri, "", "");
    var again = peer.send("DELETE", uri, "", "");

    var is15 = generation.is15();
    assertThat(deleted.statusCode()).isEqualTo(202);
    assertThat(deleted.body()).isEqualTo(is15 ? "{\"data\":\"ok\"}" : "{\"message\":\"ok\"}");
    assertThat(again.statusCode()).isEqualTo(404);
    assertThat(again.body()).isEqualTo(is15 ? "{\"exc_type\":\"DoesNotExistError\"}" : "{}");
  }

  @Test
  void lists_filter_order_and_page() {
    site.put(
        "Item", json("{'name': 'A', 'qty': 2, 'brand': '', 'modified': '2026-01-02 10:00:00.5'}"));
    site.put(
        "Item", json("{'name': 'b', 'qty': 10, 'brand': 'X', 'modified': '2026-01-01 10:00:00'}"));
    site.put("Item", json("{'name': 'C', 'qty': 10, 'modified': '2026-01-03 10:00:00'}"));

    assertThat(names("[[\"qty\",\">\",2]]", "name asc")).containsExactly("b", "C");
    assertThat(names("[[\"Item\",\"name\",\"in\",[\"a\",\"C\"]]]", "name desc"))
        .containsExactly("C", "A");
    assertThat(names("{\"qty\": 10, \"brand\": [\"!=\", \"X\"]}", "name")).containsExactly("C");
    assertThat(names("[[\"brand\",\"is\",\"not set\"]]", "name asc")).containsExactly("A", "C");
    assertThat(names("[[\"brand\",\"is\",\"set\"]]", "name asc")).containsExactly("b");
    assertThat(names("[[\"brand\",\"=\",\"\"]]", "name asc")).containsExactly("A", "C");
    assertThat(names("[[\"name\",\"not in\",[\"A\"]]]", "qty desc, name desc"))
        .containsExactly("C", "b");
    assertThat(names("[[\"name\",\"like\",\"%B%\"]]", "name")).containsExactly("b");
    assertThat(
            names("[[\"modified\",\"between\",[\"2026-01-01\",\"2026-01-02\"]]]", "modified asc"))
        .containsExactly("b", "A");
    assertThat(
            names(
                "[[\"modified\",\">=\",\"2026-01-02 10:00:00.500000\"],[\"modified\",\"<\",\"2026-01-03\"]]",
                "name"))
        .containsExactly("A");
    assertThat(names("[]", "name asc&limit_start=1&limit_page_length=1")).containsExactly("b");
    assertThat(names("[]", "")).containsExactly("C", "A", "b");
  }

  @Test
  void a_list_has_twenty_rows_unless_it_asks_for_another_number() {
    for (var i = 0; i < 30; i++) {
      site.put("ToDo", json("{'name': 'T" + i + "'}"));
    }

    assertThat(list("ToDo", "[\"name\"]", "")).hasSize(20);
    assertThat(list("ToDo", "[\"name\"]", "&limit=25")).hasSize(25);
    assertThat(list("ToDo", "[\"name\"]", "&limit_page_length=0")).hasSize(30);
    var asked =
        peer.post(
            "/api/method/frappe.client.get_list",
            Map.of("doctype", "ToDo", "limit_page_length", "7"));
    assertThat(Peer.tree(asked.body()).path("message")).hasSize(7);
  }

  @Test
  void a_column_that_does_not_exist_is_refused_where_the_doctype_is_known() {
    site.putDocType(
        json("{'name': 'ToDo', 'fields': [{'fieldname': 'status', 'fieldtype': 'Select'}]}"));
    site.put("ToDo", json("{'name': 'T'}"));

    var unknown = peer.get("/api/resource/ToDo?filters=" + Peer.encoded("[[\"nope\",\"=\",1]]"));
    var unordered = peer.get("/api/resource/ToDo?order_by=nope");

    assertThat(unknown.statusCode()).isEqualTo(417);
    assertThat(unknown.body()).contains("Field not permitted in query: nope");
    assertThat(unordered.statusCode()).isEqualTo(500);
    assertThat(list("ToDo", "[\"*\"]", "").path(0).path("status").isNull()).isTrue();
    assertThat(
            peer.post("/api/method/frappe.client.get", Map.of("doctype", "ToDo", "name", "T"))
                .body())
        .contains("\"status\":null");
  }

  @Test
  void a_plus_in_a_path_is_a_plus_and_no_space() {
    site.put("ToDo", json("{'name': 'a+b'}"));

    assertThat(peer.get("/api/resource/ToDo/a+b").statusCode()).isEqualTo(200);
    assertThat(peer.get("/api/resource/ToDo/a%20b").statusCode()).isEqualTo(404);
  }

  @Test
  void one_value_is_read_by_name_or_by_filter() {
    site.put("ToDo", json("{'name': 'T', 'status': 'Open'}"));
    var uri = "/?cmd=frappe.client.get_value&doctype=ToDo&fieldname=status&filters=";

    assertThat(peer.get(uri + "%22T%22").body()).isEqualTo("{\"message\":{\"status\":\"Open\"}}");
    assertThat(peer.get(uri + "T").body()).isEqualTo("{\"message\":{\"status\":\"Open\"}}");
    assertThat(peer.get(uri + Peer.encoded("{\"status\": \"Open\"}")).body()).contains("Open");
    assertThat(peer.get(uri + "nobody").body()).isEqualTo("{\"message\":{}}");
  }

  @Test
  void calls_are_counted_and_kept_without_secrets() {
    peer.get("/");
    peer.register("ToDo");
    peer.pull("", "ToDo");
    peer.get(CONSUMER);
    peer.get("/api/resource/Event%20Update%20Log");
    peer.get("/api/resource/ToDo/x");

    assertThat(site.requests())
        .extracting(Request::kind)
        .containsExactly(
            CallKind.LIVENESS,
            CallKind.REGISTER,
            CallKind.PULL,
            CallKind.EVENT_CONSUMER,
            CallKind.LOG_LIST,
            CallKind.DOCUMENT);
    assertThat(site.count(CallKind.PULL)).isEqualTo(1);
    assertThat(site.requests(CallKind.EVENT_CONSUMER).get(0).uri()).isEqualTo(CONSUMER);
    assertThat(site.requests(CallKind.PULL).get(0).headers().get("authorization"))
        .isEqualTo("token ***");
    assertThat(site.requests(CallKind.PULL).get(0).body()).contains("event_consumer=");
  }

  private void on(Generation generation) {
    site.close();
    site = StandInSite.start(generation);
    peer = new Peer(site);
  }

  private JsonNode list(String doctype, String fields, String more) {
    return Peer.tree(
            peer.get("/api/resource/" + doctype + "?fields=" + Peer.encoded(fields) + more).body())
        .path("data");
  }

  private List<String> names(String filters, String order) {
    var rows =
        list(
            "Item",
            "[\"name\"]",
            "&filters=" + Peer.encoded(filters) + "&order_by=" + order.replace(" ", "%20"));
    return StreamSupport.stream(rows.spliterator(), false)
        .map(row -> row.path("name").asText())
        .toList();
  }
}
