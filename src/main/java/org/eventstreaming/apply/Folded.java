package org.eventstreaming.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.eventstreaming.store.DocumentWrite;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.SyncOutcome;
import org.jspecify.annotations.Nullable;

/**
 * What a page's entries make of one document, step by step: written once, in its last state, and
 * step by step only where that is refused.
 *
 * @param before where the document stands now; null where it is not here
 * @param steps the entries that change it, each with the state that it leaves
 * @param rest outcomes of the entries that change nothing, in their order
 * @param whole whether all steps leave one and the same state, read whole from the producer
 */
record Folded(
    DocumentKey remote,
    @Nullable DocumentKey before,
    List<Step> steps,
    List<SyncOutcome> rest,
    boolean whole) {
  Folded {
    steps = List.copyOf(steps);
    rest = List.copyOf(rest);
  }

  /** The write that brings the document from where it stands to its last state. */
  DocumentWrite write() {
    return write(before, steps.get(steps.size() - 1));
  }

  DocumentWrite write(@Nullable DocumentKey from, Step step) {
    return new DocumentWrite(
        remote, from, step.after(), step.document(), step.lastCreation(), step.remoteModified());
  }

  /**
   * One entry's effect.
   *
   * @param after where the document stands then; null where it is deleted
   * @param document its state then; null where it is deleted
   */
  record Step(
      SyncOutcome.Synced outcome,
      @Nullable DocumentKey after,
      @Nullable ObjectNode document,
      @Nullable Instant lastCreation,
      @Nullable Instant remoteModified) {}
}
