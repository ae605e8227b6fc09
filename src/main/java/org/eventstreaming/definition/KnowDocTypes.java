package org.eventstreaming.definition;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.LearnDocTypes;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.site.Callers;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.store.DocTypeStore;
import org.eventstreaming.store.LearntDocType;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.Sentence;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdatePage;
import org.eventstreaming.update.UpdateType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that the definitions of a page's DocTypes are known before its documents are applied.
 * A producer is asked once for each type, and again where a document has a field that the
 * definition has not, or once the definition is a day old. Files are never asked about.
 *
 * <p>The stream does not depend on it: where no definition is to be had the page goes on without.
 *
 * <p>Producers may define a type differently. The definition is that of the producer which gave it
 * first; of others it gets the fields that their documents have and it has not. Where the first was
 * not heard for two days, the next that is asked takes its place.
 */
public final class KnowDocTypes implements LearnDocTypes {
  private static final Logger LOG = LoggerFactory.getLogger(KnowDocTypes.class);
  private static final Duration FRESH = Duration.ofDays(1);
  private static final Duration HEARD = Duration.ofDays(2);
  private static final Duration REFUSED = Duration.ofHours(1);
  private static final Duration SILENT = Duration.ofMinutes(1);

  /** A page whose documents bring new names without end is not worth a question each. */
  private static final int MOST_STRANGERS = 1_000;

  private final FrappeSites sites;
  private final DocTypeStore store;
  private final KnownDocTypes known;
  private final Callers callers;
  private final Clock clock;
  private final Duration patience;
  private final Map<Question, Instant> notBefore = new ConcurrentHashMap<>();
  private final Map<Question, Future<?>> underWay = new ConcurrentHashMap<>();
  private final Map<Question, Set<String>> strangers = new ConcurrentHashMap<>();

  /**
   * @param patience how long a page waits for answers; one that comes later helps later pages
   */
  public KnowDocTypes(
      FrappeSites sites,
      DocTypeStore store,
      KnownDocTypes known,
      Callers callers,
      Clock clock,
      Duration patience) {
    this.sites = sites;
    this.store = store;
    this.known = known;
    this.callers = callers;
    this.clock = clock;
    this.patience = patience;
  }

  /** The page as it came. */
  public UpdatePage know(UpdatePage page) {
    learn(page.run().producer(), doctypes(page), strange(page));
    return page;
  }

  /**
   * The page as it came. Entries of our own, as lists bring them, hold nothing of their documents:
   * the whole documents show whether a definition was changed.
   */
  public UpdatePage knowRead(UpdatePage page) {
    Map<String, List<ObjectNode>> documents = new LinkedHashMap<>();
    page.fullStates()
        .forEach(
            (key, state) -> {
              if (state instanceof FullState.Present present) {
                documents
                    .computeIfAbsent(key.doctype(), doctype -> new ArrayList<>())
                    .add(present.document());
              }
            });
    learnFrom(page.run().producer(), documents);
    return page;
  }

  @Override
  public void learnFrom(EventProducer producer, Map<String, List<ObjectNode>> documents) {
    StrangeFields look = new StrangeFields(known);
    Map<String, Set<String>> strange = new LinkedHashMap<>();
    documents.forEach(
        (doctype, some) ->
            known
                .learnt(doctype)
                .filter(learnt -> !known.isInFiles(doctype))
                .ifPresent(
                    learnt -> {
                      Set<String> fields = new HashSet<>();
                      some.forEach(
                          document -> look.inDocument(learnt.definition(), document, fields));
                      if (!fields.isEmpty()) {
                        strange.put(doctype, fields);
                      }
                    }));
    learn(producer, strange.keySet(), strange);
  }

  @Override
  public void learn(EventProducer producer, Collection<String> doctypes) {
    learn(producer, withRowTypes(doctypes), Map.of());
  }

  private void learn(
      EventProducer producer, Set<String> doctypes, Map<String, Set<String>> strange) {
    remember(
        doctypes.stream()
            .filter(
                name ->
                    known.find(name).isEmpty()
                        && mayAsk(new Question(producer.producerUrl(), name)))
            .toList());
    Map<String, Future<?>> answers = new LinkedHashMap<>();
    for (String name : doctypes) {
      Question question = new Question(producer.producerUrl(), name);
      Set<String> fields = strange.getOrDefault(name, Set.of());
      Future<?> asked = underWay.get(question);
      if (asked != null && !asked.isDone()) {
        // a reconciliation asks for all types ahead, and a page waits for its own; not for a mere
        // refresh
        if (known.find(name).isEmpty() || !fields.isEmpty()) {
          answers.put(name, asked);
        }
      } else if (mayAsk(question) && isWanted(question, fields)) {
        // not again while the answer is on its way
        notBefore.put(question, clock.instant().plus(SILENT));
        Future<?> answer =
            callers.of(producer.access()).submit(() -> ask(producer, question, fields));
        underWay.put(question, answer);
        answers.put(name, answer);
      }
    }
    await(producer, answers);
  }

  /** The page's types, and the child tables that the file of one of them leaves open. */
  private Set<String> doctypes(UpdatePage page) {
    Set<String> doctypes = new HashSet<>();
    for (Update update : page.updates()) {
      // a Delete as well: what is read whole then may have been made anew
      if (update instanceof AcceptedUpdate) {
        doctypes.add(update.entry().refDoctype());
      }
    }
    return withRowTypes(doctypes);
  }

  private Set<String> withRowTypes(Collection<String> some) {
    Set<String> doctypes = new HashSet<>(some);
    for (String name : some) {
      if (known.isInFiles(name)) {
        doctypes.addAll(rowTypes(known.find(name).stream().toList()));
      }
    }
    doctypes.removeIf(known::isInFiles);
    return doctypes;
  }

  /** Takes from the store what it has. */
  private void remember(Collection<String> names) {
    List<LearntDocType> found = kept(names);
    known.learn(found);
    known.learn(
        kept(
            rowTypes(found.stream().map(LearntDocType::definition).toList()).stream()
                .filter(name -> known.find(name).isEmpty())
                .toList()));
  }

  private List<LearntDocType> kept(Collection<String> names) {
    // the file that such a row came from is gone
    return store.find(names).stream()
        .filter(one -> !one.source().equals(DocTypeStore.FILE))
        .toList();
  }

  private static Set<String> rowTypes(Collection<DocType> definitions) {
    Set<String> rowTypes = new HashSet<>();
    for (DocType definition : definitions) {
      for (DocField table : definition.tables()) {
        if (table.options() != null) {
          rowTypes.add(table.options());
        }
      }
    }
    return rowTypes;
  }

  private Map<String, Set<String>> strange(UpdatePage page) {
    StrangeFields look = new StrangeFields(known);
    Map<String, Set<String>> strange = new LinkedHashMap<>();
    for (Update update : page.updates()) {
      String doctype = update.entry().refDoctype();
      if (!(update instanceof AcceptedUpdate accepted)
          || accepted.content() == null
          || known.learnt(doctype).isEmpty()) {
        continue;
      }
      DocType definition = known.learnt(doctype).get().definition();
      Set<String> fields = strange.computeIfAbsent(doctype, name -> new HashSet<>());
      if (accepted.type() == UpdateType.CREATE) {
        look.inDocument(definition, accepted.content(), fields);
      } else {
        look.inDiff(definition, accepted.content(), fields);
      }
    }
    return strange;
  }

  private boolean mayAsk(Question question) {
    return !clock.instant().isBefore(notBefore.getOrDefault(question, Instant.MIN));
  }

  private boolean isWanted(Question question, Set<String> strange) {
    LearntDocType learnt = known.learnt(question.doctype()).orElse(null);
    if (learnt == null) {
      return true;
    }
    Duration age = Duration.between(learnt.readAt(), clock.instant());
    if (age.compareTo(learnt.source().equals(question.url()) ? FRESH : HEARD) > 0) {
      return true;
    }
    Set<String> asked = strangers.getOrDefault(question, Set.of());
    return asked.size() < MOST_STRANGERS && !asked.containsAll(strange);
  }

  private void ask(EventProducer producer, Question question, Set<String> strange) {
    try {
      learn(question, sites.of(producer).docTypes(question.doctype()));
      // what the site itself does not know is not worth asking again
      strangers.computeIfAbsent(question, asked -> ConcurrentHashMap.newKeySet()).addAll(strange);
      notBefore.remove(question);
    } catch (SiteFailure e) {
      Duration pause = e.passes() ? SILENT : REFUSED;
      notBefore.put(question, clock.instant().plus(pause));
      LOG.warn(
          "{} {} It is requested again in {} minutes; a file in doctypes/ replaces it.",
          Sentence.of(String.valueOf(e.getMessage())),
          known.find(question.doctype()).isPresent()
              ? "The definition stays as it was read before."
              : "Documents of this type are streamed without it: they have no typed view, missing"
                  + " numbers stay missing, local names are hashes.",
          pause.toMinutes());
    }
  }

  private synchronized void learn(Question question, List<DocType> answer) {
    Instant now = clock.instant();
    remember(
        answer.stream().map(DocType::name).filter(name -> known.learnt(name).isEmpty()).toList());
    List<LearntDocType> learnt = new ArrayList<>();
    for (DocType definition : answer) {
      LearntDocType before = known.learnt(definition.name()).orElse(null);
      if (before == null
          || before.source().equals(question.url())
          || Duration.between(before.readAt(), now).compareTo(HEARD) > 0) {
        learnt.add(new LearntDocType(definition, question.url(), now));
      } else {
        learnt.add(
            new LearntDocType(
                joined(before.definition(), definition), before.source(), before.readAt()));
      }
    }
    store.keep(learnt.stream().filter(one -> !known.isInFiles(one.definition().name())).toList());
    known.learn(learnt);
    // fields that others added are gone with the replaced definition: they may ask for them again
    strangers
        .keySet()
        .removeIf(
            other ->
                other.doctype().equals(question.doctype()) && !other.url().equals(question.url()));
  }

  private static DocType joined(DocType first, DocType other) {
    Set<String> has = first.fields().stream().map(DocField::fieldname).collect(Collectors.toSet());
    List<DocField> fields = new ArrayList<>(first.fields());
    other.fields().stream().filter(field -> has.add(field.fieldname())).forEach(fields::add);
    return first.withFields(fields);
  }

  private void await(EventProducer producer, Map<String, Future<?>> answers) {
    long deadline = System.nanoTime() + patience.toNanos();
    answers.forEach(
        (doctype, answer) -> {
          try {
            answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
          } catch (TimeoutException e) {
            LOG.warn(
                "{} did not return the definition of {} within {} seconds: this page is applied without"
                    + " it, pages after the answer use it.",
                producer.producerUrl(),
                doctype,
                patience.toSeconds());
          } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while asking for definitions", e);
          }
        });
  }

  private record Question(String url, String doctype) {}
}
