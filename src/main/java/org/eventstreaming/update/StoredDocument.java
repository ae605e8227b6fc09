package org.eventstreaming.update;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A producer's document as it is held here.
 *
 * @param document its present state; nobody changes it in place
 * @param lastCreation creation of the last entry applied to it; null where that is not known
 * @param remoteModified {@code modified} of the last whole read; null once a diff came on top
 * @param revision of the row that was read: it changes whenever somebody changes the row. Zero for
 *     a document of a target site
 */
public record StoredDocument(
    DocumentKey local,
    ObjectNode document,
    @Nullable Instant lastCreation,
    @Nullable Instant remoteModified,
    long revision) {}
