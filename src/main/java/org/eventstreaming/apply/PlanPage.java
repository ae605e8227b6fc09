package org.eventstreaming.apply;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.eventstreaming.document.ApplyDiff;
import org.eventstreaming.document.FindLinks;
import org.eventstreaming.document.NormalForm;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.store.ReadStoredDocuments;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.store.UnreadableFields;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.Backlog;
import org.eventstreaming.update.Dependency;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.ResolvedDependencies;
import org.eventstreaming.update.StoredDocuments;
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
  private final ReadStoredDocuments readStored;
  private final SyncLog syncLog;
  private final ChooseNames names;
  private final FindLinks findLinks;
  private final NormalForm normalForm;
  private final Difference difference;
  private final UnreadableFields unreadable;
  private final ApplyDiff applyDiff = new ApplyDiff();

  PlanPage(
      ReadStoredDocuments readStored,
      SyncLog syncLog,
      ChooseNames names,
      FindLinks findLinks,
      NormalForm normalForm,
      Difference difference,
      UnreadableFields unreadable) {
    this.readStored = readStored;
    this.syncLog = syncLog;
    this.names = names;
    this.findLinks = findLinks;
    this.normalForm = normalForm;
    this.difference = difference;
    this.unreadable = unreadable;
  }

  PagePlan plan(UpdatePage page, Map<DocumentKey, List<Update>> lines) {
    StoredDocuments stored = stored(page);
    return plan(
        page, lines, stored, names.choose(page.run().producer(), newcomers(page, lines, stored)));
  }

  /**
   * The same before the page's transaction, while the page before may be written. Empty where names
   * depend on more than what the producer calls the documents: they are chosen in the transaction
   * then.
   */
  Optional<PagePlan> ahead(UpdatePage page, Map<DocumentKey, List<Update>> lines) {
    if (!namesAreTheProducers(page, lines.values())) {
      return Optional.empty();
    }
    StoredDocuments stored = stored(page);
    Map<IdentityKey, ChooseLocalName.Choice> choices =
        names.choose(page.run().producer(), newcomers(page, lines, stored));
    return choices.values().stream().allMatch(ChooseLocalName.Choice::isFree)
        ? Optional.of(plan(page, lines, stored, choices))
        : Optional.empty();
  }

  private static boolean namesAreTheProducers(UpdatePage page, Collection<List<Update>> lines) {
    return lines.stream()
            .map(updates -> page.run().producer().following(updates.get(0).entry().refDoctype()))
            .allMatch(rule -> rule.filter(ProducerDoctype::useSameName).isPresent())
        && page.dependencies().brought().values().stream()
            .allMatch(dependency -> dependency.rule().useSameName());
  }

  private StoredDocuments stored(UpdatePage page) {
    return page.stored().orElseGet(() -> readStored.of(page));
  }

  private PagePlan plan(
      UpdatePage page,
      Map<DocumentKey, List<Update>> lines,
      StoredDocuments stored,
      Map<IdentityKey, ChooseLocalName.Choice> choices) {
    String url = page.run().producer().producerUrl();
    Map<DocumentKey, Instant> deletions =
        syncLog.deletions(
            url,
            lines.keySet().stream()
                .filter(key -> page.fullStates().get(key) instanceof FullState.Gone)
                .toList());
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
                  stored.get(key),
                  page.known(key),
                  page.fullStates().get(key),
                  deletions.get(key),
                  choices.get(identity));
          plans.put(
              identity,
              stored
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
    new WaitingGraph(page, plans, syncLog).settle();
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
      UpdatePage page, Map<DocumentKey, List<Update>> lines, StoredDocuments stored) {
    List<ChooseLocalName.Newcomer> newcomers = new ArrayList<>();
    lines.forEach(
        (key, updates) -> {
          FullState full = page.fullStates().get(key);
          boolean stuck = page.known(key).backlog() != Backlog.NONE;
          AcceptedUpdate first = first(updates);
          if (stored.get(key) != null || stored.refusal(key).isPresent()) {
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
}
