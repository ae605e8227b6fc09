package org.eventstreaming.store;

import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eventstreaming.update.Counterpart;
import org.eventstreaming.update.DocumentKey;

/**
 * The documents held here and the identity map. Each call is one statement per table, however many
 * documents it is about.
 */
public interface DocumentStore {
  /**
   * The copies of a producer's documents, by their key on the producer; what is not here is absent.
   */
  Map<DocumentKey, Copy> copies(String producerUrl, Collection<Counterpart> wanted);

  /** What these are called here; what is not here is absent. */
  Map<Counterpart, DocumentKey> names(String producerUrl, Collection<Counterpart> wanted);

  /** Which of these keys are documents here, whoever they came from. */
  Set<DocumentKey> taken(Collection<DocumentKey> locals);

  /**
   * Writes documents and their rows in the identity map, all or none. One that is new to this
   * producer, adopts and stood here already is taken over: it is no other producer's any more.
   * Where one that does not adopt stands here all the same, another transaction was faster: the
   * open one ends as if the two had collided, and finds the name taken when it is repeated.
   *
   * @param zone the time zone that naive times in the documents are in
   * @throws WriteRefused when one of them cannot be stored; the transaction goes on as if nothing
   *     had been tried
   */
  void write(String producerUrl, ZoneId zone, List<DocumentWrite> writes);
}
