package org.eventstreaming.target;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.eventstreaming.doctype.DocType;

/**
 * The Check field that disables documents of a type.
 *
 * @param off what it holds in a disabled document
 */
record Switch(String fieldname, int off) {
  private static final Switch DISABLED = new Switch("disabled", 1);
  private static final Switch ENABLED = new Switch("enabled", 0);

  /** Empty where documents of the type cannot be disabled. */
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
