package org.eventstreaming.producer;

import org.jspecify.annotations.Nullable;

/**
 * One document type that is followed: a row of Event Producer Document Type.
 *
 * @param refDoctype the document type, here and on the producer
 * @param useSameName whether documents keep the producer's names here
 * @param condition Frappe's condition text; null follows every document
 * @param unsubscribe whether the type stays in the file but is not followed for now
 * @param nameTaken what to do when a new document's name is taken here
 */
public record ProducerDoctype(
    String refDoctype,
    boolean useSameName,
    @Nullable String condition,
    boolean unsubscribe,
    NameTaken nameTaken) {

  public static ProducerDoctype sameName(String refDoctype) {
    return new ProducerDoctype(refDoctype, true, null, false, NameTaken.FAIL);
  }
}
