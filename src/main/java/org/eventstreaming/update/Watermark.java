package org.eventstreaming.update;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a list of what changed on a producer was looked through: by {@code modified}.
 *
 * @param doctype whose documents or rows are listed
 * @param parent the document type that the rows belong to; empty for documents
 * @param modified the producer's own text: everything up to it was looked at
 * @param movedAt when it came to stand there; null while nothing was looked at
 * @param settled whether the list was looked at once more after the overlap: nothing that is older
 *     can still become visible
 */
public record Watermark(
    String doctype, String parent, String modified, @Nullable Instant movedAt, boolean settled) {

  public Watermark movedTo(String reached, Instant now) {
    return new Watermark(doctype, parent, reached, now, false);
  }

  public Watermark settle() {
    return new Watermark(doctype, parent, modified, movedAt, true);
  }
}
