package org.eventstreaming.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.eventstreaming.document.ApplyDiff;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.document.MalformedDiff;
import org.eventstreaming.document.NormalForm;
import org.eventstreaming.document.NulCharacters;
import org.eventstreaming.document.Unread;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.Leaves;
import org.eventstreaming.producer.Nul;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.store.StoredDocument;
import org.eventstreaming.store.UnreadableFields;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.Backlog;
import org.eventstreaming.update.Cause;
import org.eventstreaming.update.Dependency;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.KnownDocument;
import org.eventstreaming.update.LeavingUpdate;
import org.eventstreaming.update.ResyncCommand;
import org.eventstreaming.update.Sentence;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdateType;
import org.jspecify.annotations.Nullable;

/**
 * Folds a page's entries about one document into its next states, in order. Nothing is written
 * here, nothing is asked of anyone.
 */
final class PlanDocument {
  private final EventProducer producer;
  private final String producerUrl;
  private final ZoneId zone;
  private final NormalForm normalForm;
  private final Difference difference;
  private final ApplyDiff applyDiff;
  private final PointLinks links;
  private final UnreadableFields unreadable;

  PlanDocument(
      EventProducer producer,
      ZoneId zone,
      NormalForm normalForm,
      Difference difference,
      ApplyDiff applyDiff,
      PointLinks links,
      UnreadableFields unreadable) {
    this.links = links;
    this.unreadable = unreadable;
    this.producer = producer;
    this.producerUrl = producer.producerUrl();
    this.zone = zone;
    this.normalForm = normalForm;
    this.difference = difference;
    this.applyDiff = applyDiff;
  }

  /**
   * @param identity the document that they are about
   * @param updates accepted and leaving ones, and such that ended before, of one document
   * @param copy the document as it is here; null where it is not
   * @param full what the producer answered; null where it was not asked
   * @param deleted creation of the last Delete that came of this document; null where there was
   *     none
   * @param choice the name chosen where the document is new; null where none was needed
   */
  DocumentPlan plan(
      IdentityKey identity,
      List<Update> updates,
      @Nullable StoredDocument copy,
      KnownDocument known,
      @Nullable FullState full,
      @Nullable Instant deleted,
      ChooseLocalName.@Nullable Choice choice) {
    DocumentKey before = copy == null ? null : copy.local();
    if (full instanceof FullState.Present present) {
      return whole(identity, copy, updates, present, choice);
    }
    if (full instanceof FullState.Gone && updates.stream().anyMatch(Update::isDelete)) {
      return gone(identity, copy, updates);
    }
    if (full instanceof FullState.Gone) {
      return missing(identity, copy, updates, deleted);
    }
    if (full instanceof FullState.Unknown unknown) {
      return stopped(
          identity,
          copy,
          new SyncOutcome.TryAgain(updates.get(0).entry(), before, unknown.why()),
          updates);
    }
    if (full instanceof FullState.Refused refused) {
      return stopped(
          identity,
          copy,
          failed(updates.get(0).entry(), before, "fetch the whole document for", refused.why()),
          updates);
    }
    if (known.backlog() != Backlog.NONE) {
      return stopped(
          identity, copy, new SyncOutcome.Behind(updates.get(0).entry(), before), updates);
    }
    return stepByStep(identity, copy, known, updates, choice);
  }

  /** What the target holds of the document may not be read, so nothing can be written to it. */
  DocumentPlan unreadable(IdentityKey identity, List<Update> updates, String why) {
    return stopped(
        identity,
        null,
        failed(updates.get(0).entry(), null, "read at its target what is to be changed by", why),
        updates);
  }

  private DocumentPlan stepByStep(
      IdentityKey identity,
      @Nullable StoredDocument copy,
      KnownDocument known,
      List<Update> updates,
      ChooseLocalName.@Nullable Choice choice) {
    DocumentKey before = copy == null ? null : copy.local();
    DocumentKey local = before;
    ObjectNode state = copy == null ? null : copy.document();
    Instant last = known.lastCreation();
    Unread unread = unreadable.of(producerUrl, identity.remote().doctype());
    List<DocumentPlan.Step> steps = new ArrayList<>();
    List<SyncOutcome> rest = new ArrayList<>();
    for (int i = 0; i < updates.size(); i++) {
      if (updates.get(i) instanceof SyncOutcome.Synced passedOver) {
        rest.add(passedOver);
        continue;
      }
      if (updates.get(i) instanceof LeavingUpdate leaving) {
        if (state == null || local == null) {
          rest.add(unexpected(leaving.entry()));
          behind(updates, i + 1, null, rest);
          break;
        }
        last = later(last, leaving.entry());
        steps.add(left(leaving, local, last));
        state = leaving.leaves() == Leaves.KEEP ? state : null;
        continue;
      }
      if (!(updates.get(i) instanceof AcceptedUpdate update)) {
        // it failed before it came here
        rest.add((SyncOutcome) updates.get(i));
        behind(updates, i + 1, local, rest);
        break;
      }
      UpdateLogEntry entry = update.entry();
      Instant creation = FrappeTime.instant(entry.creation(), zone).orElse(null);
      if (known.contains(creation) && local != null && !entry.isOurs()) {
        rest.add(
            new SyncOutcome.Synced(
                entry, local, null, "Was in the document already when that was read whole."));
        continue;
      }
      last = later(last, entry);
      List<String> notes = new ArrayList<>(update.details().notes());
      Set<IdentityKey> needs;
      DocumentPlan.Change change;
      String data = entry.data();
      if (update.type() == UpdateType.DELETE) {
        if (state == null || local == null) {
          rest.add(unexpected(entry));
          behind(updates, i + 1, null, rest);
          break;
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
        continue;
      }
      if (update.type() == UpdateType.CREATE) {
        if (local == null) {
          if (choice == null || choice.key() == null) {
            String why = choice == null ? "no name was chosen" : String.valueOf(choice.failure());
            rest.add(failed(entry, null, "name", why));
            behind(updates, i + 1, null, rest);
            break;
          }
          local = choice.key();
          if (choice.note() != null) {
            notes.add(choice.note());
          }
        }
        ObjectNode content = storable(Objects.requireNonNull(update.content()), notes);
        PointLinks.Pointed pointed =
            links.document(update.rule(), update.rule().dependencies(), content, update.details());
        if (!pointed.missing().isEmpty()) {
          rest.add(misses(entry, before, pointed.missing()));
          behind(updates, i + 1, before, rest);
          break;
        }
        notes.addAll(pointed.notes());
        needs = pointed.open();
        data = applied(update, pointed.content());
        ObjectNode created = named(pointed.content(), identity.remote(), local, update.rule());
        change = nothing -> created;
        state = created;
        if (comesToMatch(update)) {
          data = created.toString();
          notes.add("Meets the condition of its type now: came whole.");
        }
      } else if (state == null) {
        rest.add(unexpected(entry));
        behind(updates, i + 1, null, rest);
        break;
      } else {
        ObjectNode diff = storable(Objects.requireNonNull(update.content()), notes);
        PointLinks.Pointed pointed = links.diff(update.rule(), diff, update.details(), state);
        if (!pointed.missing().isEmpty()) {
          rest.add(misses(entry, local, pointed.missing()));
          behind(updates, i + 1, local, rest);
          break;
        }
        needs = pointed.open();
        data = applied(update, pointed.content());
        change =
            current ->
                normalForm.inPlace(
                    applyDiff.apply(Objects.requireNonNull(current), pointed.content()).document(),
                    unread);
        try {
          ApplyDiff.Result result = applyDiff.apply(state, pointed.content());
          notes.addAll(result.notes());
          state = normalForm.inPlace(result.document(), unread);
        } catch (MalformedDiff e) {
          rest.add(failed(entry, local, "apply", String.valueOf(e.getMessage())));
          behind(updates, i + 1, local, rest);
          break;
        }
      }
      steps.add(
          new DocumentPlan.Step(
              new SyncOutcome.Synced(entry, Objects.requireNonNull(local), data, joined(notes)),
              change,
              local,
              last,
              null,
              false,
              needs,
              update.type() == UpdateType.CREATE));
    }
    return new DocumentPlan(
        identity, copy, choice != null && choice.adopts(), steps, state, rest, false);
  }

  private static DocumentPlan.Step left(
      LeavingUpdate leaving, DocumentKey local, @Nullable Instant last) {
    boolean stays = leaving.leaves() == Leaves.KEEP;
    String note =
        (leaving.dropped() == null
                ? "Does not meet the condition of its type any more: "
                : "Dropped by %s: ".formatted(leaving.dropped()))
            + (stays ? "kept as it is, and no longer followed." : "deleted here.");
    return new DocumentPlan.Step(
        new SyncOutcome.Synced(leaving.entry(), local, null, note),
        stays ? unchanged -> unchanged : anything -> null,
        stays ? local : null,
        last,
        null,
        stays,
        Set.of());
  }

  /** Whether what was passed over so far is in it. */
  private static boolean comesToMatch(AcceptedUpdate update) {
    return update.type() == UpdateType.CREATE
        && UpdateType.of(update.entry().updateType()).orElse(null) != UpdateType.CREATE;
  }

  private @Nullable Instant later(@Nullable Instant last, UpdateLogEntry entry) {
    Instant creation = FrappeTime.instant(entry.creation(), zone).orElse(null);
    return creation != null && (last == null || creation.isAfter(last)) ? creation : last;
  }

  /** The whole document contains every entry received before it was fetched. */
  private DocumentPlan whole(
      IdentityKey identity,
      @Nullable StoredDocument copy,
      List<Update> updates,
      FullState.Present full,
      ChooseLocalName.@Nullable Choice choice) {
    DocumentKey before = copy == null ? null : copy.local();
    DocumentKey local = before;
    String note = "Fetched whole from the producer: the document was not here, or newer.";
    if (local == null) {
      if (choice == null || choice.key() == null) {
        String why = choice == null ? "no name was chosen" : String.valueOf(choice.failure());
        return stopped(identity, null, failed(updates.get(0).entry(), null, "name", why), updates);
      }
      local = choice.key();
      note = choice.note() == null ? note : note + " " + choice.note();
    }
    ProducerDoctype rule = producer.following(identity.remote().doctype()).orElseThrow();
    List<String> reported = new ArrayList<>(full.details().notes());
    ObjectNode content = storable(full.document().deepCopy(), reported);
    PointLinks.Pointed pointed = links.document(rule, rule.dependencies(), content, full.details());
    UpdateLogEntry first = updates.get(0).entry();
    List<PointLinks.Missing> missing =
        first.isOurs() ? withoutWhatDangles(pointed.missing()) : pointed.missing();
    if (!missing.isEmpty()) {
      return stopped(identity, copy, misses(first, before, missing), updates);
    }
    ObjectNode state =
        full.unread()
            .keep(
                named(pointed.content(), identity.remote(), local, rule),
                copy == null ? null : copy.document());
    if (first.isOurs()) {
      note =
          copy != null && producer.target() != null
              ? "Read whole from the producer."
              : note(first.cause(), copy, state);
    }
    reported.addAll(pointed.notes());
    String withNotes = reported.isEmpty() ? note : note + " " + joined(reported);
    Instant last = latest(updates);
    List<DocumentPlan.Step> steps = new ArrayList<>();
    for (Update update : updates) {
      steps.add(
          new DocumentPlan.Step(
              steps.isEmpty()
                  ? new SyncOutcome.Synced(update.entry(), local, state.toString(), withNotes)
                  : new SyncOutcome.Synced(update.entry(), local, null, note),
              anything -> state,
              local,
              last,
              full.modified(),
              false,
              pointed.open()));
    }
    return new DocumentPlan(
        identity, copy, choice != null && choice.adopts(), steps, state, List.of(), true);
  }

  /** Why an entry of our own changes something here. */
  private String note(Cause cause, @Nullable StoredDocument copy, ObjectNode state) {
    if (copy == null) {
      return switch (cause) {
        case LOAD -> "Was there before it was followed: loaded.";
        case MODIFIED -> "New here: read whole.";
        default -> "Not in the producer's log: read whole.";
      };
    }
    String fields =
        difference.between(copy.document(), state).stream()
            .limit(20)
            .collect(Collectors.joining(", "));
    return cause == Cause.MODIFIED
        ? "Changed: " + fields + "."
        : "Differed from the producer without an entry in its log: " + fields + ".";
  }

  /** A document that comes along with one that needs it. */
  DocumentPlan alongside(Dependency dependency, ChooseLocalName.Choice choice) {
    IdentityKey identity = dependency.identity();
    DocumentKey local = choice.key();
    if (local == null) {
      return DocumentPlan.unresolvedByTarget(
          identity, Sentence.of(identity.remote() + " cannot be named here: " + choice.failure()));
    }
    if (choice.standsFor()) {
      return alongside(identity, choice, local, null, null, Set.of());
    }
    ObjectNode content = storable(dependency.document(), new ArrayList<>());
    PointLinks.Pointed pointed =
        links.document(dependency.rule(), dependency.which(), content, dependency.details());
    List<PointLinks.Missing> missing = withoutWhatDangles(pointed.missing());
    if (!missing.isEmpty()) {
      return DocumentPlan.unresolvedByTarget(
          identity, Sentence.of("its " + missing.get(0).reported()));
    }
    return alongside(
        identity,
        choice,
        local,
        dependency
            .unread()
            .keep(named(pointed.content(), identity.remote(), local, dependency.rule()), null),
        dependency.modified(),
        pointed.open());
  }

  /** A link that dangles on the producer itself is the truth. */
  private static List<PointLinks.Missing> withoutWhatDangles(List<PointLinks.Missing> missing) {
    return missing.stream().filter(one -> !one.link() || !one.unresolved().gone()).toList();
  }

  private static DocumentPlan alongside(
      IdentityKey identity,
      ChooseLocalName.Choice choice,
      DocumentKey local,
      @Nullable ObjectNode document,
      @Nullable Instant modified,
      Set<IdentityKey> needs) {
    return new DocumentPlan(
        identity,
        null,
        choice.adopts(),
        List.of(
            new DocumentPlan.Step(null, nothing -> document, local, null, modified, false, needs)),
        document,
        List.of(),
        true);
  }

  /** Not there any more, and a Delete says so: whatever came before it is over. */
  private DocumentPlan gone(
      IdentityKey identity, @Nullable StoredDocument copy, List<Update> updates) {
    DocumentKey before = copy == null ? null : copy.local();
    DocumentKey local = before == null ? identity.awaited() : before;
    String note =
        before == null ? "Was not here, and is gone on the producer." : "Is gone on the producer.";
    List<SyncOutcome> over = new ArrayList<>();
    List<DocumentPlan.Step> steps = new ArrayList<>();
    for (Update update : updates) {
      SyncOutcome.Synced outcome = new SyncOutcome.Synced(update.entry(), local, null, note);
      if (before == null) {
        over.add(outcome);
      } else {
        steps.add(
            new DocumentPlan.Step(
                outcome, deleted -> null, null, latest(updates), null, false, Set.of()));
      }
    }
    return new DocumentPlan(identity, copy, false, steps, null, over, true);
  }

  /** Not there any more, and no Delete came yet: renamed, or deleted a moment ago. */
  private DocumentPlan missing(
      IdentityKey identity,
      @Nullable StoredDocument copy,
      List<Update> updates,
      @Nullable Instant deleted) {
    DocumentKey before = copy == null ? null : copy.local();
    Instant last = latest(updates);
    if (deleted != null && last != null && !last.isAfter(deleted)) {
      List<SyncOutcome> over =
          updates.stream()
              .map(update -> DocumentPlan.deletedSince(identity, copy, update.entry()))
              .toList();
      return new DocumentPlan(identity, copy, over);
    }
    return stopped(
        identity,
        copy,
        new SyncOutcome.WaitsFor(
            updates.get(0).entry(),
            before,
            identity.awaited(),
            false,
            "Could not apply "
                + what(updates.get(0).entry())
                + ": the document is not on the producer any more, and no Delete of it came. It was"
                + " renamed or has just been deleted. It is read again every hour; a Delete of"
                + " it ends the waiting."),
        updates);
  }

  private static DocumentPlan stopped(
      IdentityKey identity,
      @Nullable StoredDocument copy,
      SyncOutcome first,
      List<Update> updates) {
    List<SyncOutcome> outcomes = new ArrayList<>();
    outcomes.add(first);
    behind(updates, 1, copy == null ? null : copy.local(), outcomes);
    return new DocumentPlan(identity, copy, outcomes);
  }

  private static void behind(
      List<Update> updates, int from, @Nullable DocumentKey local, List<SyncOutcome> outcomes) {
    for (Update update : updates.subList(from, updates.size())) {
      outcomes.add(new SyncOutcome.Behind(update.entry(), local));
    }
  }

  /** The same as the producer file says of what cannot be stored; noted where that differs. */
  private ObjectNode storable(ObjectNode content, List<String> notes) {
    List<String> fields = producer.nul() == Nul.STRIP ? NulCharacters.in(content) : List.of();
    if (fields.isEmpty()) {
      return content;
    }
    notes.add(
        "NUL characters were removed from "
            + fields.stream()
                .map(field -> field.replaceFirst("^changed\\.", ""))
                .collect(Collectors.joining(", ")));
    return NulCharacters.without(content);
  }

  /** The document under its local name; under a name of our own it remembers where it is from. */
  private ObjectNode named(
      ObjectNode content, DocumentKey remote, DocumentKey local, ProducerDoctype rule) {
    content.put("doctype", local.doctype());
    content.put("name", local.name());
    if (!rule.useSameName()) {
      content.put("remote_docname", remote.name());
      content.put("remote_site_name", producerUrl);
    }
    return normalForm.wholeInPlace(content);
  }

  /** The fetch step should have seen this coming: the next try does. */
  private SyncOutcome unexpected(UpdateLogEntry entry) {
    return new SyncOutcome.TryAgain(
        entry,
        null,
        "Could not apply "
            + what(entry)
            + ": the document is not here and has to be fetched whole.");
  }

  /** A link that cannot be had is waited for, with the reason. */
  private SyncOutcome misses(
      UpdateLogEntry entry, @Nullable DocumentKey local, List<PointLinks.Missing> missing) {
    String reported =
        Sentence.of(
            "Could not apply "
                + what(entry)
                + ": "
                + missing.stream()
                    .map(PointLinks.Missing::reported)
                    .collect(Collectors.joining("; ")));
    return missing.stream().allMatch(one -> one.unresolved().passes())
        ? new SyncOutcome.TryAgain(entry, local, reported)
        : new SyncOutcome.WaitsFor(
            entry,
            local,
            missing.get(0).target().awaited(),
            !missing.get(0).unresolved().gone(),
            reported
                + " It is retried when "
                + missing.get(0).target().awaited()
                + " is here"
                + (missing.get(0).unresolved().gone() ? "" : " or may be read")
                + ", and every hour; or "
                + (missing.get(0).link()
                    ? "leave its type out of dependencies in the producer file."
                    : "fix the filters of that row, then run "
                        + ResyncCommand.WITHOUT_NUMBER
                        + "."));
  }

  private SyncOutcome.Failed failed(
      UpdateLogEntry entry, @Nullable DocumentKey local, String attempt, String why) {
    return failed(entry, local, producerUrl, attempt, why);
  }

  static SyncOutcome.Failed failed(
      UpdateLogEntry entry,
      @Nullable DocumentKey local,
      String producerUrl,
      String attempt,
      String why) {
    return new SyncOutcome.Failed(
        entry,
        local,
        Sentence.of("Could not " + attempt + " " + what(entry, producerUrl) + ": " + why)
            + " Later entries of this document wait behind it. Fix the cause, then run "
            + ResyncCommand.WITHOUT_NUMBER
            + ".");
  }

  private String what(UpdateLogEntry entry) {
    return what(entry, producerUrl);
  }

  static String what(UpdateLogEntry entry, String producerUrl) {
    return entry.updateType() + " of " + entry.remote() + " of " + producerUrl;
  }

  private @Nullable Instant latest(List<Update> updates) {
    return updates.stream()
        .flatMap(update -> FrappeTime.instant(update.entry().creation(), zone).stream())
        .max(Instant::compareTo)
        .orElse(null);
  }

  /** What is applied: the producer's own text where nothing was mapped. */
  private static @Nullable String applied(AcceptedUpdate update, ObjectNode content) {
    return update.rule().mapping() == null ? update.entry().data() : content.toString();
  }

  private static @Nullable String joined(List<String> notes) {
    return notes.isEmpty() ? null : notes.stream().limit(20).collect(Collectors.joining("; "));
  }
}
