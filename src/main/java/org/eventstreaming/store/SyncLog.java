package org.eventstreaming.store;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FailedEntry;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.KnownDocument;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.SyncRun;
import org.eventstreaming.update.UpdateLogEntry;

/** The Event Sync Log: one row for every followed entry, identified by producer and entry name. */
public interface SyncLog {
  /** Which of a producer's entries have a row already, or were passed over for good. */
  Set<String> known(String producerUrl, Collection<String> entries);

  /** What is known of documents; those nothing is known of are absent. */
  Map<DocumentKey, KnownDocument> knownDocuments(
      String producerUrl, Collection<IdentityKey> documents);

  /**
   * Of which of these documents a Delete came, whatever became of it, and the creation of the last.
   */
  Map<DocumentKey, Instant> deletions(String producerUrl, Collection<DocumentKey> remotes);

  /** The names of the Deletes of these documents that came and were not carried out yet. */
  Map<DocumentKey, Set<String>> waitingDeletes(String producerUrl, Collection<DocumentKey> remotes);

  /**
   * Which of these documents entries of our own, not carried out yet, are to read whole, and when
   * the last of those entries came: the reading is later.
   */
  Map<DocumentKey, Instant> unfinishedReads(String producerUrl, Collection<DocumentKey> remotes);

  /** Of each of these documents that has rows which are not Synced, the number of the first. */
  Map<DocumentKey, Long> firstRows(String producerUrl, Collection<DocumentKey> remotes);

  /** What these were called here, as far as the log goes back. */
  Map<DocumentKey, Set<DocumentKey>> localNames(
      String producerUrl, Collection<DocumentKey> remotes);

  /**
   * Logs outcomes: a new row for a new entry, the same row for one that was tried before, with the
   * next attempt set by the settings.
   *
   * @return the names of the entries that are Failed now and were not before
   */
  Set<String> write(SyncRun run, List<SyncOutcome> outcomes);

  /** Of entries that are Failed, what their rows say. */
  List<FailedEntry> failed(String producerUrl, Collection<String> entries);

  /** Entries that did not meet the condition of their type: they get no row and are known. */
  void passOver(String producerUrl, Collection<String> entries);

  /** Ends everything that waits in these documents' lines: a whole state contains it. */
  void release(String producerUrl, Collection<DocumentKey> remotes, String note);

  /** Makes due what waits for one of these documents, which were just written. */
  void wake(Collection<DocumentKey> written);

  /** Makes due what waits for documents of these types that could not be read: now they can. */
  void wakeUnreadable(String producerUrl, Set<String> doctypes);

  /**
   * Entries that are due, each with what waits behind it in its document's line, in order of
   * arrival.
   *
   * @param doctypes the producer's types that are followed; others stay as they are
   */
  List<UpdateLogEntry> due(String producerUrl, Set<String> doctypes, int limit);
}
