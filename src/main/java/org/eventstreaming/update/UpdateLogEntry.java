package org.eventstreaming.update;

import org.jspecify.annotations.Nullable;

/**
 * One entry of a producer's Event Update Log, as it was served (protocol: frappe-wire 4.3), or one
 * of our own, made where that log does not say.
 *
 * @param name its identity on the producer, as text also where the site numbers its log
 * @param updateType the producer's word; not checked yet
 * @param data JSON text of the document or the diff; null for a Delete, and for an Update of our
 *     own: the document is to be read whole; of a Rename of our own the former name
 * @param creation the producer's own text: naive, in its time zone; opaque where it is no date
 */
public record UpdateLogEntry(
    String name,
    String updateType,
    String refDoctype,
    String docname,
    @Nullable String data,
    String creation,
    Cause cause) {

  /** One that the producer's log has. */
  public UpdateLogEntry(
      String name,
      String updateType,
      String refDoctype,
      String docname,
      @Nullable String data,
      String creation) {
    this(name, updateType, refDoctype, docname, data, creation, Cause.LOG);
  }

  /** The same for another reason. */
  public UpdateLogEntry because(Cause other) {
    return new UpdateLogEntry(name, updateType, refDoctype, docname, data, creation, other);
  }

  /** The same about the document that the producer calls so. */
  public UpdateLogEntry about(DocumentKey document) {
    return new UpdateLogEntry(
        name, updateType, document.doctype(), document.name(), data, creation, cause);
  }

  /** Whether it is one of our own. */
  public boolean isOurs() {
    return cause != Cause.LOG;
  }

  /** The document on the producer. */
  public DocumentKey remote() {
    return new DocumentKey(refDoctype, docname);
  }
}
