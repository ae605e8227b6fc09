package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes documents as a site does: names, stamps, rows replaced as a whole, and the log entry. */
final class Writes {
  static final String USER = "Administrator";

  private final Documents documents;
  private final DocTypes docTypes;
  private final UpdateLog log;
  private final SiteClock clock;
  private final Generation generation;
  private final Names names;
  private final Traces traces;
  private final Webhooks webhooks;
  private final Diff diff;
  private long lastNumber;

  Writes(
      Documents documents,
      DocTypes docTypes,
      UpdateLog log,
      SiteClock clock,
      Generation generation,
      Names names,
      Traces traces,
      Webhooks webhooks) {
    this.documents = documents;
    this.docTypes = docTypes;
    this.log = log;
    this.clock = clock;
    this.generation = generation;
    this.names = names;
    this.traces = traces;
    this.webhooks = webhooks;
    this.diff = new Diff(docTypes);
  }

  /** Numbers that were scripted are not given again. */
  synchronized void noticeName(String name) {
    if (UpdateLog.isNumber(name)) {
      lastNumber = Math.max(lastNumber, Long.parseLong(name));
    }
  }

  synchronized ObjectNode insert(String doctype, ObjectNode given, boolean logged) {
    var now = clock.next();
    var name = given.path("name").asText();
    var document = stamped(given, doctype, name.isEmpty() ? names.hash() : name, now, now);
    document.put("docstatus", given.path("docstatus").asInt());
    if (!document.has("idx")) {
      document.put("idx", 0);
    }
    rows(document, FrappeJson.object(), now);
    Documents.rows(document).forEach(row -> row.put("__unsaved", 1));
    var answered = FrappeJson.withoutNulls(document);
    documents.put(doctype, stored(answered));
    if (logged) {
      logCreate(answered);
    }
    var submitted = document.path("docstatus").asInt() == 1;
    webhooks.happened(
        submitted
            ? Set.of("after_insert", "on_update", "on_submit")
            : Set.of("after_insert", "on_update"),
        answered);
    return answered;
  }

  /** Logs the Create of a document that was inserted unlogged. */
  synchronized void logCreate(ObjectNode answered) {
    log(
        answered.path("doctype").asText(),
        answered,
        "Create",
        FrappeJson.text(answered.deepCopy().put("__unsaved", 1)));
  }

  synchronized ObjectNode update(String doctype, String name, ObjectNode changes, boolean logged) {
    var before = existing(doctype, name);
    checkTimestamp(before, changes);
    var now = clock.next();
    var after = before.deepCopy();
    for (var change : changes.properties()) {
      var field = change.getKey();
      if (!field.equals("docstatus") && Documents.STANDARD.contains(field)) {
        continue;
      }
      after.set(field, change.getValue().deepCopy());
    }
    after.put("modified", now).put("modified_by", USER);
    rows(after, before, now);
    documents.put(doctype, stored(FrappeJson.withoutNulls(after)));
    if (logged) {
      var changed = diff.between(before, after, changes);
      if (!Diff.isEmpty(changed)) {
        log(doctype, after, "Update", FrappeJson.text(changed));
      }
    }
    webhooks.happened(Set.of("on_change", saved(before.path("docstatus").asInt(), after)), after);
    return FrappeJson.withoutNulls(after);
  }

  private static String saved(int docstatus, ObjectNode after) {
    return switch (after.path("docstatus").asInt()) {
      case 0 -> "on_update";
      case 1 -> docstatus == 0 ? "on_submit" : "on_update_after_submit";
      default -> "on_cancel";
    };
  }

  /** The entry is stamped before the document goes, as on a site. */
  synchronized void delete(String doctype, String name, boolean logged) {
    var document = existing(doctype, name);
    if (logged) {
      log(doctype, document, "Delete", null);
    }
    documents.remove(doctype, name);
    traces.deleted(document);
    // its files go with it
    documents.all(Files.DOCTYPE).stream()
        .filter(file -> file.path("attached_to_doctype").asText().equals(doctype))
        .filter(
            file ->
                docTypes
                    .collation()
                    .key(file.path("attached_to_name").asText())
                    .equals(docTypes.collation().key(name)))
        .forEach(
            file -> {
              documents.remove(Files.DOCTYPE, file.path("name").asText());
              traces.deleted(file);
            });
    webhooks.happened(Set.of("on_trash"), document);
  }

  /** Writes past the document, by SQL: of a document or of one row, and nothing is logged. */
  synchronized void dbSet(String doctype, String name, ObjectNode values, boolean updateModified) {
    documents.change(
        doctype,
        name,
        object -> {
          object.setAll(values.deepCopy());
          if (updateModified) {
            object.put("modified", clock.next()).put("modified_by", USER);
          }
        });
  }

  ObjectNode existing(String doctype, String name) {
    return documents.find(doctype, name).orElseThrow(() -> FrappeError.notFound(doctype, name));
  }

  static void checkTimestamp(ObjectNode before, ObjectNode given) {
    var stored = before.path("modified").asText();
    var seen = given.path("modified").asText(stored);
    if (!seen.equals(stored)) {
      throw FrappeError.thrown(
          417,
          "TimestampMismatchError",
          "Error: Document has been modified after you have opened it (%s, %s). Please refresh to get the latest document."
              .formatted(stored, seen));
    }
  }

  private void log(String doctype, ObjectNode document, String updateType, @Nullable String data) {
    var name = generation.numbersItsLog() ? String.valueOf(++lastNumber) : names.hash();
    log.append(
        new LogEntry(
            name, clock.next(), updateType, doctype, document.path("name").asText(), data));
  }

  /** What is only in memory while a document is saved is answered and logged, not stored. */
  private static ObjectNode stored(ObjectNode answered) {
    var stored = answered.deepCopy();
    Stream.concat(Stream.of(stored), Documents.rows(stored))
        .forEach(object -> object.properties().removeIf(field -> field.getKey().startsWith("__")));
    return stored;
  }

  private static ObjectNode stamped(
      ObjectNode given, String doctype, String name, String creation, String modified) {
    var stamped = FrappeJson.object();
    stamped.put("name", name).put("owner", USER);
    stamped.put("creation", creation).put("modified", modified).put("modified_by", USER);
    given.properties().stream()
        .filter(field -> !Documents.STANDARD.contains(field.getKey()))
        .forEach(field -> stamped.set(field.getKey(), field.getValue().deepCopy()));
    return stamped.put("doctype", doctype);
  }

  /**
   * Gives every row what a site gives it; a row that names one the table does not have is dropped.
   */
  private void rows(ObjectNode document, ObjectNode before, String now) {
    for (var field : document.properties()) {
      if (!(field.getValue() instanceof ArrayNode given)) {
        continue;
      }
      var known = new LinkedHashMap<String, JsonNode>();
      before.path(field.getKey()).forEach(row -> known.put(row.path("name").asText(), row));
      var rows = new ArrayList<JsonNode>();
      for (var row : given) {
        if (row instanceof ObjectNode object) {
          row(document, field.getKey(), object, known, rows, now);
        } else {
          rows.add(row);
        }
      }
      given.removeAll();
      given.addAll(rows);
    }
  }

  private void row(
      ObjectNode document,
      String field,
      ObjectNode given,
      Map<String, JsonNode> known,
      List<JsonNode> rows,
      String now) {
    var name = given.path("name").asText();
    var isNew = document.path("modified").asText().equals(document.path("creation").asText());
    if (!name.isEmpty() && !known.containsKey(name) && !isNew) {
      return;
    }
    var doctype = document.path("doctype").asText();
    var rowType =
        docTypes
            .rowType(doctype, field)
            .or(() -> known.values().stream().findFirst().map(row -> row.path("doctype").asText()))
            .orElseGet(() -> given.path("doctype").asText());
    if (rowType.isEmpty()) {
      throw new IllegalArgumentException(
          "A row of %s of %s needs its doctype: its DocType is not known here"
              .formatted(field, doctype));
    }
    var creation =
        known.containsKey(name)
            ? known.get(name).path("creation").asText()
            : document.path("creation").asText();
    var row = stamped(given, rowType, name.isEmpty() ? names.hash() : name, creation, now);
    row.put("parent", document.path("name").asText());
    row.put("parentfield", field);
    row.put("parenttype", doctype);
    row.put("idx", rows.size() + 1);
    row.put("docstatus", document.path("docstatus").asInt());
    if (!known.containsKey(name) && !generation.is13()) {
      row.put("__unsaved", 1);
    }
    rows.add(row);
  }
}
