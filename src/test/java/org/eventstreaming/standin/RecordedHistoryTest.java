package org.eventstreaming.standin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.eventstreaming.standin.RecordedHistory.Form;
import org.junit.jupiter.api.Test;

class RecordedHistoryTest {
  private static final String[] ASKED = RecordedHistory.DOCTYPES.toArray(String[]::new);
  private static final String[] TYPES =
      RecordedHistory.DOCTYPES.stream()
          .map(type -> type.equals("Note") ? "Note|doc.public == 1" : type)
          .toArray(String[]::new);

  @Test
  void a_registration_comes_before_the_history() {
    var history = RecordedHistory.start(Form.TABLE);
    try (var site = history.site()) {
      var lastUpdate = new Peer(site).register(TYPES);
      history.releaseAll();

      assertThat(lastUpdate).isLessThan(RecordedHistory.entries(Form.TABLE).get(0).creation());
      assertThat(site.logSize()).isEqualTo(122);
      assertThat(
              site.insert("ToDo", Peer.json("{'description': 'later'}")).path("creation").asText())
          .isGreaterThan(RecordedHistory.entries(Form.TABLE).get(121).creation());
    }
  }

  @Test
  void the_table_is_read_by_list_as_it_was_recorded() {
    var history = RecordedHistory.start(Form.TABLE);
    try (var site = history.site()) {
      history.releaseAll();

      var rows =
          list(
              site,
              "Event%20Update%20Log",
              "[\"name\",\"creation\",\"update_type\",\"ref_doctype\",\"docname\",\"data\"]",
              "&order_by=modified%20asc,%20name%20asc");

      assertThat(rows.stream().map(RecordedHistoryTest::entry))
          .containsExactlyElementsOf(RecordedHistory.entries(Form.TABLE));
    }
  }

  @Test
  void the_method_answers_what_was_recorded_in_that_order() {
    var history = RecordedHistory.start(Form.METHOD);
    try (var site = history.site()) {
      var peer = new Peer(site);
      var lastUpdate = peer.register(TYPES);
      history.releaseAll();

      var pulled = peer.pull(lastUpdate, ASKED);

      assertThat(pulled)
          .hasSize(104)
          .containsExactlyElementsOf(
              RecordedHistory.entries(Form.METHOD).stream().map(LogEntry::name).toList());
    }
  }

  /** The strongest check of the selection: a real site's whole answer from its table and state. */
  @Test
  void the_rules_of_selection_make_the_recorded_answer_out_of_the_recorded_table() {
    var history = RecordedHistory.start(Form.TABLE);
    try (var site = history.site()) {
      var peer = new Peer(site);
      var lastUpdate = peer.register(TYPES);
      history.releaseAll();

      var pulled = peer.pull(lastUpdate, ASKED);

      assertThat(pulled)
          .containsExactlyElementsOf(
              RecordedHistory.entries(Form.METHOD).stream().map(LogEntry::name).toList());
    }
  }

  @Test
  void documents_rows_and_doctypes_are_served() {
    try (var site = RecordedHistory.start(Form.TABLE).site()) {
      var peer = new Peer(site);
      for (var document : RecordedHistory.documents()) {
        var uri =
            "/api/resource/%s/%s"
                .formatted(
                    Peer.encoded(document.path("doctype").asText()),
                    Peer.encoded(document.path("name").asText()));
        assertThat(Peer.tree(peer.get(uri).body()).path("data"))
            .isEqualTo(FrappeJson.withoutNulls(document));
      }
      var rows =
          list(
              site,
              "Sales%20Invoice%20Item",
              "[\"*\"]",
              "&parent=Sales%20Invoice&order_by=parent%20asc,%20idx%20asc");
      assertThat(rows)
          .isNotEmpty()
          .allMatch(row -> row.path("parenttype").asText().equals("Sales Invoice"));
      assertThat(peer.get("/api/resource/Sales%20Invoice%20Item").statusCode()).isEqualTo(403);
      assertThat(peer.get("/api/resource/Sales%20Invoice%20Item?parent=Customer").statusCode())
          .isEqualTo(403);
      var docs =
          Peer.tree(
                  peer.get("/api/method/frappe.desk.form.load.getdoctype?doctype=Sales%20Invoice")
                      .body())
              .path("docs");
      assertThat(docs.findValuesAsText("name")).contains("Sales Invoice", "Sales Invoice Item");
    }
  }

  @Test
  void renames_and_deletions_are_reported_as_the_log_reaches_them() {
    var history = RecordedHistory.start(Form.TABLE);
    try (var site = history.site()) {
      assertThat(traces(site)).isEmpty();
      history.release(80);
      assertThat(traces(site)).isNotEmpty().hasSizeLessThan(13);
      history.releaseAll();

      assertThat(traces(site)).hasSize(13).contains("Fabrikam Global", "kb2up9p0cs");
    }
  }

  @Test
  void a_stock_site_has_the_same_behind_it_and_no_log() {
    try (var site = RecordedHistory.startStock()) {
      assertThat(traces(site)).hasSize(13);
      assertThat(new Peer(site).get("/api/resource/Event%20Update%20Log").statusCode())
          .isEqualTo(404);
      var invoices = list(site, "Sales%20Invoice", "[\"*\"]", "");
      assertThat(invoices).isNotEmpty().allMatch(row -> row.hasNonNull("grand_total"));
      var defaults =
          list(
              site,
              "Item%20Default",
              "[\"*\"]",
              "&parent=Item&filters="
                  + Peer.encoded(
                      "[[\"parent\",\"=\",\"ART-000\"],"
                          + "[\"modified\",\">\",\"2026-11-22 13:17:14.406165\"]]"));
      assertThat(defaults)
          .singleElement()
          .matches(row -> row.path("modified").asText().equals("2026-11-22 13:17:14.683333"));
      assertThat(site.insert("ToDo", Peer.json("{}")).path("modified").asText())
          .isGreaterThan("2026-11-22 13:19:17");
    }
  }

  @Test
  void it_can_be_played_live() throws Exception {
    var history = RecordedHistory.start(Form.TABLE);
    try (var site = history.site()) {
      var sizes = new ConcurrentLinkedQueue<Integer>();

      history
          .play(Duration.ofMillis(1), playing -> sizes.add(playing.logSize()))
          .get(60, TimeUnit.SECONDS);

      assertThat(sizes).hasSize(122).contains(1, 2, 122);
    }
  }

  private static List<ObjectNode> list(
      StandInSite site, String doctype, String fields, String more) {
    var uri =
        "/api/resource/"
            + doctype
            + "?fields="
            + Peer.encoded(fields)
            + "&limit_page_length=0"
            + more;
    return StreamSupport.stream(
            Peer.tree(new Peer(site).get(uri).body()).path("data").spliterator(), false)
        .map(ObjectNode.class::cast)
        .toList();
  }

  /** What Comment and Deleted Document rows are about. */
  private static List<String> traces(StandInSite site) {
    var traces = new ArrayList<String>();
    list(site, "Comment", "[\"*\"]", "")
        .forEach(row -> traces.add(row.path("reference_name").asText()));
    list(site, "Deleted%20Document", "[\"*\"]", "")
        .forEach(row -> traces.add(row.path("deleted_name").asText()));
    return traces;
  }

  private static LogEntry entry(JsonNode row) {
    return new LogEntry(
        row.path("name").asText(),
        row.path("creation").asText(),
        row.path("update_type").asText(),
        row.path("ref_doctype").asText(),
        row.path("docname").asText(),
        row.path("data").isNull() ? null : row.path("data").asText());
  }
}
