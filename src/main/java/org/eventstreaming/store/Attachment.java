package org.eventstreaming.store;

import org.eventstreaming.update.AttachedFile;
import org.eventstreaming.update.DocumentKey;
import org.jspecify.annotations.Nullable;

/**
 * A file of a producer and what is known of its copy.
 *
 * @param file as it is on the producer
 * @param local the document that it belongs to where the producer's documents are written to; null
 *     where that is gone
 * @param attempts how often it could not be copied since it last changed
 * @param sha256 of the content that was copied last; null where none was
 * @param targetFile what the target site calls its copy; null where there is none
 * @param begun whether it was being sent to the target site, and what came of that is not known
 */
public record Attachment(
    String producerUrl,
    AttachedFile file,
    @Nullable DocumentKey local,
    int attempts,
    @Nullable String sha256,
    @Nullable String targetFile,
    boolean begun) {}
