package org.eventstreaming.update;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eventstreaming.producer.ProducerDoctype;
import org.jspecify.annotations.Nullable;

/**
 * An entry that is followed and can be read.
 *
 * @param rule what the producer file says of its document type
 * @param content the document of a Create, the diff of an Update; null for a Delete. Whoever takes
 *     it may change it: it belongs to this update alone
 * @param details what its mapping says of it beside its fields
 */
public record AcceptedUpdate(
    UpdateLogEntry entry,
    UpdateType type,
    ProducerDoctype rule,
    @Nullable ObjectNode content,
    MappingDetails details)
    implements Update {
  /** In the producer's words. */
  public AcceptedUpdate(
      UpdateLogEntry entry, UpdateType type, ProducerDoctype rule, @Nullable ObjectNode content) {
    this(entry, type, rule, content, MappingDetails.NONE);
  }

  /** The same about the document that the producer calls so. */
  public AcceptedUpdate about(DocumentKey document) {
    return new AcceptedUpdate(entry.about(document), type, rule, content, details);
  }

  /** The same in our words. */
  public AcceptedUpdate with(ObjectNode mapped, MappingDetails rest) {
    return new AcceptedUpdate(entry, type, rule, mapped, rest);
  }

  @Override
  public boolean isDelete() {
    return type == UpdateType.DELETE;
  }
}
