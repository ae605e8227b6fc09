package org.eventstreaming.target;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.eventstreaming.doctype.DocType;

/**
 * The Check field that disables documents of a type.
 *
 * @param off its value in a disabled document, 0 or 1
 */
record Switch(String fieldname, int off) {
  private static final Switch DISABLED = new Switch("disabled", 1);
  private static final Switch ENABLED = new Switch("enabled", 0);

  /** The field of a type; empty where its documents cannot be disabled. */
  static Optional<Switch> of(DocType definition) {
    return DISABLED.isOf(definition)
        ? Optional.of(DISABLED)
        : Optional.of(ENABLED).filter(one -> one.isOf(definition));
  }

  private boolean isOf(DocType definition) {
    return !definition.issingle()
        && !definition.istable()
        && definition
            .field(fieldname)
            .filter(field -> field.fieldtype().equals("Check") && !field.isVirtual())
            .isPresent();
  }

  boolean isOff(ObjectNode document) {
    return document.has(fieldname) && document.path(fieldname).asInt() == off;
  }
}
