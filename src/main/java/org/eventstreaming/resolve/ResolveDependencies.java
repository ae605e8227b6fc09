package org.eventstreaming.resolve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eventstreaming.doctype.LearnDocTypes;
import org.eventstreaming.document.FindLinks;
import org.eventstreaming.document.Link;
import org.eventstreaming.document.MalformedDiff;
import org.eventstreaming.document.ReplayUpdates;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.site.FetchDocuments;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.Backlog;
import org.eventstreaming.update.Dependency;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.DocumentRoutes;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.Lookup;
import org.eventstreaming.update.MapWhole;
import org.eventstreaming.update.MappingDetails;
import org.eventstreaming.update.PassedOver;
import org.eventstreaming.update.ResolvedDependencies;
import org.eventstreaming.update.Sentence;
import org.eventstreaming.update.StoredDocument;
import org.eventstreaming.update.StoredDocuments;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.SyncStatus;
import org.eventstreaming.update.Unresolved;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdatePage;
import org.eventstreaming.update.UpdateType;
import org.jspecify.annotations.Nullable;

/**
 * Brings along what a page's documents link to and is not here: one question to the store and one
 * bulk fetch a level, to any depth, circles included. Where a target is gone on the producer, the
 * document that names it is fetched whole, once: a rename shows there.
 */
public final class ResolveDependencies {
  private final DocumentStore documents;
  private final SyncLog syncLog;
  private final FetchDocuments fetchDocuments;
  private final LearnDocTypes learnDocTypes;
  private final FindLinks findLinks;
  private final ReplayUpdates replay = new ReplayUpdates();
  private final MapWhole mapWhole;
  private final DocumentRoutes documentRoutes;

  public ResolveDependencies(
      DocumentStore documents,
      SyncLog syncLog,
      FetchDocuments fetchDocuments,
      LearnDocTypes learnDocTypes,
      FindLinks findLinks,
      MapWhole mapWhole,
      DocumentRoutes documentRoutes) {
    this.documentRoutes = documentRoutes;
    this.mapWhole = mapWhole;
    this.documents = documents;
    this.syncLog = syncLog;
    this.fetchDocuments = fetchDocuments;
    this.learnDocTypes = learnDocTypes;
    this.findLinks = findLinks;
  }

  public UpdatePage resolve(UpdatePage page) {
    return new Resolving(page).all();
  }

  /** One page's resolving. */
  private final class Resolving {
    private final UpdatePage page;
    private final EventProducer producer;
    private final Map<DocumentKey, List<AcceptedUpdate>> lines = new LinkedHashMap<>();
    // of which nothing is applied, until another document needs it whole
    private final Map<DocumentKey, List<AcceptedUpdate>> waiting = new HashMap<>();
    private final Set<DocumentKey> failed = new HashSet<>();
    private final Map<DocumentKey, FullState> fullStates;
    private final Map<IdentityKey, DocumentKey> here = new HashMap<>();
    private final Map<IdentityKey, Dependency> brought = new LinkedHashMap<>();
    private final Map<IdentityKey, Unresolved> unresolvedByTarget = new HashMap<>();
    private final Map<Lookup, IdentityKey> found = new HashMap<>();
    private final Map<IdentityKey, IdentityKey> spelled = new HashMap<>();
    private final Set<IdentityKey> asked = new HashSet<>();
    // read already, under another spelling of their names
    private final Map<DocumentKey, FullState> answered = new HashMap<>();

    Resolving(UpdatePage page) {
      this.page = page;
      this.producer = page.run().producer();
      this.fullStates = new HashMap<>(page.fullStates());
      for (Update update : page.updates()) {
        DocumentKey remote = update.entry().remote();
        if (update instanceof AcceptedUpdate accepted && isApplied(remote)) {
          lines.computeIfAbsent(remote, key -> new ArrayList<>()).add(accepted);
        } else if (!(update instanceof PassedOver)) {
          List<AcceptedUpdate> line = waiting.computeIfAbsent(remote, key -> new ArrayList<>());
          if (update instanceof AcceptedUpdate accepted) {
            line.add(accepted);
          } else if (update instanceof SyncOutcome outcome
              && outcome.status() != SyncStatus.SYNCED) {
            failed.add(remote);
          }
        }
      }
    }

    UpdatePage all() {
      follow(wanted(lines.keySet()));
      Set<DocumentKey> outdated = linesThatNameWhatIsGone();
      if (!outdated.isEmpty()) {
        Map<DocumentKey, FullState> states =
            new HashMap<>(
                fetchDocuments.fetch(producer.access(), page.run().zone(), outdated).states());
        throughRoutes(states, outdated);
        outdated.forEach(
            remote ->
                fullStates.put(
                    remote, inOurWords(remote, Objects.requireNonNull(states.get(remote)))));
        follow(wanted(outdated));
      }
      return page.withDependencies(
          fullStates,
          new ResolvedDependencies(here, brought, unresolvedByTarget, found, spelled, asked));
    }

    /**
     * What waits behind an earlier entry, or for what the producer did not report, is not applied.
     */
    private boolean isApplied(DocumentKey remote) {
      FullState full = fullStates.get(remote);
      return full == null
          ? !failed.contains(remote) && page.known(remote).backlog() == Backlog.NONE
          : full instanceof FullState.Present;
    }

    /** What the documents of these lines link to and seek. */
    private Map<IdentityKey, Wanted> wanted(Set<DocumentKey> some) {
      StoredDocuments stored = page.stored().orElse(StoredDocuments.NONE);
      Map<IdentityKey, Wanted> wanted = new LinkedHashMap<>();
      Map<Lookup, Dependencies> lookups = new LinkedHashMap<>();
      for (DocumentKey remote : some) {
        ProducerDoctype rule = producer.following(remote.doctype()).orElseThrow();
        Dependencies which = rule.dependencies();
        if (fullStates.get(remote) instanceof FullState.Present present) {
          findLinks
              .in(
                  page.identity(remote).localDoctype(),
                  present.document(),
                  present.details().ours())
              .forEach(link -> want(wanted, link, rule, which));
          present.details().lookups().forEach(one -> lookups.put(one, which));
          continue;
        }
        links(remote, stored.get(remote)).forEach(link -> want(wanted, link, rule, which));
        for (AcceptedUpdate update : lines.getOrDefault(remote, List.of())) {
          update.details().lookups().forEach(one -> lookups.put(one, which));
        }
      }
      find(lookups, wanted);
      return wanted;
    }

    private void want(
        Map<IdentityKey, Wanted> wanted, Link link, ProducerDoctype holder, Dependencies which) {
      if (!producer.leavesToTarget(link.doctype(), link.fieldname())) {
        want(wanted, target(link, holder), new Wanted(which, null));
      }
    }

    /** Of several documents that name the same one it is enough that one may have it. */
    private void want(Map<IdentityKey, Wanted> wanted, IdentityKey target, Wanted want) {
      wanted.merge(target, want, (one, other) -> one.isGranted(target, producer) ? one : other);
    }

    /** Asks which documents they are that mapped ones seek by their values. */
    private void find(Map<Lookup, Dependencies> lookups, Map<IdentityKey, Wanted> wanted) {
      lookups.keySet().removeAll(found.keySet());
      if (lookups.isEmpty()) {
        return;
      }
      Map<FetchDocuments.Search, FetchDocuments.Found> answers =
          fetchDocuments.find(
              producer.access(), lookups.keySet().stream().map(Resolving::search).toList());
      lookups.forEach(
          (one, which) -> {
            if (answers.get(search(one)) instanceof FetchDocuments.Found.Name it) {
              IdentityKey target = found(one, it.name());
              wanted.put(target, new Wanted(which, one.mapping()));
            } else if (answers.get(search(one)) instanceof FetchDocuments.Found.None none) {
              IdentityKey target = found(one, one.filters().toString());
              unresolvedByTarget.put(
                  target, new Unresolved(none.why(), none.passes(), !none.passes()));
            }
          });
    }

    private IdentityKey found(Lookup lookup, String name) {
      IdentityKey target =
          new IdentityKey(new DocumentKey(lookup.remoteDoctype(), name), lookup.localDoctype());
      found.put(lookup, target);
      return target;
    }

    private static FetchDocuments.Search search(Lookup lookup) {
      return new FetchDocuments.Search(lookup.remoteDoctype(), lookup.filters());
    }

    /** What the entries of a document name, each on the state that those before it leave. */
    private List<Link> links(DocumentKey remote, @Nullable StoredDocument copy) {
      List<Link> links = new ArrayList<>();
      ObjectNode state = copy == null ? null : copy.document();
      for (AcceptedUpdate update : lines.getOrDefault(remote, List.of())) {
        ObjectNode content = update.content();
        if (content == null) {
          state = null;
          continue;
        }
        String doctype = update.rule().refDoctype();
        Set<String> ours = update.details().ours();
        links.addAll(
            update.type() == UpdateType.CREATE
                ? findLinks.in(doctype, content, ours)
                : findLinks.inDiff(doctype, content, state, ours));
        // only a Dynamic Link needs the state
        state = findLinks.hasDynamicLinks(doctype) ? after(state, update) : state;
      }
      return links;
    }

    private @Nullable ObjectNode after(@Nullable ObjectNode state, AcceptedUpdate update) {
      try {
        return replay.after(state, update);
      } catch (MalformedDiff e) {
        // the step that applies it says what is wrong with it
        return state;
      }
    }

    private IdentityKey target(Link link, ProducerDoctype holder) {
      IdentityKey named = IdentityKey.linked(producer, link.target(), holder.mapping() != null);
      return spelled.getOrDefault(named, named);
    }

    private void follow(Map<IdentityKey, Wanted> wanted) {
      Map<IdentityKey, Wanted> level = fresh(wanted);
      while (!level.isEmpty()) {
        asked.addAll(level.keySet());
        here.putAll(documents.names(producer.producerUrl(), level.keySet()));
        markPendingDeletes(level.keySet());
        Map<IdentityKey, Wanted> missing = new LinkedHashMap<>();
        level.forEach(
            (target, want) -> {
              if (!here.containsKey(target)
                  && !comesAnyway(target)
                  && want.isGranted(target, producer)) {
                missing.put(target, want);
              }
            });
        level = fresh(fetch(missing));
      }
    }

    /**
     * What stands here of a document whose Delete waits beyond the page is not the one that is
     * named now: whoever may have it waits for the one that is made anew.
     */
    private void markPendingDeletes(Set<IdentityKey> level) {
      List<IdentityKey> standing = level.stream().filter(this::mayBeDeleted).toList();
      Map<DocumentKey, Set<String>> deletes =
          syncLog.waitingDeletes(
              producer.producerUrl(), standing.stream().map(IdentityKey::remote).toList());
      for (IdentityKey target : standing) {
        Set<String> beyond = new HashSet<>(deletes.getOrDefault(target.remote(), Set.of()));
        lines
            .getOrDefault(target.remote(), List.of())
            .forEach(update -> beyond.remove(update.entry().name()));
        if (!beyond.isEmpty()) {
          unresolvedByTarget.put(
              target,
              new Unresolved(
                  "a Delete of " + target.remote() + " waits, see synclog list", false, false));
        }
      }
    }

    /**
     * Of a type that is not followed no Delete is ever carried out. A line that is applied has more
     * of it in the log only where it is tried again, and does not fit into the page.
     */
    private boolean mayBeDeleted(IdentityKey target) {
      DocumentKey remote = target.remote();
      return page.run().followed().contains(remote.doctype())
          && page.identity(remote).equals(target)
          && (lines.containsKey(remote) ? page.run().retry() : here.containsKey(target));
    }

    /** Whether the page has entries of it. */
    private boolean comesAnyway(IdentityKey target) {
      return lines.containsKey(target.remote()) && page.identity(target.remote()).equals(target);
    }

    /** Those that nothing is known of yet. */
    private Map<IdentityKey, Wanted> fresh(Map<IdentityKey, Wanted> wanted) {
      Map<IdentityKey, Wanted> fresh = new LinkedHashMap<>(wanted);
      fresh
          .keySet()
          .removeIf(
              target ->
                  here.containsKey(target)
                      || brought.containsKey(target)
                      || unresolvedByTarget.containsKey(target));
      return fresh;
    }

    /** Fetches them all and says what they link to in turn. */
    private Map<IdentityKey, Wanted> fetch(Map<IdentityKey, Wanted> missing) {
      Map<IdentityKey, Wanted> next = new LinkedHashMap<>();
      if (missing.isEmpty()) {
        return next;
      }
      learnDocTypes.learn(producer, toLearn(missing));
      missing.keySet().removeIf(target -> findLinks.areRows(target.remote().doctype()));
      FetchDocuments.Fetched fetched =
          fetchDocuments.fetch(
              producer.access(),
              page.run().zone(),
              missing.keySet().stream()
                  .map(IdentityKey::remote)
                  .filter(remote -> !answered.containsKey(remote))
                  .distinct()
                  .toList());
      learnDocTypes.learnFrom(producer, present(fetched));
      Map<DocumentKey, FullState> states = new HashMap<>(answered);
      states.putAll(fetched.states());
      throughRoutes(
          states,
          missing.keySet().stream()
              .map(IdentityKey::remote)
              .filter(remote -> !fetched.called().containsKey(remote))
              .collect(Collectors.toCollection(LinkedHashSet::new)));
      Map<Lookup, Dependencies> lookups = new LinkedHashMap<>();
      missing.forEach(
          (target, want) -> {
            DocumentKey called = fetched.called().get(target.remote());
            if (called != null) {
              IdentityKey meant = new IdentityKey(called, target.localDoctype());
              spelled.put(target, meant);
              answered.put(called, Objects.requireNonNull(states.get(called)));
              want(next, meant, want);
              return;
            }
            FullState state = states.get(target.remote());
            if (!(state instanceof FullState.Present present)) {
              unresolvedByTarget.put(target, unresolved(target, state));
              return;
            }
            if (hasWaiting(target)) {
              readWhole(target, present).forEach((one, other) -> want(next, one, other));
              return;
            }
            try {
              Dependency dependency = dependency(target, want, present);
              brought.put(target, dependency);
              Dependencies which = dependency.which();
              findLinks
                  .in(target.localDoctype(), dependency.document(), dependency.details().ours())
                  .forEach(link -> want(next, link, dependency.rule(), which));
              dependency.details().lookups().forEach(one -> lookups.put(one, which));
            } catch (MapWhole.Failed e) {
              unresolvedByTarget.put(
                  target, new Unresolved("it cannot be mapped: " + e.getMessage(), false, false));
            }
          });
      find(lookups, next);
      return next;
    }

    /** The documents among these as the routes of the project leave them. */
    private void throughRoutes(Map<DocumentKey, FullState> states, Set<DocumentKey> some) {
      if (!documentRoutes.any()) {
        return;
      }
      List<DocumentRoutes.Asked> asked = new ArrayList<>();
      for (DocumentKey key : some) {
        if (documentRoutes.has(key.doctype())
            && states.get(key) instanceof FullState.Present present) {
          asked.add(new DocumentRoutes.Asked(key, present.document()));
        }
      }
      List<DocumentRoutes.Result> results =
          asked.isEmpty() ? List.of() : documentRoutes.call(producer, asked);
      for (int i = 0; i < asked.size(); i++) {
        DocumentKey key = asked.get(i).key();
        FullState.Present read = (FullState.Present) Objects.requireNonNull(states.get(key));
        DocumentRoutes.Result result = results.get(i);
        if (result instanceof DocumentRoutes.Result.Changed changed) {
          states.put(
              key, new FullState.Present(changed.document(), read.modified(), read.unread()));
        } else if (result instanceof DocumentRoutes.Result.Failed failed) {
          states.put(key, new FullState.Refused(failed.why()));
        } else if (result instanceof DocumentRoutes.Result.Dropped dropped) {
          states.put(
              key, new FullState.Refused(key + " is dropped by " + Sentence.of(dropped.why())));
        }
      }
    }

    private static Map<String, List<ObjectNode>> present(FetchDocuments.Fetched fetched) {
      Map<String, List<ObjectNode>> documents = new LinkedHashMap<>();
      fetched
          .states()
          .forEach(
              (key, state) -> {
                if (state instanceof FullState.Present present) {
                  documents
                      .computeIfAbsent(key.doctype(), doctype -> new ArrayList<>())
                      .add(present.document());
                }
              });
      return documents;
    }

    /** The types that the documents have there, and those whose rule names them here. */
    private Set<String> toLearn(Map<IdentityKey, Wanted> missing) {
      Set<String> doctypes = new LinkedHashSet<>();
      missing.forEach(
          (target, want) -> {
            doctypes.add(target.remote().doctype());
            // a target site has a rule of its own
            if (want.mapping() != null && followed(target).isEmpty() && producer.target() == null) {
              doctypes.add(target.localDoctype());
            }
          });
      return doctypes;
    }

    private boolean hasWaiting(IdentityKey target) {
      return waiting.containsKey(target.remote()) && page.identity(target.remote()).equals(target);
    }

    /** The page has entries of it: they are in what was read, and it comes with them. */
    private Map<IdentityKey, Wanted> readWhole(IdentityKey target, FullState.Present present) {
      DocumentKey remote = target.remote();
      FullState ours = inOurWords(remote, present);
      if (!(ours instanceof FullState.Present)) {
        unresolvedByTarget.put(target, unresolved(target, ours));
        return Map.of();
      }
      fullStates.put(remote, ours);
      lines.put(remote, Objects.requireNonNull(waiting.remove(remote)));
      return wanted(Set.of(remote));
    }

    private Dependency dependency(IdentityKey target, Wanted want, FullState.Present present) {
      ProducerDoctype row = rule(target, want);
      String mapping = row == null ? null : row.mapping();
      MapWhole.Mapped mapped =
          mapping == null
              ? new MapWhole.Mapped(present.document(), MappingDetails.NONE, present.unread())
              : mapWhole.map(mapping, present.document(), present.unread());
      return new Dependency(
          target,
          row == null ? ProducerDoctype.sameName(target.localDoctype()) : row,
          row != null,
          // the row of its own type says what comes with it, else that of the document that needs
          // it
          followed(target).map(ProducerDoctype::dependencies).orElse(want.which()),
          mapped.document(),
          mapped.details(),
          mapped.unread(),
          present.modified());
    }

    /** How it is named and mapped; null where nothing in the files says so. */
    private @Nullable ProducerDoctype rule(IdentityKey target, Wanted want) {
      ProducerDoctype row = followed(target).orElse(null);
      return row == null && want.mapping() != null
          ? ProducerDoctype.sought(target.localDoctype(), target.remote().doctype(), want.mapping())
          : row;
    }

    private Optional<ProducerDoctype> followed(IdentityKey target) {
      return producer
          .following(target.remote().doctype())
          .filter(row -> row.refDoctype().equals(target.localDoctype()));
    }

    private FullState inOurWords(DocumentKey remote, FullState state) {
      String mapping =
          producer.following(remote.doctype()).map(ProducerDoctype::mapping).orElse(null);
      if (mapping == null || !(state instanceof FullState.Present present)) {
        return state;
      }
      try {
        MapWhole.Mapped mapped = mapWhole.map(mapping, present.document(), present.unread());
        return new FullState.Present(
            mapped.document(), present.modified(), mapped.details(), mapped.unread());
      } catch (MapWhole.Failed e) {
        return new FullState.Refused("it cannot be mapped: " + e.getMessage());
      }
    }

    private Unresolved unresolved(IdentityKey target, @Nullable FullState state) {
      String wanted = target.remote() + " of " + producer.producerUrl();
      if (state instanceof FullState.Unknown unknown) {
        return new Unresolved(unknown.why(), true, false);
      }
      if (state instanceof FullState.Refused refused) {
        return new Unresolved(refused.why(), false, false);
      }
      return new Unresolved(wanted + " is not on the producer", false, true);
    }

    private Set<DocumentKey> linesThatNameWhatIsGone() {
      Set<DocumentKey> outdated = new LinkedHashSet<>();
      if (unresolvedByTarget.values().stream().noneMatch(Unresolved::gone)) {
        return outdated;
      }
      Set<DocumentKey> unread = new HashSet<>(lines.keySet());
      unread.removeAll(fullStates.keySet());
      StoredDocuments stored = page.stored().orElse(StoredDocuments.NONE);
      for (DocumentKey remote : unread) {
        ProducerDoctype rule = producer.following(remote.doctype()).orElseThrow();
        for (Link link : links(remote, stored.get(remote))) {
          Unresolved unresolved = unresolvedByTarget.get(target(link, rule));
          if (unresolved != null && unresolved.gone()) {
            outdated.add(remote);
          }
        }
        for (AcceptedUpdate update : lines.getOrDefault(remote, List.of())) {
          for (Lookup lookup : update.details().lookups()) {
            Unresolved unresolved = unresolvedByTarget.get(found.get(lookup));
            if (unresolved != null && unresolved.gone() && lookup.standIn() == null) {
              outdated.add(remote);
            }
          }
        }
      }
      return outdated;
    }
  }

  /**
   * Why a document is looked for.
   *
   * @param which what comes along with it in turn
   * @param mapping the mapping whose row seeks it; null for a link
   */
  private record Wanted(Dependencies which, @Nullable String mapping) {
    boolean isGranted(IdentityKey target, EventProducer producer) {
      return mapping != null || which.include(target.remote().doctype(), producer);
    }
  }
}
