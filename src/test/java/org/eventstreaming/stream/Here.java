package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eventstreaming.update.DocumentJson;
import org.jspecify.annotations.Nullable;

/** What stands in the store and in the Event Sync Log, in the words of a test. */
final class Here {
  private final TestDatabase database;

  Here(TestDatabase database) {
    this.database = database;
  }

  /** A document or a diff, written with single quotes. */
  static ObjectNode json(String singleQuoted) {
    return (ObjectNode) parsed(singleQuoted.replace('\'', '"'));
  }

  /** The document; it has to be here. */
  JsonNode document(String doctype, String name) {
    List<List<@Nullable String>> rows =
        database.rows(
            "select data from document where doctype = %s and name = %s"
                .formatted(quoted(doctype), quoted(name)));
    assertThat(rows).as("%s %s", doctype, name).hasSize(1);
    return parsed(String.valueOf(rows.get(0).get(0)));
  }

  Set<String> names(String doctype) {
    return texts("select name from document where doctype = " + quoted(doctype)).stream()
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What became of a document's entries, in the order of arrival. */
  List<String> statuses(String remoteName) {
    return texts(
        "select status from event_sync_log where producer_doc = %s order by seq"
            .formatted(quoted(remoteName)));
  }

  /** What the log says of the only entry of this document and type. */
  String message(String remoteName, String updateType) {
    return String.valueOf(
        database.value(
            "select coalesce(error, note, '') from event_sync_log where producer_doc = %s and update_type = %s"
                .formatted(quoted(remoteName), quoted(updateType))));
  }

  long entries(String status) {
    return database.count("event_sync_log where status = " + quoted(status));
  }

  long entries() {
    return database.count("event_sync_log");
  }

  long passedOver(String doctype) {
    return Long.parseLong(
        String.valueOf(
            database.value(
                "select coalesce(sum(passed_over), 0) from event_producer_document_type where ref_doctype = "
                    + quoted(doctype))));
  }

  @Nullable String lastError() {
    return database.value("select last_error from event_producer order by producer_url limit 1");
  }

  List<String> texts(String sql) {
    return database.rows(sql).stream().map(row -> String.valueOf(row.get(0))).toList();
  }

  static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  static JsonNode parsed(String json) {
    try {
      return DocumentJson.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }
}
