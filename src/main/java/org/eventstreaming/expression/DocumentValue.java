package org.eventstreaming.expression;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code doc}: reads a field when it is asked for, and once. */
final class DocumentValue implements Value.Mapping {
  /** What every Frappe document has, whatever its definition lists. */
  private static final Set<String> STANDARD_FIELDS =
      Set.of(
          "doctype",
          "name",
          "owner",
          "creation",
          "modified",
          "modified_by",
          "docstatus",
          "idx",
          "parent",
          "parentfield",
          "parenttype");

  private final Scope scope;
  private final Evaluation run;
  private final Map<String, Value> seen = new HashMap<>();
  private @Nullable Map<Value, Value> entries;

  DocumentValue(Scope scope, Evaluation run) {
    this.scope = scope;
    this.run = run;
  }

  /** {@code doc.fieldname}: None where the field is empty. */
  Value field(String fieldname) {
    Value value = find(fieldname);
    if (value != null) {
      return value;
    }
    if (scope.known() == null
        || STANDARD_FIELDS.contains(fieldname)
        || scope.known().test(fieldname)) {
      return None.NONE;
    }
    throw new Refused(
        "the document type has no field '%s'; doc.get('%s') gives None where a field may be missing"
            .formatted(fieldname, fieldname));
  }

  @Override
  public @Nullable Value find(Value key) {
    return key instanceof Text name ? find(name.value()) : null;
  }

  private @Nullable Value find(String fieldname) {
    Value known = seen.get(fieldname);
    if (known != null) {
      return known;
    }
    JsonNode node = scope.doc().get(fieldname);
    if (node == null) {
      return null;
    }
    Value value = JsonValues.read(node, run);
    seen.put(fieldname, value);
    return value;
  }

  @Override
  public Map<Value, Value> entries() {
    if (entries == null) {
      Map<Value, Value> all = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> field : scope.doc().properties()) {
        Value value = find(field.getKey());
        all.put(new Text(field.getKey()), value == null ? None.NONE : value);
      }
      entries = all;
    }
    return entries;
  }

  @Override
  public boolean truthy() {
    return !scope.doc().isEmpty();
  }

  @Override
  public long weight() {
    return new Dict(entries()).weight();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Value.Mapping mapping && entries().equals(mapping.entries());
  }

  @Override
  public int hashCode() {
    return entries().hashCode();
  }
}
