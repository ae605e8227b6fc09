package org.eventstreaming.store;

import java.time.Instant;
import org.eventstreaming.doctype.DocType;

/**
 * A definition and how it came here.
 *
 * @param source the producer that gave it, or {@link DocTypeStore#FILE}
 * @param readAt when it was last read there
 */
public record LearntDocType(DocType definition, String source, Instant readAt) {}
