package org.eventstreaming.store;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.eventstreaming.update.IdentityKey;

/** Writes a producer's documents to our own store. */
public interface WriteDocuments {
  /**
   * Writes documents and their rows in the identity map, all or none. One that is new to this
   * producer, adopts and stood here already is taken over: it is no other producer's any more.
   * Where one that does not adopt stands here all the same, and where a document was changed since
   * its revision was read, another transaction was faster: the open one ends as if the two had
   * collided, and finds what is here when it is repeated.
   *
   * @param zone the time zone that naive times in the documents are in
   * @throws WriteRefused when one of them cannot be stored; the transaction goes on as if nothing
   *     had been tried
   */
  void write(String producerUrl, ZoneId zone, List<DocumentWrite> writes);

  /** Notes that these were read whole and are here as they were read, last changed then. */
  void sawUnchanged(String producerUrl, Map<IdentityKey, Instant> documents);
}
