package org.eventstreaming.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.eventstreaming.update.DocumentKey;
import org.jspecify.annotations.Nullable;

/**
 * What one document of a producer becomes here.
 *
 * @param before where it stood; null where it is new
 * @param revision of the row at {@code before} on which the new state is based; null where it is
 *     new, and where the row was written in the same transaction
 * @param adopts whether it takes over what stands at {@code after} where it is new
 * @param after where it stands now; null where it is deleted
 * @param document its new state, in normal form; null where it is deleted, and where another
 *     document here stands for it
 * @param lastCreation creation of the last entry in it
 * @param remoteModified {@code modified} of the whole state it is; null where a diff came on top
 * @param left whether it does not meet the condition of its type any more, and is not followed
 */
public record DocumentWrite(
    DocumentKey remote,
    @Nullable DocumentKey before,
    @Nullable Long revision,
    boolean adopts,
    @Nullable DocumentKey after,
    @Nullable ObjectNode document,
    @Nullable Instant lastCreation,
    @Nullable Instant remoteModified,
    boolean left) {}
