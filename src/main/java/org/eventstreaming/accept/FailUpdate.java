package org.eventstreaming.accept;

import org.eventstreaming.update.Received;
import org.eventstreaming.update.ResyncCommand;
import org.eventstreaming.update.RowSentences;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.UpdateLogEntry;

/** Makes a Failed outcome of an entry that a step could not take: it stops itself, nothing else. */
public final class FailUpdate {
  public SyncOutcome fail(Received received, Exception why) {
    UpdateLogEntry entry = received.entry();
    return new SyncOutcome.Failed(
        entry,
        null,
        "Could not handle entry "
            + entry.name()
            + " about "
            + entry.remote()
            + " of "
            + received.run().producer().producerUrl()
            + ": "
            + why
            + "."
            + RowSentences.LATER_ENTRIES_WAIT
            + " Fix the cause, then run "
            + ResyncCommand.WITHOUT_NUMBER
            + ".");
  }
}
