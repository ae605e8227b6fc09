package org.eventstreaming.update;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The unit of work: some entries of one producer that are applied, logged and left behind in one
 * transaction.
 *
 * @param entries as they came, in the order in which they are to be applied
 * @param since the cursor when the reading began: what is not newer was looked at before
 * @param move where the cursor stands after this page; empty where it does not move
 * @param selected whether the producer looked at the conditions of their types
 * @param updates how far each entry has come; grows as the page goes through the steps
 * @param knownDocuments what is known of the entries' documents here, by their keys on the producer
 * @param fullStates the whole documents that were fetched for entries which need them; of a page
 *     that no step has seen yet those that were read ahead
 * @param dependencies the documents that those of the page link to
 * @param stored the documents as they are here; empty where they are to be read
 * @param plan what the page makes of its documents, where that is planned before its transaction
 * @param failed entries that are Failed since the page was logged, and were not before
 */
public record UpdatePage(
    SyncRun run,
    List<UpdateLogEntry> entries,
    String since,
    Optional<CursorMove> move,
    boolean selected,
    List<Update> updates,
    Map<DocumentKey, KnownDocument> knownDocuments,
    Map<DocumentKey, FullState> fullStates,
    ResolvedDependencies dependencies,
    Optional<StoredDocuments> stored,
    Optional<PreparedPlan> plan,
    List<FailedEntry> failed) {
  public UpdatePage {
    entries = List.copyOf(entries);
    updates = List.copyOf(updates);
    knownDocuments = Map.copyOf(knownDocuments);
    fullStates = Map.copyOf(fullStates);
    failed = List.copyOf(failed);
  }

  /** A page as it was read, no entry looked at yet. */
  public static UpdatePage read(
      SyncRun run,
      List<UpdateLogEntry> entries,
      String since,
      Optional<CursorMove> move,
      boolean selected) {
    return new UpdatePage(
        run,
        entries,
        since,
        move,
        selected,
        List.of(),
        Map.of(),
        Map.of(),
        ResolvedDependencies.NONE,
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /** The entries one by one, for the steps that need nothing else. */
  public List<Received> received() {
    return entries.stream().map(entry -> new Received(run, entry)).toList();
  }

  /** The updates by document, without those that are over and those that rename documents. */
  public Map<DocumentKey, List<Update>> lines() {
    Map<DocumentKey, List<Update>> lines = new LinkedHashMap<>();
    for (Update update : updates) {
      if (!(update instanceof PassedOver) && !(update instanceof RenamedUpdate)) {
        lines.computeIfAbsent(update.entry().remote(), key -> new ArrayList<>()).add(update);
      }
    }
    return lines;
  }

  public UpdatePage withUpdates(List<Update> others) {
    return with(others, knownDocuments, fullStates, dependencies, stored, plan, failed);
  }

  public UpdatePage withStates(
      Map<DocumentKey, KnownDocument> known, Map<DocumentKey, FullState> fetched) {
    return with(updates, known, fetched, dependencies, stored, plan, failed);
  }

  public UpdatePage withFailed(List<FailedEntry> others) {
    return with(updates, knownDocuments, fullStates, dependencies, stored, plan, others);
  }

  public UpdatePage withDependencies(
      Map<DocumentKey, FullState> fetched, ResolvedDependencies found) {
    return with(updates, knownDocuments, fetched, found, stored, plan, failed);
  }

  public UpdatePage withStored(StoredDocuments read) {
    return with(updates, knownDocuments, fullStates, dependencies, Optional.of(read), plan, failed);
  }

  public UpdatePage withPlan(PreparedPlan prepared) {
    return with(
        updates, knownDocuments, fullStates, dependencies, stored, Optional.of(prepared), failed);
  }

  /** The same without what is based on the documents here: they are read again. */
  public UpdatePage again() {
    return with(
        updates,
        knownDocuments,
        fullStates,
        dependencies,
        Optional.empty(),
        Optional.empty(),
        failed);
  }

  /** The same entries, further on. */
  private UpdatePage with(
      List<Update> others,
      Map<DocumentKey, KnownDocument> known,
      Map<DocumentKey, FullState> fetched,
      ResolvedDependencies found,
      Optional<StoredDocuments> read,
      Optional<PreparedPlan> prepared,
      List<FailedEntry> rows) {
    return new UpdatePage(
        run, entries, since, move, selected, others, known, fetched, found, read, prepared, rows);
  }

  /** What is known of a document before the entries of this page. */
  public KnownDocument known(DocumentKey remote) {
    return knownDocuments.getOrDefault(remote, KnownDocument.NEW);
  }

  /** A document of the producer as what it is here. */
  public IdentityKey identity(DocumentKey remote) {
    return run.identity(remote);
  }
}
