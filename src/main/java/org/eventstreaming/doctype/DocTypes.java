package org.eventstreaming.doctype;

import java.util.Map;
import java.util.Optional;

/** The definitions that are known here. */
@FunctionalInterface
public interface DocTypes {
  /** Empty while the definition is unknown: nothing may then depend on it. */
  Optional<DocType> find(String name);

  /** Whether it is known to be a Single: one document, and no table that could be listed. */
  default boolean isSingle(String name) {
    return find(name).map(DocType::issingle).orElse(false);
  }

  /** Knows these, by name. */
  static DocTypes of(Map<String, DocType> byName) {
    var known = Map.copyOf(byName);
    return name -> Optional.ofNullable(known.get(name));
  }

  /** Knows nothing. */
  DocTypes NONE = name -> Optional.empty();
}
