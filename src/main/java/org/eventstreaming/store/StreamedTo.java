package org.eventstreaming.store;

import org.jspecify.annotations.Nullable;

/**
 * Where documents of a producer went.
 *
 * @param site null where they are kept here
 */
public record StreamedTo(@Nullable String site, long documents) {}
