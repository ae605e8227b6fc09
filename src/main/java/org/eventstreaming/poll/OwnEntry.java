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
 * Makes entries of our own: entries for changes that a producer's log does not contain.
 *
 * <p>The name of such an entry is a digest of the document, its stored version and the reason. So
 * the same change has the same entry after a crash, and another change has another.
 */
final class OwnEntry {
  private static final int NAME_DIGITS = 24;

  private OwnEntry() {}

  /** The document has to be read whole. */
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

  /**
   * The document has another name now.
   *
   * @param now the document under its present name
   * @param formerly its name before
   */
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
            // another document may have had the same name and the same number of versions
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
