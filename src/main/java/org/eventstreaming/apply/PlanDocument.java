package org.eventstreaming.apply;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eventstreaming.document.ApplyDiff;
import org.eventstreaming.document.NormalForm;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.store.UnreadableFields;
import org.eventstreaming.update.Backlog;
import org.eventstreaming.update.Dependency;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FullState;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.Update;

/**
 * Plans what becomes of one document: by its entries, or by what the producer answered. Nothing is
 * written here, nothing is asked of anyone.
 */
final class PlanDocument {
  private final String producerUrl;
  private final ZoneId zone;
  private final NormalForm normalForm;
  private final ApplyDiff applyDiff;
  private final PointLinks links;
  private final UnreadableFields unreadable;
  private final LocalForm form;
  private final ExplainFailure explain;
  private final PlanWhole planWhole;

  PlanDocument(
      EventProducer producer,
      ZoneId zone,
      NormalForm normalForm,
      Difference difference,
      ApplyDiff applyDiff,
      PointLinks links,
      UnreadableFields unreadable) {
    this.producerUrl = producer.producerUrl();
    this.zone = zone;
    this.normalForm = normalForm;
    this.applyDiff = applyDiff;
    this.links = links;
    this.unreadable = unreadable;
    this.form = new LocalForm(producer, normalForm);
    this.explain = new ExplainFailure(producerUrl);
    this.planWhole = new PlanWhole(producer, zone, form, difference, links, explain);
  }

  DocumentPlan plan(DocumentLine line) {
    FullState full = line.full();
    if (full instanceof FullState.Present present) {
      return planWhole.whole(line, present);
    }
    if (full instanceof FullState.Gone) {
      return line.updates().stream().anyMatch(Update::isDelete) ? gone(line) : missing(line);
    }
    if (full instanceof FullState.Unknown unknown) {
      return line.stopped(new SyncOutcome.TryAgain(line.first(), line.before(), unknown.why()));
    }
    if (full instanceof FullState.Refused refused) {
      return line.stopped(
          explain.failed(
              line.first(), line.before(), "fetch the whole document for", refused.why()));
    }
    if (line.known().backlog() != Backlog.NONE) {
      return line.stopped(new SyncOutcome.Behind(line.first(), line.before()));
    }
    return new PlanEntries(
            line,
            zone,
            form,
            normalForm,
            applyDiff,
            links,
            explain,
            unreadable.of(producerUrl, line.identity().remote().doctype()))
        .plan();
  }

  /** What the target holds of the document may not be read, so nothing can be written to it. */
  DocumentPlan unreadable(DocumentLine line, String why) {
    return line.stopped(
        explain.failed(line.first(), null, "read at its target what is to be changed by", why));
  }

  /** A document that comes along with one that needs it. */
  DocumentPlan alongside(Dependency dependency, ChooseLocalName.Choice choice) {
    return planWhole.alongside(dependency, choice);
  }

  /** Deleted on the producer, and an entry says so: the entries before it end without effect. */
  private DocumentPlan gone(DocumentLine line) {
    DocumentKey before = line.before();
    DocumentKey local = before == null ? line.identity().awaited() : before;
    String note =
        before == null ? "Was not here, and is gone on the producer." : "Is gone on the producer.";
    List<SyncOutcome> over = new ArrayList<>();
    List<DocumentPlan.Step> steps = new ArrayList<>();
    for (Update update : line.updates()) {
      SyncOutcome.Synced outcome = new SyncOutcome.Synced(update.entry(), local, null, note);
      if (before == null) {
        over.add(outcome);
      } else {
        steps.add(
            new DocumentPlan.Step(
                outcome, deleted -> null, null, line.latest(zone), null, false, Set.of()));
      }
    }
    return new DocumentPlan(line.identity(), line.copy(), false, steps, null, over, true);
  }

  /** Not there any more, and no Delete came yet: renamed, or deleted a moment ago. */
  private DocumentPlan missing(DocumentLine line) {
    Instant deleted = line.deleted();
    Instant last = line.latest(zone);
    if (deleted != null && last != null && !last.isAfter(deleted)) {
      List<SyncOutcome> over =
          line.updates().stream()
              .map(
                  update -> DocumentPlan.deletedSince(line.identity(), line.copy(), update.entry()))
              .toList();
      return new DocumentPlan(line.identity(), line.copy(), over);
    }
    return line.stopped(explain.notThere(line.first(), line.before(), line.identity().awaited()));
  }
}
