package org.eventstreaming.apply;

import java.util.List;
import java.util.stream.Collectors;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.ResyncCommand;
import org.eventstreaming.update.RowSentences;
import org.eventstreaming.update.Sentence;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.UpdateLogEntry;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of entries of one producer that are not applied: what was attempted, why it failed,
 * what happens next and which command helps.
 */
final class ExplainFailure {
  private final String producerUrl;

  ExplainFailure(String producerUrl) {
    this.producerUrl = producerUrl;
  }

  SyncOutcome.Failed failed(
      UpdateLogEntry entry, @Nullable DocumentKey local, String attempt, String why) {
    return new SyncOutcome.Failed(
        entry,
        local,
        Sentence.of("Could not " + attempt + " " + what(entry) + ": " + why)
            + RowSentences.LATER_ENTRIES_WAIT
            + " Fix the cause, then run "
            + ResyncCommand.WITHOUT_NUMBER
            + ".");
  }

  /** A link that cannot be had is waited for, with the reason. */
  SyncOutcome misses(
      UpdateLogEntry entry, @Nullable DocumentKey local, List<PointLinks.Missing> missing) {
    String reported =
        Sentence.of(
            "Could not apply "
                + what(entry)
                + ": "
                + missing.stream()
                    .map(PointLinks.Missing::reported)
                    .collect(Collectors.joining("; ")));
    PointLinks.Missing first = missing.get(0);
    return missing.stream().allMatch(one -> one.unresolved().passes())
        ? new SyncOutcome.TryAgain(entry, local, reported)
        : new SyncOutcome.WaitsFor(
            entry,
            local,
            first.target().awaited(),
            !first.unresolved().gone(),
            reported
                + RowSentences.retriedWhen(
                    first.target().awaited()
                        + " is here"
                        + (first.unresolved().gone() ? "" : " or may be read"))
                + (first.link()
                    ? " To apply the document without this link, leave the type of the linked"
                        + " document out of dependencies in the producer file."
                    : " Fix the filters of that row, then run "
                        + ResyncCommand.WITHOUT_NUMBER
                        + "."));
  }

  /** The fetch step should have seen this coming: the next try does. */
  SyncOutcome notHere(UpdateLogEntry entry) {
    return new SyncOutcome.TryAgain(
        entry,
        null,
        "Could not apply "
            + what(entry)
            + ": the document is not here and has to be fetched whole.");
  }

  /** Not on the producer any more, and no Delete came yet: renamed, or deleted a moment ago. */
  SyncOutcome notThere(UpdateLogEntry entry, @Nullable DocumentKey local, DocumentKey awaited) {
    return new SyncOutcome.WaitsFor(
        entry,
        local,
        awaited,
        false,
        "Could not apply "
            + what(entry)
            + ": the document is not on the producer any more, and no Delete of it came. It was"
            + " renamed or has just been deleted. It is read again every hour; a Delete of"
            + " it ends the waiting.");
  }

  String what(UpdateLogEntry entry) {
    return entry.updateType() + " of " + entry.remote() + " of " + producerUrl;
  }
}
