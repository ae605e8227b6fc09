package org.eventstreaming.apply;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.document.ApplyDiff;
import org.eventstreaming.document.NormalForm;
import org.eventstreaming.naming.NameDocument;
import org.eventstreaming.naming.SeriesCounter;
import org.eventstreaming.store.Copy;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.store.WriteRefused;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.PassedOver;
import org.eventstreaming.update.Pull;
import org.eventstreaming.update.Standing;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdatePage;
import org.eventstreaming.update.UpdateType;
import org.jspecify.annotations.Nullable;

/**
 * Applies a page: entries of one document are folded in memory and written once, all documents of
 * the page in one statement per table. What the store refuses is halved until the culprit stands
 * alone.
 */
public final class ApplyUpdates {
  private final DocumentStore documents;
  private final SyncLog syncLog;
  private final NormalForm normalForm;
  private final ApplyDiff applyDiff = new ApplyDiff();
  private final ChooseLocalName names;

  public ApplyUpdates(
      DocumentStore documents,
      SyncLog syncLog,
      DocTypes doctypes,
      NameDocument naming,
      SeriesCounter series) {
    this.documents = documents;
    this.syncLog = syncLog;
    this.normalForm = new NormalForm(doctypes);
    this.names = new ChooseLocalName(documents, doctypes, naming, series);
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
    Written written = write(page, fold(page, lines));
    Map<String, SyncOutcome> outcomes = written.outcomes();
    for (Update update : page.updates()) {
      SyncOutcome outcome = outcomes.get(update.entry().name());
      if (outcome != null) {
        done.add(outcome);
      }
    }
    return page.withUpdates(done);
  }

  private List<Folded> fold(UpdatePage page, Map<DocumentKey, List<Update>> lines) {
    Pull pull = page.pull();
    String url = pull.producer().producerUrl();
    Map<DocumentKey, Copy> copies =
        documents.copies(
            url,
            lines.keySet().stream()
                .filter(key -> page.standings().getOrDefault(key, Standing.NEW).here())
                .toList());
    Map<DocumentKey, Instant> deletions =
        syncLog.deletions(
            url,
            lines.keySet().stream()
                .filter(key -> page.fullStates().get(key) instanceof FullState.Gone)
                .toList());
    Map<DocumentKey, ChooseLocalName.Choice> choices =
        names.choose(pull.producer().host(), newcomers(page, lines, copies));
    FoldLine folding = new FoldLine(url, pull.zone(), normalForm, applyDiff);
    List<Folded> folded = new ArrayList<>();
    lines.forEach(
        (key, updates) ->
            folded.add(
                folding.fold(
                    updates,
                    copies.get(key),
                    page.standings().getOrDefault(key, Standing.NEW),
                    page.fullStates().get(key),
                    deletions.get(key),
                    choices.get(key))));
    return folded;
  }

  private static List<ChooseLocalName.Newcomer> newcomers(
      UpdatePage page, Map<DocumentKey, List<Update>> lines, Map<DocumentKey, Copy> copies) {
    List<ChooseLocalName.Newcomer> newcomers = new ArrayList<>();
    lines.forEach(
        (key, updates) -> {
          FullState full = page.fullStates().get(key);
          boolean stuck =
              page.standings().getOrDefault(key, Standing.NEW).line() != Standing.Line.FREE;
          if (copies.containsKey(key)
              || !(updates.get(0) instanceof AcceptedUpdate first)
              || (full == null && stuck)) {
            return;
          }
          if (full instanceof FullState.Present present) {
            newcomers.add(new ChooseLocalName.Newcomer(key, first.rule(), present.document()));
          } else if (full == null && first.type() == UpdateType.CREATE) {
            newcomers.add(
                new ChooseLocalName.Newcomer(
                    key, first.rule(), Objects.requireNonNull(first.content())));
          }
        });
    return newcomers;
  }

  private Written write(UpdatePage page, List<Folded> folded) {
    Written written = new Written(new HashMap<>());
    List<Folded> changes = new ArrayList<>();
    for (Folded one : folded) {
      one.rest().forEach(written::add);
      if (!one.steps().isEmpty()) {
        changes.add(one);
      }
    }
    if (!changes.isEmpty()) {
      writeOrHalve(page, changes, written);
    }
    List<DocumentKey> freed = new ArrayList<>();
    for (Folded one : folded) {
      if (one.whole() && written.allSynced(one)) {
        freed.add(one.remote());
      }
    }
    syncLog.release(
        page.pull().producer().producerUrl(),
        freed,
        "Contained in the document as it was read whole later.");
    return written;
  }

  private void writeOrHalve(UpdatePage page, List<Folded> changes, Written written) {
    try {
      documents.write(
          page.pull().producer().producerUrl(),
          page.pull().zone(),
          changes.stream().map(Folded::write).toList());
      changes.forEach(one -> one.steps().forEach(step -> written.add(step.outcome())));
    } catch (WriteRefused e) {
      if (changes.size() == 1) {
        stepByStep(page, changes.get(0), e, written);
      } else {
        int half = changes.size() / 2;
        writeOrHalve(page, changes.subList(0, half), written);
        writeOrHalve(page, changes.subList(half, changes.size()), written);
      }
    }
  }

  /** Finds the entry that the store refuses: what comes before it is kept, what follows waits. */
  private void stepByStep(UpdatePage page, Folded one, WriteRefused refused, Written written) {
    FoldLine folding =
        new FoldLine(
            page.pull().producer().producerUrl(), page.pull().zone(), normalForm, applyDiff);
    @Nullable DocumentKey stands = one.before();
    @Nullable WriteRefused why = one.whole() || one.steps().size() == 1 ? refused : null;
    for (Folded.Step step : one.steps()) {
      SyncOutcome.Synced wished = step.outcome();
      if (why == null) {
        try {
          documents.write(
              page.pull().producer().producerUrl(),
              page.pull().zone(),
              List.of(one.write(stands, step)));
          stands = step.after();
          written.add(wished);
          continue;
        } catch (WriteRefused e) {
          why = e;
        }
      } else if (written.hasFailed(one)) {
        written.add(new SyncOutcome.Behind(wished.entry(), wished.local()));
        continue;
      }
      written.add(
          folding.failed(
              wished.entry(), wished.local(), "store", String.valueOf(why.getMessage())));
    }
    // what already had its outcome behind the culprit has to wait as well
    for (SyncOutcome outcome : one.rest()) {
      if (written.hasFailed(one) && outcome instanceof SyncOutcome.Failed) {
        written.add(new SyncOutcome.Behind(outcome.entry(), outcome.local()));
      }
    }
  }

  private record Written(Map<String, SyncOutcome> outcomes) {
    void add(SyncOutcome outcome) {
      outcomes.put(outcome.entry().name(), outcome);
    }

    boolean hasFailed(Folded one) {
      return one.steps().stream()
          .anyMatch(
              step -> outcomes.get(step.outcome().entry().name()) instanceof SyncOutcome.Failed);
    }

    boolean allSynced(Folded one) {
      return one.steps().stream()
          .allMatch(
              step -> outcomes.get(step.outcome().entry().name()) instanceof SyncOutcome.Synced);
    }
  }
}
