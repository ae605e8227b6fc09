package org.eventstreaming.update;

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
 * @param standings what is known of the entries' documents
 * @param fullStates the whole documents that were fetched for entries which need them; of a page
 *     that no step has seen yet those that were read ahead
 * @param needs the documents that those of the page link to
 * @param failed entries that are Failed since the page was logged, and were not before
 */
public record UpdatePage(
    Pull pull,
    List<UpdateLogEntry> entries,
    String since,
    Optional<CursorMove> move,
    boolean selected,
    List<Update> updates,
    Map<DocumentKey, Standing> standings,
    Map<DocumentKey, FullState> fullStates,
    Needs needs,
    List<FailedEntry> failed) {
  public UpdatePage {
    entries = List.copyOf(entries);
    updates = List.copyOf(updates);
    standings = Map.copyOf(standings);
    fullStates = Map.copyOf(fullStates);
    failed = List.copyOf(failed);
  }

  /** A page as it was read, no entry looked at yet. */
  public static UpdatePage read(
      Pull pull,
      List<UpdateLogEntry> entries,
      String since,
      Optional<CursorMove> move,
      boolean selected) {
    return new UpdatePage(
        pull, entries, since, move, selected, List.of(), Map.of(), Map.of(), Needs.NONE, List.of());
  }

  /** The entries one by one, for the steps that need nothing else. */
  public List<Received> received() {
    return entries.stream().map(entry -> new Received(pull, entry)).toList();
  }

  public UpdatePage withUpdates(List<Update> others) {
    return new UpdatePage(
        pull, entries, since, move, selected, others, standings, fullStates, needs, failed);
  }

  public UpdatePage withStates(
      Map<DocumentKey, Standing> known, Map<DocumentKey, FullState> fetched) {
    return new UpdatePage(
        pull, entries, since, move, selected, updates, known, fetched, needs, failed);
  }

  public UpdatePage withFailed(List<FailedEntry> others) {
    return new UpdatePage(
        pull, entries, since, move, selected, updates, standings, fullStates, needs, others);
  }

  public UpdatePage withNeeds(Map<DocumentKey, FullState> fetched, Needs found) {
    return new UpdatePage(
        pull, entries, since, move, selected, updates, standings, fetched, found, failed);
  }

  /** A document of the producer as what it is here. */
  public Counterpart counterpart(DocumentKey remote) {
    return pull.counterpart(remote);
  }
}
