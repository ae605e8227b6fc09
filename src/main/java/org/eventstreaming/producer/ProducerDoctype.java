package org.eventstreaming.producer;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One document type that is followed: a row of Event Producer Document Type.
 *
 * @param refDoctype the document type here
 * @param remoteDoctype the document type on the producer: another one where a mapping leads there
 * @param mapping the Document Type Mapping that turns one into the other; null where there is none
 * @param useSameName whether documents keep the producer's names here
 * @param condition Frappe's condition text, an expression or {@code cmd: dotted.name}; null follows
 *     every document
 * @param leaves what to do with a document here that does not meet the condition any more
 * @param unsubscribe whether the type stays in the file but is not followed for now
 * @param nameTaken what to do when a new document's name is taken here
 * @param dependencies which of the documents that a document links to are brought along
 * @param loadSince from when on documents are fetched that changed before following began, in
 *     Frappe's form; null fetches none
 * @param attachmentsLimit how large a file that is attached to its documents may be to be copied
 *     too, in bytes; 0 copies none
 * @param adds fields that a route of the project adds to its documents, before a mapping sees them
 */
public record ProducerDoctype(
    String refDoctype,
    String remoteDoctype,
    @Nullable String mapping,
    boolean useSameName,
    @Nullable String condition,
    Leaves leaves,
    boolean unsubscribe,
    NameTaken nameTaken,
    Dependencies dependencies,
    @Nullable String loadSince,
    long attachmentsLimit,
    Set<String> adds) {
  public ProducerDoctype {
    adds = Set.copyOf(adds);
  }

  private static final String COMMAND = "cmd:";

  /** Whether files that are attached to its documents are copied too. */
  public boolean copiesAttachments() {
    return attachmentsLimit > 0 && !unsubscribe;
  }

  /** The dotted name in a {@code cmd:} condition; empty for an expression, and for none. */
  public Optional<String> command() {
    return Optional.ofNullable(condition)
        .map(String::strip)
        .filter(text -> text.startsWith(COMMAND))
        .map(text -> text.substring(COMMAND.length()).strip());
  }

  /** A document that a mapping seeks: it is named by the rule of its type here. */
  public static ProducerDoctype sought(String refDoctype, String remoteDoctype, String mapping) {
    return new ProducerDoctype(
        refDoctype,
        remoteDoctype,
        mapping,
        false,
        null,
        Leaves.KEEP,
        false,
        NameTaken.FAIL,
        Dependencies.ALL,
        null,
        0,
        Set.of());
  }

  /** All documents of a type as they are, and none of those that they link to. */
  public static ProducerDoctype sameName(String refDoctype) {
    return new ProducerDoctype(
        refDoctype,
        refDoctype,
        null,
        true,
        null,
        Leaves.KEEP,
        false,
        NameTaken.FAIL,
        Dependencies.NONE,
        null,
        0,
        Set.of());
  }
}
