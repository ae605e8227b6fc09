package org.eventstreaming.poll;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.eventstreaming.condition.Conditions;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.store.StoredVersion;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.update.Cause;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.SyncRun;
import org.eventstreaming.update.UpdateLogEntry;
import org.jspecify.annotations.Nullable;

/**
 * Makes an entry of our own for each listed document that is not here, or that changed after it was
 * last read whole.
 */
final class ChangedDocuments {
  /**
   * The most names that are remembered. A name beyond this number may be read twice, which is
   * harmless.
   */
  private static final int MOST_GIVEN = 20_000;

  private final DocumentStore documents;
  private final SyncLog syncLog;
  private final Conditions conditions;
  private final SyncRun run;
  private final Instant now;

  /**
   * Per document of the present type: the {@code modified} of the entry that was made last. The
   * entry may not be applied yet.
   */
  private final Map<DocumentKey, String> given = new HashMap<>();

  ChangedDocuments(
      DocumentStore documents, SyncLog syncLog, Conditions conditions, SyncRun run, Instant now) {
    this.now = now;
    this.documents = documents;
    this.syncLog = syncLog;
    this.conditions = conditions;
    this.run = run;
  }

  /** Forgets the entries that were made before. Called when the lists of another type begin. */
  void forget() {
    given.clear();
  }

  /**
   * The entries for these changes, one per document at most.
   *
   * @param start when following the type began, in the producer's time. A document that is not here
   *     and is older is loaded ({@link Cause#LOAD})
   * @param isRead whether a document that is not here gets an entry, by its {@code modified}
   */
  List<UpdateLogEntry> entries(
      String doctype, String start, Predicate<String> isRead, List<FrappeSite.Change> changes) {
    Map<DocumentKey, String> latest = new LinkedHashMap<>();
    for (FrappeSite.Change change : changes) {
      latest.put(new DocumentKey(doctype, change.name()), change.modified());
    }
    Map<DocumentKey, StoredVersion> held =
        documents.versions(
            run.producer().producerUrl(), latest.keySet().stream().map(run::identity).toList());
    // without the condition nobody here can say whether a document that is not here is followed
    boolean canEvaluate =
        run.producer().following(doctype).map(conditions::canEvaluate).orElse(true);
    Map<DocumentKey, UpdateLogEntry> entries = new LinkedHashMap<>();
    Map<DocumentKey, Instant> times = new HashMap<>();
    latest.forEach(
        (key, modified) -> {
          StoredVersion here = held.get(key);
          @Nullable Instant read = here == null ? null : here.remoteModified();
          @Nullable Instant changed = FrappeTime.instant(modified, run.zone()).orElse(null);
          if ((here == null && (!canEvaluate || !isRead.test(modified)))
              || modified.compareTo(given.getOrDefault(key, "")) <= 0
              || (given.containsKey(key) && isSeen(changed, modified, now))) {
            return;
          }
          if (read == null || changed == null || isOther(changed, modified, read)) {
            if (given.size() < MOST_GIVEN) {
              given.put(key, modified);
            }
            UpdateLogEntry entry = OwnEntry.update(key, here, modified, modified);
            if (changed != null) {
              times.put(key, changed);
            }
            entries.put(
                key,
                here == null && modified.compareTo(start) < 0
                    ? entry.because(Cause.LOAD)
                    : entry.because(run.foundBeside()));
          }
        });
    syncLog
        .unfinishedReads(run.producer().producerUrl(), entries.keySet())
        .forEach(
            (key, since) -> {
              String modified = Objects.requireNonNull(latest.get(key));
              if (isSeen(times.get(key), modified, since)) {
                entries.remove(key);
                given.remove(key);
              }
            });
    return List.copyOf(entries.values());
  }

  /**
   * Whether a reading that was requested at a moment contains this change. The time of a changed
   * row differs from the time of its document, so one change of a document can be listed twice,
   * with two times.
   */
  private boolean isSeen(@Nullable Instant changed, String modified, Instant asked) {
    return changed != null
        && !changed.isAfter(asked)
        && !FrappeTime.meansTwoMoments(modified, run.zone());
  }

  /**
   * Whether a document changed since it was read whole. A later time says so. An earlier time says
   * so in two cases: the document was read with a time in the future, or the time is in the hour
   * that happens twice when daylight saving time ends.
   */
  private boolean isOther(Instant changed, String modified, Instant read) {
    return changed.isAfter(read)
        || (!changed.equals(read)
            && (read.isAfter(now) || FrappeTime.meansTwoMoments(modified, run.zone())));
  }
}
