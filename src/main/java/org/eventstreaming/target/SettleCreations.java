package org.eventstreaming.target;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.NameTaken;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.site.FetchDocuments;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.store.SiteLink;
import org.eventstreaming.store.SiteLinks;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.UpdatePage;

/**
 * Finds the results of creations on a target site whose answer was lost. A creation gives names, to
 * a document or to added rows. It runs before a page goes on. What was created is then in the
 * identity map, and later entries change or delete it as any other document.
 */
public final class SettleCreations {
  private final Targets targets;
  private final SiteLinks links;
  private final FetchDocuments documents;

  /**
   * @param documents reads the producer's documents, which have the names of their rows
   */
  public SettleCreations(Targets targets, SiteLinks links, FetchDocuments documents) {
    this.targets = targets;
    this.links = links;
    this.documents = documents;
  }

  /**
   * Whether the documents of a page are written to a target site. A route must not use {@code
   * ${body.run.producer.target}} in its place: the simple language would compute the hash of the
   * whole page and keep the page in a cache.
   */
  public boolean isForSite(UpdatePage page) {
    return page.run().producer().target() != null;
  }

  /** Settles the creations that the page depends on. Answers the page given. */
  public UpdatePage settle(UpdatePage page) {
    if (isForSite(page)) {
      EventProducer producer = page.run().producer();
      Set<IdentityKey> open = links.unanswered(producer.producerUrl());
      if (!open.isEmpty()) {
        settle(producer, page.run().zone(), open);
      }
    }
    return page;
  }

  private void settle(EventProducer producer, ZoneId zone, Set<IdentityKey> open) {
    Target target = targets.of(producer);
    Map<IdentityKey, SiteLink> known = links.find(producer.producerUrl(), open);
    Map<IdentityKey, DocumentKey> there = new HashMap<>();
    known.forEach((one, link) -> there.put(one, link.local()));
    new FindByOrigin(target, links)
        .of(producer, open)
        .forEach((one, local) -> there.put(one, named(producer, target, one, local)));
    Map<IdentityKey, Map<String, String>> rowNames = rowNames(producer, zone, there, known);
    List<SiteLink> found = new ArrayList<>();
    there.forEach(
        (one, local) -> {
          SiteLink link = known.get(one);
          Map<String, String> rows = rowNames.getOrDefault(one, Map.of());
          found.add(
              link == null
                  ? new SiteLink(
                      one, local, 1, null, null, null, null, true, false, false, rows, Map.of())
                  : link.called(local, rows));
        });
    links.keep(producer.producerUrl(), target.url(), found);
    links.answered(producer.producerUrl(), open);
  }

  /** The names of rows that are new on both sides, paired by position. */
  private Map<IdentityKey, Map<String, String>> rowNames(
      EventProducer producer,
      ZoneId zone,
      Map<IdentityKey, DocumentKey> there,
      Map<IdentityKey, SiteLink> known) {
    Map<DocumentKey, FullState> desired =
        documents
            .fetch(
                producer.access(), zone, there.keySet().stream().map(IdentityKey::remote).toList())
            .states();
    Map<DocumentKey, FullState> written = targets.of(producer).fetch(there.values());
    SiteForm form = targets.form(producer);
    PointUsers users =
        targets.users(
            producer,
            desired.values().stream()
                .filter(FullState.Present.class::isInstance)
                .map(state -> ((FullState.Present) state).document())
                .toList(),
            false);
    Map<IdentityKey, Map<String, String>> rowNames = new HashMap<>();
    there.forEach(
        (one, local) -> {
          SiteLink link = known.get(one);
          Map<String, String> before = link == null ? Map.of() : link.rowNames();
          FullState from = desired.get(one.remote());
          FullState to = written.get(local);
          if (from instanceof FullState.Unknown unknown) {
            throw new TargetFailed(unknown.why());
          }
          if (to instanceof FullState.Unknown unknown) {
            throw new TargetFailed(unknown.why());
          }
          rowNames.put(
              one,
              from instanceof FullState.Present onProducer && to instanceof FullState.Present onSite
                  ? form.rowNames(
                      onSite.document(), users.in(onProducer.document(), null, true), before)
                  : before);
        });
    return rowNames;
  }

  /**
   * The document under the name that it was to get. The process may have ended between the creation
   * and the rename.
   */
  private static DocumentKey named(
      EventProducer producer, Target target, IdentityKey one, DocumentKey local) {
    Optional<ProducerDoctype> rule = producer.following(one.remote().doctype());
    String name = one.remote().name();
    String other = producer.withHost(name);
    boolean renames =
        rule.map(ProducerDoctype::nameTaken).filter(NameTaken.RENAME::equals).isPresent();
    if (!rule.map(ProducerDoctype::useSameName).orElse(true)
        || local.name().equals(name)
        || (renames && local.name().equals(other))) {
      return local;
    }
    boolean taken =
        renames
            && target.existing(List.of(new DocumentKey(local.doctype(), name))).values().stream()
                .anyMatch(stored -> !stored.equals(local));
    try {
      return new DocumentKey(local.doctype(), target.writes().rename(local, taken ? other : name));
    } catch (SiteFailure e) {
      if (e.isSilent()) {
        throw e;
      }
      // the site named it by its own rule
      return local;
    }
  }
}
