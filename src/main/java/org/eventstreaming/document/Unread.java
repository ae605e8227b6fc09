package org.eventstreaming.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The fields that a read of whole documents does not show, because the key may not see them: by
 * DocType, child tables included. Of such a field the read says nothing, whether it is absent, 0 or
 * empty text in the answer.
 */
public record Unread(Map<String, Set<String>> fields) {
  /** Every field is shown. */
  public static final Unread NONE = new Unread(Map.of());

  public Unread {
    Map<String, Set<String>> copy = new HashMap<>();
    fields.forEach(
        (doctype, some) -> {
          if (!some.isEmpty()) {
            copy.put(doctype, Set.copyOf(some));
          }
        });
    fields = Map.copyOf(copy);
  }

  public boolean isEmpty() {
    return fields.isEmpty();
  }

  /** Those of one DocType. */
  public Set<String> of(String doctype) {
    return fields.getOrDefault(doctype, Set.of());
  }

  /**
   * For a person, such as {@code grade, salary; rate in the rows of Hour}.
   *
   * @param doctype the type of the documents that were read
   */
  public String text(String doctype) {
    List<String> parts = new ArrayList<>();
    if (!of(doctype).isEmpty()) {
      parts.add(String.join(", ", new TreeSet<>(of(doctype))));
    }
    new TreeMap<>(fields)
        .forEach(
            (rowType, some) -> {
              if (!rowType.equals(doctype)) {
                parts.add(String.join(", ", new TreeSet<>(some)) + " in the rows of " + rowType);
              }
            });
    return String.join("; ", parts);
  }

  /** What one of the two does not show. */
  public Unread and(Unread other) {
    if (isEmpty() || other.isEmpty()) {
      return isEmpty() ? other : this;
    }
    Map<String, Set<String>> both = new HashMap<>();
    fields.forEach((doctype, some) -> both.put(doctype, new HashSet<>(some)));
    other.fields.forEach(
        (doctype, some) -> both.computeIfAbsent(doctype, one -> new HashSet<>()).addAll(some));
    return new Unread(both);
  }

  /**
   * Makes a document that was read, in normal form, say of the fields that were not shown what is
   * known of them already.
   *
   * @param known the document as it is known; null where it is new: then it does not have them
   */
  public ObjectNode keep(ObjectNode read, @Nullable ObjectNode known) {
    if (isEmpty()) {
      return read;
    }
    String doctype = read.path("doctype").asText();
    for (Map.Entry<String, JsonNode> field : read.properties()) {
      if (field.getValue().isArray() && !of(doctype).contains(field.getKey())) {
        rows(field.getValue(), known == null ? null : known.get(field.getKey()));
      }
    }
    keep(doctype, read, known);
    return read;
  }

  private void rows(JsonNode read, @Nullable JsonNode known) {
    Map<String, ObjectNode> byName = new HashMap<>();
    if (known != null) {
      ChildRows.of(known).forEach(row -> byName.put(row.path("name").asText(), row));
    }
    for (ObjectNode row : ChildRows.of(read)) {
      keep(row.path("doctype").asText(), row, byName.get(row.path("name").asText()));
    }
  }

  private void keep(String doctype, ObjectNode read, @Nullable ObjectNode known) {
    for (String field : of(doctype)) {
      JsonNode value = known == null ? null : known.get(field);
      if (value == null) {
        read.remove(field);
      } else {
        read.set(field, value);
      }
    }
  }
}
