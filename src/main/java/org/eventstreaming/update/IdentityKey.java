package org.eventstreaming.update;

import org.eventstreaming.producer.EventProducer;

/**
 * A document of a producer as a document of one type here. Through mappings one document there can
 * be several here, each of another type.
 */
public record IdentityKey(DocumentKey remote, String localDoctype) {
  /**
   * What a link names.
   *
   * @param named as the link has it
   * @param mapped whether a mapping made the document that has the link
   */
  public static IdentityKey linked(EventProducer producer, DocumentKey named, boolean mapped) {
    return new IdentityKey(
        new DocumentKey(producer.remoteDoctype(named.doctype(), mapped), named.name()),
        named.doctype());
  }

  /** What waits for it in the Event Sync Log waits under this key, whatever it is named here. */
  public DocumentKey awaited() {
    return new DocumentKey(localDoctype, remote.name());
  }
}
