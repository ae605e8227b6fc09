package org.eventstreaming.standin;

/** What a call wants from the site, for counting. */
public enum CallKind {
  LIVENESS,
  REGISTER,
  PULL,
  EVENT_CONSUMER,
  DOCUMENT,
  LIST,
  LOG_LIST,
  DOCTYPE,
  METHOD,
  OTHER;

  static CallKind of(Call call) {
    var cmd = call.cmd();
    if (cmd.endsWith(".register_consumer")) {
      return REGISTER;
    }
    if (cmd.endsWith(".get_update_logs_for_consumer")) {
      return PULL;
    }
    if (cmd.endsWith(".getdoctype")) {
      return DOCTYPE;
    }
    if (cmd.equals("frappe.client.get_list")) {
      return call.text("doctype").orElse("").equals("Event Update Log") ? LOG_LIST : LIST;
    }
    if (cmd.equals("frappe.client.get")) {
      return DOCUMENT;
    }
    if (!cmd.isEmpty()) {
      return METHOD;
    }
    if (call.resource().isPresent()) {
      var resource = call.resource().get();
      if (!resource.name().isEmpty()) {
        return resource.doctype().equals("Event Consumer") ? EVENT_CONSUMER : DOCUMENT;
      }
      return resource.doctype().equals("Event Update Log") ? LOG_LIST : LIST;
    }
    return call.path().equals("/") || call.path().isEmpty() ? LIVENESS : OTHER;
  }
}
