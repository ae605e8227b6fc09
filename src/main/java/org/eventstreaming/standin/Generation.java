package org.eventstreaming.standin;

import org.jspecify.annotations.Nullable;

/** The kind of Frappe site that is stood in for: where its methods are and how it words errors. */
public enum Generation {
  /** Frappe 13: the feature is in the core; a wrong secret makes the caller a guest. */
  V13("frappe.event_streaming.doctype", "13.58.21", "b"),
  /** Frappe 14: the feature is in the core; log entries are numbered. */
  V14("frappe.event_streaming.doctype", "14.81.4", "strong"),
  /** Frappe 15 with the app {@code event_streaming}. */
  V15_APP("event_streaming.event_streaming.doctype", "15.45.0", "strong"),
  /** Frappe 13 without the feature: documents and lists, but no log and no consumers. */
  STOCK_13(null, "13.58.21", "b"),
  /** Frappe 14 without the feature. */
  STOCK_14(null, "14.81.4", "strong"),
  /** Frappe 15 without the app. */
  STOCK_15(null, "15.45.0", "strong");

  private final @Nullable String prefix;
  private final String version;
  private final String emphasis;

  Generation(@Nullable String prefix, String version, String emphasis) {
    this.prefix = prefix;
    this.version = version;
    this.emphasis = emphasis;
  }

  /** What the dotted names of the feature's methods begin with; null where there is no feature. */
  public @Nullable String prefix() {
    return prefix;
  }

  public boolean streams() {
    return prefix != null;
  }

  String version() {
    return version;
  }

  boolean is13() {
    return this == V13 || this == STOCK_13;
  }

  boolean is15() {
    return this == V15_APP || this == STOCK_15;
  }

  boolean numbersItsLog() {
    return this == V14;
  }

  /** Whether a known key with a wrong secret makes the caller a guest instead of a stranger. */
  boolean wrongSecretIsGuest() {
    return is13();
  }

  /** Whether catching up sends a document's whole history, also what was read (defect 19). */
  boolean sendsWholeHistory() {
    return this != V13;
  }

  /** How this generation emphasises a name inside a message. */
  String strong(String name) {
    return "<" + emphasis + ">" + name + "</" + emphasis + ">";
  }
}
