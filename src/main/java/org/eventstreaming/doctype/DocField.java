package org.eventstreaming.doctype;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One field of a DocType, in Frappe's words.
 *
 * @param options what the type needs to know: the DocType of a Link or Table, the values of a
 *     Select, the field that holds the DocType of a Dynamic Link
 * @param traits what else is said of it
 * @param permlevel the permission level that a user needs to see it; 0, the level of most fields,
 *     has everybody who may read the document
 * @param precision how many digits behind the point a number is shown with, and from Frappe 15 on
 *     stored with; null where the definition does not say
 */
public record DocField(
    String fieldname,
    String fieldtype,
    @Nullable String options,
    Set<Trait> traits,
    int permlevel,
    @Nullable Integer precision) {
  private static final Set<String> NUMBERS =
      Set.of("Check", "Int", "Long Int", "Float", "Currency", "Percent", "Rating", "Duration");
  private static final Set<String> NEVER_EMPTY =
      Set.of("Check", "Int", "Float", "Currency", "Percent");
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

  public DocField {
    traits = Set.copyOf(traits);
  }

  /** A field of a permission level, with the precision that all have. */
  public DocField(
      String fieldname,
      String fieldtype,
      @Nullable String options,
      Set<Trait> traits,
      int permlevel) {
    this(fieldname, fieldtype, options, traits, permlevel, null);
  }

  /** A field that everybody sees who may read the document. */
  public DocField(String fieldname, String fieldtype, @Nullable String options, Set<Trait> traits) {
    this(fieldname, fieldtype, options, traits, 0, null);
  }

  /** A field that is stored, may be left out, and stays as it is in a submitted document. */
  public DocField(String fieldname, String fieldtype, @Nullable String options) {
    this(fieldname, fieldtype, options, Set.of());
  }

  /** Computed by the site whenever it is asked for, stored nowhere. */
  public boolean isVirtual() {
    return traits.contains(Trait.IS_VIRTUAL);
  }

  public boolean is(Trait trait) {
    return traits.contains(trait);
  }

  /** Whether the field holds a number. */
  public boolean isNumber() {
    return NUMBERS.contains(fieldtype) && !isVirtual();
  }

  /**
   * Whether the field holds a number and is never empty: Frappe stores 0 then. A Long Int, a
   * Duration and a Rating may be empty.
   */
  public boolean isNeverEmpty() {
    return NEVER_EMPTY.contains(fieldtype) && !isVirtual();
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
    return !isVirtual() && !isTable() && !LAYOUT.contains(fieldtype);
  }

  /** What a definition says of a field by a key that is on or off; the default by being there. */
  public enum Trait {
    IS_VIRTUAL("is_virtual"),
    /** It may still be changed in a submitted document. */
    ALLOW_ON_SUBMIT("allow_on_submit"),
    /** A document without it is refused. */
    REQD("reqd"),
    /** It may not be changed once its document is there. */
    SET_ONLY_ONCE("set_only_once"),
    /** The site fills it where a new document does not have it. */
    DEFAULT("default");

    private final String key;

    Trait(String key) {
      this.key = key;
    }

    public String key() {
      return key;
    }

    /** The trait that a key of a definition mentions. */
    public static Optional<Trait> of(String key) {
      return Stream.of(values()).filter(trait -> trait.key.equals(key)).findFirst();
    }
  }
}
