package org.eventstreaming.poll;

import org.eventstreaming.store.StoredVersion;
import org.eventstreaming.update.Cause;
import org.eventstreaming.update.Digest;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.RenamedUpdate;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdateType;
import org.jspecify.annotations.Nullable;

/**
 * Makes entries of our own. Their names come from what they replace and from what the producer
 * showed: the same after a crash, never the same twice.
 */
final class OwnEntry {
  private static final int NAME_DIGITS = 24;

  private OwnEntry() {}

  /** The document is to be read whole. */
  static UpdateLogEntry update(
      DocumentKey document, @Nullable StoredVersion held, String because, String moment) {
    String type = UpdateType.UPDATE.text();
    return entry(document, held, type, because, null, moment);
  }

  /** The document is gone. */
  static UpdateLogEntry delete(
      DocumentKey document, @Nullable StoredVersion held, String because, String moment) {
    String type = UpdateType.DELETE.text();
    return entry(document, held, type, because, null, moment);
  }

  /** The document that had this name has another now. */
  static UpdateLogEntry rename(
      DocumentKey now,
      @Nullable StoredVersion held,
      String formerly,
      String because,
      String moment) {
    return entry(now, held, RenamedUpdate.TYPE, because, formerly, moment);
  }

  private static UpdateLogEntry entry(
      DocumentKey document,
      @Nullable StoredVersion held,
      String type,
      String because,
      @Nullable String data,
      String moment) {
    String what =
        String.join(
            "\n",
            type,
            document.doctype(),
            document.name(),
            Long.toString(held == null ? 0 : held.version()),
            // another document may have had the name, and as many versions
            String.valueOf(held == null ? null : held.creation()),
            because);
    return new UpdateLogEntry(
        "own-" + Digest.of(what).substring(0, NAME_DIGITS),
        type,
        document.doctype(),
        document.name(),
        data,
        moment,
        Cause.RECONCILE);
  }
}
