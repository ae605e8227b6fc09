package org.eventstreaming.poll;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.eventstreaming.store.Held;
import org.eventstreaming.update.Cause;
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
  private static final int NAME_BYTES = 12;

  private OwnEntry() {}

  /** The document is to be read whole. */
  static UpdateLogEntry update(
      DocumentKey document, @Nullable Held held, String because, String moment) {
    String type = UpdateType.UPDATE.text();
    return entry(document, held, type, because, null, moment);
  }

  /** The document is gone. */
  static UpdateLogEntry delete(
      DocumentKey document, @Nullable Held held, String because, String moment) {
    String type = UpdateType.DELETE.text();
    return entry(document, held, type, because, null, moment);
  }

  /** The document that had this name has another now. */
  static UpdateLogEntry rename(
      DocumentKey now, @Nullable Held held, String formerly, String because, String moment) {
    return entry(now, held, RenamedUpdate.TYPE, because, formerly, moment);
  }

  private static UpdateLogEntry entry(
      DocumentKey document,
      @Nullable Held held,
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
            because);
    return new UpdateLogEntry(
        "own-" + hash(what),
        type,
        document.doctype(),
        document.name(),
        data,
        moment,
        Cause.RECONCILE);
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, NAME_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
