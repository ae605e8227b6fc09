package org.eventstreaming.update;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.eventstreaming.document.Unread;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.ProducerDoctype;
import org.jspecify.annotations.Nullable;

/**
 * A document that comes along because another needs it. It has no entry and no row in the Event
 * Sync Log; the row of the entry that needs it mentions it.
 *
 * @param rule how it is named here
 * @param own whether the type has a row in the producer file: else a document that has its name
 *     here already stands for it
 * @param which what comes along with it in turn
 * @param details what its mapping says of it beside its fields
 * @param unread the fields that the read of it says nothing of
 * @param modified when the producer says it was last changed; null where it does not say
 */
public record Dependency(
    IdentityKey identity,
    ProducerDoctype rule,
    boolean own,
    Dependencies which,
    ObjectNode document,
    MappingDetails details,
    Unread unread,
    @Nullable Instant modified) {}
