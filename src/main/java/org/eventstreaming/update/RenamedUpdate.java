package org.eventstreaming.update;

/**
 * A document that has another name on its producer now.
 *
 * @param entry one of our own, about the document under its new name
 * @param sameName whether it has the producer's name here
 */
public record RenamedUpdate(
    UpdateLogEntry entry, DocumentKey formerly, IdentityKey now, boolean sameName)
    implements Update {
  /** The word for it in the Event Sync Log; Frappe's own logs have none. */
  public static final String TYPE = "Rename";
}
