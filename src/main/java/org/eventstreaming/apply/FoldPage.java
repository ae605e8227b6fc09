package org.eventstreaming.apply;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eventstreaming.document.ApplyDiff;
import org.eventstreaming.document.FindLinks;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.document.NormalForm;
import org.eventstreaming.store.Copies;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.store.UnreadableFields;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.Counterpart;
import org.eventstreaming.update.Dependency;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.Needs;
import org.eventstreaming.update.Sentence;
import org.eventstreaming.update.Standing;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.Unresolved;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdatePage;
import org.eventstreaming.update.UpdateType;
import org.jspecify.annotations.Nullable;

/**
 * Folds a page: the entries of each document, and the documents that come along with them. A
 * document waits whose links name one that does not come.
 */
final class FoldPage {
  private static final int MOST_REPORTED = 10;
  private static final int LONGEST_REASON = 500;

  private final DocumentStore documents;
  private final SyncLog syncLog;
  private final ChooseNames names;
  private final FindLinks findLinks;
  private final NormalForm normalForm;
  private final Difference difference;
  private final UnreadableFields unreadable;
  private final ApplyDiff applyDiff = new ApplyDiff();

  FoldPage(
      DocumentStore documents,
      SyncLog syncLog,
      ChooseNames names,
      FindLinks findLinks,
      NormalForm normalForm,
      Difference difference,
      UnreadableFields unreadable) {
    this.documents = documents;
    this.syncLog = syncLog;
    this.names = names;
    this.findLinks = findLinks;
    this.normalForm = normalForm;
    this.difference = difference;
    this.unreadable = unreadable;
  }

  FoldedPage fold(UpdatePage page, Map<DocumentKey, List<Update>> lines) {
    String url = page.pull().producer().producerUrl();
    Copies copies =
        documents.copies(
            url,
            lines.keySet().stream()
                .filter(key -> page.standings().getOrDefault(key, Standing.NEW).here())
                .map(page::counterpart)
                .toList());
    Map<DocumentKey, Instant> deletions =
        syncLog.deletions(
            url,
            lines.keySet().stream()
                .filter(key -> page.fullStates().get(key) instanceof FullState.Gone)
                .toList());
    Map<Counterpart, ChooseLocalName.Choice> choices =
        names.choose(page.pull().producer(), newcomers(page, lines, copies));
    FoldLine folding =
        new FoldLine(
            page.pull().producer(),
            page.pull().zone(),
            normalForm,
            difference,
            applyDiff,
            pointLinks(page, lines, choices),
            unreadable);
    Map<Counterpart, Folded> folded = new LinkedHashMap<>();
    lines.forEach(
        (key, updates) ->
            folded.put(
                page.counterpart(key),
                copies
                    .refusal(key)
                    .map(why -> folding.unreadable(page.counterpart(key), updates, why))
                    .orElseGet(
                        () ->
                            folding.fold(
                                page.counterpart(key),
                                updates,
                                copies.get(key),
                                page.standings().getOrDefault(key, Standing.NEW),
                                page.fullStates().get(key),
                                deletions.get(key),
                                choices.get(page.counterpart(key))))));
    page.needs()
        .brought()
        .forEach(
            (counterpart, dependency) ->
                folded.put(
                    counterpart,
                    folding.alongside(
                        dependency, Objects.requireNonNull(choices.get(counterpart)))));
    folded.replaceAll((counterpart, one) -> withoutWhatIsDeleted(page, one));
    if (folded.values().stream().anyMatch(one -> !one.needs().isEmpty())) {
      letWait(page, folded);
      dropUnneeded(page, folded);
      noteWhatCameAlong(page, folded);
    }
    waitNoLonger(page, folded);
    NewNames newNames = new NewNames(findLinks, page.pull().producer(), choices);
    for (Counterpart newcomer : newNames.newcomers()) {
      Folded one = folded.get(newcomer);
      if (one == null || !one.endsHere()) {
        newNames.staysAway(newcomer);
      }
    }
    return new FoldedPage(List.copyOf(folded.values()), newNames);
  }

  private PointLinks pointLinks(
      UpdatePage page,
      Map<DocumentKey, List<Update>> lines,
      Map<Counterpart, ChooseLocalName.Choice> choices) {
    Set<Counterpart> deleted = new LinkedHashSet<>();
    lines.forEach(
        (key, updates) -> {
          if (updates.stream().anyMatch(Update::isDelete)) {
            deleted.add(page.counterpart(key));
          }
        });
    Map<Counterpart, DocumentKey> coming = new HashMap<>();
    Map<Counterpart, Unresolved> unresolvedByTarget =
        new HashMap<>(page.needs().unresolvedByTarget());
    choices.forEach(
        (counterpart, choice) -> {
          if (choice.key() != null) {
            coming.put(counterpart, choice.key());
          } else {
            unresolvedByTarget.put(
                counterpart,
                new Unresolved(
                    counterpart.remote() + " cannot be named here: " + choice.failure(),
                    false,
                    false));
          }
        });
    return new PointLinks(
        findLinks,
        page.pull().producer(),
        new Needs(
            page.needs().here(),
            Map.of(),
            unresolvedByTarget,
            page.needs().found(),
            page.needs().spelled()),
        coming,
        deleted);
  }

  private static List<ChooseLocalName.Newcomer> newcomers(
      UpdatePage page, Map<DocumentKey, List<Update>> lines, Copies copies) {
    List<ChooseLocalName.Newcomer> newcomers = new ArrayList<>();
    lines.forEach(
        (key, updates) -> {
          FullState full = page.fullStates().get(key);
          boolean stuck =
              page.standings().getOrDefault(key, Standing.NEW).line() != Standing.Line.FREE;
          AcceptedUpdate first = first(updates);
          if (copies.get(key) != null || copies.refusal(key).isPresent()) {
            return;
          }
          if (full instanceof FullState.Present present) {
            newcomers.add(
                new ChooseLocalName.Newcomer(
                    page.counterpart(key),
                    page.pull().producer().following(key.doctype()).orElseThrow(),
                    present.document(),
                    true));
          } else if (full == null && !stuck && first != null && first.type() == UpdateType.CREATE) {
            newcomers.add(
                new ChooseLocalName.Newcomer(
                    page.counterpart(key),
                    first.rule(),
                    Objects.requireNonNull(first.content()),
                    true));
          }
        });
    for (Dependency dependency : page.needs().brought().values()) {
      newcomers.add(
          new ChooseLocalName.Newcomer(
              dependency.counterpart(),
              dependency.rule(),
              dependency.document(),
              dependency.own()));
    }
    return newcomers;
  }

  /** The first that is applied; null where one that failed stands before it. */
  private static @Nullable AcceptedUpdate first(List<Update> updates) {
    for (Update update : updates) {
      if (!(update instanceof SyncOutcome.Synced)) {
        return update instanceof AcceptedUpdate accepted ? accepted : null;
      }
    }
    return null;
  }

  /** Until nothing changes any more: what waits makes wait what needs it. */
  private static void letWait(UpdatePage page, Map<Counterpart, Folded> folded) {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Map.Entry<Counterpart, Folded> entry : folded.entrySet()) {
        Folded one = entry.getValue();
        // what is deleted again with this page is never written
        int steps = one.endsHere() ? one.steps().size() : 0;
        for (int step = 0; step < steps; step++) {
          Counterpart absent = absent(one.steps().get(step), folded);
          if (absent != null) {
            String why = waiting(one, absent, Objects.requireNonNull(folded.get(absent)).why());
            entry.setValue(withoutWhatIsDeleted(page, one.until(step, absent, why)));
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
  private static Folded withoutWhatIsDeleted(UpdatePage page, Folded one) {
    if (one.waits() == null) {
      return one;
    }
    int last = -1;
    for (int i = 0; i < one.rest().size(); i++) {
      last = Folded.isDelete(one.rest().get(i)) ? i : last;
    }
    return last < one.rest().indexOf(one.waits())
        ? one
        : one.overUntil(last, moment(page, one.rest().get(last)).orElse(null));
  }

  /** The same where the Delete is beyond the page: it has its turn next. */
  private void waitNoLonger(UpdatePage page, Map<Counterpart, Folded> folded) {
    Map<DocumentKey, Folded> waiting = new LinkedHashMap<>();
    folded.values().stream()
        .filter(one -> one.waits() != null)
        .forEach(one -> waiting.put(one.remote(), one));
    Map<DocumentKey, Instant> deletions =
        syncLog.deletions(page.pull().producer().producerUrl(), waiting.keySet());
    waiting.forEach(
        (remote, one) -> {
          SyncOutcome.WaitsFor first = Objects.requireNonNull(one.waits());
          Instant deleted = deletions.get(remote);
          Instant created = moment(page, first).orElse(null);
          if (deleted != null && created != null && !deleted.isBefore(created)) {
            folded.put(one.counterpart(), one.over(first));
          }
        });
  }

  private static Optional<Instant> moment(UpdatePage page, SyncOutcome outcome) {
    return FrappeTime.instant(outcome.entry().creation(), page.pull().zone());
  }

  private static @Nullable Counterpart absent(Folded.Step step, Map<Counterpart, Folded> folded) {
    for (Counterpart need : step.needs()) {
      Folded needed = folded.get(need);
      // of one that was here and is gone the link dangles there too; one that is to come again does
      // not, and what stands here until its Delete is carried out is another
      if (needed != null
          && (needed.isDoomed()
              || (!needed.endsHere() && (needed.copy() == null || needed.isHeldUp())))) {
        return need;
      }
    }
    return null;
  }

  static String waiting(Folded one, Counterpart absent, String reason) {
    // the reasons of a long chain contain each other
    String why =
        reason.codePointCount(0, reason.length()) <= LONGEST_REASON
            ? reason
            : reason.substring(0, reason.offsetByCodePoints(0, LONGEST_REASON)) + "…";
    return Sentence.of(
            "Could not apply %s: it needs %s, which cannot be fetched: %s"
                .formatted(one.remote(), absent.remote(), why))
        + " It is retried when that is here, and every hour.";
  }

  /** What was to come along with a document that waits now has to wait with it. */
  private static void dropUnneeded(UpdatePage page, Map<Counterpart, Folded> folded) {
    Set<Counterpart> needed = new LinkedHashSet<>();
    List<Counterpart> open = new ArrayList<>();
    folded.forEach(
        (counterpart, one) -> {
          if (!page.needs().brought().containsKey(counterpart)) {
            open.addAll(one.needs());
          }
        });
    while (!open.isEmpty()) {
      Counterpart next = open.remove(open.size() - 1);
      if (folded.containsKey(next) && needed.add(next)) {
        open.addAll(Objects.requireNonNull(folded.get(next)).needs());
      }
    }
    page.needs().brought().keySet().stream()
        .filter(counterpart -> !needed.contains(counterpart))
        .forEach(folded::remove);
  }

  private static void noteWhatCameAlong(UpdatePage page, Map<Counterpart, Folded> folded) {
    Set<Counterpart> reported = new LinkedHashSet<>();
    for (Map.Entry<Counterpart, Folded> entry : folded.entrySet()) {
      Folded one = entry.getValue();
      if (page.needs().brought().containsKey(entry.getKey())) {
        continue;
      }
      List<Folded.Step> steps = new ArrayList<>();
      for (Folded.Step step : one.steps()) {
        Set<Counterpart> along = new LinkedHashSet<>();
        collect(step.needs(), page, folded, reported, along);
        steps.add(along.isEmpty() ? step : step.reported(note(along)));
      }
      entry.setValue(one.withSteps(steps));
    }
  }

  private static void collect(
      Set<Counterpart> needs,
      UpdatePage page,
      Map<Counterpart, Folded> folded,
      Set<Counterpart> reported,
      Set<Counterpart> along) {
    List<Counterpart> open = new ArrayList<>(needs);
    while (!open.isEmpty()) {
      Counterpart next = open.remove(open.size() - 1);
      if (page.needs().brought().containsKey(next) && reported.add(next)) {
        along.add(next);
        open.addAll(Objects.requireNonNull(folded.get(next)).needs());
      }
    }
  }

  private static String note(Set<Counterpart> along) {
    String names =
        along.stream()
            .limit(MOST_REPORTED)
            .map(one -> one.remote().toString())
            .collect(Collectors.joining(", "));
    int more = along.size() - MOST_REPORTED;
    return "Brought along " + names + (more > 0 ? " and " + more + " more" : "") + ".";
  }

  /**
   * What a page makes of its documents.
   *
   * @param names those that it gives to new ones
   */
  record FoldedPage(List<Folded> documents, NewNames names) {}
}
