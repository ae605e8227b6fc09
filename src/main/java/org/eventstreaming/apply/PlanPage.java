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
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.store.StoredDocuments;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.store.UnreadableFields;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.Backlog;
import org.eventstreaming.update.Dependency;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.ResolvedDependencies;
import org.eventstreaming.update.Sentence;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.Unresolved;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdatePage;
import org.eventstreaming.update.UpdateType;
import org.jspecify.annotations.Nullable;

/**
 * Plans what a page does: the entries of each document, and the documents that come along with
 * them. A document waits whose links name one that does not come.
 */
final class PlanPage {
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

  PlanPage(
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

  PagePlan plan(UpdatePage page, Map<DocumentKey, List<Update>> lines) {
    String url = page.run().producer().producerUrl();
    StoredDocuments copies =
        documents.copies(
            url,
            lines.keySet().stream()
                .filter(key -> page.known(key).here())
                .map(page::identity)
                .toList());
    Map<DocumentKey, Instant> deletions =
        syncLog.deletions(
            url,
            lines.keySet().stream()
                .filter(key -> page.fullStates().get(key) instanceof FullState.Gone)
                .toList());
    Map<IdentityKey, ChooseLocalName.Choice> choices =
        names.choose(page.run().producer(), newcomers(page, lines, copies));
    PlanDocument planDocument =
        new PlanDocument(
            page.run().producer(),
            page.run().zone(),
            normalForm,
            difference,
            applyDiff,
            pointLinks(page, lines, choices),
            unreadable);
    Map<IdentityKey, DocumentPlan> plans = new LinkedHashMap<>();
    lines.forEach(
        (key, updates) -> {
          IdentityKey identity = page.identity(key);
          DocumentLine line =
              new DocumentLine(
                  identity,
                  updates,
                  copies.get(key),
                  page.known(key),
                  page.fullStates().get(key),
                  deletions.get(key),
                  choices.get(identity));
          plans.put(
              identity,
              copies
                  .refusal(key)
                  .map(why -> planDocument.unreadable(line, why))
                  .orElseGet(() -> planDocument.plan(line)));
        });
    page.dependencies()
        .brought()
        .forEach(
            (identity, dependency) ->
                plans.put(
                    identity,
                    planDocument.alongside(
                        dependency, Objects.requireNonNull(choices.get(identity)))));
    plans.replaceAll((identity, one) -> withoutWhatIsDeleted(page, one));
    if (plans.values().stream().anyMatch(one -> !one.needs().isEmpty())) {
      letWait(page, plans);
      dropUnneeded(page, plans);
      noteWhatCameAlong(page, plans);
    }
    waitNoLonger(page, plans);
    NewNames newNames = new NewNames(findLinks, page.run().producer(), choices);
    for (IdentityKey newcomer : newNames.newcomers()) {
      DocumentPlan one = plans.get(newcomer);
      if (one == null || !one.endsHere()) {
        newNames.staysAway(newcomer);
      }
    }
    return new PagePlan(List.copyOf(plans.values()), newNames);
  }

  private PointLinks pointLinks(
      UpdatePage page,
      Map<DocumentKey, List<Update>> lines,
      Map<IdentityKey, ChooseLocalName.Choice> choices) {
    Set<IdentityKey> deleted = new LinkedHashSet<>();
    lines.forEach(
        (key, updates) -> {
          if (updates.stream().anyMatch(Update::isDelete)) {
            deleted.add(page.identity(key));
          }
        });
    Map<IdentityKey, DocumentKey> coming = new HashMap<>();
    Map<IdentityKey, Unresolved> unresolvedByTarget =
        new HashMap<>(page.dependencies().unresolvedByTarget());
    choices.forEach(
        (identity, choice) -> {
          if (choice.key() != null) {
            coming.put(identity, choice.key());
          } else {
            unresolvedByTarget.put(
                identity,
                new Unresolved(
                    identity.remote() + " cannot be named here: " + choice.failure(),
                    false,
                    false));
          }
        });
    return new PointLinks(
        findLinks,
        page.run().producer(),
        new ResolvedDependencies(
            page.dependencies().here(),
            Map.of(),
            unresolvedByTarget,
            page.dependencies().found(),
            page.dependencies().spelled(),
            page.dependencies().asked()),
        coming,
        deleted);
  }

  private static List<ChooseLocalName.Newcomer> newcomers(
      UpdatePage page, Map<DocumentKey, List<Update>> lines, StoredDocuments copies) {
    List<ChooseLocalName.Newcomer> newcomers = new ArrayList<>();
    lines.forEach(
        (key, updates) -> {
          FullState full = page.fullStates().get(key);
          boolean stuck = page.known(key).backlog() != Backlog.NONE;
          AcceptedUpdate first = first(updates);
          if (copies.get(key) != null || copies.refusal(key).isPresent()) {
            return;
          }
          if (full instanceof FullState.Present present) {
            newcomers.add(
                new ChooseLocalName.Newcomer(
                    page.identity(key),
                    page.run().producer().following(key.doctype()).orElseThrow(),
                    present.document(),
                    true));
          } else if (full == null && !stuck && first != null && first.type() == UpdateType.CREATE) {
            newcomers.add(
                new ChooseLocalName.Newcomer(
                    page.identity(key),
                    first.rule(),
                    Objects.requireNonNull(first.content()),
                    true));
          }
        });
    for (Dependency dependency : page.dependencies().brought().values()) {
      newcomers.add(
          new ChooseLocalName.Newcomer(
              dependency.identity(), dependency.rule(), dependency.document(), dependency.own()));
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
  private static void letWait(UpdatePage page, Map<IdentityKey, DocumentPlan> plans) {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Map.Entry<IdentityKey, DocumentPlan> entry : plans.entrySet()) {
        DocumentPlan one = entry.getValue();
        // what is deleted again with this page is never written
        int steps = one.endsHere() ? one.steps().size() : 0;
        for (int step = 0; step < steps; step++) {
          IdentityKey absent = absent(one.steps().get(step), plans);
          if (absent != null) {
            String why = waiting(one, absent, Objects.requireNonNull(plans.get(absent)).why());
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
  private static DocumentPlan withoutWhatIsDeleted(UpdatePage page, DocumentPlan one) {
    if (one.waits() == null) {
      return one;
    }
    int last = -1;
    for (int i = 0; i < one.rest().size(); i++) {
      last = DocumentPlan.isDelete(one.rest().get(i)) ? i : last;
    }
    return last < one.rest().indexOf(one.waits())
        ? one
        : one.overUntil(last, moment(page, one.rest().get(last)).orElse(null));
  }

  /** The same where the Delete is beyond the page: it has its turn next. */
  private void waitNoLonger(UpdatePage page, Map<IdentityKey, DocumentPlan> plans) {
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
          Instant created = moment(page, first).orElse(null);
          if (deleted != null && created != null && !deleted.isBefore(created)) {
            plans.put(one.identity(), one.over(first));
          }
        });
  }

  private static Optional<Instant> moment(UpdatePage page, SyncOutcome outcome) {
    return FrappeTime.instant(outcome.entry().creation(), page.run().zone());
  }

  private static @Nullable IdentityKey absent(
      DocumentPlan.Step step, Map<IdentityKey, DocumentPlan> plans) {
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
        + " It is retried when that is here, and every hour.";
  }

  /** What was to come along with a document that waits now has to wait with it. */
  private static void dropUnneeded(UpdatePage page, Map<IdentityKey, DocumentPlan> plans) {
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

  private static void noteWhatCameAlong(UpdatePage page, Map<IdentityKey, DocumentPlan> plans) {
    Set<IdentityKey> reported = new LinkedHashSet<>();
    for (Map.Entry<IdentityKey, DocumentPlan> entry : plans.entrySet()) {
      DocumentPlan one = entry.getValue();
      if (page.dependencies().brought().containsKey(entry.getKey())) {
        continue;
      }
      List<DocumentPlan.Step> steps = new ArrayList<>();
      for (DocumentPlan.Step step : one.steps()) {
        Set<IdentityKey> along = new LinkedHashSet<>();
        collect(step.needs(), page, plans, reported, along);
        steps.add(along.isEmpty() ? step : step.reported(note(along)));
      }
      entry.setValue(one.withSteps(steps));
    }
  }

  private static void collect(
      Set<IdentityKey> needs,
      UpdatePage page,
      Map<IdentityKey, DocumentPlan> plans,
      Set<IdentityKey> reported,
      Set<IdentityKey> along) {
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

  /**
   * What a page makes of its documents.
   *
   * @param names those that it gives to new ones
   */
  record PagePlan(List<DocumentPlan> documents, NewNames names) {}
}
