package org.eventstreaming.standin;

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

  /** An exception of Frappe itself that was raised without a message. */
  static FrappeError raised(int status, String type, String text) {
    var suffix = text.isEmpty() ? "" : ": " + text;
    return new FrappeError(status, "frappe.exceptions." + type + suffix, type);
  }

  /** An exception of Python or a library: 500. */
  static FrappeError python(String exception, String type) {
    return new FrappeError(500, exception, type);
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
    if (generation.is15()) {
      messages.stream()
          .filter(message -> message.has("raise_exception"))
          .forEach(message -> message.put("__frappe_exc_id", identity()));
    }
    if (empty) {
      return generation.is15() ? envelope.put("exc_type", type) : envelope;
    }
    if (generation.is15()
        || messages.stream().anyMatch(message -> message.has("raise_exception"))) {
      envelope.put("exc_type", type);
    }
    if (status != 404) {
      envelope.put("exception", exception);
      var traceback = "Traceback (most recent call last):\n  …\n" + exception;
      envelope.put("exc", FrappeJson.compact(FrappeJson.array().add(traceback)));
    }
    if (!messages.isEmpty()) {
      var texts = FrappeJson.array();
      messages.forEach(message -> texts.add(FrappeJson.compact(message)));
      envelope.put("_server_messages", FrappeJson.compact(texts));
    }
    if (!errorMessage.isEmpty()) {
      envelope.put("_error_message", errorMessage);
    }
    return envelope;
  }

  private static ObjectNode message(String text, String title) {
    return FrappeJson.object().put("message", text).put("title", title);
  }

  private static String identity() {
    return UUID.randomUUID().toString().replace("-", "").toLowerCase(Locale.ROOT);
  }
}
