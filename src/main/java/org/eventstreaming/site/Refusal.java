package org.eventstreaming.site;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What a key may not do, reported by the call that a site refused with 403, and what helps. */
final class Refusal {
  private static final String RESOURCE = "/api/resource/";

  /** What a site lets its System Managers read alone, unless somebody changed that. */
  private static final Set<String> OF_SYSTEM_MANAGERS =
      Set.of(
          "Deleted Document",
          "Event Consumer",
          "Event Producer",
          "Event Sync Log",
          "Event Update Log",
          "User Permission",
          "Webhook");

  private static final Set<String> READING =
      Set.of(
          "/api/method/frappe.client.get",
          "/api/method/frappe.client.get_count",
          "/api/method/frappe.client.get_list",
          "/api/method/frappe.client.get_value");

  private Refusal() {}

  /** What follows the site's own words, their full stop included. */
  static String advice(SiteCall call) {
    return ". " + why(call) + " A Frappe 13 site also answers 403 to a wrong api_secret.";
  }

  private static String why(SiteCall call) {
    Map<String, String> arguments = new HashMap<>(call.query());
    if (call.form() != null) {
      arguments.putAll(call.form());
    }
    boolean isResource = call.path().startsWith(RESOURCE);
    String[] parts =
        isResource ? call.path().substring(RESOURCE.length()).split("/", 2) : new String[] {""};
    String listed = isResource ? decoded(parts[0]) : arguments.getOrDefault("doctype", "");
    // rows may be read by who may read their documents
    String doctype = arguments.getOrDefault("parent", listed);
    if (isOfSubscriptions(call.path()) || OF_SYSTEM_MANAGERS.contains(doctype)) {
      return "The key's user needs the role System Manager there.";
    }
    if (call.path().endsWith(".getdoctype")) {
      return "The definition of %s is given to users of the desk: give the key's user a role with desk access."
          .formatted(doctype);
    }
    if (doctype.isEmpty()) {
      return "The key's user may not do that there.";
    }
    String right = right(call, isResource);
    if (right.isEmpty()) {
      return "The key's user may not do that with " + doctype + " there: give it a role that may.";
    }
    boolean isOne = isResource ? parts.length > 1 : arguments.containsKey("name");
    return isOne
        ? "The key's user has no %s permission on this %s there: a role must give it, and User Permissions can take it away for single documents (event-streaming doctor lists them)."
            .formatted(right, doctype)
        : "The key's user has no %s permission on %s there: give it a role that has."
            .formatted(right, doctype);
  }

  private static boolean isOfSubscriptions(String path) {
    return path.endsWith(".register_consumer") || path.endsWith(".get_update_logs_for_consumer");
  }

  /** Empty where the call says nothing of it. */
  private static String right(SiteCall call, boolean isResource) {
    if (READING.contains(call.path())) {
      return "read";
    }
    if (!isResource) {
      return "";
    }
    return switch (call.method()) {
      case "GET" -> "read";
      case "POST" -> "create";
      case "PUT" -> "write";
      case "DELETE" -> "delete";
      default -> "";
    };
  }

  private static String decoded(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
