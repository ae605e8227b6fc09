package org.eventstreaming.doctype;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One field of a DocType, in Frappe's words.
 *
 * @param options what the type needs to know: the DocType of a Link or Table, the values of a
 *     Select, the field that holds the DocType of a Dynamic Link
 */
public record DocField(String fieldname, String fieldtype, @Nullable String options) {
  private static final Set<String> NUMBERS =
      Set.of("Check", "Int", "Long Int", "Float", "Currency", "Percent", "Rating", "Duration");
  private static final Set<String> TABLES = Set.of("Table", "Table MultiSelect");

  /** Frappe stores 0, never null, in such a field (protocol: frappe-wire 3). */
  public boolean isNumber() {
    return NUMBERS.contains(fieldtype);
  }

  /** Whether the field holds child rows; {@link #options} is then their DocType. */
  public boolean isTable() {
    return TABLES.contains(fieldtype);
  }
}
