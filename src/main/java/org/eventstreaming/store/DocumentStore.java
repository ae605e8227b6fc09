package org.eventstreaming.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.RenamedUpdate;
import org.eventstreaming.update.StoredDocuments;
import org.jspecify.annotations.Nullable;

/**
 * A producer's documents where they are written to, and the identity map: in our own store one
 * statement per table, on a Frappe site one list call per type and child table, however many
 * documents it is about.
 */
public interface DocumentStore {
  /** The copies of a producer's documents, by their key on the producer. */
  StoredDocuments copies(String producerUrl, Collection<IdentityKey> wanted);

  /** What these are called here; what is not here is absent. */
  Map<IdentityKey, DocumentKey> names(String producerUrl, Collection<IdentityKey> wanted);

  /** What is known of a producer's documents that are held here; what is not here is absent. */
  Map<DocumentKey, StoredVersion> versions(String producerUrl, Collection<IdentityKey> wanted);

  /**
   * The followed documents of one of the producer's types that are held here, a page of them in the
   * order of their names.
   *
   * @param after the last name of the page before; empty for the first page
   */
  Map<DocumentKey, StoredVersion> versionsOf(
      String producerUrl, String remoteDoctype, String localDoctype, String after, int limit);

  /**
   * The followed documents of one of the producer's types that are held here and were made at one
   * of these moments.
   */
  Map<DocumentKey, StoredVersion> versionsMadeAt(
      String producerUrl, String remoteDoctype, String localDoctype, Collection<Instant> moments);

  /**
   * How many documents of one of the producer's types are held here and followed.
   *
   * @param from those made from then on; null counts all
   * @param until those made until then, that moment included
   */
  long count(
      String producerUrl,
      String remoteDoctype,
      String localDoctype,
      @Nullable Instant from,
      Instant until);

  /**
   * Brings the positions of documents in their tree up to date. A document that is not held here,
   * or has its position already, stays as it is.
   *
   * @return how many changed
   */
  int place(
      String producerUrl,
      String remoteDoctype,
      String localDoctype,
      Collection<TreePosition> positions);

  /** Which of these were here once and were deleted here by somebody: the map still knows them. */
  Set<DocumentKey> lost(String producerUrl, Collection<IdentityKey> wanted);

  /**
   * The producer's documents whose copies here hold one of these texts as a value, wherever in
   * them. Each is given away as it is read: there may be many.
   */
  void mentioning(
      String producerUrl, Collection<String> texts, BiConsumer<IdentityKey, ObjectNode> taker);

  /**
   * Gives documents the names that they have on their producer now, in the identity map and, where
   * they have the producer's names and the new one is free, here.
   *
   * @return what those are called here that were renamed; absent are those that are not here
   */
  Map<IdentityKey, DocumentKey> rename(String producerUrl, Collection<RenamedUpdate> renames);

  /** Which of these keys are documents where the producer's are, whoever they came from. */
  Set<DocumentKey> taken(String producerUrl, Collection<DocumentKey> locals);
}
