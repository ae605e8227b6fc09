package org.eventstreaming.apply;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.document.FindLinks;
import org.eventstreaming.document.NormalForm;
import org.eventstreaming.naming.NameDocument;
import org.eventstreaming.naming.SeriesCounter;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.update.Counterpart;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.PassedOver;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdatePage;

/**
 * Applies a page: entries of one document are folded in memory and written once, all documents of
 * the page in one statement per table. What the store refuses is halved until the culprit stands
 * alone.
 */
public final class ApplyUpdates {
  private final DocumentStore documents;
  private final SyncLog syncLog;
  private final FoldPage foldPage;

  public ApplyUpdates(
      DocumentStore documents,
      SyncLog syncLog,
      DocTypes doctypes,
      FindLinks findLinks,
      NameDocument naming,
      SeriesCounter series) {
    this.documents = documents;
    this.syncLog = syncLog;
    this.foldPage =
        new FoldPage(
            documents,
            syncLog,
            new ChooseLocalName(documents, doctypes, naming, series),
            findLinks,
            new NormalForm(doctypes));
  }

  /** Every update of the page ends in an outcome, but for those that nobody follows. */
  public UpdatePage apply(UpdatePage page) {
    List<Update> done = new ArrayList<>();
    Map<DocumentKey, List<Update>> lines = new LinkedHashMap<>();
    for (Update update : page.updates()) {
      if (update instanceof PassedOver) {
        done.add(update);
      } else {
        lines.computeIfAbsent(update.entry().remote(), key -> new ArrayList<>()).add(update);
      }
    }
    if (lines.isEmpty()) {
      return page.withUpdates(done);
    }
    FoldPage.FoldedPage foldedPage = foldPage.fold(page, lines);
    List<Folded> folded = foldedPage.documents();
    WriteFolded writing = new WriteFolded(documents, page.pull(), foldedPage.names());
    Map<String, SyncOutcome> outcomes = writing.write(folded);
    syncLog.release(
        page.pull().producer().producerUrl(),
        folded.stream()
            // entries are about the document of the type that is followed, not about another of it
            .filter(one -> one.counterpart().equals(page.counterpart(one.remote())))
            .filter(one -> one.whole() && one.lack() == null && writing.isWritten(one))
            .map(Folded::remote)
            .toList(),
        "Contained in the document as it was read whole later.");
    for (Update update : page.updates()) {
      if (!(update instanceof PassedOver)) {
        done.add(outcome(update, outcomes));
      }
    }
    Set<Counterpart> written =
        folded.stream()
            .filter(one -> !one.steps().isEmpty() && writing.isWritten(one))
            .map(Folded::counterpart)
            .collect(Collectors.toSet());
    // what was fetched and could not be written wakes nobody
    return page.withUpdates(done).withNeeds(page.fullStates(), page.needs().bringingOnly(written));
  }

  private static SyncOutcome outcome(Update update, Map<String, SyncOutcome> outcomes) {
    UpdateLogEntry entry = update.entry();
    SyncOutcome outcome = outcomes.get(entry.name());
    if (outcome == null) {
      throw new IllegalStateException(
          "Entry %s (%s of %s) came to no outcome. Its page is not applied, so that no entry of it is lost. This is a fault of this program: please report it."
              .formatted(entry.name(), entry.updateType(), entry.remote()));
    }
    return outcome;
  }
}
