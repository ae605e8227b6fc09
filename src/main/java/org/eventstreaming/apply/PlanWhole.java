package org.eventstreaming.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.update.Cause;
import org.eventstreaming.update.Dependency;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.Sentence;
import org.eventstreaming.update.StoredDocument;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdateLogEntry;
import org.jspecify.annotations.Nullable;

/**
 * Plans documents that were read whole: for their own entries, or for documents that link to them.
 */
final class PlanWhole {
  private final EventProducer producer;
  private final ZoneId zone;
  private final LocalForm form;
  private final Difference difference;
  private final PointLinks links;
  private final ExplainFailure explain;

  PlanWhole(
      EventProducer producer,
      ZoneId zone,
      LocalForm form,
      Difference difference,
      PointLinks links,
      ExplainFailure explain) {
    this.producer = producer;
    this.zone = zone;
    this.form = form;
    this.difference = difference;
    this.links = links;
    this.explain = explain;
  }

  /** The whole document contains every entry received before it was fetched. */
  DocumentPlan whole(DocumentLine line, FullState.Present full) {
    IdentityKey identity = line.identity();
    StoredDocument copy = line.copy();
    ChooseLocalName.Choice choice = line.choice();
    DocumentKey local = line.before();
    String note = "Fetched whole from the producer: the document was not here, or newer.";
    if (local == null) {
      if (choice == null || choice.key() == null) {
        return line.stopped(explain.failed(line.first(), null, "name", line.unnamed()));
      }
      local = choice.key();
      note = choice.note() == null ? note : note + " " + choice.note();
    }
    ProducerDoctype rule = producer.following(identity.remote().doctype()).orElseThrow();
    List<String> reported = new ArrayList<>(full.details().notes());
    ObjectNode content = form.storable(full.document().deepCopy(), reported);
    PointLinks.Pointed pointed = links.document(rule, rule.dependencies(), content, full.details());
    UpdateLogEntry first = line.first();
    List<PointLinks.Missing> missing =
        first.isOurs() ? withoutWhatDangles(pointed.missing()) : pointed.missing();
    if (!missing.isEmpty()) {
      return line.stopped(explain.misses(first, line.before(), missing));
    }
    ObjectNode state =
        full.unread()
            .keep(
                form.named(pointed.content(), identity.remote(), local, rule),
                copy == null ? null : copy.document());
    if (first.isOurs()) {
      note =
          copy != null && producer.target() != null
              ? "Read whole from the producer."
              : note(first.cause(), copy, state);
    }
    reported.addAll(pointed.notes());
    String withNotes = reported.isEmpty() ? note : note + " " + DocumentPlan.joined(reported);
    Instant last = line.latest(zone);
    List<DocumentPlan.Step> steps = new ArrayList<>();
    for (Update update : line.updates()) {
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
    return new DocumentPlan(identity, copy, line.adopts(), steps, state, List.of(), true);
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
    ObjectNode content = form.storable(dependency.document(), new ArrayList<>());
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
            .keep(form.named(pointed.content(), identity.remote(), local, dependency.rule()), null),
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
}
