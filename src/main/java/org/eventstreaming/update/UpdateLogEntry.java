package org.eventstreaming.update;

import org.jspecify.annotations.Nullable;

/**
 * One entry of a producer's Event Update Log, as it was served (protocol: frappe-wire 4.3).
 *
 * @param name its identity on the producer, as text also where the site numbers its log
 * @param updateType the producer's word; not checked yet
 * @param data JSON text of the document or the diff; null for a Delete
 * @param creation the producer's own text: naive, in its time zone; opaque where it is no date
 */
public record UpdateLogEntry(
    String name,
    String updateType,
    String refDoctype,
    String docname,
    @Nullable String data,
    String creation) {

  /** The document on the producer. */
  public DocumentKey remote() {
    return new DocumentKey(refDoctype, docname);
  }
}
