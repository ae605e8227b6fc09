package org.eventstreaming.mapping;

import org.eventstreaming.update.MapWhole;

/** A document cannot be mapped as the files stand: the same document would fail again. */
public final class MappingFailed extends MapWhole.Failed {
  private static final long serialVersionUID = 1L;

  private MappingFailed(String message) {
    super(message);
  }

  static MappingFailed inRow(String mapping, FieldMapping row, String why) {
    return new MappingFailed(
        ("Document Type Mapping '%s' could not make %s (%s): %s. The document is not applied."
                + " Correct the row or the document on the producer, or set on_error in the row.")
            .formatted(mapping, row.localFieldname(), row.origin(), why));
  }

  static MappingFailed reshaping(DocumentTypeMapping mapping, String key, String why) {
    return new MappingFailed(
        ("Document Type Mapping '%s' could not reshape the document by %s (%s): %s. The document is"
                + " not applied. Correct the expression or the document on the producer.")
            .formatted(mapping.mappingName(), key, mapping.origin(), why));
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
