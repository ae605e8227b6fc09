package org.eventstreaming.store;

import java.time.Instant;
import java.util.Map;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.IdentityKey;
import org.jspecify.annotations.Nullable;

/**
 * Which document of a target site is which of a producer.
 *
 * @param local its type and name on the target site
 * @param version grows with each write
 * @param lastCreation creation of the last entry in it; null where that is not known
 * @param remoteModified {@code modified} on the producer of the last whole state written; null once
 *     a diff came on top
 * @param remoteCreation when the producer's document was made; null where it does not say, like its
 *     owner
 * @param owned false where a document that was there before stands for the producer's: it is not
 *     written
 * @param left whether it does not meet the condition of its type any more
 * @param rowNames what the target site calls the child rows, by their names on the producer
 * @param logged false where the page that wrote it is not in the Event Sync Log
 * @param rewritten what the target site made of values when they were written: by the name of the
 *     field, or table/row/field with the producer's name of the row
 */
public record SiteLink(
    IdentityKey identity,
    DocumentKey local,
    long version,
    @Nullable Instant lastCreation,
    @Nullable Instant remoteModified,
    @Nullable Instant remoteCreation,
    @Nullable String remoteOwner,
    boolean owned,
    boolean left,
    boolean logged,
    Map<String, String> rowNames,
    Map<String, Rewritten> rewritten) {
  public SiteLink {
    rowNames = Map.copyOf(rowNames);
    rewritten = Map.copyOf(rewritten);
  }

  /** The same where the target site calls the document and its rows so. */
  public SiteLink called(DocumentKey name, Map<String, String> names) {
    return new SiteLink(
        identity,
        name,
        version,
        lastCreation,
        remoteModified,
        remoteCreation,
        remoteOwner,
        owned,
        left,
        logged,
        names,
        rewritten);
  }
}
