package org.eventstreaming.poll;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.store.StoredVersion;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.SyncRun;
import org.eventstreaming.update.UpdateLogEntry;

/**
 * Finds documents that a site renamed by SQL, as ERPNext renames its ledger entries every hour. The
 * list shows the new name as changed, and nothing mentions the former name (protocol: live evidence
 * 8).
 *
 * <p>For a listed name that is not held here, the documents held here with the same creation and
 * owner are looked up there. Where such a name is gone there, it was renamed.
 */
final class FindSilentRenames {
  private final DocumentStore documents;
  private final FindRenames findRenames;
  private final FrappeSite site;
  private final SyncRun run;
  private final String url;

  FindSilentRenames(
      DocumentStore documents, FindRenames findRenames, FrappeSite site, SyncRun run) {
    this.documents = documents;
    this.findRenames = findRenames;
    this.site = site;
    this.run = run;
    this.url = run.producer().producerUrl();
  }

  /**
   * Splits a list into renames and other changes.
   *
   * @param changes what a list shows of documents of the type
   */
  Found among(String doctype, List<FrappeSite.Change> changes) {
    Map<DocumentKey, FrappeSite.Change> byName = new HashMap<>();
    changes.forEach(change -> byName.put(new DocumentKey(doctype, change.name()), change));
    Set<DocumentKey> here =
        documents.versions(url, byName.keySet().stream().map(run::identity).toList()).keySet();
    Map<Instant, Set<String>> made = new HashMap<>();
    byName.forEach(
        (key, change) -> {
          if (!here.contains(key)) {
            FrappeTime.instant(change.creation(), run.zone())
                .ifPresent(
                    creation ->
                        made.computeIfAbsent(creation, moment -> new HashSet<>())
                            .add(change.owner()));
          }
        });
    Set<String> candidates = new TreeSet<>();
    for (Map.Entry<DocumentKey, StoredVersion> one :
        documents
            .versionsMadeAt(url, doctype, run.producer().refDoctype(doctype), made.keySet())
            .entrySet()) {
      StoredVersion held = one.getValue();
      if (!byName.containsKey(one.getKey())
          && held.creation() != null
          && held.owner() != null
          && made.getOrDefault(held.creation(), Set.of()).contains(held.owner())) {
        candidates.add(one.getKey().name());
      }
    }
    if (candidates.isEmpty()) {
      return new Found(List.of(), changes);
    }
    candidates.removeAll(site.origins(doctype, candidates).keySet());
    if (candidates.isEmpty()) {
      return new Found(List.of(), changes);
    }
    String moment = changes.get(changes.size() - 1).modified();
    List<List<UpdateLogEntry>> entries = findRenames.entriesOf(doctype, candidates, moment);
    Set<String> renamed = new HashSet<>();
    entries.forEach(group -> group.forEach(entry -> renamed.add(entry.docname())));
    List<FrappeSite.Change> others = new ArrayList<>(changes);
    others.removeIf(change -> renamed.contains(change.name()));
    return new Found(entries, others);
  }

  /**
   * @param entries first the renames, then readings of the documents that link to them
   * @param others the changes that are no rename
   */
  record Found(List<List<UpdateLogEntry>> entries, List<FrappeSite.Change> others) {}
}
