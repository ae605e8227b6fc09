package org.eventstreaming.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.target.SiteForm;
import org.eventstreaming.target.SiteWrite;
import org.eventstreaming.target.WriteAsHistory;
import org.eventstreaming.target.Written;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.StoredDocument;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.UpdateLogEntry;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a page makes of its documents to the producer's target site, in waves: what others
 * need goes first, since a site names documents itself and lets no link lead nowhere. Of documents
 * that name each other in a circle one goes without the link, which follows when all are there.
 * What the site refuses gets a second chance when all that could be written is: it may have been
 * refused for what was not there yet, without naming it (goods that are delivered before they are
 * received).
 */
final class WriteAtSite implements Writing {
  private final WriteAsHistory site;
  private final DocumentStore documents;
  private final EventProducer producer;
  private final NewNames names;
  private final PageOutcomes outcomes;
  private final ExplainFailure explain;
  private final List<DocumentPlan> incomplete = new ArrayList<>();
  private final Map<IdentityKey, DocumentKey> written = new LinkedHashMap<>();
  private final Set<String> inVain = new LinkedHashSet<>();
  private final List<Refusal> refused = new ArrayList<>();
  private final Set<IdentityKey> tried = new HashSet<>();
  private int writtenSoFar;
  private int waveBegan;

  WriteAtSite(
      WriteAsHistory site, DocumentStore documents, EventProducer producer, NewNames names) {
    this.site = site;
    this.documents = documents;
    this.producer = producer;
    this.names = names;
    this.outcomes = new PageOutcomes(names);
    this.explain = new ExplainFailure(producer.producerUrl());
  }

  @Override
  public Map<String, SyncOutcome> write(List<DocumentPlan> plans) {
    List<DocumentPlan> namedFirst = NeededFirst.of(outcomes.begin(plans), this::named);
    List<DocumentPlan> pending = NeededFirst.of(namedFirst, DocumentPlan::needs);
    while (!pending.isEmpty() || !refused.isEmpty()) {
      List<DocumentPlan> free = outcomes.withoutThoseThatWait(pending);
      List<DocumentPlan> ready = ready(free);
      if (ready.isEmpty()) {
        ready = refused.isEmpty() ? outOfACircle(free) : secondChance();
      }
      writeWave(ready);
      complete(one -> named(one).stream().noneMatch(names::isOpen));
      Set<IdentityKey> gone =
          ready.stream().map(DocumentPlan::identity).collect(Collectors.toSet());
      pending = free.stream().filter(one -> !gone.contains(one.identity())).toList();
    }
    complete(one -> true);
    return outcomes.all();
  }

  @Override
  public boolean isWritten(DocumentPlan one) {
    return outcomes.isWritten(one);
  }

  /**
   * What names nobody that is still to come. What is submitted does not overtake what was submitted
   * before it: stock and its value are what they were then.
   */
  private List<DocumentPlan> ready(List<DocumentPlan> free) {
    Set<IdentityKey> toCome = free.stream().map(DocumentPlan::identity).collect(Collectors.toSet());
    List<DocumentPlan> ready = new ArrayList<>();
    boolean isHeldUp = false;
    for (DocumentPlan one : free) {
      Set<IdentityKey> open =
          named(one).stream()
              .filter(other -> !other.equals(one.identity()) && names.isOpen(other))
              .collect(Collectors.toSet());
      boolean keepsItsPlace = isSubmitted(one);
      if (open.isEmpty() && !(isHeldUp && keepsItsPlace)) {
        ready.add(one);
      } else if (keepsItsPlace) {
        isHeldUp |= open.stream().anyMatch(toCome::contains);
      }
    }
    return ready;
  }

  /**
   * One that can do without the link, and of those the first that loses least by it: what is
   * submitted is submitted later than its place is, and rows that come later name no row of their
   * document.
   */
  private List<DocumentPlan> outOfACircle(List<DocumentPlan> free) {
    Comparator<DocumentPlan> byLoss =
        Comparator.comparing(WriteAtSite::isSubmitted).thenComparing(one -> !keepsItsRows(one));
    return free.stream()
        .filter(this::canDoWithout)
        .min(byLoss)
        .or(() -> free.stream().min(byLoss))
        .stream()
        .toList();
  }

  /** Those since whose refusal something was written; the others are refused for good. */
  private List<DocumentPlan> secondChance() {
    List<Refusal> all = List.copyOf(refused);
    refused.clear();
    List<DocumentPlan> again = new ArrayList<>();
    for (Refusal one : all) {
      if (one.before() < writtenSoFar) {
        again.add(one.document());
      } else {
        conclude(one.document(), one.result());
      }
    }
    return again;
  }

  private boolean canDoWithout(DocumentPlan one) {
    String doctype = one.identity().localDoctype();
    return one.document() == null
        || names.openFields(doctype, one.document()).stream()
            .noneMatch(field -> site.isRequired(producer, doctype, field));
  }

  private boolean keepsItsRows(DocumentPlan one) {
    return one.document() != null
        && names.isOpenInFieldsAlone(one.identity().localDoctype(), one.document());
  }

  private static boolean isSubmitted(DocumentPlan one) {
    return SiteForm.docstatus(one.document()) > 0;
  }

  private Set<IdentityKey> named(DocumentPlan one) {
    Set<IdentityKey> named = new LinkedHashSet<>(one.needs());
    named.addAll(names.namedBy(one.identity().localDoctype(), one.document()));
    return named;
  }

  private void writeWave(List<DocumentPlan> ready) {
    waveBegan = writtenSoFar;
    Map<IdentityKey, DocumentPlan> byDocument = new LinkedHashMap<>();
    List<SiteWrite> writes = new ArrayList<>();
    for (DocumentPlan one : ready) {
      ObjectNode document = one.document();
      DocumentPlan.Step step = one.last();
      names.takeBack(one.identity().localDoctype(), document);
      Optional<ObjectNode> cut =
          Optional.ofNullable(document).flatMap(whole -> asFarAsItGoes(one, whole));
      if (cut.isPresent()) {
        document = cut.get();
        // it is submitted when all are there
        site.holdBack(producer, document, one.stored());
        incomplete.add(one);
        // it is not yet as it was read
        step = step.unread();
      }
      byDocument.put(one.identity(), one);
      writes.add(
          write(one, one.before(), one.stored(), step, document, one.isWhole(), cut.isPresent()));
    }
    site.write(producer, writes)
        .forEach(
            (identity, result) ->
                conclude(Objects.requireNonNull(byDocument.get(identity)), result));
  }

  /**
   * A document without what names nobody yet: newcomers that are not there, and of a new one its
   * own rows, which the site names; empty where it has neither.
   */
  private Optional<ObjectNode> asFarAsItGoes(DocumentPlan one, ObjectNode whole) {
    Optional<ObjectNode> linked =
        names.withoutOpen(
            one.identity().localDoctype(),
            whole,
            (doctype, field) -> site.isRequired(producer, doctype, field));
    return one.before() == null
        ? site.withoutOwnRows(producer, linked.orElse(whole)).or(() -> linked)
        : linked;
  }

  private void conclude(DocumentPlan one, Written result) {
    if (result instanceof Written.Done done) {
      writtenSoFar++;
      if (one.endsHere()) {
        isThere(one.identity(), done.local());
      }
      for (DocumentPlan.Step step : one.steps()) {
        if (step.outcome() != null) {
          outcomes.add(reported(step.outcome(), done));
          if (one.before() != null && one.endsHere() && done.isNoNews()) {
            inVain.add(step.outcome().entry().name());
          }
        }
      }
    } else if (result instanceof Written.Begun begun) {
      keepWhatIsThere(one, begun);
    } else if (result instanceof Written.Refused && tried.add(one.identity())) {
      refused.add(new Refusal(one, result, waveBegan));
    } else if (one.whole() || one.steps().size() == 1) {
      stop(one, one.steps(), one.before(), result);
    } else {
      stepByStep(one);
    }
  }

  /** Entries before the one that it did not reach are in it: written again, it would be two. */
  private void keepWhatIsThere(DocumentPlan one, Written.Begun begun) {
    isThere(one.identity(), begun.done().local());
    ObjectNode state = one.stored();
    int first = 0;
    while (first < one.steps().size()) {
      state = one.steps().get(first).change().on(state);
      if (state != null && begun.isRest().test(state)) {
        break;
      }
      first++;
    }
    // a name that it did not get belongs to all of them
    first = first == one.steps().size() ? 0 : first;
    for (DocumentPlan.Step step : one.steps().subList(0, first)) {
      if (step.outcome() != null) {
        outcomes.add(reported(step.outcome(), begun.done()));
      }
    }
    stop(one, one.steps().subList(first, one.steps().size()), begun.done().local(), begun.rest());
  }

  private void isThere(IdentityKey identity, DocumentKey local) {
    names.turnedOut(identity, local.name());
    written.put(identity, local);
  }

  @Override
  public boolean changedNothing(UpdateLogEntry entry) {
    return inVain.contains(entry.name());
  }

  private SyncOutcome.Synced reported(SyncOutcome.Synced outcome, Written.Done done) {
    SyncOutcome.Synced reported =
        new SyncOutcome.Synced(
            outcome.entry(), done.local(), names.inText(outcome.data()), outcome.note());
    if (outcome.entry().isOurs() && !done.changed().isEmpty()) {
      reported = reported.noting("Changed there: " + String.join(", ", done.changed()) + ".");
    }
    for (String note : done.notes()) {
      reported = reported.noting(note);
    }
    return reported;
  }

  /** Finds the entry that the site refuses: what comes before it is kept, what follows waits. */
  private void stepByStep(DocumentPlan one) {
    DocumentKey stands = one.before();
    ObjectNode state = one.stored();
    for (int i = 0; i < one.steps().size(); i++) {
      DocumentPlan.Step step = one.steps().get(i);
      ObjectNode desired = step.change().on(state);
      names.takeBack(one.identity().localDoctype(), desired);
      Written result =
          Objects.requireNonNull(
              site.write(
                      producer,
                      List.of(
                          write(
                              one,
                              stands,
                              state,
                              step,
                              desired,
                              one.whole() || step.anew(),
                              false)))
                  .get(one.identity()));
      if (result instanceof Written.Begun begun) {
        isThere(one.identity(), begun.done().local());
        stands = begun.done().local();
        result = begun.rest();
      }
      if (!(result instanceof Written.Done done)) {
        stop(one, one.steps().subList(i, one.steps().size()), stands, result);
        return;
      }
      if (step.outcome() != null) {
        outcomes.add(reported(step.outcome(), done));
      }
      StoredDocument copy = null;
      if (step.after() != null) {
        isThere(one.identity(), done.local());
        copy = documents.copies(producer.producerUrl(), List.of(one.identity())).get(one.remote());
      }
      stands = copy == null ? null : copy.local();
      state = copy == null ? null : copy.document();
    }
  }

  /** The first of these entries says why, the others wait behind it. */
  private void stop(
      DocumentPlan one,
      List<DocumentPlan.Step> steps,
      @Nullable DocumentKey stands,
      Written result) {
    String said =
        result instanceof Written.Later later ? later.said() : ((Written.Refused) result).said();
    String why = Objects.requireNonNull(producer.target()).url() + " answered: " + said;
    SyncOutcome first = null;
    for (DocumentPlan.Step step : steps) {
      SyncOutcome.Synced desired = step.outcome();
      if (desired == null) {
        continue;
      }
      if (first != null) {
        outcomes.add(new SyncOutcome.Behind(desired.entry(), stands));
        continue;
      }
      first = explain.failed(desired.entry(), stands, "write", why);
      if (result instanceof Written.Later) {
        first =
            new SyncOutcome.TryAgain(
                desired.entry(),
                stands,
                "Could not write " + explain.what(desired.entry()) + ": " + why);
      }
      outcomes.add(first);
    }
    for (SyncOutcome outcome : one.rest()) {
      if (outcome instanceof SyncOutcome.Failed) {
        outcomes.add(new SyncOutcome.Behind(outcome.entry(), stands));
      }
    }
    if (stands == null) {
      outcomes.refuse(one.identity(), one.remote() + " could not be written: " + why);
    }
  }

  /**
   * Sends the links that were left out while what they name was not there yet, and submits what was
   * held back: others may need what it does to the stock.
   */
  private void complete(Predicate<DocumentPlan> isReady) {
    List<DocumentPlan> ready = incomplete.stream().filter(isReady).toList();
    incomplete.removeIf(isReady);
    Map<IdentityKey, DocumentPlan> byDocument = new LinkedHashMap<>();
    List<SiteWrite> writes = new ArrayList<>();
    for (DocumentPlan one : ready) {
      DocumentKey local = written.get(one.identity());
      ObjectNode document = one.document();
      if (local == null || document == null) {
        continue;
      }
      names.takeBack(one.identity().localDoctype(), document);
      DocumentPlan.Step step = one.last();
      byDocument.put(one.identity(), one);
      writes.add(
          new SiteWrite(
              one.identity(),
              local,
              local,
              false,
              null,
              document,
              null,
              true,
              isMapped(producer, one.identity()),
              step.lastCreation(),
              step.remoteModified(),
              step.left(),
              false));
    }
    if (!writes.isEmpty()) {
      site.write(producer, writes)
          .forEach(
              (identity, result) -> {
                DocumentPlan one = Objects.requireNonNull(byDocument.get(identity));
                if (result instanceof Written.Begun begun) {
                  keepWhatIsThere(one, begun);
                } else if (result instanceof Written.Done done) {
                  noteRest(one, done);
                } else {
                  stop(one, one.steps(), written.get(identity), result);
                }
              });
    }
  }

  /** What the site made of a document shows when it is complete, after its entries are reported. */
  private void noteRest(DocumentPlan one, Written.Done done) {
    for (DocumentPlan.Step step : one.steps()) {
      if (step.outcome() != null
          && outcomes.all().get(step.outcome().entry().name())
              instanceof SyncOutcome.Synced synced) {
        for (String note : done.notes()) {
          synced = synced.noting(note);
        }
        outcomes.add(synced);
      }
    }
  }

  private SiteWrite write(
      DocumentPlan one,
      @Nullable DocumentKey stands,
      @Nullable ObjectNode state,
      DocumentPlan.Step step,
      @Nullable ObjectNode desired,
      boolean whole,
      boolean cut) {
    Optional<ProducerDoctype> rule = producer.following(one.remote().doctype());
    return new SiteWrite(
        one.identity(),
        stands,
        step.after(),
        one.adopts() && stands == null,
        state,
        desired,
        rule.map(ProducerDoctype::useSameName).orElse(true)
            ? names.wantedName(one.identity())
            : null,
        whole,
        isMapped(producer, one.identity()),
        step.lastCreation(),
        step.remoteModified(),
        step.left(),
        cut);
  }

  /** Whether a mapping makes the document: fields that it does not have are not meant then. */
  static boolean isMapped(EventProducer producer, IdentityKey identity) {
    return !identity.localDoctype().equals(identity.remote().doctype())
        || producer
            .following(identity.remote().doctype())
            .map(rule -> rule.mapping() != null)
            .orElse(false);
  }

  /**
   * A document that the site refused.
   *
   * @param before how many had been written before it was tried
   */
  private record Refusal(DocumentPlan document, Written result, int before) {}
}
