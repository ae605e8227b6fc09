package org.eventstreaming.target;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;

/**
 * The fields that a requested state has a value for.
 *
 * @param fields those that its producer defines; empty where only the fields in the document count
 */
record Said(Set<String> fields, boolean whole) {
  static Said of(DocTypes known, String doctype, boolean whole, boolean mapped) {
    Set<String> fields =
        mapped
            ? Set.of()
            : known.find(doctype).map(DocType::fields).orElse(List.of()).stream()
                .map(DocField::fieldname)
                .collect(Collectors.toSet());
    return new Said(fields, whole);
  }

  Predicate<DocField> about(JsonNode desired) {
    return field -> !whole || desired.has(field.fieldname()) || fields.contains(field.fieldname());
  }
}
