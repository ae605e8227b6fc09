package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Webhook documents that clients wrote, and the calls that wait because something was written:
 * a site's background worker makes them later, once for each webhook and document.
 */
final class Webhooks {
  static final String DOCTYPE = "Webhook";

  /** What one webhook is to send about one document. */
  record Waiting(String url, String method, String secret, String body) {}

  private static final Set<String> OF_SUBMITTABLES =
      Set.of("on_submit", "on_cancel", "on_update_after_submit");
  private static final Pattern FIELD = Pattern.compile("\\{\\{\\s*doc\\.(\\w+)\\s*}}");

  private final Documents documents;
  private final DocTypes docTypes;
  private final Map<String, String> secrets = new HashMap<>();
  private final Map<List<String>, Waiting> waiting = new LinkedHashMap<>();

  Webhooks(Documents documents, DocTypes docTypes) {
    this.documents = documents;
    this.docTypes = docTypes;
  }

  /** The webhook as it may be stored: checked as a site does, with stars for its secret. */
  synchronized ObjectNode checked(String name, ObjectNode given) {
    var doctype = given.path("webhook_doctype").asText();
    var submittable =
        docTypes.find(doctype).map(known -> known.path("is_submittable").asInt() == 1).orElse(true);
    if (!submittable && OF_SUBMITTABLES.contains(given.path("webhook_docevent").asText())) {
      throw FrappeError.thrown(
          417, "ValidationError", "DocType must be Submittable for the selected Doc Event");
    }
    if (given.has("request_url") && !given.path("request_url").asText().contains("://")) {
      throw FrappeError.thrown(417, "ValidationError", "Check Request URL");
    }
    var secret = given.path("webhook_secret").asText();
    var checked = given.deepCopy();
    if (!secret.isEmpty() && !secret.chars().allMatch(c -> c == '*')) {
      secrets.put(name, secret);
      checked.put("webhook_secret", "*".repeat(secret.length()));
    }
    return checked;
  }

  /** Something was written: the calls of the webhooks that are for it begin to wait. */
  synchronized void happened(Set<String> events, ObjectNode document) {
    for (var webhook : documents.all(DOCTYPE)) {
      if (webhook.path("enabled").asInt() == 1
          && webhook.path("webhook_doctype").asText().equals(document.path("doctype").asText())
          && events.contains(webhook.path("webhook_docevent").asText())) {
        var name = webhook.path("name").asText();
        waiting.put(
            List.of(name, document.path("name").asText()),
            new Waiting(
                webhook.path("request_url").asText(),
                webhook.path("request_method").asText("POST"),
                webhook.path("enable_security").asInt() == 1 ? secrets.getOrDefault(name, "") : "",
                FIELD
                    .matcher(webhook.path("webhook_json").asText("{}"))
                    .replaceAll(
                        field ->
                            Matcher.quoteReplacement(document.path(field.group(1)).asText()))));
      }
    }
  }

  /** The calls that wait; they wait no longer. */
  synchronized List<Waiting> take() {
    var taken = new ArrayList<>(waiting.values());
    waiting.clear();
    return taken;
  }
}
