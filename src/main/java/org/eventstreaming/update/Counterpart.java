package org.eventstreaming.update;

/**
 * A document of a producer as a document of one type here. Through mappings one document there can
 * be several here, each of another type.
 */
public record Counterpart(DocumentKey remote, String localDoctype) {
  /** What waits for it in the Event Sync Log waits under this key, whatever it is named here. */
  public DocumentKey awaited() {
    return new DocumentKey(localDoctype, remote.name());
  }
}
