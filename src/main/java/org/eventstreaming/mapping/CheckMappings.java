package org.eventstreaming.mapping;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.files.Nearest;
import org.eventstreaming.mapping.OneMapping.Reference;

/** Checks what the mappings of all files say of each other. */
final class CheckMappings {
  private final List<OneMapping> mappings;
  private final Map<String, OneMapping> byName = new LinkedHashMap<>();

  CheckMappings(List<OneMapping> mappings) {
    this.mappings = mappings;
  }

  void check() {
    mappings.forEach(mapping -> mapping.name().ifPresent(name -> take(name, mapping)));
    for (OneMapping mapping : mappings) {
      mapping.references().forEach(reference -> check(mapping, reference));
    }
    Set<String> left = new HashSet<>();
    byName.forEach(
        (name, mapping) -> {
          if (!left.contains(name)) {
            findCycles(name, mapping, new ArrayList<>(), left);
          }
        });
  }

  private void take(String name, OneMapping mapping) {
    OneMapping first = byName.putIfAbsent(name, mapping);
    if (first != null) {
      mapping.refuseName(
          "this mapping_name is in %s already: a name appears once in all files"
              .formatted(first.nameOrigin()));
    }
  }

  private void check(OneMapping mapping, Reference reference) {
    OneMapping other = byName.get(reference.mapping());
    if (other == null) {
      mapping.refuse(
          reference.at(),
          "there is no mapping '%s': ".formatted(reference.mapping())
              + Nearest.to(reference.mapping(), byName.keySet())
                  .map(near -> "did you mean '" + near + "'?")
                  .orElse("there are " + String.join(", ", byName.keySet())));
      return;
    }
    if (reference.isTable()) {
      other.references().stream()
          .filter(Reference::isTable)
          .findFirst()
          .ifPresent(
              inner ->
                  mapping.refuse(
                      reference.at(),
                      "the rows of a child table have no child tables, '%s' maps one (%s)"
                          .formatted(reference.mapping(), other.origin(inner.at()))));
    }
    wanted(reference)
        .filter(wanted -> other.localDoctype().filter(wanted::equals).isEmpty())
        .ifPresent(
            wanted ->
                mapping.refuse(
                    reference.at(),
                    "documents of the type %s are needed here, '%s' makes %s"
                        .formatted(
                            wanted, reference.mapping(), other.localDoctype().orElse("none"))));
  }

  /** What the definition says the field points to; empty where it does not say. */
  private static Optional<String> wanted(Reference reference) {
    DocField field = reference.field();
    return field != null && (field.isTable() || field.fieldtype().equals("Link"))
        ? Optional.ofNullable(field.options())
        : Optional.empty();
  }

  /** Goes down from a mapping; what was left behind once leads to no further cycle. */
  private void findCycles(String name, OneMapping mapping, List<String> path, Set<String> left) {
    path.add(name);
    for (Reference reference : mapping.references()) {
      String next = reference.mapping();
      OneMapping other = byName.get(next);
      int begin = path.indexOf(next);
      if (begin >= 0) {
        List<String> cycle = new ArrayList<>(path.subList(begin, path.size()));
        cycle.add(next);
        mapping.refuse(
            reference.at(),
            "these mappings need each other in a cycle: " + String.join(" → ", cycle));
      } else if (other != null && !left.contains(next)) {
        findCycles(next, other, path, left);
      }
    }
    path.remove(path.size() - 1);
    left.add(name);
  }
}
