package org.eventstreaming.doctype;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The definition of a document type, as far as streaming needs it (protocol: frappe-wire 7.3).
 *
 * @param autoname Frappe's naming rule, such as {@code naming_series:} or {@code field:item_code};
 *     null where the definition has none
 */
public record DocType(
    String name, boolean istable, @Nullable String autoname, List<DocField> fields) {
  public DocType {
    fields = List.copyOf(fields);
  }
}
