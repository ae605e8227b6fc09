package org.eventstreaming.store;

import java.time.Instant;
import org.eventstreaming.update.DocumentKey;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a producer's document that is held here, without its content.
 *
 * @param version grows with each change here
 * @param remoteModified {@code modified} of the last whole read; null once a diff came on top
 * @param creation when it was made; null where it does not say, like its owner
 */
public record StoredVersion(
    DocumentKey local,
    long version,
    @Nullable Instant remoteModified,
    @Nullable Instant creation,
    @Nullable String owner) {}
