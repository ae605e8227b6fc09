package org.eventstreaming.doctype;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One field of a DocType, in Frappe's words.
 *
 * @param options what the type needs to know: the DocType of a Link or Table, the values of a
 *     Select, the field that holds the DocType of a Dynamic Link
 * @param isVirtual computed by the site whenever it is asked for, stored nowhere
 * @param allowOnSubmit whether it may still be changed in a submitted document
 * @param reqd whether a document without it is refused
 */
public record DocField(
    String fieldname,
    String fieldtype,
    @Nullable String options,
    boolean isVirtual,
    boolean allowOnSubmit,
    boolean reqd) {
  private static final Set<String> NUMBERS =
      Set.of("Check", "Int", "Long Int", "Float", "Currency", "Percent", "Rating", "Duration");
  private static final Set<String> TABLES = Set.of("Table", "Table MultiSelect");
  private static final Set<String> LAYOUT =
      Set.of(
          "Section Break",
          "Column Break",
          "Tab Break",
          "HTML",
          "Button",
          "Image",
          "Fold",
          "Heading");

  /** A field that is stored. */
  public DocField(String fieldname, String fieldtype, @Nullable String options) {
    this(fieldname, fieldtype, options, false);
  }

  /** One that may be left out, and stays as it is once its document is submitted. */
  public DocField(String fieldname, String fieldtype, @Nullable String options, boolean isVirtual) {
    this(fieldname, fieldtype, options, isVirtual, false, false);
  }

  /** Frappe stores 0, never null, in such a field (protocol: frappe-wire 3). */
  public boolean isNumber() {
    return NUMBERS.contains(fieldtype) && !isVirtual;
  }

  /** Whether the field holds child rows; {@link #options} is then their DocType. */
  public boolean isTable() {
    return TABLES.contains(fieldtype);
  }

  /** Whether the field holds the name of a document; {@link #options} is then its DocType. */
  public boolean isLink() {
    return fieldtype.equals("Link");
  }

  /**
   * Whether the field holds the name of a document whose DocType stands in another field; {@link
   * #options} is then the name of that field.
   */
  public boolean isDynamicLink() {
    return fieldtype.equals("Dynamic Link");
  }

  /** Whether documents have a value of their own under this name: one value, no child rows. */
  public boolean isStoredValue() {
    return !isVirtual && !isTable() && !LAYOUT.contains(fieldtype);
  }
}
