package org.eventstreaming.apply;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.SyncOutcome;
import org.jspecify.annotations.Nullable;

/** The outcomes of a page while it is written: what is refused makes wait what needs it. */
final class PageOutcomes {
  private final NewNames names;
  private final Map<String, SyncOutcome> outcomes = new HashMap<>();
  private final Map<IdentityKey, String> refused = new HashMap<>();

  PageOutcomes(NewNames names) {
    this.names = names;
  }

  /** Takes what has its outcome already; answers what there is to write. */
  List<DocumentPlan> begin(List<DocumentPlan> plans) {
    List<DocumentPlan> changes = new ArrayList<>();
    for (DocumentPlan one : plans) {
      one.rest().forEach(this::add);
      if (!one.steps().isEmpty()) {
        changes.add(one);
      }
    }
    return changes;
  }

  void add(SyncOutcome outcome) {
    outcomes.put(outcome.entry().name(), outcome);
  }

  /** By the names of the entries. */
  Map<String, SyncOutcome> all() {
    return outcomes;
  }

  boolean isWritten(DocumentPlan one) {
    return one.steps().stream()
        .allMatch(
            step ->
                step.outcome() == null
                    ? !refused.containsKey(one.identity())
                    : outcomes.get(step.outcome().entry().name()) instanceof SyncOutcome.Synced);
  }

  /** What waits for something refused has its outcome then. */
  List<DocumentPlan> withoutThoseThatWait(List<DocumentPlan> changes) {
    List<DocumentPlan> free = new ArrayList<>();
    for (DocumentPlan one : changes) {
      int step = 0;
      while (step < one.steps().size() && culprit(one.steps().get(step)) == null) {
        step++;
      }
      IdentityKey culprit = step < one.steps().size() ? culprit(one.steps().get(step)) : null;
      if (culprit == null) {
        free.add(one);
        continue;
      }
      DocumentPlan cut =
          one.until(
              step, culprit, WaitingGraph.waiting(one, culprit, refused.getOrDefault(culprit, "")));
      cut.rest().forEach(this::add);
      if (cut.endsHere() && !cut.steps().isEmpty()) {
        free.add(cut);
      } else {
        refuse(one.identity(), cut.why());
      }
    }
    return free;
  }

  void refuse(IdentityKey identity, String why) {
    refused.put(identity, why);
    names.staysAway(identity);
  }

  private @Nullable IdentityKey culprit(DocumentPlan.Step step) {
    return step.needs().stream().filter(refused::containsKey).findFirst().orElse(null);
  }
}
