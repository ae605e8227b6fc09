package org.eventstreaming.poll;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.store.StoredVersion;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.SyncRun;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.Watermark;
import org.jspecify.annotations.Nullable;

/**
 * Finds documents that a site deleted without a trace, as ERPNext does when it reposts a ledger
 * (protocol: live evidence 8).
 *
 * <p>The documents of a type are counted there and here. Only where the two numbers differ, the
 * names that are held here are looked up there. Documents that were made after the watermark of the
 * type are not counted, since they may not be here yet.
 */
final class FindGone {
  private static final int NAMES_A_CALL = 1_000;

  private final DocumentStore documents;
  private final FindRenames findRenames;
  private final FrappeSite site;
  private final SyncRun run;
  private final String url;
  private final Clock clock;
  private final Map<DocumentKey, Counts> settled;

  /**
   * @param settled per producer and type, numbers that differ although no document is gone: an
   *     entry is not applied yet, or the key may not see a document. The names are looked up again
   *     when one of the numbers changes
   */
  FindGone(
      DocumentStore documents,
      FindRenames findRenames,
      FrappeSite site,
      SyncRun run,
      Clock clock,
      Map<DocumentKey, Counts> settled) {
    this.documents = documents;
    this.findRenames = findRenames;
    this.site = site;
    this.run = run;
    this.url = run.producer().producerUrl();
    this.clock = clock;
    this.settled = settled;
  }

  /**
   * Entries for documents that are gone: deletions, and renames that left no trace.
   *
   * @param from documents made before this time are not all here; null where all are
   * @param reached the watermark of the type: what changed up to it is here
   */
  List<List<UpdateLogEntry>> entries(String doctype, @Nullable String from, Watermark reached) {
    String localDoctype = run.producer().refDoctype(doctype);
    Instant until = FrappeTime.instant(reached.modified(), run.zone()).orElse(null);
    if (until == null || reached.movedAt() == null) {
      return List.of();
    }
    Instant since =
        from == null ? null : FrappeTime.instant(from, run.zone()).orElse(Instant.EPOCH);
    long here = documents.count(url, doctype, localDoctype, since, until);
    if (here == 0) {
      return List.of();
    }
    Counts counts = new Counts(site.countMade(doctype, from, reached.modified()), here);
    DocumentKey type = new DocumentKey(url, doctype);
    if (counts.there() == counts.here() || counts.equals(settled.get(type))) {
      return List.of();
    }
    List<List<UpdateLogEntry>> entries = gone(doctype, localDoctype);
    if (entries.isEmpty()) {
      settled.put(type, counts);
    }
    return entries;
  }

  private List<List<UpdateLogEntry>> gone(String doctype, String localDoctype) {
    Map<String, StoredVersion> gone = new LinkedHashMap<>();
    String after = "";
    while (true) {
      Map<DocumentKey, StoredVersion> page =
          documents.versionsOf(url, doctype, localDoctype, after, NAMES_A_CALL);
      if (page.isEmpty()) {
        break;
      }
      Set<String> there =
          site.origins(doctype, page.keySet().stream().map(DocumentKey::name).toList()).keySet();
      for (Map.Entry<DocumentKey, StoredVersion> one : page.entrySet()) {
        after = one.getKey().name();
        if (!there.contains(after)) {
          gone.put(after, one.getValue());
        }
      }
      if (page.size() < NAMES_A_CALL) {
        break;
      }
    }
    if (gone.isEmpty()) {
      return List.of();
    }
    String moment = FrappeTime.format(LocalDateTime.ofInstant(clock.instant(), run.zone()));
    List<List<UpdateLogEntry>> entries =
        new ArrayList<>(findRenames.entriesOf(doctype, gone.keySet(), moment));
    Set<String> renamed = new HashSet<>();
    entries.forEach(
        group ->
            group.forEach(
                entry -> {
                  if (entry.data() != null) {
                    renamed.add(entry.data());
                  }
                }));
    entries.add(
        gone.entrySet().stream()
            .filter(one -> !renamed.contains(one.getKey()))
            .map(
                one ->
                    OwnEntry.delete(
                        new DocumentKey(doctype, one.getKey()),
                        one.getValue(),
                        "gone without a trace",
                        moment))
            .toList());
    return entries;
  }

  /** The number of documents of a type on the producer and here. */
  record Counts(long there, long here) {}
}
