package org.eventstreaming.mapping;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How documents of one type on the producer become documents of a type here (protocol:
 * frappe-semantics 2). Of a Delete it gives the type here; nothing else of it changes.
 */
public final class DocumentTypeMapping {
  /** What every document has, whatever its type: carried over unless a row gives it. */
  static final List<String> STANDARD =
      List.of("name", "owner", "creation", "modified", "modified_by", "docstatus", "idx");

  /** What a document or row says of its place: made anew here. */
  static final Set<String> PLACE = Set.of("doctype", "parent", "parentfield", "parenttype");

  private final String mappingName;
  private final String localDoctype;
  private final String remoteDoctype;
  private final UnmappedFields unmappedFields;
  private final @Nullable Computation before;
  private final @Nullable Computation after;
  private final List<FieldMapping> rows;
  private final Origin origin;
  private final Set<String> given = new HashSet<>();
  private final Set<String> taken = new HashSet<>();

  DocumentTypeMapping(
      String mappingName,
      String localDoctype,
      String remoteDoctype,
      UnmappedFields unmappedFields,
      @Nullable Computation before,
      @Nullable Computation after,
      List<FieldMapping> rows,
      Origin origin) {
    this.mappingName = mappingName;
    this.localDoctype = localDoctype;
    this.remoteDoctype = remoteDoctype;
    this.unmappedFields = unmappedFields;
    this.before = before;
    this.after = after;
    this.rows = List.copyOf(rows);
    this.origin = origin;
    for (FieldMapping row : rows) {
      given.add(row.localFieldname());
      String remote = row.source().remoteFieldname();
      if (remote != null) {
        taken.add(remote);
      }
    }
  }

  public String mappingName() {
    return mappingName;
  }

  public String localDoctype() {
    return localDoctype;
  }

  public String remoteDoctype() {
    return remoteDoctype;
  }

  /** Where the mapping begins in the files. */
  public Origin origin() {
    return origin;
  }

  /** Whether what it makes of a document may depend on documents that are here. */
  boolean readsDocuments() {
    return rows.stream().anyMatch(FieldMapping::readsDocuments)
        || (before != null && before.readsDocuments())
        || (after != null && after.readsDocuments());
  }

  /** Null where there is none. */
  @Nullable Computation before() {
    return before;
  }

  /** Null where there is none. */
  @Nullable Computation after() {
    return after;
  }

  List<FieldMapping> rows() {
    return rows;
  }

  UnmappedFields unmappedFields() {
    return unmappedFields;
  }

  /** Whether a field of the producer may stay under its own name: no row has to do with it. */
  boolean leaves(String fieldname) {
    return !given.contains(fieldname)
        && !PLACE.contains(fieldname)
        && !fieldname.startsWith("__")
        && (STANDARD.contains(fieldname) || !taken.contains(fieldname));
  }

  @Override
  public String toString() {
    return mappingName + " (" + origin + ")";
  }
}
