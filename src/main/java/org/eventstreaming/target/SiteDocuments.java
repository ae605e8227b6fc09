package org.eventstreaming.target;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.store.SiteLink;
import org.eventstreaming.store.StoredVersion;
import org.eventstreaming.store.TreePosition;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.RenamedUpdate;
import org.eventstreaming.update.StoredDocument;
import org.eventstreaming.update.StoredDocuments;
import org.jspecify.annotations.Nullable;

/**
 * The documents of one producer on its target site. The site is read each time. Where it does not
 * answer, the page ends and is repeated.
 */
final class SiteDocuments implements DocumentStore {
  private final EventProducer producer;
  private final Targets targets;
  private final Target target;
  private final BothWays links;

  SiteDocuments(EventProducer producer, Targets targets, BothWays links) {
    this.producer = producer;
    this.targets = targets;
    this.target = targets.of(producer);
    this.links = links;
  }

  @Override
  public StoredDocuments copies(String producerUrl, Collection<IdentityKey> wanted) {
    Map<IdentityKey, SiteLink> found = owned(wanted);
    Map<DocumentKey, FullState> states =
        target.fetch(found.values().stream().map(SiteLink::local).toList());
    SiteForm form = targets.form(producer);
    Map<DocumentKey, StoredDocument> copies = new HashMap<>();
    Map<DocumentKey, String> refused = new HashMap<>();
    found.forEach(
        (identity, link) -> {
          FullState state = Objects.requireNonNull(states.get(link.local()));
          if (state instanceof FullState.Present present) {
            copies.put(
                identity.remote(),
                new StoredDocument(
                    link.local(),
                    form.read(present.document(), link.rowNames()),
                    link.lastCreation(),
                    link.remoteModified(),
                    0));
          } else if (state instanceof FullState.Refused no) {
            refused.put(identity.remote(), no.why());
          } else if (state instanceof FullState.Unknown unknown) {
            throw new TargetFailed(unknown.why());
          }
        });
    return new StoredDocuments(copies, refused);
  }

  @Override
  public Map<IdentityKey, DocumentKey> names(String producerUrl, Collection<IdentityKey> wanted) {
    Map<IdentityKey, DocumentKey> names = new HashMap<>();
    links.find(producer, wanted).forEach((one, link) -> names.put(one, link.local()));
    return names;
  }

  @Override
  public Map<DocumentKey, StoredVersion> versions(
      String producerUrl, Collection<IdentityKey> wanted) {
    Map<DocumentKey, StoredVersion> held = new HashMap<>();
    owned(wanted).forEach((identity, link) -> held.put(identity.remote(), versions(link)));
    return held;
  }

  /** What is not logged yet is read again: its entry gets its row then. */
  private static StoredVersion versions(SiteLink link) {
    return new StoredVersion(
        link.local(),
        link.version(),
        link.logged() ? link.remoteModified() : null,
        link.remoteCreation(),
        link.remoteOwner());
  }

  private Map<IdentityKey, SiteLink> owned(Collection<IdentityKey> wanted) {
    Map<IdentityKey, SiteLink> owned = new HashMap<>(links.find(producer, wanted));
    owned.values().removeIf(link -> !link.owned());
    return owned;
  }

  @Override
  public Map<DocumentKey, StoredVersion> versionsOf(
      String producerUrl, String remoteDoctype, String localDoctype, String after, int limit) {
    Map<DocumentKey, StoredVersion> held = new LinkedHashMap<>();
    links
        .ofType(producer, remoteDoctype, localDoctype, after, limit)
        .forEach(link -> held.put(link.identity().remote(), versions(link)));
    return held;
  }

  @Override
  public Map<DocumentKey, StoredVersion> versionsMadeAt(
      String producerUrl, String remoteDoctype, String localDoctype, Collection<Instant> moments) {
    Map<DocumentKey, StoredVersion> held = new HashMap<>();
    links
        .madeAt(producer, remoteDoctype, localDoctype, moments)
        .forEach(link -> held.put(link.identity().remote(), versions(link)));
    return held;
  }

  @Override
  public long count(
      String producerUrl,
      String remoteDoctype,
      String localDoctype,
      @Nullable Instant from,
      Instant until) {
    return links.count(producer, remoteDoctype, localDoctype, from, until);
  }

  /** Does nothing: a site numbers its trees itself. */
  @Override
  public int place(
      String producerUrl,
      String remoteDoctype,
      String localDoctype,
      Collection<TreePosition> positions) {
    return 0;
  }

  /** None: the identity map has the documents that were there, and {@code held} lists them. */
  @Override
  public Set<DocumentKey> lost(String producerUrl, Collection<IdentityKey> wanted) {
    return Set.of();
  }

  /** None: a site that renames a document changes the links to it itself. */
  @Override
  public void mentioning(
      String producerUrl, Collection<String> texts, BiConsumer<IdentityKey, ObjectNode> taker) {}

  @Override
  public Map<IdentityKey, DocumentKey> rename(
      String producerUrl, Collection<RenamedUpdate> renames) {
    Map<IdentityKey, SiteLink> before =
        owned(
            renames.stream()
                .flatMap(
                    one ->
                        Stream.of(
                            one.now(), new IdentityKey(one.formerly(), one.now().localDoctype())))
                .toList());
    Map<IdentityKey, DocumentKey> names = new HashMap<>();
    List<SiteLink> renamed = new ArrayList<>();
    for (RenamedUpdate rename : renames) {
      // in their order: an earlier rename may free the name for a later one
      SiteLink link =
          before.remove(new IdentityKey(rename.formerly(), rename.now().localDoctype()));
      if (link == null) {
        continue;
      }
      SiteLink other = before.get(rename.now());
      if (other != null) {
        merge(link, other);
        names.put(rename.now(), other.local());
        continue;
      }
      String now = rename.now().remote().name();
      DocumentKey local = link.local();
      if (rename.sameName() && local.name().equals(rename.formerly().name())) {
        local = renamed(local, now);
      }
      boolean there = isNamedSo(local, now);
      links.forget(producer, List.of(link));
      if (!there) {
        // the document was deleted there: its next entry creates it again
        continue;
      }
      names.put(rename.now(), local);
      renamed.add(
          new SiteLink(
              rename.now(),
              local,
              link.version(),
              link.lastCreation(),
              null,
              link.remoteCreation(),
              link.remoteOwner(),
              true,
              link.left(),
              link.logged(),
              link.rowNames(),
              link.rewritten()));
    }
    links.keep(
        producer, target, renamed, target.fetch(renamed.stream().map(SiteLink::local).toList()));
    return names;
  }

  /**
   * Sets {@code remote_docname} of a renamed document. A cancelled document is not changed; the
   * identity map decides. False where the document is gone.
   */
  private boolean isNamedSo(DocumentKey local, String name) {
    try {
      target
          .writes()
          .update(local, JsonNodeFactory.instance.objectNode().put(Target.ORIGIN.get(0), name));
    } catch (SiteFailure e) {
      if (e.passes()) {
        throw e;
      }
      return e.kind() != SiteFailure.Kind.NOT_FOUND;
    }
    return true;
  }

  /** Merges two documents. Where the site does not permit it for the type, both stay. */
  private void merge(SiteLink link, SiteLink into) {
    DocumentKey stands = target.existing(List.of(link.local())).get(link.local());
    if (stands != null && !stands.equals(into.local())) {
      try {
        target.writes().merge(stands, into.local().name());
      } catch (SiteFailure e) {
        if (e.passes()) {
          throw e;
        }
        return;
      }
    }
    links.forget(producer, List.of(link));
  }

  /** Renames a document. Where the site does not permit it for the type, the name stays. */
  private DocumentKey renamed(DocumentKey local, String name) {
    DocumentKey desired = new DocumentKey(local.doctype(), name);
    Map<DocumentKey, DocumentKey> there = target.existing(List.of(local, desired));
    DocumentKey stands = there.get(local);
    if (stands == null || stands.equals(desired)) {
      // renamed by an earlier call whose answer was lost
      return desired;
    }
    // the name is taken, unless it is another spelling of the document's own name
    if (!there.getOrDefault(desired, stands).equals(stands)) {
      return stands;
    }
    try {
      return new DocumentKey(local.doctype(), target.writes().rename(stands, name));
    } catch (SiteFailure e) {
      if (e.passes()) {
        throw e;
      }
      return stands;
    }
  }

  @Override
  public Set<DocumentKey> taken(String producerUrl, Collection<DocumentKey> locals) {
    return target.existing(locals).keySet();
  }
}
