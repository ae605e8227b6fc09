package org.eventstreaming.target;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.producer.TargetRules;

/**
 * The fields that a requested state has a value for, without those that the site sets unless the
 * state says otherwise.
 *
 * @param fields those that its producer defines; empty where only the fields in the document count
 */
record Said(Set<String> fields, boolean whole, TargetRules.Rule rule) {
  private static final Set<String> OFF = Set.of("0", "false");

  static Said of(DocTypes known, TargetRules rules, String doctype, boolean whole, boolean mapped) {
    Set<String> fields =
        mapped
            ? Set.of()
            : known.find(doctype).map(DocType::fields).orElse(List.of()).stream()
                .map(DocField::fieldname)
                .collect(Collectors.toSet());
    return new Said(fields, whole, rules.of(doctype));
  }

  Predicate<DocField> about(JsonNode desired) {
    return field ->
        !isLeft(field, desired)
            && (!whole || desired.has(field.fieldname()) || fields.contains(field.fieldname()));
  }

  /** Whether the site sets the field of this document or row. */
  boolean isLeft(DocField field, JsonNode desired) {
    String unless = rule.setUnless().get(field.fieldname());
    return unless != null && isOff(desired.path(unless));
  }

  private static boolean isOff(JsonNode value) {
    return SiteValues.isEmpty(value) || OFF.contains(value.asText());
  }
}
