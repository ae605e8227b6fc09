package org.eventstreaming.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.NameTaken;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.store.SiteLinks;
import org.eventstreaming.target.FindMadeBySite;
import org.eventstreaming.target.Target;
import org.eventstreaming.target.Targets;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.IdentityKey;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which of a producer's documents are on its target site already: created by a call whose
 * answer was lost, come from there in the first place, or there before all streaming. What is not
 * is named by the site itself when it is created; until then a stand-in is its name.
 */
final class NameAtSite implements ChooseNames {
  /** Invisible, and in no name that a person gives. */
  private static final String MARK = "\u2063";

  /** How a stand-in begins and ends as a JSON text. */
  private static final String BEGIN = '"' + MARK;

  private static final String END = MARK + '"';

  private final Targets targets;
  private final SiteLinks links;
  private final boolean creates;
  private final FindEchoes echoes;

  /**
   * @param creates whether what is not there is about to be created; else the site is only looked
   *     at
   * @param echoes asked only of documents whose names are taken
   */
  NameAtSite(Targets targets, SiteLinks links, boolean creates, FindEchoes echoes) {
    this.targets = targets;
    this.links = links;
    this.creates = creates;
    this.echoes = echoes;
  }

  /** Finds the documents that a producer made by itself with such that came from the target. */
  @FunctionalInterface
  interface FindEchoes {
    Set<IdentityKey> of(
        EventProducer producer, String doctype, Map<IdentityKey, ObjectNode> documents);
  }

  static boolean isStandIn(String name) {
    return name.startsWith(MARK);
  }

  /**
   * A JSON text with names in place of those that stand in for them.
   *
   * @param names by what stands in for them, both as JSON texts
   */
  static String withoutStandIns(String text, Map<String, String> names) {
    StringBuilder named = new StringBuilder(text.length());
    int done = 0;
    int begins = text.indexOf(BEGIN);
    while (begins >= 0) {
      int ends = text.indexOf(END, begins + BEGIN.length());
      if (ends < 0) {
        break;
      }
      String standIn = text.substring(begins, ends + END.length());
      named.append(text, done, begins).append(names.getOrDefault(standIn, standIn));
      done = begins + standIn.length();
      begins = text.indexOf(BEGIN, done);
    }
    return named.append(text, done, text.length()).toString();
  }

  private static DocumentKey standIn(IdentityKey identity) {
    return new DocumentKey(
        identity.localDoctype(),
        MARK + identity.remote().doctype() + MARK + identity.remote().name() + MARK);
  }

  @Override
  public Map<IdentityKey, ChooseLocalName.Choice> choose(
      EventProducer producer, Collection<ChooseLocalName.Newcomer> newcomers) {
    Target target = targets.of(producer);
    Map<String, List<ChooseLocalName.Newcomer>> byType = new TreeMap<>();
    newcomers.forEach(
        one -> byType.computeIfAbsent(one.rule().refDoctype(), type -> new ArrayList<>()).add(one));
    Map<IdentityKey, ChooseLocalName.Choice> choices = new LinkedHashMap<>();
    byType.forEach((doctype, some) -> choices.putAll(ofType(producer, target, doctype, some)));
    return choices;
  }

  /** A site that refuses to be asked about a type holds up that type alone. */
  private Map<IdentityKey, ChooseLocalName.Choice> ofType(
      EventProducer producer,
      Target target,
      String doctype,
      List<ChooseLocalName.Newcomer> newcomers) {
    try {
      return target.isSingle(doctype)
          ? ofSingle(doctype, newcomers)
          : lookedUp(producer, target, doctype, newcomers);
    } catch (SiteFailure e) {
      if (e.passes()) {
        throw e;
      }
      return none(newcomers, e.getMessage());
    }
  }

  /** The one document of a Single is always there, under the name of its type. */
  private static Map<IdentityKey, ChooseLocalName.Choice> ofSingle(
      String doctype, List<ChooseLocalName.Newcomer> newcomers) {
    DocumentKey single = new DocumentKey(doctype, doctype);
    Map<IdentityKey, ChooseLocalName.Choice> choices = new HashMap<>();
    for (ChooseLocalName.Newcomer newcomer : newcomers) {
      choices.put(
          newcomer.identity(),
          newcomer.own()
              ? ChooseLocalName.Choice.adopts(single, null)
              : ChooseLocalName.Choice.standsFor(single));
    }
    return choices;
  }

  private static Map<IdentityKey, ChooseLocalName.Choice> none(
      List<ChooseLocalName.Newcomer> newcomers, String why) {
    Map<IdentityKey, ChooseLocalName.Choice> choices = new HashMap<>();
    newcomers.forEach(one -> choices.put(one.identity(), ChooseLocalName.Choice.none(why)));
    return choices;
  }

  private Map<IdentityKey, ChooseLocalName.Choice> lookedUp(
      EventProducer producer,
      Target target,
      String doctype,
      List<ChooseLocalName.Newcomer> newcomers) {
    Map<IdentityKey, ChooseLocalName.Choice> choices = new HashMap<>();
    if (target.find(doctype).isEmpty()) {
      return none(newcomers, target.url() + " does not define a DocType " + doctype);
    }
    Map<String, String> byOrigin =
        target.byOrigin(
            doctype,
            producer.producerUrl(),
            newcomers.stream().map(one -> one.identity().remote().name()).toList());
    Map<IdentityKey, DocumentKey> candidates = new HashMap<>();
    for (ChooseLocalName.Newcomer newcomer : newcomers) {
      candidates.put(
          newcomer.identity(),
          cameFrom(newcomer, target.url())
              ? new DocumentKey(doctype, newcomer.document().path("remote_docname").asText())
              : new DocumentKey(doctype, newcomer.identity().remote().name()));
    }
    // what is there under another spelling of a name has that name
    Map<IdentityKey, DocumentKey> asked = Map.copyOf(candidates);
    Map<DocumentKey, DocumentKey> stored = target.existing(Set.copyOf(candidates.values()));
    candidates.replaceAll((identity, key) -> stored.getOrDefault(key, key));
    Set<DocumentKey> there = Set.copyOf(stored.values());
    // a name that the site itself gave to another of the same producer is in nobody's way
    Set<String> siblings =
        target.cameFrom(
            doctype, producer.producerUrl(), there.stream().map(DocumentKey::name).toList());
    // one document there is not two of the producer: a name may have been another's before
    Set<DocumentKey> looked = new HashSet<>(there);
    byOrigin.values().forEach(name -> looked.add(new DocumentKey(doctype, name)));
    Map<DocumentKey, IdentityKey> known =
        new HashMap<>(links.knownAs(producer.producerUrl(), looked));
    Set<DocumentKey> occupied =
        new HashSet<>(
            target
                .existing(
                    newcomers.stream()
                        .filter(NameAtSite::isRenamed)
                        .map(one -> Objects.requireNonNull(asked.get(one.identity())))
                        .filter(stored::containsKey)
                        .map(name -> withHost(name, producer))
                        .toList())
                .keySet());
    Map<IdentityKey, ObjectNode> inTheWay =
        newcomers.stream()
            // what is called otherwise is found when it is about to be created
            .filter(one -> !creates || there.contains(candidates.get(one.identity())))
            .collect(
                Collectors.toMap(
                    ChooseLocalName.Newcomer::identity, ChooseLocalName.Newcomer::document));
    Map<IdentityKey, DocumentKey> made =
        new FindMadeBySite(target, links).ofNewcomers(producer, doctype, inTheWay);
    Set<IdentityKey> echoed = echoes.of(producer, doctype, inTheWay);
    boolean areNew = false;
    for (ChooseLocalName.Newcomer newcomer : newcomers) {
      IdentityKey identity = newcomer.identity();
      String found = byOrigin.get(identity.remote().name());
      DocumentKey candidate = Objects.requireNonNull(candidates.get(identity));
      DocumentKey name = Objects.requireNonNull(asked.get(identity));
      boolean free = isFor(identity, candidate, known);
      if (found != null && isFor(identity, new DocumentKey(doctype, found), known)) {
        choices.put(identity, ChooseLocalName.Choice.adopts(new DocumentKey(doctype, found), null));
      } else if (there.contains(candidate) && free && cameFrom(newcomer, target.url())) {
        known.put(candidate, identity);
        choices.put(
            identity,
            ChooseLocalName.Choice.adopts(candidate, "came from there in the first place"));
      } else if (echoed.contains(identity)) {
        areNew = true;
        choices.put(identity, ChooseLocalName.Choice.free(standIn(identity)));
      } else if (made.containsKey(identity)) {
        // it is taken over in place of a creation, as what is made by then is
        areNew |= creates;
        choices.put(
            identity,
            creates
                ? ChooseLocalName.Choice.free(standIn(identity))
                : ChooseLocalName.Choice.adopts(
                    Objects.requireNonNull(made.get(identity)), "was made there by itself"));
      } else if (there.contains(candidate) && free && !newcomer.own()) {
        known.put(candidate, identity);
        choices.put(identity, ChooseLocalName.Choice.standsFor(candidate));
      } else if (there.contains(candidate)
          && newcomer.rule().useSameName()
          && isRenamed(newcomer)
          && occupied.add(withHost(name, producer))) {
        areNew = true;
        choices.put(
            identity,
            ChooseLocalName.Choice.other(standIn(identity), withHost(name, producer).name()));
      } else if (there.contains(candidate)
          && newcomer.rule().useSameName()
          && (!siblings.contains(candidate.name())
              || isSpelledBy(known.get(candidate), candidate, name))) {
        choices.put(identity, taken(newcomer, name, candidate, free, target.url()));
        known.put(candidate, known.getOrDefault(candidate, identity));
      } else {
        areNew = true;
        choices.put(identity, ChooseLocalName.Choice.free(standIn(identity)));
      }
    }
    if (areNew && creates) {
      rememberOrigin(target, doctype, choices);
    }
    return choices;
  }

  /** Whether a document there is no other document of the producer. */
  private static boolean isFor(
      IdentityKey identity, DocumentKey local, Map<DocumentKey, IdentityKey> known) {
    return known.getOrDefault(local, identity).equals(identity);
  }

  /** Whether a sibling has its own name there, of which this is another spelling to the site. */
  private static boolean isSpelledBy(
      @Nullable IdentityKey sibling, DocumentKey stored, DocumentKey name) {
    return sibling != null && !name.equals(stored) && sibling.remote().name().equals(stored.name());
  }

  private static DocumentKey withHost(DocumentKey key, EventProducer producer) {
    return new DocumentKey(key.doctype(), producer.withHost(key.name()));
  }

  private static boolean isRenamed(ChooseLocalName.Newcomer newcomer) {
    return newcomer.rule().nameTaken() == NameTaken.RENAME;
  }

  private static boolean cameFrom(ChooseLocalName.Newcomer newcomer, String url) {
    return newcomer.document().path("remote_site_name").asText().equals(url)
        && !newcomer.document().path("remote_docname").asText().isEmpty();
  }

  private static ChooseLocalName.Choice taken(
      ChooseLocalName.Newcomer newcomer,
      DocumentKey name,
      DocumentKey stored,
      boolean free,
      String url) {
    boolean same = name.equals(stored);
    return free && newcomer.rule().nameTaken() == NameTaken.ADOPT
        ? ChooseLocalName.Choice.adopts(
            stored,
            same
                ? "took over the document that was there under this name"
                : "took over %s, which is this name there".formatted(stored.name()))
        : ChooseLocalName.Choice.none(
            "the name %s belongs to another %s at %s%s%s"
                .formatted(
                    name.name(),
                    name.doctype(),
                    url,
                    same ? "" : ", which is spelled " + stored.name() + " there",
                    isRenamed(newcomer)
                        ? ", and so does the one with the producer's host. Rename one of them"
                        : ". Rename one of the two, or set name_taken of this type to adopt or"
                            + " rename in the producer file"));
  }

  /** Nothing is created that would not be found again. */
  private static void rememberOrigin(
      Target target, String doctype, Map<IdentityKey, ChooseLocalName.Choice> choices) {
    String why;
    try {
      target.rememberOrigin(doctype);
      return;
    } catch (SiteFailure e) {
      if (e.passes()) {
        throw e;
      }
      why =
          "it could not be given the Custom Fields remote_docname and remote_site_name at "
              + target.url()
              + ": "
              + e.said()
              + ". Add both there, of type Data, or give the key's user the role System Manager";
    } catch (Target.MissingFields e) {
      why = String.valueOf(e.getMessage());
    }
    String reported = why;
    choices.replaceAll(
        (identity, choice) ->
            choice.key() != null && isStandIn(choice.key().name())
                ? ChooseLocalName.Choice.none(reported)
                : choice);
  }
}
