package org.eventstreaming.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.standin.Peer.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every recorded request that the stand-in serves is sent to a stand-in in the recorded state; its
 * answer is compared with the recorded one, key by key, value by value.
 *
 * <p>Loose everywhere: {@code modified} (the moment of the save), {@code __frappe_exc_id} (random).
 * Loose where a test says so: names and stamps that the site gives to new rows.
 */
class RecordedConversationTest {
  private static final String CONSUMER = "Event Consumer";
  private static final Predicate<String> EXACT =
      path -> path.endsWith(".modified") || path.endsWith("__frappe_exc_id");

  /** Rows of a save that had no name get one: random. */
  private static final Predicate<String> NEW_ROWS = EXACT.or(path -> path.endsWith("[].name"));

  /** A registration is stamped now, and its secret was replaced by one of another length. */
  private static final Predicate<String> REGISTERED =
      NEW_ROWS.or(path -> path.endsWith(".creation") || path.equals(".data.api_secret"));

  @ParameterizedTest
  @CsvSource({"frappe-13,V13", "frappe-14,V14", "app-15,V15_APP"})
  void a_conversation_is_answered_as_the_real_site_did(String folder, Generation generation) {
    var conversation = Recorded.ofProducer(folder);
    var history = history(conversation);
    var pulls = 0;
    var consumerCalls = 0;
    try (var site = StandInSite.start(generation)) {
      site.condition("Note", note -> note.path("public").asInt() == 1);
      for (var one : conversation) {
        while (!history.isEmpty() && history.get(0).creation().compareTo(one.siteTime()) < 0) {
          site.append(history.remove(0));
        }
        if (one.readableUri().contains("register_consumer")) {
          site.append(entryBefore(one));
          one.assertAnswered(one.sendTo(site), EXACT);
          assertThat(one.sendTo(site).body()).isEqualTo("{}");
        } else if (one.isPull() && one.method().equals("POST")) {
          one.assertAnswered(one.sendTo(site), EXACT);
          pulls++;
        } else if (one.doctype().equals(CONSUMER) && consumerCalls++ < 2) {
          // the first two are about an earlier subscription
          site.put(CONSUMER, json("{'name': 'http://consumer.example:8000'}"));
          if (one.method().equals("GET")) {
            site.put(CONSUMER, (ObjectNode) one.answer().path("data"));
          }
          one.assertAnswered(one.sendTo(site), EXACT);
        } else if (one.doctype().equals(CONSUMER)) {
          one.assertAnswered(one.sendTo(site), consumerCalls == 3 ? REGISTERED : NEW_ROWS);
          if (one.method().equals("GET")) {
            site.put(CONSUMER, (ObjectNode) one.answer().path("data"));
          }
        } else if (one.method().equals("DELETE")) {
          site.remove(one.doctype(), nameIn(one));
        } else if (!one.doctype().isEmpty() && one.status() == 200) {
          if (one.answer().path("data") instanceof ObjectNode document
              && !one.doctype().equals("Note Seen By")) {
            site.put(one.doctype(), withoutMarkers(document));
          }
          if (one.method().equals("GET") && one.answer().path("data").isObject()) {
            one.assertAnswered(one.sendTo(site), EXACT);
          }
        }
      }
    }

    assertThat(pulls).isGreaterThan(10);
    assertThat(consumerCalls).isGreaterThan(10);
  }

  @ParameterizedTest
  @CsvSource({"frappe-13,V13", "frappe-14,V14", "app-15,V15_APP"})
  void a_save_is_answered_and_logged_as_by_the_real_site(String folder, Generation generation) {
    var conversation = Recorded.ofProducer(folder);
    var history = history(conversation);
    var compared = 0;
    try (var site = StandInSite.start(generation)) {
      described(site);
      for (var one : conversation) {
        var isDocument = Set.of("ToDo", "Note").contains(one.doctype()) && one.status() / 100 == 2;
        if (!isDocument || one.method().equals("GET")) {
          continue;
        }
        if (!one.method().equals("POST")) {
          var answered = one.sendTo(site);
          // dates are typed on a real site, its rows get random names
          one.assertAnswered(answered, NEW_ROWS);
          compared += logged(site, history, one);
        }
        if (one.answer().path("data") instanceof ObjectNode document) {
          site.put(one.doctype(), withoutMarkers(document));
        }
      }
    }

    assertThat(compared).isGreaterThan(5);
  }

  @ParameterizedTest
  @CsvSource({"frappe-13,V13", "frappe-14,V14", "app-15,V15_APP"})
  void refusals_are_worded_as_by_the_real_site(String folder, Generation generation) {
    var refused = 0;
    try (var site = StandInSite.start(generation)) {
      describedInPart(site);
      site.put(CONSUMER, json("{'name': 'http://consumer.example:8000'}"));
      for (var one : Recorded.ofProducer(folder)) {
        var failsInCode = one.method().equals("POST") && one.status() == 500;
        var isCall = one.method().equals("POST") && one.doctype().isEmpty();
        if (one.status() < 400 || failsInCode || isCall) {
          continue;
        }
        if (one.doctype().equals("Event Update Log")) {
          site.logTableForbidden();
        }
        if (one.method().equals("PUT")) {
          site.put(
              "ToDo",
              json("{'name': '" + nameIn(one) + "', 'modified': '2026-11-22 13:58:20.724846'}"));
        }
        // the pair in this header was replaced by the one that is right; it was unknown
        var authorization =
            one.authorization().startsWith("Basic") ? "Basic YWFhOmJiYg==" : one.authorization();
        one.assertAnswered(
            one.sendTo(site, authorization),
            // whose code raised it is reported by some errors of Frappe 15, and means nothing
            EXACT
                .or(path -> path.equals("._exc_source?"))
                .or(path -> one.method().equals("PUT") && isText(path))
                // the random name that the document would have had
                .or(path -> isMandatory(one) && (path.equals(".exception") || path.equals(".exc")))
                .or(path -> one.doctype().equals("Event Update Log") && path.endsWith(".message")));
        refused++;
      }
    }

    assertThat(refused).isGreaterThan(10);
  }

  @ParameterizedTest
  @CsvSource({"frappe-13,V13", "frappe-14,V14", "app-15,V15_APP"})
  void lists_and_small_questions_are_answered_as_by_the_real_site(
      String folder, Generation generation) {
    var asked = 0;
    for (var one : Recorded.ofProducer(folder)) {
      if (one.status() != 200 || !one.method().equals("GET") || one.isPull()) {
        continue;
      }
      try (var site = StandInSite.start(generation)) {
        var rows = one.answer().path("data");
        if (rows.isArray() && !rows.isEmpty()) {
          given(site, one, rows);
          // the order of rows is undefined where the call names none
          var loose = one.uri().contains("order_by") ? EXACT : EXACT.or(path -> isValue(path));
          one.assertAnswered(one.sendTo(site), loose);
          asked++;
        } else if (one.readableUri().contains("get_count")) {
          one.assertAnswered(one.sendTo(site), EXACT.or(path -> path.equals(".message")));
          asked++;
        } else if (one.readableUri().contains("get_versions")) {
          // ERPNext is on one of the recorded sites, and apps describe themselves at length
          one.assertAnswered(
              one.sendTo(site),
              EXACT.or(path -> path.endsWith("description") || path.endsWith(".erpnext?")));
          asked++;
        } else if (one.readableUri().contains("get_value")) {
          site.put(
              "User",
              json("{'name': 'Administrator', 'full_name': 'Administrator', 'enabled': 1}"));
          one.assertAnswered(one.sendTo(site), EXACT);
          asked++;
        } else if (one.readableUri().contains("get_logged_user")) {
          one.assertAnswered(one.sendTo(site), EXACT);
          asked++;
        }
      }
    }

    assertThat(asked).isEqualTo(10);
  }

  @Test
  void a_definition_is_answered_with_those_of_its_child_tables_as_by_the_real_site() {
    var recorded = Recorded.of("stock-15/getdoctype.jsonl").get(0);
    try (var site = StandInSite.start(Generation.STOCK_15)) {
      recorded.answer().path("docs").forEach(docType -> site.putDocType((ObjectNode) docType));

      recorded.assertAnswered(recorded.sendTo(site), path -> false);
    }
  }

  /** All entries that the conversation's pulls carry, in order of creation. */
  private static List<LogEntry> history(List<Recorded> conversation) {
    var entries = new LinkedHashMap<String, LogEntry>();
    for (var one : conversation) {
      if (one.isPull() && one.method().equals("POST")) {
        one.answer()
            .path("message")
            .forEach(row -> entries.put(row.path("name").asText(), entry(row)));
      }
    }
    return new ArrayList<>(
        entries.values().stream().sorted(Comparator.comparing(LogEntry::creation)).toList());
  }

  /** Compares what the stand-in logged for this save, if the real site's entry is known. */
  private static int logged(StandInSite site, List<LogEntry> history, Recorded one) {
    var name = nameIn(one);
    var isDelete = one.method().equals("DELETE");
    var expected =
        history.stream()
            .filter(entry -> entry.docname().equals(name))
            .filter(entry -> entry.updateType().equals(isDelete ? "Delete" : "Update"))
            .findFirst();
    if (expected.isEmpty()) {
      return 0;
    }
    history.remove(expected.get());
    var list =
        new Peer(site)
            .get("/api/resource/Event%20Update%20Log?fields=%5B%22*%22%5D&limit_page_length=1");
    var own = entry(Peer.tree(list.body()).path("data").path(0));
    assertThat(own.updateType()).isEqualTo(expected.get().updateType());
    assertThat(own.docname()).isEqualTo(name);
    if (!isDelete) {
      var differences = new ArrayList<String>();
      Recorded.compare(
          "",
          data(expected.get()),
          data(own),
          NEW_ROWS.or(path -> path.endsWith(".creation")),
          differences);
      assertThat(differences).as(own.toString()).isEmpty();
      assertThat(own.data()).startsWith("{\n \"added\": {");
    }
    return 1;
  }

  private static JsonNode data(LogEntry entry) {
    return Peer.tree(String.valueOf(entry.data()));
  }

  private static void given(StandInSite site, Recorded one, JsonNode rows) {
    for (var row : rows) {
      if (one.doctype().equals("Event Update Log")) {
        site.append(entry(row));
      } else if (one.doctype().equals("Note Seen By")) {
        var note = json("{}");
        note.put("name", row.path("parent").asText() + row.path("name").asText());
        var copy = note.putArray("seen_by").addObject();
        copy.setAll((ObjectNode) row);
        copy.put("doctype", "Note Seen By");
        site.put("Note", note);
      } else {
        site.put(one.doctype(), (ObjectNode) row);
      }
    }
  }

  private static LogEntry entry(JsonNode row) {
    return new LogEntry(
        row.path("name").asText(),
        row.path("creation").asText(row.path("modified").asText()),
        row.path("update_type").asText("Create"),
        row.path("ref_doctype").asText("ToDo"),
        row.path("docname").asText(),
        row.path("data").isTextual() ? row.path("data").asText() : null);
  }

  /** An entry that makes the site's newest creation what the registration answered. */
  private static LogEntry entryBefore(Recorded one) {
    var lastUpdate = Peer.tree(one.answer().path("message").asText()).path("last_update").asText();
    return new LogEntry("1", lastUpdate, "Create", "Role", "Before", "{}");
  }

  private static String nameIn(Recorded one) {
    var path = one.readableUri();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static ObjectNode withoutMarkers(ObjectNode document) {
    var copy = FrappeJson.withoutNulls(document);
    Documents.rows(copy).forEach(row -> row.remove("__unsaved"));
    return copy;
  }

  /** DocTypes as far as saves need them. */
  private static void described(StandInSite site) {
    site.withoutDocType("Nope");
    site.putDocType(
        json("{'name': 'ToDo', 'fields': [{'fieldname': 'date', 'fieldtype': 'Date'}]}"));
    site.putDocType(
        json(
            "{'name': 'Note', 'fields': [{'fieldname': 'seen_by', 'fieldtype': 'Table MultiSelect',"
                + " 'options': 'Note Seen By'}]}"));
    site.putDocType(json("{'name': 'Note Seen By', 'istable': 1, 'fields': []}"));
  }

  /** DocTypes as far as refusals need them. */
  private static void describedInPart(StandInSite site) {
    site.withoutDocType("Nope");
    site.putDocType(
        json(
            "{'name': 'ToDo', 'fields': ["
                + "{'fieldname': 'description', 'fieldtype': 'Text', 'reqd': 1},"
                + "{'fieldname': 'role', 'fieldtype': 'Link', 'options': 'Role'}]}"));
    site.putDocType(
        json(
            "{'name': 'Note', 'fields': [{'fieldname': 'title', 'fieldtype': 'Data', 'reqd': 1}]}"));
    site.putDocType(
        json(
            "{'name': 'Role', 'autoname': 'field:role_name', 'fields': ["
                + "{'fieldname': 'role_name', 'fieldtype': 'Data'}]}"));
    site.put("Role", json("{'name': 'System Manager'}"));
  }

  /** Texts that hold the stamps of the two states that collided. */
  private static boolean isText(String path) {
    return path.endsWith("exception") || path.endsWith(".exc") || path.endsWith(".message");
  }

  private static boolean isMandatory(Recorded one) {
    return one.answer().path("exception").asText().contains("MandatoryError");
  }

  private static boolean isValue(String path) {
    return path.startsWith(".data[].");
  }
}
