package org.eventstreaming.store;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.IdentityKey;
import org.jspecify.annotations.Nullable;

/**
 * The identity map of documents that are written to a Frappe site. Of those nothing else is kept
 * here. Each call is one statement, however many documents it is about.
 */
public interface SiteLinks {
  /** What these are on the target site; what is not there is absent. */
  Map<IdentityKey, SiteLink> find(String producerUrl, Collection<IdentityKey> wanted);

  /**
   * The followed documents of one of the producer's types that were written to its target site, a
   * page of them in the order of their names.
   *
   * @param after the last name of the page before; empty for the first page
   */
  List<SiteLink> ofType(
      String producerUrl, String remoteDoctype, String localDoctype, String after, int limit);

  /** The same of those that were made on the producer at one of these moments, in no order. */
  List<SiteLink> madeAt(
      String producerUrl, String remoteDoctype, String localDoctype, Collection<Instant> moments);

  /**
   * How many documents of a type were written and are followed.
   *
   * @param from those made on the producer from then on; null counts all
   * @param until those made until then, that moment included
   */
  long count(
      String producerUrl,
      String remoteDoctype,
      String localDoctype,
      @Nullable Instant from,
      Instant until);

  /** Which of a producer's documents these documents of a target site are; others are absent. */
  Map<DocumentKey, IdentityKey> knownAs(String producerUrl, Collection<DocumentKey> locals);

  /**
   * What the target site calls these child rows of the producer's documents; those that are not
   * known there are absent.
   */
  Map<String, String> rowNames(String producerUrl, Collection<String> rows);

  /**
   * Remembers them, in place of what was known. An earlier creation of the last entry does not
   * replace a later one; the version grows.
   */
  void keep(String producerUrl, String targetUrl, Collection<SiteLink> links);

  /** The page that wrote these is in the Event Sync Log now, by the same transaction. */
  void logged(String producerUrl, Collection<IdentityKey> documents);

  void forget(String producerUrl, Collection<IdentityKey> documents);

  /**
   * These are about to be created, or given rows: until {@link #answered} it is open whether they
   * were.
   */
  void creating(String producerUrl, Collection<IdentityKey> documents);

  /** Of these it is known what came of that. */
  void answered(String producerUrl, Collection<IdentityKey> documents);

  /** Where all documents of a producer went, those kept here included. */
  List<StreamedTo> streamedTo(String producerUrl);

  /** Of which it is open. */
  Set<IdentityKey> unanswered(String producerUrl);
}
