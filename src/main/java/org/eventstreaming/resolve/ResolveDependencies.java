package org.eventstreaming.resolve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.eventstreaming.doctype.LearnDocTypes;
import org.eventstreaming.document.FindLinks;
import org.eventstreaming.document.Link;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.site.FetchDocuments;
import org.eventstreaming.store.Copy;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.Counterpart;
import org.eventstreaming.update.Dependency;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.Lack;
import org.eventstreaming.update.Needs;
import org.eventstreaming.update.Standing;
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
  private final FetchDocuments fetchDocuments;
  private final LearnDocTypes learnDocTypes;
  private final FindLinks findLinks;

  public ResolveDependencies(
      DocumentStore documents,
      FetchDocuments fetchDocuments,
      LearnDocTypes learnDocTypes,
      FindLinks findLinks) {
    this.documents = documents;
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
    private final Map<DocumentKey, FullState> fullStates;
    private final Map<Counterpart, DocumentKey> here = new HashMap<>();
    private final Map<Counterpart, Dependency> brought = new LinkedHashMap<>();
    private final Map<Counterpart, Lack> lacking = new HashMap<>();

    Resolving(UpdatePage page) {
      this.page = page;
      this.producer = page.pull().producer();
      this.fullStates = new HashMap<>(page.fullStates());
      for (Update update : page.updates()) {
        DocumentKey remote = update.entry().remote();
        if (update instanceof AcceptedUpdate accepted && isApplied(remote)) {
          lines.computeIfAbsent(remote, key -> new ArrayList<>()).add(accepted);
        }
      }
    }

    UpdatePage all() {
      follow(wishes(lines.keySet()));
      Set<DocumentKey> outdated = linesThatNameWhatIsGone();
      if (!outdated.isEmpty()) {
        fullStates.putAll(fetchDocuments.fetch(producer, page.pull().zone(), outdated));
        follow(wishes(outdated));
      }
      return page.withNeeds(fullStates, new Needs(here, brought, lacking));
    }

    /**
     * What waits behind an earlier entry, or for what the producer did not tell, is not applied.
     */
    private boolean isApplied(DocumentKey remote) {
      FullState full = fullStates.get(remote);
      return full == null
          ? page.standings().getOrDefault(remote, Standing.NEW).line() == Standing.Line.FREE
          : full instanceof FullState.Present;
    }

    /** What the documents of these lines link to, with what their types say of dependencies. */
    private Map<Counterpart, Dependencies> wishes(Set<DocumentKey> some) {
      Map<DocumentKey, Copy> copies = copiesOfDiffs(some);
      Map<Counterpart, Dependencies> wishes = new LinkedHashMap<>();
      for (DocumentKey remote : some) {
        for (AcceptedUpdate update : lines.getOrDefault(remote, List.of())) {
          for (Link link : links(update, copies.get(remote))) {
            wishes.putIfAbsent(target(link), update.rule().dependencies());
          }
        }
      }
      return wishes;
    }

    private List<Link> links(AcceptedUpdate update, @Nullable Copy copy) {
      String doctype = update.rule().refDoctype();
      if (fullStates.get(update.entry().remote()) instanceof FullState.Present present) {
        return findLinks.in(doctype, present.document());
      }
      ObjectNode content = update.content();
      if (content == null) {
        return List.of();
      }
      return update.type() == UpdateType.CREATE
          ? findLinks.in(doctype, content)
          : findLinks.inDiff(doctype, content, copy == null ? null : copy.document());
    }

    private Map<DocumentKey, Copy> copiesOfDiffs(Set<DocumentKey> some) {
      return documents.copies(
          producer.producerUrl(),
          some.stream()
              .filter(
                  remote ->
                      !fullStates.containsKey(remote)
                          && lines.getOrDefault(remote, List.of()).stream()
                              .anyMatch(update -> update.type() == UpdateType.UPDATE))
              .map(page::counterpart)
              .toList());
    }

    private Counterpart target(Link link) {
      return new Counterpart(
          new DocumentKey(producer.remoteDoctype(link.target().doctype()), link.target().name()),
          link.target().doctype());
    }

    private void follow(Map<Counterpart, Dependencies> wishes) {
      Map<Counterpart, Dependencies> level = fresh(wishes);
      while (!level.isEmpty()) {
        here.putAll(documents.names(producer.producerUrl(), level.keySet()));
        Map<Counterpart, Dependencies> missing = new LinkedHashMap<>();
        level.forEach(
            (target, which) -> {
              if (!here.containsKey(target) && which.include(target.remote().doctype(), producer)) {
                missing.put(target, which);
              }
            });
        level = fresh(fetch(missing));
      }
    }

    /** Those that nothing is known of yet and that do not come with the page anyway. */
    private Map<Counterpart, Dependencies> fresh(Map<Counterpart, Dependencies> wishes) {
      Map<Counterpart, Dependencies> fresh = new LinkedHashMap<>(wishes);
      fresh
          .keySet()
          .removeIf(
              target ->
                  here.containsKey(target)
                      || brought.containsKey(target)
                      || lacking.containsKey(target)
                      || (lines.containsKey(target.remote())
                          && page.counterpart(target.remote()).equals(target)));
      return fresh;
    }

    /** Fetches them all and tells what they link to in turn. */
    private Map<Counterpart, Dependencies> fetch(Map<Counterpart, Dependencies> missing) {
      Map<Counterpart, Dependencies> next = new LinkedHashMap<>();
      if (missing.isEmpty()) {
        return next;
      }
      learnDocTypes.learn(
          producer,
          missing.keySet().stream()
              .map(target -> target.remote().doctype())
              .collect(Collectors.toCollection(LinkedHashSet::new)));
      Map<DocumentKey, FullState> states =
          fetchDocuments.fetch(
              producer,
              page.pull().zone(),
              missing.keySet().stream().map(Counterpart::remote).toList());
      missing.forEach(
          (target, which) -> {
            FullState state = states.get(target.remote());
            if (state instanceof FullState.Present present) {
              Dependency dependency = dependency(target, which, present);
              brought.put(target, dependency);
              findLinks
                  .in(target.localDoctype(), dependency.document())
                  .forEach(link -> next.putIfAbsent(target(link), which));
            } else {
              lacking.put(target, lack(target, state));
            }
          });
      return next;
    }

    private Dependency dependency(
        Counterpart target, Dependencies which, FullState.Present present) {
      ProducerDoctype row = producer.following(target.remote().doctype()).orElse(null);
      return new Dependency(
          target,
          row == null ? ProducerDoctype.sameName(target.localDoctype()) : row,
          row != null,
          which,
          present.document(),
          present.modified());
    }

    private Lack lack(Counterpart target, @Nullable FullState state) {
      String wanted = target.remote() + " of " + producer.producerUrl();
      if (state instanceof FullState.Unknown unknown) {
        return new Lack(unknown.why(), true, false);
      }
      if (state instanceof FullState.Refused refused) {
        return new Lack(refused.why(), false, false);
      }
      return new Lack(wanted + " is not on the producer", false, true);
    }

    private Set<DocumentKey> linesThatNameWhatIsGone() {
      Set<DocumentKey> outdated = new LinkedHashSet<>();
      if (lacking.values().stream().noneMatch(Lack::gone)) {
        return outdated;
      }
      Set<DocumentKey> unread = new HashSet<>(lines.keySet());
      unread.removeAll(fullStates.keySet());
      Map<DocumentKey, Copy> copies = copiesOfDiffs(unread);
      for (DocumentKey remote : unread) {
        for (AcceptedUpdate update : lines.getOrDefault(remote, List.of())) {
          for (Link link : links(update, copies.get(remote))) {
            Lack lack = lacking.get(target(link));
            if (lack != null && lack.gone()) {
              outdated.add(remote);
            }
          }
        }
      }
      return outdated;
    }
  }
}
