package org.eventstreaming.apply;

import java.util.List;
import java.util.Map;
import org.eventstreaming.update.SyncOutcome;
import org.eventstreaming.update.UpdateLogEntry;

/** Writes what a page makes of its documents where they belong. */
interface Writing {
  /** The outcome of every entry, by its name. */
  Map<String, SyncOutcome> write(List<DocumentPlan> plans);

  /** Whether the document was already as this entry says. */
  boolean changedNothing(UpdateLogEntry entry);

  /** Whether all of it was written. */
  boolean isWritten(DocumentPlan one);
}
