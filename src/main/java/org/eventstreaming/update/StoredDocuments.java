package org.eventstreaming.update;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a read of documents here found, by the documents' keys on their producer. A document in
 * neither map is not here.
 *
 * @param found the copies that were read
 * @param refused why a copy may not be read: a lasting refusal, in the target site's words. The
 *     copy may be there all the same
 */
public record StoredDocuments(
    Map<DocumentKey, StoredDocument> found, Map<DocumentKey, String> refused) {
  public static final StoredDocuments NONE = new StoredDocuments(Map.of());

  public StoredDocuments {
    found = Map.copyOf(found);
    refused = Map.copyOf(refused);
  }

  /** All that was asked for could be read. */
  public StoredDocuments(Map<DocumentKey, StoredDocument> found) {
    this(found, Map.of());
  }

  /** Null where the document is not here, or its copy was refused. */
  public @Nullable StoredDocument get(DocumentKey remote) {
    return found.get(remote);
  }

  public Optional<String> refusal(DocumentKey remote) {
    return Optional.ofNullable(refused.get(remote));
  }
}
