package org.eventstreaming.doctype;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The definition of a document type, as far as streaming needs it (protocol: frappe-wire 7.3).
 *
 * @param istable whether its documents are the rows of a child table
 * @param issingle whether there is one document of it, with the name of the type
 * @param isVirtual whether its documents are computed by the site and stored nowhere
 * @param mayBeRenamed whether a site renames its documents where it is asked to; true where that is
 *     not known
 * @param readers the roles that may read its documents, by permission level; empty where the
 *     definition was not read from a site just now
 * @param autoname Frappe's naming rule, such as {@code naming_series:} or {@code field:item_code};
 *     null where the definition has none
 */
public record DocType(
    String name,
    boolean istable,
    boolean issingle,
    boolean isVirtual,
    boolean mayBeRenamed,
    @Nullable String autoname,
    List<DocField> fields,
    Map<Integer, Set<String>> readers) {
  public DocType {
    fields = List.copyOf(fields);
    readers = Map.copyOf(readers);
  }

  /** A definition of which it is not known who may read what. */
  public DocType(
      String name,
      boolean istable,
      boolean issingle,
      boolean isVirtual,
      @Nullable String autoname,
      List<DocField> fields) {
    this(name, istable, issingle, isVirtual, true, autoname, fields, Map.of());
  }

  /** A type that is neither single nor virtual, as nearly all are. */
  public DocType(String name, boolean istable, @Nullable String autoname, List<DocField> fields) {
    this(name, istable, false, false, autoname, fields);
  }

  /** The field of this name; empty where it has none. */
  public Optional<DocField> field(String fieldname) {
    return fields.stream().filter(field -> field.fieldname().equals(fieldname)).findFirst();
  }

  /** The fields that hold the name of a document of one certain type. */
  public List<DocField> links() {
    return only(DocField::isLink);
  }

  /** The fields that hold the name of a document whose type stands in another field. */
  public List<DocField> dynamicLinks() {
    return only(DocField::isDynamicLink);
  }

  /** The fields that hold child rows: Table and Table MultiSelect. */
  public List<DocField> tables() {
    return only(DocField::isTable);
  }

  /** Whether its documents are the nodes of a tree, with their places in it. */
  public boolean isTree() {
    return field("lft").isPresent() && field("rgt").isPresent();
  }

  /** The same definition with these fields instead. */
  public DocType withFields(List<DocField> others) {
    return new DocType(name, istable, issingle, isVirtual, mayBeRenamed, autoname, others, readers);
  }

  private List<DocField> only(Predicate<DocField> wanted) {
    return fields.stream().filter(wanted).toList();
  }
}
