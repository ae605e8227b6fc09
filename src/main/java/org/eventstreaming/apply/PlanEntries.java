package org.eventstreaming.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.eventstreaming.document.ApplyDiff;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.document.MalformedDiff;
import org.eventstreaming.document.NormalForm;
import org.eventstreaming.document.Unread;
import org.eventstreaming.producer.Leaves;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.LeavingUpdate;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdateType;
import org.jspecify.annotations.Nullable;

/**
 * Plans the entries of one document, each on the state that those before it leave, up to the first
 * that cannot be applied.
 */
final class PlanEntries {
  private final DocumentLine line;
  private final ZoneId zone;
  private final LocalForm form;
  private final NormalForm normalForm;
  private final ApplyDiff applyDiff;
  private final PointLinks links;
  private final ExplainFailure explain;
  private final Unread unread;

  private final List<DocumentPlan.Step> steps = new ArrayList<>();
  private final List<SyncOutcome> rest = new ArrayList<>();
  private @Nullable DocumentKey local;
  private @Nullable ObjectNode state;
  private @Nullable Instant last;

  PlanEntries(
      DocumentLine line,
      ZoneId zone,
      LocalForm form,
      NormalForm normalForm,
      ApplyDiff applyDiff,
      PointLinks links,
      ExplainFailure explain,
      Unread unread) {
    this.line = line;
    this.zone = zone;
    this.form = form;
    this.normalForm = normalForm;
    this.applyDiff = applyDiff;
    this.links = links;
    this.explain = explain;
    this.unread = unread;
    this.local = line.before();
    this.state = line.copy() == null ? null : line.copy().document();
    this.last = line.known().lastCreation();
  }

  DocumentPlan plan() {
    for (int i = 0; i < line.updates().size(); i++) {
      Stop stop = next(line.updates().get(i));
      if (stop != null) {
        rest.add(stop.outcome());
        rest.addAll(line.behind(i + 1, stop.local()));
        break;
      }
    }
    return new DocumentPlan(line.identity(), line.copy(), line.adopts(), steps, state, rest, false);
  }

  /** Plans one entry; answers what it ends with where it, and all behind it, cannot be applied. */
  private @Nullable Stop next(Update update) {
    if (update instanceof SyncOutcome.Synced passedOver) {
      rest.add(passedOver);
      return null;
    }
    if (update instanceof SyncOutcome failedBefore) {
      return new Stop(failedBefore, local);
    }
    if (update instanceof LeavingUpdate leaving) {
      return leave(leaving);
    }
    if (!(update instanceof AcceptedUpdate accepted)) {
      throw new IllegalStateException("no entry of a document: " + update);
    }
    if (local != null && line.known().contains(accepted.entry(), zone)) {
      rest.add(
          new SyncOutcome.Synced(
              accepted.entry(),
              local,
              null,
              "Was in the document already when that was read whole."));
      return null;
    }
    last = later(accepted.entry());
    return switch (accepted.type()) {
      case CREATE -> create(accepted);
      case UPDATE -> change(accepted);
      case DELETE -> delete(accepted.entry());
    };
  }

  /** What does not meet the condition of its type any more. */
  private @Nullable Stop leave(LeavingUpdate leaving) {
    if (state == null || local == null) {
      return new Stop(explain.notHere(leaving.entry()), null);
    }
    last = later(leaving.entry());
    boolean stays = leaving.leaves() == Leaves.KEEP;
    String note =
        (leaving.dropped() == null
                ? "Does not meet the condition of its type any more: "
                : "Dropped by %s: ".formatted(leaving.dropped()))
            + (stays ? "kept as it is, and no longer followed." : "deleted here.");
    steps.add(
        new DocumentPlan.Step(
            new SyncOutcome.Synced(leaving.entry(), local, null, note),
            stays ? unchanged -> unchanged : anything -> null,
            stays ? local : null,
            last,
            null,
            stays,
            Set.of()));
    state = stays ? state : null;
    return null;
  }

  private @Nullable Stop delete(UpdateLogEntry entry) {
    if (state == null || local == null) {
      return new Stop(explain.notHere(entry), null);
    }
    steps.add(
        new DocumentPlan.Step(
            new SyncOutcome.Synced(
                entry, local, null, entry.isOurs() ? "Is gone on the producer." : null),
            deleted -> null,
            null,
            last,
            null,
            false,
            Set.of()));
    state = null;
    return null;
  }

  private @Nullable Stop create(AcceptedUpdate update) {
    UpdateLogEntry entry = update.entry();
    List<String> notes = new ArrayList<>(update.details().notes());
    if (local == null) {
      ChooseLocalName.Choice choice = line.choice();
      if (choice == null || choice.key() == null) {
        return new Stop(explain.failed(entry, null, "name", line.unnamed()), null);
      }
      local = choice.key();
      if (choice.note() != null) {
        notes.add(choice.note());
      }
    }
    ObjectNode content = form.storable(Objects.requireNonNull(update.content()), notes);
    PointLinks.Pointed pointed =
        links.document(update.rule(), update.rule().dependencies(), content, update.details());
    if (!pointed.missing().isEmpty()) {
      return new Stop(explain.misses(entry, line.before(), pointed.missing()), line.before());
    }
    notes.addAll(pointed.notes());
    String data = applied(update, pointed.content());
    ObjectNode created =
        form.named(pointed.content(), line.identity().remote(), local, update.rule());
    state = created;
    if (comesToMatch(update)) {
      data = created.toString();
      notes.add("Meets the condition of its type now: came whole.");
    }
    steps.add(step(entry, local, data, notes, nothing -> created, pointed.open(), true));
    return null;
  }

  private @Nullable Stop change(AcceptedUpdate update) {
    UpdateLogEntry entry = update.entry();
    if (state == null || local == null) {
      return new Stop(explain.notHere(entry), null);
    }
    List<String> notes = new ArrayList<>(update.details().notes());
    ObjectNode diff = form.storable(Objects.requireNonNull(update.content()), notes);
    PointLinks.Pointed pointed = links.diff(update.rule(), diff, update.details(), state);
    if (!pointed.missing().isEmpty()) {
      return new Stop(explain.misses(entry, local, pointed.missing()), local);
    }
    try {
      ApplyDiff.Result result = applyDiff.apply(state, pointed.content());
      notes.addAll(result.notes());
      state = normalForm.inPlace(result.document(), unread);
    } catch (MalformedDiff e) {
      return new Stop(explain.failed(entry, local, "apply", String.valueOf(e.getMessage())), local);
    }
    steps.add(
        step(
            entry,
            local,
            applied(update, pointed.content()),
            notes,
            current ->
                normalForm.inPlace(
                    applyDiff.apply(Objects.requireNonNull(current), pointed.content()).document(),
                    unread),
            pointed.open(),
            false));
    return null;
  }

  private DocumentPlan.Step step(
      UpdateLogEntry entry,
      DocumentKey after,
      @Nullable String data,
      List<String> notes,
      DocumentPlan.Change change,
      Set<IdentityKey> needs,
      boolean anew) {
    return new DocumentPlan.Step(
        new SyncOutcome.Synced(entry, after, data, DocumentPlan.joined(notes)),
        change,
        after,
        last,
        null,
        false,
        needs,
        anew);
  }

  private @Nullable Instant later(UpdateLogEntry entry) {
    Instant creation = FrappeTime.instant(entry.creation(), zone).orElse(null);
    return creation != null && (last == null || creation.isAfter(last)) ? creation : last;
  }

  /** Whether what was passed over so far is in it. */
  private static boolean comesToMatch(AcceptedUpdate update) {
    return UpdateType.of(update.entry().updateType()).orElse(null) != UpdateType.CREATE;
  }

  /** What is applied: the producer's own text where nothing was mapped. */
  private static @Nullable String applied(AcceptedUpdate update, ObjectNode content) {
    return update.rule().mapping() == null ? update.entry().data() : content.toString();
  }

  /**
   * Why the planning of a document ends before its last entry.
   *
   * @param outcome what the entry ends with
   * @param local where the document stands, for the entries behind it
   */
  private record Stop(SyncOutcome outcome, @Nullable DocumentKey local) {}
}
