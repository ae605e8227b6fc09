package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.document.NormalForm;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.update.DocumentJson;
import org.eventstreaming.update.DocumentKey;

/** Compares what a history left here with what it left on its site, row by row. */
final class CompareHistory {
  /** What no diff carries, and what depends on the name here. */
  private static final Set<String> IGNORED =
      Set.of(
          "modified", "modified_by", "name", "parent", "remote_docname", "remote_site_name", "idx");

  private final TestDatabase database;
  private final RandomHistory history;

  CompareHistory(TestDatabase database, RandomHistory history) {
    this.database = database;
    this.history = history;
  }

  /** Every followed entry has its one row, Synced, in order, and was applied once. */
  void assertAppliedOnce() {
    Map<String, LogEntry> left = new LinkedHashMap<>();
    Map<DocumentKey, String> last = new HashMap<>();
    history.followedEntries().forEach(entry -> left.put(entry.name(), entry));
    Map<DocumentKey, Replay> replays = new HashMap<>();
    for (List<String> row :
        database.rows(
            """
            select update_log, producer_doctype, producer_doc, status, xmin, update_type,
                   coalesce(error, ''), attempts
              from event_sync_log order by seq
            """)) {
      assertThat(left).as("entry of the row %s", row).containsKey(row.get(0));
      LogEntry entry = Objects.requireNonNull(left.remove(row.get(0)));
      DocumentKey key = new DocumentKey(row.get(1), row.get(2));
      assertThat(key).isEqualTo(new DocumentKey(entry.refDoctype(), entry.docname()));
      assertThat(row.get(3)).as("status of %s", row).isEqualTo("Synced");
      assertThat(row.get(7)).as("attempts of %s", row).isEqualTo("1");
      assertThat(entry.creation())
          .as("the order of %s", row)
          .isGreaterThan(last.getOrDefault(key, ""));
      last.put(key, entry.creation());
      replays.computeIfAbsent(key, unused -> new Replay()).add(row.get(4), row.get(5));
    }
    assertThat(left).as("entries without a row").isEmpty();
    for (List<String> row :
        database.rows(
            """
            select l.remote_doctype, l.remote_name, d.version
              from document d join document_link l
                on l.local_doctype = d.doctype and l.local_name = d.name
            """)) {
      Replay replay = replays.getOrDefault(new DocumentKey(row.get(0), row.get(1)), new Replay());
      assertThat(Long.parseLong(row.get(2)))
          .as("version of %s: one for each page that wrote it", row)
          .isEqualTo(replay.version());
    }
  }

  /** Every document is here as it is there, none too many; the identity map holds exactly them. */
  void assertSameDocuments() {
    NormalForm normalForm = new NormalForm(DocTypes.NONE);
    Map<DocumentKey, JsonNode> wanted = new HashMap<>();
    history
        .followedDocuments()
        .forEach((key, document) -> wanted.put(key, comparable(normalForm.of(document), false)));
    Map<DocumentKey, JsonNode> held = new HashMap<>();
    Set<DocumentKey> locals = new HashSet<>();
    for (List<String> row :
        database.rows(
            """
            select l.remote_doctype, l.remote_name, d.doctype, d.name, d.data
              from document d left join document_link l
                on l.local_doctype = d.doctype and l.local_name = d.name
            """)) {
      DocumentKey remote = new DocumentKey(row.get(0), row.get(1));
      locals.add(new DocumentKey(row.get(2), row.get(3)));
      if (!"Ticket".equals(remote.doctype())) {
        assertThat(row.get(3)).isEqualTo(remote.name());
      }
      ObjectNode data = parsed(row.get(4));
      assertThat(data.path("name").asText()).isEqualTo(row.get(3));
      assertThat(normalForm.of(data)).as("normal form of %s", remote).isEqualTo(data);
      held.put(remote, comparable(data, false));
    }
    assertThat(locals).as("documents without a place in the identity map").hasSize(held.size());
    assertThat(held.keySet()).as("documents here").isEqualTo(wanted.keySet());
    wanted.forEach((key, document) -> assertThat(held.get(key)).as("%s", key).isEqualTo(document));
    assertThat(database.count("document_link")).as("identity map").isEqualTo(wanted.size());
  }

  private static ObjectNode comparable(ObjectNode document, boolean row) {
    ObjectNode comparable = document.deepCopy();
    comparable
        .properties()
        .removeIf(
            field ->
                IGNORED.contains(field.getKey())
                    // a diff does not say whether rows that stay got new numbers
                    && !(row && field.getKey().equals("name")));
    comparable
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isArray()) {
                var rows = DocumentJson.MAPPER.createArrayNode();
                field.getValue().forEach(one -> rows.add(comparable((ObjectNode) one, true)));
                field.setValue(rows);
              }
            });
    return comparable;
  }

  private static ObjectNode parsed(String json) {
    try {
      return (ObjectNode) DocumentJson.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Which version a document has when each page that held entries of it wrote it once. The pages
   * are distinguished by the transaction that wrote their rows.
   */
  private static final class Replay {
    private String page = "";
    private long before;
    private boolean here;

    void add(String transaction, String updateType) {
      if (!transaction.equals(page)) {
        before = version();
        page = transaction;
      }
      here = !updateType.equals("Delete");
    }

    long version() {
      return page.isEmpty() || !here ? 0 : before + 1;
    }
  }
}
