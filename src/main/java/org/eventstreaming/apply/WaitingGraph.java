package org.eventstreaming.apply;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.RowSentences;
import org.eventstreaming.update.Sentence;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.UpdatePage;
import org.jspecify.annotations.Nullable;

/**
 * The plans of a page and the links between them: what needs a document that does not come has to
 * wait, and so has what needs it in turn.
 */
final class WaitingGraph {
  private static final int MOST_REPORTED = 10;
  private static final int LONGEST_REASON = 500;

  private final UpdatePage page;
  private final Map<IdentityKey, DocumentPlan> plans;
  private final SyncLog syncLog;

  /**
   * @param plans the plans of the page's entries and of the dependencies fetched with them; this
   *     map is changed
   */
  WaitingGraph(UpdatePage page, Map<IdentityKey, DocumentPlan> plans, SyncLog syncLog) {
    this.page = page;
    this.plans = plans;
    this.syncLog = syncLog;
  }

  /** Replaces the plans of what has to wait, and drops what nobody needs then. */
  void settle() {
    plans.replaceAll((identity, one) -> withoutWhatIsDeleted(one));
    if (plans.values().stream().anyMatch(one -> !one.needs().isEmpty())) {
      letWait();
      dropUnneeded();
      noteWhatCameAlong();
    }
    waitNoLonger();
  }

  /** Until nothing changes any more: what waits makes wait what needs it. */
  private void letWait() {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Map.Entry<IdentityKey, DocumentPlan> entry : plans.entrySet()) {
        DocumentPlan one = entry.getValue();
        // what is deleted again with this page is never written
        int steps = one.endsHere() ? one.steps().size() : 0;
        for (int step = 0; step < steps; step++) {
          IdentityKey absent = absent(one.steps().get(step));
          if (absent != null) {
            String why = waiting(one, absent, Objects.requireNonNull(plans.get(absent)).why());
            entry.setValue(withoutWhatIsDeleted(one.until(step, absent, why)));
            changed = true;
            break;
          }
        }
      }
    }
  }

  /**
   * What is deleted again waits for no document that it names: that may never come, and its Delete
   * would wait behind it. Here the Delete is in the page, and is carried out.
   */
  private DocumentPlan withoutWhatIsDeleted(DocumentPlan one) {
    if (one.waits() == null) {
      return one;
    }
    int last = -1;
    for (int i = 0; i < one.rest().size(); i++) {
      last = DocumentPlan.isDelete(one.rest().get(i)) ? i : last;
    }
    return last < one.rest().indexOf(one.waits())
        ? one
        : one.overUntil(last, moment(one.rest().get(last)).orElse(null));
  }

  /** Ends the waiting of documents whose Delete is logged behind this page: it is applied next. */
  private void waitNoLonger() {
    Map<DocumentKey, DocumentPlan> waiting = new LinkedHashMap<>();
    plans.values().stream()
        .filter(one -> one.waits() != null)
        .forEach(one -> waiting.put(one.remote(), one));
    Map<DocumentKey, Instant> deletions =
        syncLog.deletions(page.run().producer().producerUrl(), waiting.keySet());
    waiting.forEach(
        (remote, one) -> {
          SyncOutcome.WaitsFor first = Objects.requireNonNull(one.waits());
          Instant deleted = deletions.get(remote);
          Instant created = moment(first).orElse(null);
          if (deleted != null && created != null && !deleted.isBefore(created)) {
            plans.put(one.identity(), one.over(first));
          }
        });
  }

  private Optional<Instant> moment(SyncOutcome outcome) {
    return FrappeTime.instant(outcome.entry().creation(), page.run().zone());
  }

  private @Nullable IdentityKey absent(DocumentPlan.Step step) {
    for (IdentityKey need : step.needs()) {
      DocumentPlan needed = plans.get(need);
      // of one that was here and is gone the link dangles there too; one that is to come again does
      // not, and what stands here until its Delete is carried out is another
      if (needed != null
          && (needed.hasPendingDelete()
              || (!needed.endsHere() && (needed.copy() == null || needed.isHeldUp())))) {
        return need;
      }
    }
    return null;
  }

  static String waiting(DocumentPlan one, IdentityKey absent, String reason) {
    // the reasons of a long chain contain each other
    String why =
        reason.codePointCount(0, reason.length()) <= LONGEST_REASON
            ? reason
            : reason.substring(0, reason.offsetByCodePoints(0, LONGEST_REASON)) + "…";
    return Sentence.of(
            "Could not apply %s: it needs %s, which cannot be fetched: %s"
                .formatted(one.remote(), absent.remote(), why))
        + RowSentences.retriedWhen(absent.remote() + " is here");
  }

  /** What was to come along with a document that waits now has to wait with it. */
  private void dropUnneeded() {
    Set<IdentityKey> needed = new LinkedHashSet<>();
    List<IdentityKey> open = new ArrayList<>();
    plans.forEach(
        (identity, one) -> {
          if (!page.dependencies().brought().containsKey(identity)) {
            open.addAll(one.needs());
          }
        });
    while (!open.isEmpty()) {
      IdentityKey next = open.remove(open.size() - 1);
      if (plans.containsKey(next) && needed.add(next)) {
        open.addAll(Objects.requireNonNull(plans.get(next)).needs());
      }
    }
    page.dependencies().brought().keySet().stream()
        .filter(identity -> !needed.contains(identity))
        .forEach(plans::remove);
  }

  private void noteWhatCameAlong() {
    Set<IdentityKey> reported = new LinkedHashSet<>();
    for (Map.Entry<IdentityKey, DocumentPlan> entry : plans.entrySet()) {
      DocumentPlan one = entry.getValue();
      if (page.dependencies().brought().containsKey(entry.getKey())) {
        continue;
      }
      List<DocumentPlan.Step> steps = new ArrayList<>();
      for (DocumentPlan.Step step : one.steps()) {
        Set<IdentityKey> along = new LinkedHashSet<>();
        collect(step.needs(), reported, along);
        steps.add(along.isEmpty() ? step : step.reported(note(along)));
      }
      entry.setValue(one.withSteps(steps));
    }
  }

  private void collect(Set<IdentityKey> needs, Set<IdentityKey> reported, Set<IdentityKey> along) {
    List<IdentityKey> open = new ArrayList<>(needs);
    while (!open.isEmpty()) {
      IdentityKey next = open.remove(open.size() - 1);
      if (page.dependencies().brought().containsKey(next) && reported.add(next)) {
        along.add(next);
        open.addAll(Objects.requireNonNull(plans.get(next)).needs());
      }
    }
  }

  private static String note(Set<IdentityKey> along) {
    String names =
        along.stream()
            .limit(MOST_REPORTED)
            .map(one -> one.remote().toString())
            .collect(Collectors.joining(", "));
    int more = along.size() - MOST_REPORTED;
    return "Brought along " + names + (more > 0 ? " and " + more + " more" : "") + ".";
  }
}
