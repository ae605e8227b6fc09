package org.eventstreaming.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.eventstreaming.document.NulCharacters;
import org.eventstreaming.store.WriteDocuments;
import org.eventstreaming.store.WriteRefused;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.SyncRun;
import org.eventstreaming.update.UpdateLogEntry;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a page makes of its documents: all in one statement per table. What the store refuses
 * is halved, the documents that others need first, until the culprit stands alone; what needs it
 * waits.
 */
final class WritePlans implements Writing {
  private final WriteDocuments documents;
  private final SyncRun run;
  private final NewNames names;
  private final PageOutcomes outcomes;
  private final ExplainFailure explain;

  WritePlans(WriteDocuments documents, SyncRun run, NewNames names) {
    this.documents = documents;
    this.run = run;
    this.names = names;
    this.outcomes = new PageOutcomes(names);
    this.explain = new ExplainFailure(run.producer().producerUrl());
  }

  @Override
  public Map<String, SyncOutcome> write(List<DocumentPlan> plans) {
    List<DocumentPlan> changes = outcomes.begin(plans);
    if (!changes.isEmpty()) {
      try {
        writeAtOnce(changes);
      } catch (WriteRefused e) {
        // what is named and not waited for comes first as well, as far as what is needed lets it
        List<DocumentPlan> namedFirst =
            NeededFirst.of(
                changes, one -> names.namedBy(one.identity().localDoctype(), one.document()));
        writeOrHalve(NeededFirst.of(namedFirst, DocumentPlan::needs), e);
      }
    }
    return outcomes.all();
  }

  /** What changes nothing is left out before. */
  @Override
  public boolean changedNothing(UpdateLogEntry entry) {
    return false;
  }

  @Override
  public boolean isWritten(DocumentPlan one) {
    return outcomes.isWritten(one);
  }

  private void writeAtOnce(List<DocumentPlan> changes) {
    changes.forEach(one -> names.takeBack(one.identity().localDoctype(), one.document()));
    documents.write(
        run.producer().producerUrl(),
        run.zone(),
        changes.stream().map(DocumentPlan::write).toList());
    for (DocumentPlan one : changes) {
      for (DocumentPlan.Step step : one.steps()) {
        if (step.outcome() != null) {
          outcomes.add(step.outcome());
        }
      }
    }
  }

  private void writeOrHalve(List<DocumentPlan> desired, @Nullable WriteRefused known) {
    List<DocumentPlan> changes = outcomes.withoutThoseThatWait(desired);
    if (changes.isEmpty()) {
      return;
    }
    WriteRefused why = changes.size() == desired.size() ? known : null;
    if (why == null) {
      try {
        writeAtOnce(changes);
        return;
      } catch (WriteRefused e) {
        why = e;
      }
    }
    if (changes.size() == 1) {
      stepByStep(changes.get(0), why);
    } else {
      int half = changes.size() / 2;
      writeOrHalve(changes.subList(0, half), null);
      writeOrHalve(changes.subList(half, changes.size()), null);
    }
  }

  private static String refusal(@Nullable ObjectNode state, WriteRefused why) {
    List<String> fields = state == null ? List.of() : NulCharacters.in(state);
    return fields.isEmpty()
        ? String.valueOf(why.getMessage())
        : String.join(", ", fields)
            + " holds the NUL character, which PostgreSQL cannot store. Remove it on the producer,"
            + " or write nul: strip into the producer file";
  }

  /** Finds the entry that the store refuses: what comes before it is kept, what follows waits. */
  private void stepByStep(DocumentPlan one, WriteRefused refusal) {
    @Nullable DocumentKey stands = one.before();
    @Nullable Long revision = one.revision();
    @Nullable ObjectNode state = one.stored();
    @Nullable WriteRefused why = one.whole() || one.steps().size() == 1 ? refusal : null;
    boolean failed = false;
    for (DocumentPlan.Step step : one.steps()) {
      SyncOutcome.Synced desired = step.outcome();
      if (failed && desired != null) {
        outcomes.add(new SyncOutcome.Behind(desired.entry(), desired.local()));
        continue;
      }
      state = step.change().on(state);
      if (why == null) {
        names.takeBack(one.identity().localDoctype(), state);
        try {
          documents.write(
              run.producer().producerUrl(),
              run.zone(),
              List.of(one.write(stands, revision, step, state)));
          stands = step.after();
          revision = null;
          if (desired != null) {
            outcomes.add(desired);
          }
          continue;
        } catch (WriteRefused e) {
          why = e;
        }
      }
      failed = true;
      String reported = refusal(state, why);
      if (desired != null) {
        outcomes.add(explain.failed(desired.entry(), desired.local(), "store", reported));
      }
      if (stands == null) {
        outcomes.refuse(one.identity(), one.remote() + " could not be stored: " + reported);
      }
    }
    // what already had its outcome behind the culprit has to wait as well
    for (SyncOutcome outcome : one.rest()) {
      if (failed && outcome instanceof SyncOutcome.Failed) {
        outcomes.add(new SyncOutcome.Behind(outcome.entry(), outcome.local()));
      }
    }
  }
}
