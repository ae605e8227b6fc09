package org.eventstreaming.callback;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What we answer, in Frappe's envelope.
 *
 * @param notified the producer that says it has something for us; empty but for a notification
 */
public record Answer(int status, String contentType, String body, Optional<String> notified) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Answer json(ObjectNode body) {
    return new Answer(200, "application/json", body.toString(), Optional.empty());
  }

  static Answer page(String html) {
    return new Answer(200, "text/html; charset=utf-8", html, Optional.empty());
  }

  /** With a non-empty {@code exc}: a Frappe site sees a failure by that alone. */
  static Answer error(int status, String type, String message) {
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("exc_type", type)
            .put("exception", "frappe.exceptions." + type + ": " + message);
    body.put("exc", JsonNodeFactory.instance.arrayNode().add(type + ": " + message).toString());
    ObjectNode said = JSON.createObjectNode().put("message", message).put("raise_exception", 1);
    body.put(
        "_server_messages", JsonNodeFactory.instance.arrayNode().add(said.toString()).toString());
    return new Answer(status, "application/json", body.toString(), Optional.empty());
  }

  /** To a request that cannot be read, whoever sent it. */
  public static Answer refused(int status, String message) {
    return error(status, status < 500 ? "ValidationError" : "ServerError", message);
  }

  Answer about(String producerUrl) {
    return new Answer(status, contentType, body, Optional.of(producerUrl));
  }
}
