package org.eventstreaming.target;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.IdentityKey;
import org.jspecify.annotations.Nullable;

/**
 * The write of one document of a producer to its target site.
 *
 * @param before the document there; null where it is new to this producer
 * @param after the document there after the write; null where it is deleted. Of a document that is
 *     created only the type counts, since the site names it
 * @param adopts whether a new document is there already under {@code after}
 * @param stands its state there, as a document of the producer, with the site's own {@code
 *     modified}; null where it is not known
 * @param document the desired state; null where it is deleted, and where the document under {@code
 *     after} is linked to and not changed
 * @param name the name to request at its creation; null where the site chooses
 * @param whole whether {@code document} is the producer's whole document; else it is a change
 * @param mapped whether a mapping made it: a field that it does not have stays as it is there
 * @param lastCreation creation of the last entry in it
 * @param remoteModified {@code modified} of the whole document; null where it is no whole document
 * @param left whether the document no longer meets the condition of its type
 * @param cut whether a part of {@code document} is held back and follows later
 */
public record SiteWrite(
    IdentityKey identity,
    @Nullable DocumentKey before,
    @Nullable DocumentKey after,
    boolean adopts,
    @Nullable ObjectNode stands,
    @Nullable ObjectNode document,
    @Nullable String name,
    boolean whole,
    boolean mapped,
    @Nullable Instant lastCreation,
    @Nullable Instant remoteModified,
    boolean left,
    boolean cut) {
  SiteWrite withDocument(ObjectNode shaped) {
    return with(after, adopts, shaped);
  }

  /** The write where the site made the document by itself. */
  SiteWrite takingOver(DocumentKey local) {
    return with(local, true, document);
  }

  /** The write where a document there is linked to in its place and not changed. */
  SiteWrite standingFor(DocumentKey local) {
    return with(local, true, null);
  }

  private SiteWrite with(@Nullable DocumentKey place, boolean isThere, @Nullable ObjectNode state) {
    return new SiteWrite(
        identity,
        before,
        place,
        isThere,
        stands,
        state,
        name,
        whole,
        mapped,
        lastCreation,
        remoteModified,
        left,
        cut);
  }

  boolean isDeletion() {
    return after == null;
  }

  /** Whether the document was created and deleted within the page: then nothing is written. */
  boolean isNothing() {
    return before == null && after == null;
  }

  boolean isLinkOnly() {
    return after != null && document == null;
  }

  boolean isCreation() {
    return before == null && !adopts && document != null;
  }
}
