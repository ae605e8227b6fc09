package org.eventstreaming.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.store.WriteRefused;
import org.eventstreaming.update.Counterpart;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.Pull;
import org.eventstreaming.update.SyncOutcome;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a page makes of its documents: all in one statement per table. What the store refuses
 * is halved, the documents that others need first, until the culprit stands alone; what needs it
 * waits.
 */
final class WriteFolded {
  private final DocumentStore documents;
  private final Pull pull;
  private final NewNames names;
  private final Map<String, SyncOutcome> outcomes = new HashMap<>();
  private final Map<Counterpart, String> refused = new HashMap<>();

  WriteFolded(DocumentStore documents, Pull pull, NewNames names) {
    this.documents = documents;
    this.pull = pull;
    this.names = names;
  }

  /** The outcome of every entry, by its name. */
  Map<String, SyncOutcome> write(List<Folded> folded) {
    List<Folded> changes = new ArrayList<>();
    for (Folded one : folded) {
      one.rest().forEach(this::add);
      if (!one.steps().isEmpty()) {
        changes.add(one);
      }
    }
    if (!changes.isEmpty()) {
      try {
        writeAtOnce(changes);
      } catch (WriteRefused e) {
        // what is named and not waited for comes first as well, as far as what is needed lets it
        List<Folded> namedFirst =
            neededFirst(
                changes, one -> names.namedBy(one.counterpart().localDoctype(), one.document()));
        writeOrHalve(neededFirst(namedFirst, Folded::needs), e);
      }
    }
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

  private void writeAtOnce(List<Folded> changes) {
    changes.forEach(one -> names.takeBack(one.counterpart().localDoctype(), one.document()));
    documents.write(
        pull.producer().producerUrl(), pull.zone(), changes.stream().map(Folded::write).toList());
    for (Folded one : changes) {
      for (Folded.Step step : one.steps()) {
        if (step.outcome() != null) {
          add(step.outcome());
        }
      }
    }
  }

  private void writeOrHalve(List<Folded> wished, @Nullable WriteRefused known) {
    List<Folded> changes = withoutThoseThatWait(wished);
    if (changes.isEmpty()) {
      return;
    }
    WriteRefused why = changes.size() == wished.size() ? known : null;
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

  /** Finds the entry that the store refuses: what comes before it is kept, what follows waits. */
  private void stepByStep(Folded one, WriteRefused refusal) {
    @Nullable DocumentKey stands = one.before();
    @Nullable ObjectNode state = one.stored();
    @Nullable WriteRefused why = one.whole() || one.steps().size() == 1 ? refusal : null;
    boolean failed = false;
    for (Folded.Step step : one.steps()) {
      SyncOutcome.Synced wished = step.outcome();
      if (failed && wished != null) {
        add(new SyncOutcome.Behind(wished.entry(), wished.local()));
        continue;
      }
      if (why == null) {
        state = step.change().on(state);
        names.takeBack(one.counterpart().localDoctype(), state);
        try {
          documents.write(
              pull.producer().producerUrl(), pull.zone(), List.of(one.write(stands, step, state)));
          stands = step.after();
          if (wished != null) {
            add(wished);
          }
          continue;
        } catch (WriteRefused e) {
          why = e;
        }
      }
      failed = true;
      String told = String.valueOf(why.getMessage());
      if (wished != null) {
        add(
            FoldLine.failed(
                wished.entry(), wished.local(), pull.producer().producerUrl(), "store", told));
      }
      if (stands == null) {
        refuse(one.counterpart(), one.remote() + " could not be stored: " + told);
      }
    }
    // what already had its outcome behind the culprit has to wait as well
    for (SyncOutcome outcome : one.rest()) {
      if (failed && outcome instanceof SyncOutcome.Failed) {
        add(new SyncOutcome.Behind(outcome.entry(), outcome.local()));
      }
    }
  }

  private List<Folded> withoutThoseThatWait(List<Folded> changes) {
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

  private void refuse(Counterpart counterpart, String why) {
    refused.put(counterpart, why);
    names.staysAway(counterpart);
  }

  private @Nullable Counterpart culprit(Folded.Step step) {
    return step.needs().stream().filter(refused::containsKey).findFirst().orElse(null);
  }

  /** Documents that others name before those; in a circle one has to be the first. */
  private static List<Folded> neededFirst(
      List<Folded> changes, Function<Folded, Set<Counterpart>> needs) {
    Map<Counterpart, Folded> all = new LinkedHashMap<>();
    changes.forEach(one -> all.put(one.counterpart(), one));
    Set<Folded> sorted = new LinkedHashSet<>();
    Set<Counterpart> begun = new HashSet<>();
    changes.forEach(one -> put(one, all, needs, begun, sorted));
    return List.copyOf(sorted);
  }

  private static void put(
      Folded one,
      Map<Counterpart, Folded> all,
      Function<Folded, Set<Counterpart>> needs,
      Set<Counterpart> begun,
      Set<Folded> sorted) {
    // a stack of our own: a chain of documents can be as long as a page
    List<Folded> stack = new ArrayList<>(List.of(one));
    while (!stack.isEmpty()) {
      Folded top = stack.get(stack.size() - 1);
      if (begun.add(top.counterpart())) {
        for (Counterpart need : needs.apply(top)) {
          Folded needed = all.get(need);
          if (needed != null && !begun.contains(need)) {
            stack.add(needed);
          }
        }
      } else {
        stack.remove(stack.size() - 1);
        sorted.add(top);
      }
    }
  }

  private void add(SyncOutcome outcome) {
    outcomes.put(outcome.entry().name(), outcome);
  }
}
