package org.eventstreaming.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.naming.NameDocument;
import org.eventstreaming.naming.NameDraft;
import org.eventstreaming.naming.NamingFailed;
import org.eventstreaming.naming.SeriesCounter;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.NameTaken;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.IdentityKey;
import org.jspecify.annotations.Nullable;

/**
 * Gives documents that are new here their local names, a page at a time: the producer's own or what
 * the local rule yields, and what the producer file says where a name is taken.
 */
final class ChooseLocalName implements ChooseNames {
  private final DocumentStore documents;
  private final DocTypes doctypes;
  private final NameDocument naming;
  private final SeriesCounter series;

  ChooseLocalName(
      DocumentStore documents, DocTypes doctypes, NameDocument naming, SeriesCounter series) {
    this.documents = documents;
    this.doctypes = doctypes;
    this.naming = naming;
    this.series = series;
  }

  @Override
  public Map<IdentityKey, Choice> choose(EventProducer producer, Collection<Newcomer> newcomers) {
    String url = producer.producerUrl();
    Map<IdentityKey, Choice> choices = new LinkedHashMap<>();
    Map<IdentityKey, DocumentKey> desired = desired(newcomers, choices);
    Set<DocumentKey> taken = new HashSet<>(documents.taken(url, desired.values()));
    Map<IdentityKey, DocumentKey> renamed = new HashMap<>();
    for (Newcomer newcomer : newcomers) {
      DocumentKey key = desired.get(newcomer.identity());
      if (key != null && newcomer.rule().nameTaken() == NameTaken.RENAME && taken.contains(key)) {
        renamed.put(
            newcomer.identity(), new DocumentKey(key.doctype(), producer.withHost(key.name())));
      }
    }
    taken.addAll(documents.taken(url, renamed.values()));
    for (Newcomer newcomer : newcomers) {
      DocumentKey key = desired.get(newcomer.identity());
      if (key != null) {
        DocumentKey other = renamed.get(newcomer.identity());
        choices.put(newcomer.identity(), choice(newcomer, key, other, taken));
      }
    }
    return choices;
  }

  /** Numbers are drawn once per series and page: each draw holds up others until the page ends. */
  private Map<IdentityKey, DocumentKey> desired(
      Collection<Newcomer> newcomers, Map<IdentityKey, Choice> choices) {
    Map<IdentityKey, NameDraft> drafts = new HashMap<>();
    // in order: two pages that draw from the same series must not wait for each other
    Map<String, Integer> counts = new TreeMap<>();
    for (Newcomer newcomer : newcomers) {
      try {
        NameDraft draft = draft(newcomer);
        drafts.put(newcomer.identity(), draft);
        if (draft.series() != null) {
          counts.merge(draft.series(), 1, Integer::sum);
        }
      } catch (NamingFailed e) {
        choices.put(newcomer.identity(), Choice.none(e.getMessage()));
      }
    }
    Map<String, Long> numbers = new HashMap<>();
    counts.forEach((name, count) -> numbers.put(name, series.next(name, count)));
    Map<IdentityKey, DocumentKey> desired = new LinkedHashMap<>();
    for (Newcomer newcomer : newcomers) {
      NameDraft draft = drafts.get(newcomer.identity());
      if (draft == null) {
        continue;
      }
      long number = draft.series() == null ? 0 : numbers.merge(draft.series(), 1L, Long::sum) - 1;
      try {
        desired.put(
            newcomer.identity(),
            new DocumentKey(newcomer.rule().refDoctype(), draft.name().apply(number)));
      } catch (NamingFailed e) {
        choices.put(newcomer.identity(), Choice.none(e.getMessage()));
      }
    }
    return desired;
  }

  private Choice choice(
      Newcomer newcomer, DocumentKey key, @Nullable DocumentKey other, Set<DocumentKey> taken) {
    if (taken.add(key)) {
      return Choice.free(key);
    }
    if (!newcomer.own()) {
      return Choice.standsFor(key);
    }
    if (newcomer.rule().nameTaken() == NameTaken.ADOPT) {
      return Choice.adopts(key, "took over the document that was here under this name");
    }
    if (other != null && taken.add(other)) {
      return Choice.other(other, null);
    }
    return Choice.none(
        "the name "
            + key.name()
            + " belongs to another "
            + key.doctype()
            + " here. Rename one of the two, or set name_taken of this type to adopt or rename in"
            + " the producer file");
  }

  private NameDraft draft(Newcomer newcomer) {
    String remoteName = newcomer.identity().remote().name();
    return newcomer.rule().useSameName()
        ? NameDraft.of(remoteName)
        : naming.draft(
            doctypes.find(newcomer.rule().refDoctype()).orElse(null),
            newcomer.document(),
            remoteName);
  }

  /**
   * A document that is not here yet.
   *
   * @param own whether its type has a row in the producer file
   */
  record Newcomer(IdentityKey identity, ProducerDoctype rule, ObjectNode document, boolean own) {}

  /**
   * What came of it.
   *
   * @param key the local name; null where there is none
   * @param note what is unusual about it
   * @param adopts whether it takes over the document that has the name here
   * @param standsFor whether the document that has the name here stands for the producer's
   * @param wantedName what the site that names it is asked for, instead of the producer's name;
   *     null where it is not
   * @param failure why there is none
   */
  record Choice(
      @Nullable DocumentKey key,
      @Nullable String note,
      boolean adopts,
      boolean standsFor,
      @Nullable String wantedName,
      @Nullable String failure) {
    /** Whether nothing had the name when it was chosen, and nothing stands for the document. */
    boolean isFree() {
      return key != null && note == null && !adopts && !standsFor;
    }

    static Choice none(@Nullable String failure) {
      return new Choice(null, null, false, false, null, failure);
    }

    static Choice free(DocumentKey key) {
      return new Choice(key, null, false, false, null, null);
    }

    static Choice other(DocumentKey key, @Nullable String wantedName) {
      return new Choice(
          key,
          "its name was taken, so the producer's host was added",
          false,
          false,
          wantedName,
          null);
    }

    static Choice adopts(DocumentKey key, @Nullable String note) {
      return new Choice(key, note, true, false, null, null);
    }

    static Choice standsFor(DocumentKey key) {
      return new Choice(key, null, false, true, null, null);
    }
  }
}
