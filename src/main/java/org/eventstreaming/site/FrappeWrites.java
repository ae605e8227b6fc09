package org.eventstreaming.site;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eventstreaming.update.DocumentJson;
import org.eventstreaming.update.DocumentKey;
import org.jspecify.annotations.Nullable;

/**
 * Writes documents on a Frappe site (protocol: frappe-wire 7.2). What it refuses is thrown as a
 * {@link SiteFailure} that has its own words; after one without an answer it is open whether the
 * site did what it was asked.
 */
public final class FrappeWrites {
  /** A site takes no more in one call. */
  public static final int MOST_INSERTS = 200;

  private static final String METHODS = "/api/method/frappe.client.";

  private final SiteWire wire;

  FrappeWrites(SiteWire wire) {
    this.wire = wire;
  }

  /**
   * Creates documents, all or none, {@value #MOST_INSERTS} at most.
   *
   * @return the names that the site gave them, in order
   */
  public List<String> insertMany(List<ObjectNode> documents) {
    ArrayNode docs = DocumentJson.MAPPER.createArrayNode();
    documents.forEach(docs::add);
    JsonNode names =
        wire.json(
                wire.call("POST", METHODS + "insert_many", Map.of("docs", docs.toString())),
                "create " + documents.size() + " documents")
            .path("message");
    List<String> given = new ArrayList<>();
    names.forEach(name -> given.add(name.asText()));
    if (given.size() != documents.size()) {
      throw new SiteFailure(
          SiteFailure.Kind.UNREADABLE,
          "The site named %d documents where %d were to be created"
              .formatted(given.size(), documents.size()));
    }
    return given;
  }

  /** Creates a document; answers what the site calls it. */
  public String insert(String doctype, ObjectNode document) {
    return wire.json(
            wire.call("POST", path(doctype), Map.of("data", document.toString())),
            "create a document of " + doctype)
        .path("data")
        .path("name")
        .asText();
  }

  /**
   * Changes fields of a document. With {@code modified} among them, as it was read, it is refused
   * as STALE where somebody changed the document since.
   */
  public void update(DocumentKey document, ObjectNode changes) {
    wire.json(
        SiteCall.survivesInPath(document.name())
            ? wire.call("PUT", path(document), Map.of("data", changes.toString()))
            : wire.call(
                "POST",
                METHODS + "set_value",
                Map.of(
                    "doctype", document.doctype(),
                    "name", document.name(),
                    "fieldname", changes.toString())),
        "change " + document);
  }

  /**
   * Makes a transition of the Workflow of its type.
   *
   * @param stands the whole document as it was read: Frappe 13 saves it
   * @return the document then; null where the site submits it later, in the background
   */
  public @Nullable ObjectNode applyWorkflow(
      DocumentKey document, ObjectNode stands, String action) {
    ObjectNode doc =
        stands.deepCopy().put("doctype", document.doctype()).put("name", document.name());
    return wire.json(
                    wire.call(
                        "POST",
                        "/api/method/frappe.model.workflow.apply_workflow",
                        Map.of("doc", doc.toString(), "action", action)),
                    "take " + document + " to its next state by " + action)
                .path("message")
            instanceof ObjectNode moved
        ? moved
        : null;
  }

  public void delete(DocumentKey document) {
    wire.json(
        SiteCall.survivesInPath(document.name())
            ? wire.call("DELETE", path(document), null)
            : wire.call(
                "POST",
                METHODS + "delete",
                Map.of("doctype", document.doctype(), "name", document.name())),
        "delete " + document);
  }

  /** Answers what it is called then. */
  public String rename(DocumentKey document, String name) {
    return rename(document, name, false);
  }

  /** What linked to the document links to the other one of its type then; it is gone. */
  public void merge(DocumentKey document, String into) {
    rename(document, into, true);
  }

  private String rename(DocumentKey document, String name, boolean merge) {
    Map<String, String> arguments = new LinkedHashMap<>();
    arguments.put("doctype", document.doctype());
    arguments.put("old_name", document.name());
    arguments.put("new_name", name);
    if (merge) {
      arguments.put("merge", "1");
    }
    return wire.json(
            wire.call("POST", METHODS + "rename_doc", arguments),
            (merge ? "merge " : "rename ") + document + (merge ? " into " : " to ") + name)
        .path("message")
        .asText();
  }

  private static String path(String doctype) {
    return "/api/resource/" + SiteCall.segment(doctype);
  }

  private static String path(DocumentKey document) {
    return path(document.doctype()) + "/" + SiteCall.segment(document.name());
  }
}
