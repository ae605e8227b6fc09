package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What a site remembers of documents that are gone or have another name: its Deleted Document and
 * Comment rows.
 */
final class Traces {
  private final Documents documents;
  private final SiteClock clock;
  private final Names names;
  private final Generation generation;

  Traces(Documents documents, SiteClock clock, Names names, Generation generation) {
    this.documents = documents;
    this.clock = clock;
    this.names = names;
    this.generation = generation;
  }

  /** Written at the end of a deletion. */
  void deleted(ObjectNode document) {
    var doctype = document.path("doctype").asText();
    write(
        "Deleted Document",
        FrappeJson.object()
            .put("deleted_name", document.path("name").asText())
            .put("deleted_doctype", doctype)
            .put("restored", 0)
            .putNull("new_name")
            .put("data", FrappeJson.text(document)));
    comment("Deleted", doctype, null, null);
  }

  void renamed(String doctype, String from, String to) {
    comment("Edit", doctype, to, "renamed from %s to %s".formatted(strong(from), strong(to)));
  }

  void merged(String doctype, String from, String into) {
    comment("Edit", doctype, into, "merged %s into %s".formatted(strong(from), strong(into)));
  }

  /** A site cleans the content of its comments as HTML. */
  private String strong(String name) {
    return generation.strong(name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
  }

  private void comment(
      String type, String doctype, @Nullable String name, @Nullable String content) {
    write(
        "Comment",
        FrappeJson.object()
            .put("comment_type", type)
            .putNull("comment_by")
            .put("reference_doctype", doctype)
            .put("reference_name", name)
            .put("content", content));
  }

  private void write(String doctype, ObjectNode fields) {
    var now = clock.next();
    var row = FrappeJson.object();
    row.put("name", names.hash()).put("owner", Writes.USER).put("creation", now);
    row.put("modified", now).put("modified_by", Writes.USER).put("docstatus", 0).put("idx", 0);
    row.setAll(fields);
    documents.put(doctype, row.put("doctype", doctype));
  }
}
