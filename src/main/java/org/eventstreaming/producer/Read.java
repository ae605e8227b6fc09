package org.eventstreaming.producer;

/** How the update log of a Frappe site is read (protocol: frappe-wire 4.3 and 7.7). */
public enum Read {
  /** Page through the log table with plain list calls; marks nothing as read. */
  LIST,
  /** Ask {@code get_update_logs_for_consumer}, which marks what it sends as read. */
  METHOD
}
