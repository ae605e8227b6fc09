package org.eventstreaming.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.Lookup;
import org.jspecify.annotations.Nullable;

/**
 * Finds where a document names others: in its Link and Dynamic Link fields and in those of its
 * child rows, Table and Table MultiSelect alike. Without a definition there is nothing to find.
 * Safe for many threads.
 */
public final class FindLinks {
  private final DocTypes doctypes;
  private final Map<String, Fields> known = new ConcurrentHashMap<>();

  public FindLinks(DocTypes doctypes) {
    this.doctypes = doctypes;
  }

  /**
   * What stands before the field of a child row where fields are given by name.
   *
   * @param row its name; empty stands for all rows of the table
   */
  public static String inRow(String table, String row) {
    return row.isEmpty() ? table + "." : table + "/" + row + ".";
  }

  /**
   * The links of a whole document.
   *
   * @param ours fields, or such behind {@link #inRow}, that name what is here and not on the
   *     producer
   */
  public List<Link> in(String doctype, ObjectNode document, Set<String> ours) {
    Fields fields = fields(doctype);
    if (fields == null) {
      return List.of();
    }
    List<Link> links = new ArrayList<>();
    fields.collect("", "", document, document, ours, links);
    for (DocField table : fields.tables) {
      collectRows(table, document.path(table.fieldname()), null, ours, links);
    }
    return toDocuments(links);
  }

  /**
   * Whether documents of a type are rows of others: a link to one names a place in a document, not
   * a document that could come along.
   */
  public boolean areRows(String doctype) {
    return doctypes.find(doctype).filter(DocType::istable).isPresent();
  }

  private List<Link> toDocuments(List<Link> links) {
    links.removeIf(link -> areRows(link.target().doctype()));
    return links;
  }

  /**
   * The links that a diff sets.
   *
   * @param current the document that it will change, which knows the type of a Dynamic Link where
   *     the diff does not say; null where that is not known
   * @param ours as for a whole document
   */
  public List<Link> inDiff(
      String doctype, ObjectNode diff, @Nullable ObjectNode current, Set<String> ours) {
    Fields fields = fields(doctype);
    if (fields == null) {
      return List.of();
    }
    List<Link> links = new ArrayList<>();
    if (diff.path("changed") instanceof ObjectNode changed) {
      fields.collect("", "", changed, current, ours, links);
    }
    for (DocField table : fields.tables) {
      collectRows(table, diff.path("added").path(table.fieldname()), null, ours, links);
      collectRows(
          table,
          diff.path("row_changed").path(table.fieldname()),
          current == null ? null : current.path(table.fieldname()),
          ours,
          links);
    }
    return toDocuments(links);
  }

  /** Whether the document or its rows have links whose type another field names. */
  public boolean hasDynamicLinks(String doctype) {
    Fields fields = fields(doctype);
    return fields != null
        && (!fields.dynamicLinks.isEmpty()
            || fields.tables.stream()
                .map(table -> fields(String.valueOf(table.options())))
                .anyMatch(rows -> rows != null && !rows.dynamicLinks.isEmpty()));
  }

  /**
   * Whether a diff gives a Dynamic Link another type and leaves its name as it was: of which
   * document of that type it is then the name, only the whole document says.
   */
  public boolean leavesOpen(String doctype, ObjectNode diff) {
    Fields fields = fields(doctype);
    if (fields == null) {
      return false;
    }
    return fields.leavesOpen(diff.path("changed"))
        || fields.tables.stream().anyMatch(table -> leavesOpen(table, diff.path("row_changed")));
  }

  private boolean leavesOpen(DocField table, JsonNode changed) {
    Fields fields = fields(String.valueOf(table.options()));
    if (fields != null) {
      for (JsonNode row : changed.path(table.fieldname())) {
        if (fields.leavesOpen(row)) {
          return true;
        }
      }
    }
    return false;
  }

  private void collectRows(
      DocField table,
      JsonNode rows,
      @Nullable JsonNode current,
      Set<String> ours,
      List<Link> links) {
    Fields fields = fields(String.valueOf(table.options()));
    if (fields == null || !fields.any()) {
      return;
    }
    for (JsonNode row : rows) {
      if (row instanceof ObjectNode object) {
        fields.collect(
            inRow(table.fieldname(), ""),
            ours.isEmpty() ? "" : inRow(table.fieldname(), object.path("name").asText("")),
            object,
            current == null ? object : rowOf(current, object),
            ours,
            links);
      }
    }
  }

  private static @Nullable ObjectNode rowOf(JsonNode rows, ObjectNode changed) {
    String name = changed.path("name").asText("");
    for (JsonNode row : rows) {
      if (row instanceof ObjectNode object && object.path("name").asText("").equals(name)) {
        return object;
      }
    }
    return null;
  }

  private @Nullable Fields fields(String doctype) {
    DocType definition = doctypes.find(doctype).orElse(null);
    if (definition == null) {
      return null;
    }
    Fields fields = known.get(doctype);
    if (fields == null || !fields.areOf(definition)) {
      fields = new Fields(definition);
      known.put(doctype, fields);
    }
    return fields;
  }

  /** The part of a definition that matters here, looked through once and not for every document. */
  private static final class Fields {
    private final DocType definition;
    private final List<DocField> links;
    private final List<DocField> dynamicLinks;
    private final List<DocField> tables;

    Fields(DocType definition) {
      this.definition = definition;
      this.links = stored(definition.links());
      this.dynamicLinks = stored(definition.dynamicLinks());
      this.tables = definition.tables();
    }

    private static List<DocField> stored(List<DocField> fields) {
      return fields.stream()
          .filter(field -> !field.isVirtual() && field.options() != null)
          .toList();
    }

    /** The very same definition: to compare its fields would cost more than to use them. */
    @SuppressWarnings("ReferenceEquality")
    boolean areOf(DocType other) {
      return definition == other;
    }

    boolean any() {
      return !links.isEmpty() || !dynamicLinks.isEmpty();
    }

    boolean leavesOpen(JsonNode changed) {
      return dynamicLinks.stream()
          .anyMatch(
              field ->
                  changed.has(Objects.requireNonNull(field.options()))
                      && !changed.has(field.fieldname()));
    }

    void collect(
        String table,
        String row,
        ObjectNode holder,
        @Nullable ObjectNode current,
        Set<String> ours,
        List<Link> found) {
      for (DocField field : links) {
        if (!isOurs(field, table, row, ours)) {
          collect(holder, field, Objects.requireNonNull(field.options()), found);
        }
      }
      for (DocField field : dynamicLinks) {
        String typeField = Objects.requireNonNull(field.options());
        JsonNode type = holder.path(typeField);
        if (type.isMissingNode() && current != null) {
          type = current.path(typeField);
        }
        if (type.isTextual() && !type.textValue().isBlank() && !isOurs(field, table, row, ours)) {
          collect(holder, field, type.textValue(), found);
        }
      }
    }

    private static boolean isOurs(DocField field, String table, String row, Set<String> ours) {
      return !ours.isEmpty()
          && (ours.contains(table + field.fieldname()) || ours.contains(row + field.fieldname()));
    }

    private void collect(ObjectNode holder, DocField field, String doctype, List<Link> found) {
      JsonNode value = holder.path(field.fieldname());
      // a site may number its documents: their names are JSON integers then
      if (value.isTextual()
          ? !value.textValue().isBlank() && !Lookup.isOpen(value.textValue())
          : value.isIntegralNumber()) {
        found.add(
            new Link(
                definition.name(),
                holder,
                field.fieldname(),
                new DocumentKey(doctype, value.asText())));
      }
    }
  }
}
