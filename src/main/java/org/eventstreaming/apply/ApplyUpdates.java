package org.eventstreaming.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.document.ComparedForm;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.store.WriteDocuments;
import org.eventstreaming.target.WriteAsHistory;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.PassedOver;
import org.eventstreaming.update.RenamedUpdate;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.Update;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdatePage;

/**
 * Applies a page: entries of one document are planned in memory and written once, all documents of
 * the page in one statement per table, or in few calls to the site that they are written to. What
 * is refused is halved until the culprit stands alone.
 */
public final class ApplyUpdates {
  private static final String CONTAINED = "Contained in the document as it was read whole later.";

  private static final String SAME = "Nothing differs from the producer.";

  private final PlanUpdates planUpdates;
  private final DocumentStore documents;
  private final WriteDocuments store;
  private final WriteAsHistory site;
  private final SyncLog syncLog;
  private final Difference difference;

  /**
   * @param documents of all producers, wherever they are written to
   * @param store our own
   * @param site the sites that documents are written to
   */
  public ApplyUpdates(
      PlanUpdates planUpdates,
      DocumentStore documents,
      WriteDocuments store,
      WriteAsHistory site,
      SyncLog syncLog,
      DocTypes doctypes) {
    this.planUpdates = planUpdates;
    this.documents = documents;
    this.store = store;
    this.site = site;
    this.syncLog = syncLog;
    this.difference = new Difference(new ComparedForm(doctypes));
  }

  /** Every update of the page ends in an outcome, but for those that nobody follows. */
  public UpdatePage apply(UpdatePage page) {
    PageLines lines = PageLines.of(page);
    List<Update> done = new ArrayList<>(lines.passedOver());
    done.addAll(rename(page, lines.renames()));
    lines
        .gone()
        .forEach(
            update ->
                done.add(
                    ended(
                        page, update.entry(), PassedOver.Why.GONE, "The document is gone there.")));
    if (lines.open().isEmpty()) {
      return page.withUpdates(done);
    }
    PagePlan pagePlan = planUpdates.plan(lines.renames().isEmpty() ? page : page.again(), lines);
    EventProducer producer = page.run().producer();
    List<DocumentPlan> plans =
        producer.target() == null
            ? withoutWhatIsSame(page, pagePlan.documents(), done)
            : pagePlan.documents();
    Set<String> over = done.stream().map(one -> one.entry().name()).collect(Collectors.toSet());
    Writing writing;
    if (producer.target() == null) {
      writing = new WritePlans(store, page.run(), pagePlan.names());
    } else {
      site.forget(producer, lost(page, plans));
      writing = new WriteAtSite(site, documents, producer, pagePlan.names());
    }
    Map<String, SyncOutcome> outcomes = writing.write(plans);
    syncLog.release(
        page.run().producer().producerUrl(),
        plans.stream()
            // entries are about the document of the type that is followed, not about another of it
            .filter(one -> one.identity().equals(page.identity(one.remote())))
            .filter(one -> one.whole() && one.unresolved() == null && writing.isWritten(one))
            .map(DocumentPlan::remote)
            .toList(),
        CONTAINED);
    for (Update update : page.updates()) {
      UpdateLogEntry entry = update.entry();
      if (over.contains(entry.name())) {
        continue;
      }
      done.add(
          entry.isOurs() && writing.changedNothing(entry)
              ? ended(page, entry, PassedOver.Why.NOTHING_DIFFERS, SAME)
              : outcome(update, outcomes));
    }
    Set<IdentityKey> written =
        plans.stream()
            .filter(one -> !one.steps().isEmpty() && writing.isWritten(one))
            .map(DocumentPlan::identity)
            .collect(Collectors.toSet());
    // what was fetched and could not be written wakes nobody
    return page.withUpdates(done)
        .again()
        .withDependencies(page.fullStates(), page.dependencies().bringingOnly(written));
  }

  /** Known to be there, and not to be found. */
  private static List<IdentityKey> lost(UpdatePage page, List<DocumentPlan> plans) {
    return plans.stream()
        .filter(one -> one.copy() == null)
        .filter(one -> page.known(one.remote()).here())
        .map(DocumentPlan::identity)
        .toList();
  }

  private List<Update> rename(UpdatePage page, List<RenamedUpdate> renames) {
    String url = page.run().producer().producerUrl();
    Map<IdentityKey, DocumentKey> names = documents.rename(url, renames);
    syncLog.release(
        url,
        renames.stream().map(RenamedUpdate::formerly).toList(),
        "Ended: the document has another name on the producer now and is read under that name.");
    List<Update> outcomes = new ArrayList<>();
    for (RenamedUpdate rename : renames) {
      DocumentKey local = names.get(rename.now());
      outcomes.add(
          new SyncOutcome.Synced(
              rename.entry(),
              local == null ? rename.now().awaited() : local,
              null,
              "Was "
                  + rename.formerly()
                  + " on the producer, whose log does not contain renames."));
    }
    return outcomes;
  }

  /** An entry of our own that changes nothing people see is none. */
  private List<DocumentPlan> withoutWhatIsSame(
      UpdatePage page, List<DocumentPlan> plans, List<Update> done) {
    Map<IdentityKey, Instant> unchanged = new HashMap<>();
    List<DocumentPlan> changed = new ArrayList<>();
    for (DocumentPlan one : plans) {
      ObjectNode before = one.stored();
      ObjectNode after = one.document();
      if (before == null
          || after == null
          || !isOurs(one)
          || page.known(one.remote()).left()
          || !difference.between(before, after).isEmpty()) {
        changed.add(one);
        continue;
      }
      for (DocumentPlan.Step step : one.steps()) {
        UpdateLogEntry entry = Objects.requireNonNull(step.outcome()).entry();
        done.add(ended(page, entry, PassedOver.Why.NOTHING_DIFFERS, SAME));
      }
      Instant modified = one.steps().get(0).remoteModified();
      if (before.equals(after) && modified != null) {
        unchanged.put(one.identity(), modified);
      } else {
        changed.add(one.withoutOutcomes());
      }
    }
    String url = page.run().producer().producerUrl();
    store.sawUnchanged(url, unchanged);
    syncLog.release(url, unchanged.keySet().stream().map(IdentityKey::remote).toList(), CONTAINED);
    return changed;
  }

  private static boolean isOurs(DocumentPlan one) {
    return one.whole()
        && one.unresolved() == null
        && !one.steps().isEmpty()
        && one.steps().stream()
            .allMatch(step -> step.outcome() != null && step.outcome().entry().isOurs());
  }

  /** A row that waits in the Event Sync Log has to end there; one that is new needs none. */
  private static Update ended(
      UpdatePage page, UpdateLogEntry entry, PassedOver.Why why, String note) {
    return page.run().retry()
        ? new SyncOutcome.Synced(entry, page.identity(entry.remote()).awaited(), null, note)
        : new PassedOver(entry, why);
  }

  private static SyncOutcome outcome(Update update, Map<String, SyncOutcome> outcomes) {
    UpdateLogEntry entry = update.entry();
    SyncOutcome outcome = outcomes.get(entry.name());
    if (outcome == null) {
      throw new IllegalStateException(
          "Entry %s (%s of %s) has no outcome. Its page is not applied, so that no entry of it is lost. This is a defect of this program: report it."
              .formatted(entry.name(), entry.updateType(), entry.remote()));
    }
    return outcome;
  }
}
