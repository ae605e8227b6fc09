package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Optional;

/** Answers the calls by which a client writes. */
final class WriteCalls {
  private static final String METHODS = "frappe.client.";

  private final SiteState site;

  WriteCalls(SiteState site) {
    this.site = site;
  }

  /** Empty where the method does not write. */
  Optional<Answer> method(Call call, String cmd) {
    if (cmd.equals("frappe.model.workflow.apply_workflow")) {
      return Optional.of(
          message(
              site.clientWrites().applyWorkflow(document(call, "doc"), call.required("action"))));
    }
    if (!cmd.startsWith(METHODS)) {
      return Optional.empty();
    }
    return Optional.ofNullable(
        switch (cmd.substring(METHODS.length())) {
          case "insert" -> inserted(document(call, "doc"));
          case "insert_many" -> insertedMany(call);
          case "save" -> saved(document(call, "doc"));
          case "set_value" -> valueSet(call);
          case "bulk_update" -> updatedInBulk(call);
          case "submit" -> message(site.clientWrites().submit(document(call, "doc")));
          case "cancel" ->
              message(site.clientWrites().cancel(call.required("doctype"), call.required("name")));
          case "delete" -> {
            site.clientWrites().delete(call.required("doctype"), call.required("name"));
            yield Answer.json(200, FrappeJson.object());
          }
          case "rename_doc" -> renamed(call, call.required("doctype"));
          default -> null;
        });
  }

  Answer post(Call call, String doctype) {
    var inserted = site.clientWrites().insert(doctype, given(call, doctype));
    return Answer.data(
        site.generation().is15() ? inserted : site.docTypes().withNulls(doctype, inserted));
  }

  Answer put(Call call, String doctype, String name) {
    return Answer.data(
        doctype.equals(EventConsumers.DOCTYPE)
            ? site.consumers().save(name, call.document())
            : site.clientWrites()
                .update(
                    doctype,
                    name,
                    doctype.equals(Webhooks.DOCTYPE)
                        ? site.webhooks().checked(name, call.document())
                        : call.document()));
  }

  /** A webhook is named by its maker, from version 15 on (and by others' rules before). */
  private ObjectNode given(Call call, String doctype) {
    var document = call.document();
    if (!doctype.equals(Webhooks.DOCTYPE)) {
      return document;
    }
    var name = document.path("__newname").asText(document.path("name").asText());
    if (name.isEmpty()) {
      throw FrappeError.thrown(417, "ValidationError", "Please set the document name");
    }
    return site.webhooks().checked(name, document).put("name", name);
  }

  Answer delete(String doctype, String name) {
    if (site.documents().find(doctype, name).isEmpty()) {
      throw FrappeError.emptyNotFound();
    }
    if (doctype.equals(EventConsumers.DOCTYPE)) {
      site.consumers().forget(name);
    } else {
      site.clientWrites().delete(doctype, name);
    }
    return Answer.json(
        202, FrappeJson.object().put(site.generation().is15() ? "data" : "message", "ok"));
  }

  private Answer inserted(ObjectNode document) {
    return message(site.clientWrites().insert(document.path("doctype").asText(), document));
  }

  private Answer insertedMany(Call call) {
    var documents = new ArrayList<ObjectNode>();
    documents(call).forEach(document -> documents.add((ObjectNode) document));
    var names = FrappeJson.array();
    site.clientWrites().insertMany(documents).forEach(names::add);
    return Answer.message(names);
  }

  private Answer saved(ObjectNode document) {
    return message(
        site.clientWrites()
            .update(document.path("doctype").asText(), document.path("name").asText(), document));
  }

  private Answer valueSet(Call call) {
    var changes =
        call.json("fieldname").orElse(null) instanceof ObjectNode several
            ? several
            : FrappeJson.object()
                .<ObjectNode>set(call.required("fieldname"), call.argument("value"));
    return message(
        site.clientWrites().update(call.required("doctype"), call.required("name"), changes));
  }

  /** The good ones are saved; the others come back with what was wrong. */
  private Answer updatedInBulk(Call call) {
    var failed = FrappeJson.array();
    var messages = FrappeJson.array();
    for (var document : documents(call)) {
      var changes = ((ObjectNode) document).deepCopy();
      changes.remove("docname");
      try {
        site.clientWrites()
            .update(document.path("doctype").asText(), document.path("docname").asText(), changes);
      } catch (FrappeError error) {
        failed.addObject().put("exc", error.traceback() + "\n").set("doc", document);
        messages.addAll(error.messages(site.generation()));
      }
    }
    var answer = FrappeJson.object();
    answer.putObject("message").set("failed_docs", failed);
    if (!messages.isEmpty()) {
      answer.put("_server_messages", FrappeJson.compact(messages));
    }
    return Answer.json(200, answer);
  }

  private Answer renamed(Call call, String doctype) {
    var from = call.required("old_name");
    var to = call.required("new_name");
    if (site.generation().is13() && site.documents().find(doctype, from).isEmpty()) {
      return Answer.json(200, FrappeJson.object());
    }
    var mayBeRenamed =
        site.docTypes()
            .find(doctype)
            .map(known -> known.path("allow_rename").asInt() == 1)
            .orElse(!doctype.equals(EventConsumers.DOCTYPE));
    if (!mayBeRenamed) {
      throw FrappeError.thrown(417, "ValidationError", doctype + " not allowed to be renamed");
    }
    if (call.isTrue("merge")) {
      site.renames().merge(doctype, from, to, site.logs(doctype));
    } else {
      site.renames().rename(doctype, from, to);
      if (doctype.equals(EventConsumers.DOCTYPE)) {
        site.consumers().renamed(from, to);
      }
    }
    var reported =
        FrappeJson.object()
            .put(
                "message",
                "Document renamed from %s to %s"
                    .formatted(site.generation().strong(from), site.generation().strong(to)))
            .put("title", "Message")
            .put("indicator", "green")
            .put("alert", 1);
    return Answer.json(
        200,
        FrappeJson.object()
            .put("message", to)
            .put(
                "_server_messages",
                FrappeJson.compact(FrappeJson.array().add(FrappeJson.compact(reported)))));
  }

  /** A method answers a document with its nulls. */
  private Answer message(ObjectNode document) {
    return Answer.message(site.docTypes().withNulls(document.path("doctype").asText(), document));
  }

  private static ObjectNode document(Call call, String argument) {
    if (call.json(argument).orElse(null) instanceof ObjectNode document) {
      return document;
    }
    throw FrappeError.python(
        "ValueError: First non keyword argument must be a string or dict", "ValueError");
  }

  private static Iterable<JsonNode> documents(Call call) {
    if (call.json("docs").orElse(new TextNode("")) instanceof ArrayNode documents) {
      return documents;
    }
    throw FrappeError.python(
        "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
        "JSONDecodeError");
  }
}
