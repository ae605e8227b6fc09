package org.eventstreaming.poll;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * Makes entries of our own for what a list shows: for documents whose last whole reading is older,
 * and for those that are not here at all.
 */
final class ChangedDocuments {
  /** Names that are remembered: more may be read twice, which costs time alone. */
  private static final int MOST_GIVEN = 20_000;

  private final DocumentStore documents;
  private final SyncLog syncLog;
  private final Conditions conditions;
  private final SyncRun run;
  private final Instant now;

  /** What was given away and may not be applied yet, of the type that is looked at. */
  private final Map<DocumentKey, String> given = new HashMap<>();

  ChangedDocuments(
      DocumentStore documents, SyncLog syncLog, Conditions conditions, SyncRun run, Instant now) {
    this.now = now;
    this.documents = documents;
    this.syncLog = syncLog;
    this.conditions = conditions;
    this.run = run;
  }

  /** What was given away of another type is not asked for again. */
  void forget() {
    given.clear();
  }

  /**
   * @param start when following the type began: what is older and not here is loaded
   * @param earliest what is older than this and not here is not asked for at all
   */
  List<UpdateLogEntry> entries(
      String doctype, String start, String earliest, List<FrappeSite.Change> changes) {
    Map<DocumentKey, String> latest = new LinkedHashMap<>();
    for (FrappeSite.Change change : changes) {
      latest.put(new DocumentKey(doctype, change.name()), change.modified());
    }
    Map<DocumentKey, StoredVersion> held =
        documents.versions(
            run.producer().producerUrl(), latest.keySet().stream().map(run::identity).toList());
    // only the producer knows whether those are followed that are not here
    boolean canEvaluate =
        run.producer().following(doctype).map(conditions::canEvaluate).orElse(true);
    Map<DocumentKey, UpdateLogEntry> entries = new LinkedHashMap<>();
    Map<DocumentKey, Instant> times = new HashMap<>();
    latest.forEach(
        (key, modified) -> {
          StoredVersion here = held.get(key);
          @Nullable Instant read = here == null ? null : here.remoteModified();
          @Nullable Instant changed = FrappeTime.instant(modified, run.zone()).orElse(null);
          if ((here == null && (!canEvaluate || modified.compareTo(earliest) < 0))
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
   * Whether what changed is in a reading that was asked for at a moment: a row that is younger than
   * its document shows in a list of its own, and is no other change of it.
   */
  private boolean isSeen(@Nullable Instant changed, String modified, Instant asked) {
    return changed != null
        && !changed.isAfter(asked)
        && !FrappeTime.meansTwoMoments(modified, run.zone());
  }

  /**
   * Whether a document changed since it was read whole. One that was read with a time to come bears
   * a smaller one after its next change, and so may one of an hour that happens twice.
   */
  private boolean isOther(Instant changed, String modified, Instant read) {
    return changed.isAfter(read)
        || (!changed.equals(read)
            && (read.isAfter(now) || FrappeTime.meansTwoMoments(modified, run.zone())));
  }
}
