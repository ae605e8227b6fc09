package org.eventstreaming.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eventstreaming.stream.TestDatabase;
import org.jspecify.annotations.Nullable;

/**
 * A table that a page writes, with the columns that it had at commit e68fafc. What the stream of
 * today left in the table of the same name is read in these columns.
 */
enum BoundTable {
  DOCUMENT(
      "document",
      2,
      "doctype, name",
      """
      doctype text, name text, docstatus smallint, data jsonb, owner text, creation timestamptz,
      modified timestamptz, modified_by text, version bigint, remote_site_name text,
      remote_docname text, origin text
      """),
  LINK(
      "document_link",
      4,
      "local_doctype, local_name",
      """
      producer_url text, remote_doctype text, remote_name text, local_doctype text,
      local_name text, last_creation timestamptz, remote_modified timestamptz,
      read_at timestamptz, owned boolean, left_at timestamptz
      """),
  LOG(
      "event_sync_log",
      2,
      "seq",
      """
      update_log text, event_producer text, producer_doctype text, producer_doc text,
      creation timestamptz, update_type text, ref_doctype text, docname text,
      use_same_name boolean, mapping text, status text, cause text, error text, note text,
      data text, waits_for text[], attempts integer, next_attempt_at timestamptz,
      received_at timestamptz, synced_at timestamptz, entry text
      """);

  /** A column, with its type. */
  record Column(String name, String type) {}

  private final String table;
  private final String order;
  private final int keys;
  private final String columns;

  BoundTable(String table, int keys, String order, String columns) {
    this.table = table;
    this.keys = keys;
    this.order = order;
    this.columns = columns;
  }

  /** In the schema of the bound. */
  String qualified() {
    return "bound." + table;
  }

  String staged() {
    return "staged_" + table;
  }

  List<Column> columns() {
    return Arrays.stream(columns.strip().split(",\\s+", -1))
        .map(column -> column.split(" ", -1))
        .map(words -> new Column(words[0], words[1]))
        .toList();
  }

  /** The columns that identify a row. */
  List<String> key() {
    return columns().subList(0, keys).stream().map(Column::name).toList();
  }

  /** The columns that change. */
  List<String> rest() {
    return columns().subList(keys, columns().size()).stream().map(Column::name).toList();
  }

  /** All rows that the stream has in it. */
  List<List<@Nullable String>> read(TestDatabase database) {
    return database.rows(query(table));
  }

  /** Asks for all rows of a table with these columns. */
  String query(String from) {
    return "select %s::text from %s order by %s"
        .formatted(
            String.join("::text, ", columns().stream().map(Column::name).toList()), from, order);
  }

  /** The rows of the second that are not in the first, or not the same. */
  List<List<@Nullable String>> changed(
      List<List<@Nullable String>> before, List<List<@Nullable String>> after) {
    Map<List<@Nullable String>, List<@Nullable String>> known = byKey(before);
    List<List<@Nullable String>> changed = new ArrayList<>();
    for (List<@Nullable String> row : after) {
      if (!row.equals(known.get(row.subList(0, keys)))) {
        changed.add(row);
      }
    }
    return changed;
  }

  /** Whether one of these rows has the key of one that was there. */
  boolean areThere(List<List<@Nullable String>> before, List<List<@Nullable String>> rows) {
    Map<List<@Nullable String>, List<@Nullable String>> known = byKey(before);
    return rows.stream().anyMatch(row -> known.containsKey(row.subList(0, keys)));
  }

  private Map<List<@Nullable String>, List<@Nullable String>> byKey(
      List<List<@Nullable String>> rows) {
    Map<List<@Nullable String>, List<@Nullable String>> known = new HashMap<>();
    rows.forEach(row -> known.put(row.subList(0, keys), row));
    return known;
  }
}
