package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** An error as a Frappe site answers it; each generation has its own envelope. */
final class FrappeError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String exception;
  private final String type;
  private final List<ObjectNode> messages = new ArrayList<>();
  private String errorMessage = "";
  private boolean empty;

  private FrappeError(int status, String exception, String type) {
    super(exception);
    this.status = status;
    this.exception = exception;
    this.type = type;
  }

  /** Raised through the framework's throw function: with a message to the user. */
  static FrappeError thrown(int status, String type, String text) {
    return thrown(status, type, text, "Message");
  }

  static FrappeError thrown(int status, String type, String text, String title) {
    var error = new FrappeError(status, "frappe.exceptions." + type + ": " + text, type);
    error.messages.add(message(text, title).put("indicator", "red").put("raise_exception", 1));
    return error;
  }

  /** What a Workflow does not let happen. */
  static FrappeError ofWorkflow(String type, String text) {
    var error = new FrappeError(417, "frappe.model.workflow." + type + ": " + text, type);
    error.messages.add(message(text, "Message").put("indicator", "red").put("raise_exception", 1));
    return error;
  }

  /** An exception of Frappe itself that was raised without a message. */
  static FrappeError raised(int status, String type, String text) {
    var suffix = text.isEmpty() ? "" : ": " + text;
    return new FrappeError(status, "frappe.exceptions." + type + suffix, type);
  }

  /** An exception of Python or a library: 500. */
  static FrappeError python(String exception, String type) {
    return new FrappeError(500, exception, type);
  }

  /** A method's arguments are not all there. */
  static FrappeError missing(String function, List<String> arguments) {
    var quoted = arguments.stream().map(argument -> "'" + argument + "'").toList();
    var many = quoted.size() > 1;
    return python(
        "TypeError: %s() missing %d required positional argument%s: %s"
            .formatted(function, quoted.size(), many ? "s" : "", String.join(" and ", quoted)),
        "TypeError");
  }

  /** A document of a DocType that is not there: not the site's fault, though it says so. */
  static FrappeError importFailed(Generation generation, String doctype) {
    var module = doctype.toLowerCase(Locale.ROOT).replace(' ', '_');
    var cause = "Error: No module named 'frappe.core.doctype." + module + "'";
    return python(
        switch (generation) {
          case V13, STOCK_13 ->
              "ImportError: Module import failed for %s (frappe.core.doctype.%s.%s %s)"
                  .formatted(doctype, module, module, cause);
          case V14, STOCK_14 ->
              "ImportError: Module import failed for %s, the DocType you're trying to open might be deleted.<br> %s"
                  .formatted(doctype, cause);
          case V15_APP, STOCK_15 -> cause;
        },
        "ImportError");
  }

  static FrappeError mandatory(
      String doctype, String name, List<String> fields, List<String> texts) {
    var error =
        raised(
            417,
            "MandatoryError",
            "[%s, %s]: %s".formatted(doctype, name, String.join(", ", fields)));
    texts.forEach(text -> error.messages.add(message(text, "Message")));
    return error;
  }

  static FrappeError duplicate(Generation generation, String doctype, String name) {
    var error =
        raised(
            409,
            "DuplicateEntryError",
            "('%s', '%s', IntegrityError(1062, \"Duplicate entry '%s' for key 'PRIMARY'\"))"
                .formatted(doctype, name, name));
    error.messages.add(
        message(
                "%s %s already exists".formatted(doctype, generation.strong(name)),
                "Duplicate Name")
            .put("indicator", "red"));
    return error;
  }

  static FrappeError notFound(String doctype, String name) {
    return thrown(404, "DoesNotExistError", doctype + " " + name + " not found");
  }

  static FrappeError emptyNotFound() {
    var error = raised(404, "DoesNotExistError", "");
    error.empty = true;
    return error;
  }

  static FrappeError notWhitelisted(Generation generation, String cmd) {
    return thrown(
        403,
        "PermissionError",
        "<details><summary>You are not permitted to access this resource.</summary>Function "
            + generation.strong(cmd)
            + " is not whitelisted.</details>",
        "Method Not Allowed");
  }

  static FrappeError mayNotRead(Generation generation, String doctype) {
    if (generation.is13()) {
      var error = raised(403, "PermissionError", doctype);
      error.errorMessage = "Insufficient Permission for " + generation.strong(doctype);
      return error;
    }
    var error = raised(403, "PermissionError", "");
    error.errorMessage = "No permission for " + doctype;
    error.messages.add(
        message(
            "User "
                + generation.strong("reader@example.com")
                + " does not have doctype access via role permission for document "
                + generation.strong(doctype),
            "Message"));
    return error;
  }

  static FrappeError noMethod(Generation generation, String cmd) {
    var segments = List.of(cmd.split("\\.", -1));
    var app = segments.get(0);
    var ours = app.equals("frappe") || (app.equals("event_streaming") && generation.is15());
    var installed = ours && (generation.streams() || !app.equals("event_streaming"));
    var reason =
        installed
            ? "No module named '"
                + String.join(".", segments.subList(0, Math.min(2, segments.size())))
                + "'"
            : "App " + app + " is not installed";
    var error =
        thrown(
            417, "ValidationError", "Failed to get method for command " + cmd + " with " + reason);
    if (!installed) {
      error.messages.add(
          0, message(reason, "Message").put("indicator", "red").put("raise_exception", 1));
    }
    return error;
  }

  int status() {
    return status;
  }

  ObjectNode envelope(Generation generation) {
    var envelope = FrappeJson.object();
    if (empty) {
      return generation.is15() ? envelope.put("exc_type", type) : envelope;
    }
    if (generation.is15()
        || messages.stream().anyMatch(message -> message.has("raise_exception"))) {
      envelope.put("exc_type", type);
    }
    if (status != 404) {
      envelope.put("exception", exception);
      envelope.put("exc", FrappeJson.compact(FrappeJson.array().add(traceback())));
    }
    if (!messages.isEmpty()) {
      envelope.put("_server_messages", FrappeJson.compact(messages(generation)));
    }
    if (!errorMessage.isEmpty()) {
      envelope.put("_error_message", errorMessage);
    }
    return envelope;
  }

  String traceback() {
    return "Traceback (most recent call last):\n  …\n" + exception;
  }

  /** The messages to the user, each a JSON text. */
  ArrayNode messages(Generation generation) {
    var texts = FrappeJson.array();
    for (var message : messages) {
      if (generation.is15() && message.has("raise_exception")) {
        message.put("__frappe_exc_id", identity());
      }
      texts.add(FrappeJson.compact(message));
    }
    return texts;
  }

  private static ObjectNode message(String text, String title) {
    return FrappeJson.object().put("message", text).put("title", title);
  }

  private static String identity() {
    return UUID.randomUUID().toString().replace("-", "").toLowerCase(Locale.ROOT);
  }
}
