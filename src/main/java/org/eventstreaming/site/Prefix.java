package org.eventstreaming.site;

/** Where a site's generation has the methods of Event Streaming (protocol: frappe-wire 1). */
public enum Prefix {
  /** Frappe 13 and 14: part of the framework. */
  CORE("frappe.event_streaming.doctype"),
  /** From Frappe 15 on: the app. */
  APP("event_streaming.event_streaming.doctype");

  private final String text;

  Prefix(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }

  /** The dotted name of a method there. */
  public String method(String method) {
    return text + "." + method;
  }

  String path(String method) {
    return "/api/method/" + method(method);
  }

  public Prefix other() {
    return this == CORE ? APP : CORE;
  }
}
