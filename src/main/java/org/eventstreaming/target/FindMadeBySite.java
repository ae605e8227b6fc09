package org.eventstreaming.target;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.site.FindUntouched.Place;
import org.eventstreaming.site.FindUntouched.Untouched;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.store.SiteLink;
import org.eventstreaming.store.SiteLinks;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.IdentityKey;

/**
 * Finds documents that a target site made by itself when documents of a producer were written to
 * it, such as a Contact with a Lead.
 *
 * <p>Such a document becomes the copy of the producer's under these conditions: it is a draft; it
 * links to a document that the producer's document links to as well; the key's user created both,
 * the linked document first; nobody else changed it; and it is the copy of no other document.
 *
 * <p>It costs a few list calls for each page and type, and none where no document was written that
 * makes others.
 */
public final class FindMadeBySite {
  private final Target target;
  private final SiteLinks links;

  public FindMadeBySite(Target target, SiteLinks links) {
    this.target = target;
    this.links = links;
  }

  /**
   * The documents made by the site for documents that are new to the target.
   *
   * @param newcomers documents of one type of the target, as a mapping made them
   */
  public Map<IdentityKey, DocumentKey> ofNewcomers(
      EventProducer producer, String doctype, Map<IdentityKey, ObjectNode> newcomers) {
    Map<IdentityKey, Set<DocumentKey>> linked =
        linked(doctype, newcomers, target.madeWith(doctype));
    Map<DocumentKey, IdentityKey> remote = new HashMap<>();
    linked
        .values()
        .forEach(
            keys ->
                keys.forEach(
                    key ->
                        remote.put(key, new IdentityKey(key, producer.refDoctype(key.doctype())))));
    if (remote.isEmpty()) {
      return Map.of();
    }
    Map<IdentityKey, SiteLink> known =
        links.find(producer.producerUrl(), new HashSet<>(remote.values()));
    known.values().removeIf(link -> !link.owned());
    Map<IdentityKey, Set<DocumentKey>> makers = new LinkedHashMap<>();
    linked.forEach(
        (newcomer, keys) ->
            keys.forEach(
                key -> {
                  SiteLink link = known.get(remote.get(key));
                  if (link != null) {
                    makers.computeIfAbsent(newcomer, any -> new HashSet<>()).add(link.local());
                  }
                }));
    return found(producer, doctype, newcomers, makers);
  }

  /** The documents made by the site for documents that are about to be created there. */
  Map<IdentityKey, DocumentKey> ofWrites(EventProducer producer, List<SiteWrite> writes) {
    Map<String, Map<IdentityKey, ObjectNode>> byType = new TreeMap<>();
    for (SiteWrite write : writes) {
      String doctype = write.identity().localDoctype();
      if (write.isCreation() && !target.madeWith(doctype).isEmpty()) {
        byType
            .computeIfAbsent(doctype, type -> new LinkedHashMap<>())
            .put(write.identity(), Objects.requireNonNull(write.document()));
      }
    }
    Map<IdentityKey, DocumentKey> found = new HashMap<>();
    byType.forEach(
        (doctype, documents) -> {
          Map<IdentityKey, Set<DocumentKey>> makers =
              linked(doctype, documents, target.madeWith(doctype));
          Set<DocumentKey> owned = owned(producer, makers.values());
          makers.values().forEach(keys -> keys.retainAll(owned));
          makers.values().removeIf(Set::isEmpty);
          found.putAll(found(producer, doctype, documents, makers));
        });
    return found;
  }

  /**
   * The documents of the target that correspond to documents that the producer made by itself,
   * where the two sites follow each other. The producer made them when documents of the target were
   * written to it; the target had made its own before.
   *
   * @param back the target as a producer
   * @param site the producer as a target
   * @param writes the writes of the producer's documents
   */
  Map<IdentityKey, DocumentKey> ofEchoes(
      EventProducer producer, EventProducer back, Target site, List<SiteWrite> writes) {
    Map<String, Map<IdentityKey, ObjectNode>> byType = new TreeMap<>();
    for (SiteWrite write : writes) {
      String doctype = write.identity().localDoctype();
      if (write.isCreation()
          && !site.madeWith(doctype).isEmpty()
          && isUntouched(Objects.requireNonNull(write.document()), site.user())) {
        byType
            .computeIfAbsent(doctype, type -> new LinkedHashMap<>())
            .put(write.identity(), write.document());
      }
    }
    Map<IdentityKey, DocumentKey> found = new HashMap<>();
    byType.forEach(
        (doctype, documents) -> {
          Map<IdentityKey, Set<DocumentKey>> makers =
              linked(doctype, documents, site.madeWith(doctype));
          Set<DocumentKey> sent = sent(back, site, makers.values());
          makers.values().forEach(keys -> keys.retainAll(sent));
          makers.values().removeIf(Set::isEmpty);
          if (!makers.isEmpty()) {
            found.putAll(
                new PairMade(own(producer, site, doctype, sent)).pair(doctype, documents, makers));
          }
        });
    return found;
  }

  /**
   * Those of these documents that the site made by itself when documents were written to it.
   *
   * @param back the producer whose documents are written to the site
   * @param documents as the site has them
   */
  Set<IdentityKey> madeHere(
      EventProducer back, String doctype, Map<IdentityKey, ObjectNode> documents) {
    Map<IdentityKey, ObjectNode> untouched = new LinkedHashMap<>(documents);
    untouched.values().removeIf(document -> !isUntouched(document, target.user()));
    Map<IdentityKey, Set<DocumentKey>> linked =
        linked(doctype, untouched, target.madeWith(doctype));
    Set<DocumentKey> owned = owned(back, linked.values());
    Set<DocumentKey> made = createdHere(back, owned);
    linked.values().forEach(keys -> keys.retainAll(made));
    linked.values().removeIf(Set::isEmpty);
    return linked.keySet();
  }

  private static boolean isUntouched(ObjectNode document, String user) {
    return document.path("owner").asText().equalsIgnoreCase(user)
        && document.path("modified_by").asText().equalsIgnoreCase(user)
        && document.path("remote_site_name").asText("").isEmpty();
  }

  /** The documents of the target that were created at the other site by writing them to it. */
  private Set<DocumentKey> sent(
      EventProducer back, Target site, Collection<Set<DocumentKey>> linked) {
    Set<IdentityKey> ours = new HashSet<>();
    linked.forEach(
        keys ->
            keys.forEach(key -> ours.add(new IdentityKey(key, back.refDoctype(key.doctype())))));
    if (ours.isEmpty()) {
      return Set.of();
    }
    Map<DocumentKey, DocumentKey> there = new HashMap<>();
    links
        .find(back.producerUrl(), ours)
        .forEach(
            (identity, link) -> {
              if (link.owned()) {
                there.put(identity.remote(), link.local());
              }
            });
    Set<DocumentKey> made =
        new FindMadeBySite(site, links).createdHere(back, Set.copyOf(there.values()));
    Set<DocumentKey> sent = new HashSet<>(there.keySet());
    sent.removeIf(key -> !made.contains(there.get(key)));
    return sent;
  }

  /**
   * The documents that were created there for the producer; none where the site refuses the list.
   */
  private Set<DocumentKey> createdHere(EventProducer producer, Set<DocumentKey> copies) {
    try {
      return copies.isEmpty() ? Set.of() : makers(producer, List.of(copies)).keySet();
    } catch (SiteFailure e) {
      if (e.passes()) {
        throw e;
      }
      return Set.of();
    }
  }

  /** The documents that link to these and are the copy of no document of the producer. */
  private List<PairMade.Candidate> own(
      EventProducer producer, Target site, String doctype, Set<DocumentKey> makers) {
    Map<String, Set<DocumentKey>> naming = new LinkedHashMap<>();
    for (Place place : places(doctype, site.madeWith(doctype))) {
      List<String> names = names(makers, place);
      if (!names.isEmpty()) {
        target
            .untouched()
            .naming(doctype, place, names)
            .forEach(
                (name, keys) -> naming.computeIfAbsent(name, any -> new HashSet<>()).addAll(keys));
      }
    }
    withoutKnown(producer, doctype, naming, makers);
    return naming.entrySet().stream()
        .map(one -> new PairMade.Candidate(one.getKey(), null, one.getValue()))
        .toList();
  }

  private void withoutKnown(
      EventProducer producer,
      String doctype,
      Map<String, Set<DocumentKey>> naming,
      Set<DocumentKey> makers) {
    naming.values().forEach(keys -> keys.retainAll(makers));
    naming.values().removeIf(Set::isEmpty);
    Set<DocumentKey> found = new HashSet<>();
    naming.keySet().forEach(name -> found.add(new DocumentKey(doctype, name)));
    if (!found.isEmpty()) {
      links
          .knownAs(producer.producerUrl(), found)
          .keySet()
          .forEach(key -> naming.remove(key.name()));
    }
  }

  private static List<String> names(Set<DocumentKey> makers, Place place) {
    return makers.stream()
        .filter(key -> place.typeField() != null || key.doctype().equals(place.type()))
        .map(DocumentKey::name)
        .distinct()
        .toList();
  }

  private Set<DocumentKey> owned(EventProducer producer, Collection<Set<DocumentKey>> keys) {
    Set<DocumentKey> all = new HashSet<>();
    keys.forEach(all::addAll);
    if (all.isEmpty()) {
      return Set.of();
    }
    Map<DocumentKey, IdentityKey> known = links.knownAs(producer.producerUrl(), all);
    Map<IdentityKey, SiteLink> found = links.find(producer.producerUrl(), known.values());
    all.removeIf(
        key -> {
          IdentityKey identity = known.get(key);
          SiteLink link = identity == null ? null : found.get(identity);
          return link == null || !link.owned();
        });
    return all;
  }

  /** By document: its links to types with which the site makes such documents. */
  private Map<IdentityKey, Set<DocumentKey>> linked(
      String doctype, Map<IdentityKey, ObjectNode> documents, Set<String> types) {
    Map<IdentityKey, Set<DocumentKey>> linked = new LinkedHashMap<>();
    if (!types.isEmpty()) {
      documents.forEach(
          (identity, document) ->
              target.links(doctype, document).stream()
                  .filter(link -> types.contains(link.target().doctype()))
                  .forEach(
                      link ->
                          linked
                              .computeIfAbsent(identity, any -> new HashSet<>())
                              .add(link.target())));
    }
    return linked;
  }

  /** The pairs; none where the site refuses the list. */
  private Map<IdentityKey, DocumentKey> found(
      EventProducer producer,
      String doctype,
      Map<IdentityKey, ObjectNode> newcomers,
      Map<IdentityKey, Set<DocumentKey>> linked) {
    try {
      Map<DocumentKey, String> makers = makers(producer, linked.values());
      return makers.isEmpty()
          ? Map.of()
          : new PairMade(candidates(producer, doctype, makers)).pair(doctype, newcomers, linked);
    } catch (SiteFailure e) {
      if (e.passes()) {
        throw e;
      }
      return Map.of();
    }
  }

  /** The creation of each document on the target, of those that came from the producer. */
  private Map<DocumentKey, String> makers(
      EventProducer producer, Collection<Set<DocumentKey>> linked) {
    Map<String, Set<String>> byType = new TreeMap<>();
    linked.forEach(
        keys ->
            keys.forEach(
                key ->
                    byType
                        .computeIfAbsent(key.doctype(), type -> new LinkedHashSet<>())
                        .add(key.name())));
    Map<DocumentKey, String> makers = new HashMap<>();
    byType.forEach(
        (type, names) -> {
          if (target.remembersOrigin(type)) {
            target
                .untouched()
                .createdFor(type, names, target.user(), producer.producerUrl())
                .forEach((name, creation) -> makers.put(new DocumentKey(type, name), creation));
          }
        });
    return makers;
  }

  private List<PairMade.Candidate> candidates(
      EventProducer producer, String doctype, Map<DocumentKey, String> makers) {
    String since = makers.values().stream().min(Comparator.naturalOrder()).orElseThrow();
    Map<String, Set<DocumentKey>> naming = new LinkedHashMap<>();
    for (Place place : places(doctype, target.madeWith(doctype))) {
      List<String> names = names(makers.keySet(), place);
      if (!names.isEmpty()) {
        target
            .untouched()
            .naming(doctype, place, names, target.user(), since)
            .forEach(
                (name, keys) -> naming.computeIfAbsent(name, any -> new HashSet<>()).addAll(keys));
      }
    }
    withoutKnown(producer, doctype, naming, makers.keySet());
    List<PairMade.Candidate> candidates = new ArrayList<>();
    if (naming.isEmpty()) {
      return candidates;
    }
    for (Untouched one :
        target
            .untouched()
            .drafts(
                doctype, naming.keySet(), target.user(), since, target.remembersOrigin(doctype))) {
      Set<DocumentKey> earlier = new HashSet<>(naming.getOrDefault(one.name(), Set.of()));
      earlier.removeIf(
          maker -> Objects.requireNonNull(makers.get(maker)).compareTo(one.creation()) > 0);
      candidates.add(new PairMade.Candidate(one.name(), one.creation(), earlier));
    }
    return candidates;
  }

  /** The fields of a type that link to types with which the site makes such documents. */
  private List<Place> places(String doctype, Set<String> types) {
    List<Place> places = new ArrayList<>();
    target
        .find(doctype)
        .ifPresent(
            definition -> {
              places.addAll(places(definition, false, types));
              for (DocField table : definition.tables()) {
                if (table.options() != null) {
                  target
                      .find(table.options())
                      .ifPresent(rows -> places.addAll(places(rows, true, types)));
                }
              }
            });
    return places;
  }

  private static List<Place> places(DocType definition, boolean areRows, Set<String> types) {
    String rows = areRows ? definition.name() : null;
    List<Place> places = new ArrayList<>();
    for (DocField field : definition.links()) {
      if (field.options() != null && types.contains(field.options()) && !field.isVirtual()) {
        places.add(new Place(rows, field.fieldname(), null, field.options()));
      }
    }
    for (DocField field : definition.dynamicLinks()) {
      if (field.options() != null && !field.isVirtual()) {
        places.add(new Place(rows, field.fieldname(), field.options(), ""));
      }
    }
    return places;
  }
}
