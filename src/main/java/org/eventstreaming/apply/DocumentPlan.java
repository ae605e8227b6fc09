package org.eventstreaming.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eventstreaming.store.DocumentWrite;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.StoredDocument;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdateType;
import org.jspecify.annotations.Nullable;

/**
 * What a page makes of one document, step by step: written once, in its last state, and step by
 * step only where that is refused. Of the states in between none is kept: a document can be
 * megabytes and a page hundreds of its updates.
 *
 * @param copy the document as it is here now; null where it is not here
 * @param adopts whether it takes over what stands here under its name, where it is new
 * @param steps what changes it
 * @param document its state after the last step; null where it is deleted, and where another stands
 *     for it
 * @param rest outcomes of the entries that change nothing, in their order
 * @param whole whether all steps leave one and the same state, read whole from the producer
 * @param unresolved why it does not come; null where it does, and where entries say so
 */
record DocumentPlan(
    IdentityKey identity,
    @Nullable StoredDocument copy,
    boolean adopts,
    List<Step> steps,
    @Nullable ObjectNode document,
    List<SyncOutcome> rest,
    boolean whole,
    @Nullable String unresolved) {
  private static final int MOST_NOTES = 20;

  DocumentPlan {
    steps = List.copyOf(steps);
    rest = List.copyOf(rest);
  }

  DocumentPlan(
      IdentityKey identity,
      @Nullable StoredDocument copy,
      boolean adopts,
      List<Step> steps,
      @Nullable ObjectNode document,
      List<SyncOutcome> rest,
      boolean whole) {
    this(identity, copy, adopts, steps, document, rest, whole, null);
  }

  /** Where nothing changes. */
  DocumentPlan(IdentityKey identity, @Nullable StoredDocument copy, List<SyncOutcome> rest) {
    this(identity, copy, false, List.of(), null, rest, false);
  }

  /** A document that was to come along and cannot. */
  static DocumentPlan unresolvedByTarget(IdentityKey identity, String why) {
    return new DocumentPlan(identity, null, false, List.of(), null, List.of(), true, why);
  }

  DocumentKey remote() {
    return identity.remote();
  }

  /** Where the document stands now; null where it is not here. */
  @Nullable DocumentKey before() {
    return copy == null ? null : copy.local();
  }

  /** Its state now; null where it is not here. */
  @Nullable ObjectNode stored() {
    return copy == null ? null : copy.document();
  }

  /** The write that brings the document from where it stands to its last state. */
  DocumentWrite write() {
    return write(before(), revision(), last(), document);
  }

  /** The revision of its row; null where it is not here. */
  @Nullable Long revision() {
    return copy == null ? null : (Long) copy.revision();
  }

  /**
   * The write of one step, which leaves this state.
   *
   * @param revision of the row that it changes; null where a step before wrote that
   */
  DocumentWrite write(
      @Nullable DocumentKey from, @Nullable Long revision, Step step, @Nullable ObjectNode state) {
    return new DocumentWrite(
        remote(),
        from,
        revision,
        adopts,
        step.after(),
        state,
        step.lastCreation(),
        step.remoteModified(),
        step.left());
  }

  /** Whether the document is here once this is written. */
  boolean endsHere() {
    return steps.isEmpty() ? copy != null : last().after() != null;
  }

  /** The documents that have to be here with it. */
  Set<IdentityKey> needs() {
    Set<IdentityKey> needs = new LinkedHashSet<>();
    steps.forEach(step -> needs.addAll(step.needs()));
    return needs;
  }

  /** Why it does not come, for those who need it. */
  String why() {
    return unresolved != null
        ? unresolved
        : open()
            .map(SyncOutcome::message)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse("it is deleted again");
  }

  /** An entry of a document that was deleted since: nothing of it is to be seen any more. */
  static SyncOutcome deletedSince(
      IdentityKey identity, @Nullable StoredDocument copy, UpdateLogEntry entry) {
    return new SyncOutcome.Synced(
        entry,
        copy == null ? identity.awaited() : copy.local(),
        null,
        "Ended: the document was deleted later.");
  }

  /** What was unusual about an entry, as one text; null where nothing was. */
  static @Nullable String joined(List<String> notes) {
    return notes.isEmpty()
        ? null
        : notes.stream().limit(MOST_NOTES).collect(Collectors.joining("; "));
  }

  /** Whether not all of its entries end with this page. */
  boolean isHeldUp() {
    return firstOpen().isPresent();
  }

  /** Whether its Delete has to wait: it is here until then. */
  boolean hasPendingDelete() {
    return open().anyMatch(DocumentPlan::isDelete);
  }

  static boolean isDelete(SyncOutcome outcome) {
    return UpdateType.of(outcome.entry().updateType()).orElse(null) == UpdateType.DELETE;
  }

  /** The first entry that does not end, where it waits for a document; else null. */
  SyncOutcome.@Nullable WaitsFor waits() {
    return firstOpen()
        .filter(SyncOutcome.WaitsFor.class::isInstance)
        .map(SyncOutcome.WaitsFor.class::cast)
        .orElse(null);
  }

  private Optional<SyncOutcome> firstOpen() {
    return open().findFirst();
  }

  /** Outcomes of the entries that do not end. */
  private Stream<SyncOutcome> open() {
    return rest.stream().filter(outcome -> !(outcome instanceof SyncOutcome.Synced));
  }

  /**
   * The same where all entries up to a Delete are over; that is carried out if the document is here
   * then. What is behind it has its turn next.
   *
   * @param moment when it was deleted
   */
  DocumentPlan overUntil(int delete, @Nullable Instant moment) {
    List<Step> all = new ArrayList<>(steps);
    List<SyncOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < rest.size(); i++) {
      UpdateLogEntry entry = rest.get(i).entry();
      if (rest.get(i) instanceof SyncOutcome.Synced) {
        outcomes.add(rest.get(i));
      } else if (i == delete && endsHere()) {
        DocumentKey local = copy == null ? identity.awaited() : copy.local();
        SyncOutcome.Synced deleted = new SyncOutcome.Synced(entry, local, null, null);
        all.add(new Step(deleted, anything -> null, null, moment, null, false, Set.of()));
      } else {
        outcomes.add(
            i <= delete
                ? deletedSince(identity, copy, entry)
                : new SyncOutcome.Behind(entry, before()));
      }
    }
    return new DocumentPlan(identity, copy, adopts, all, null, outcomes, false, unresolved);
  }

  /** The same where this entry is over: what is behind it has its turn next. */
  DocumentPlan over(SyncOutcome.WaitsFor entry) {
    SyncOutcome over = deletedSince(identity, copy, entry.entry());
    List<SyncOutcome> outcomes =
        rest.stream().map(outcome -> outcome.equals(entry) ? over : outcome).toList();
    return new DocumentPlan(identity, copy, adopts, steps, document, outcomes, whole, unresolved);
  }

  /** The same up to this step, which has to wait for a document, and all behind it with it. */
  DocumentPlan until(int step, IdentityKey awaited, String why) {
    SyncOutcome.Synced first = steps.get(step).outcome();
    if (first == null) {
      return unresolvedByTarget(identity, why);
    }
    List<SyncOutcome> outcomes = new ArrayList<>();
    outcomes.add(new SyncOutcome.WaitsFor(first.entry(), before(), awaited.awaited(), false, why));
    for (Step later : steps.subList(step + 1, steps.size())) {
      SyncOutcome.Synced behind = later.outcome();
      if (behind != null) {
        outcomes.add(new SyncOutcome.Behind(behind.entry(), before()));
      }
    }
    for (SyncOutcome outcome : rest) {
      outcomes.add(
          outcome instanceof SyncOutcome.Synced
              ? outcome
              : new SyncOutcome.Behind(outcome.entry(), before()));
    }
    ObjectNode state = stored();
    for (Step earlier : steps.subList(0, step)) {
      state = earlier.change().on(state);
    }
    // what waits contains nothing that waits behind it
    return new DocumentPlan(identity, copy, adopts, steps.subList(0, step), state, outcomes, false);
  }

  /** The same, and nothing is reported: no entry ends with it. */
  DocumentPlan withoutOutcomes() {
    return withSteps(
        steps.stream()
            .map(
                step ->
                    new Step(
                        null,
                        step.change(),
                        step.after(),
                        step.lastCreation(),
                        step.remoteModified(),
                        step.left(),
                        step.needs(),
                        step.anew()))
            .toList());
  }

  DocumentPlan withSteps(List<Step> others) {
    return new DocumentPlan(identity, copy, adopts, others, document, rest, whole, unresolved);
  }

  /** Whether its state says of every field what the producer has there. */
  boolean isWhole() {
    return whole || steps.stream().anyMatch(Step::anew);
  }

  Step last() {
    return steps.get(steps.size() - 1);
  }

  /**
   * One entry's effect.
   *
   * @param outcome null where no entry is about the document: it comes along with another
   * @param change what it does to the document's state
   * @param after where the document stands then; null where it is deleted
   * @param left whether it does not meet the condition of its type any more
   * @param needs the documents of this page that it names
   * @param anew whether the state is the producer's whole document, whatever stood here before
   */
  record Step(
      SyncOutcome.@Nullable Synced outcome,
      Change change,
      @Nullable DocumentKey after,
      @Nullable Instant lastCreation,
      @Nullable Instant remoteModified,
      boolean left,
      Set<IdentityKey> needs,
      boolean anew) {
    Step {
      needs = Set.copyOf(needs);
    }

    /** One that changes what stands here, or reads it whole with all others. */
    Step(
        SyncOutcome.@Nullable Synced outcome,
        Change change,
        @Nullable DocumentKey after,
        @Nullable Instant lastCreation,
        @Nullable Instant remoteModified,
        boolean left,
        Set<IdentityKey> needs) {
      this(outcome, change, after, lastCreation, remoteModified, left, needs, false);
    }

    /** The same, of a state that is not wholly what was read. */
    Step unread() {
      return new Step(outcome, change, after, lastCreation, null, left, needs, anew);
    }

    Step reported(String note) {
      return outcome == null
          ? this
          : new Step(
              outcome.noting(note), change, after, lastCreation, remoteModified, left, needs, anew);
    }
  }

  /**
   * What a step does to a state; null where there is none. Can be repeated with the same result.
   */
  @FunctionalInterface
  interface Change {
    @Nullable ObjectNode on(@Nullable ObjectNode state);
  }
}
