package org.eventstreaming.apply;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eventstreaming.update.Counterpart;
import org.eventstreaming.update.SyncOutcome;
import org.jspecify.annotations.Nullable;

/** The outcomes of a page while it is written: what is refused makes wait what needs it. */
final class PageOutcomes {
  private final NewNames names;
  private final Map<String, SyncOutcome> outcomes = new HashMap<>();
  private final Map<Counterpart, String> refused = new HashMap<>();

  PageOutcomes(NewNames names) {
    this.names = names;
  }

  /** Takes what has its outcome already; answers what there is to write. */
  List<Folded> begin(List<Folded> folded) {
    List<Folded> changes = new ArrayList<>();
    for (Folded one : folded) {
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

  boolean isWritten(Folded one) {
    return one.steps().stream()
        .allMatch(
            step ->
                step.outcome() == null
                    ? !refused.containsKey(one.counterpart())
                    : outcomes.get(step.outcome().entry().name()) instanceof SyncOutcome.Synced);
  }

  /** What waits for something refused has its outcome then. */
  List<Folded> withoutThoseThatWait(List<Folded> changes) {
    List<Folded> free = new ArrayList<>();
    for (Folded one : changes) {
      int step = 0;
      while (step < one.steps().size() && culprit(one.steps().get(step)) == null) {
        step++;
      }
      Counterpart culprit = step < one.steps().size() ? culprit(one.steps().get(step)) : null;
      if (culprit == null) {
        free.add(one);
        continue;
      }
      Folded cut =
          one.until(
              step, culprit, FoldPage.waiting(one, culprit, refused.getOrDefault(culprit, "")));
      cut.rest().forEach(this::add);
      if (cut.endsHere() && !cut.steps().isEmpty()) {
        free.add(cut);
      } else {
        refuse(one.counterpart(), cut.why());
      }
    }
    return free;
  }

  void refuse(Counterpart counterpart, String why) {
    refused.put(counterpart, why);
    names.staysAway(counterpart);
  }

  private @Nullable Counterpart culprit(Folded.Step step) {
    return step.needs().stream().filter(refused::containsKey).findFirst().orElse(null);
  }
}
