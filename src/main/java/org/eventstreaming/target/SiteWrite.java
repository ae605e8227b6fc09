package org.eventstreaming.target;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.IdentityKey;
import org.jspecify.annotations.Nullable;

/**
 * What one document of a producer is to become on its target site.
 *
 * @param before where it stands; null where it is new to this producer
 * @param after where it is to stand; null where it is deleted. Of one that is created only the type
 *     counts: the site names it
 * @param adopts whether it is there already under {@code after}, where it is new
 * @param stands its state there, in the producer's words, with the site's own {@code modified};
 *     null where it is not known
 * @param document the state that it is to have; null where it is deleted, and where the document
 *     under {@code after} stands for it and is left alone
 * @param name to ask for where it is created; null leaves it to the site
 * @param whole whether {@code document} is the producer's whole document; else a change of what
 *     stands
 * @param mapped whether a mapping made it: fields that it does not have are not meant
 * @param lastCreation creation of the last entry in it
 * @param remoteModified {@code modified} of the whole state that it is; null where it is none
 * @param left whether it does not meet the condition of its type any more
 * @param cut whether {@code document} is held back without a part of it, which follows
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

  /** The same where the site made the document by itself. */
  SiteWrite takingOver(DocumentKey local) {
    return with(local, true, document);
  }

  /** The same where a document there stands for it and is left alone. */
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

  /** What came and went in between was never there. */
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
