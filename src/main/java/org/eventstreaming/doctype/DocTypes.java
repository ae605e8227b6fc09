package org.eventstreaming.doctype;

import java.util.Optional;

/** The definitions that are known here. */
@FunctionalInterface
public interface DocTypes {
  /** Empty while the definition is unknown: nothing may then depend on it. */
  Optional<DocType> find(String name);

  /** Knows nothing. */
  DocTypes NONE = name -> Optional.empty();
}
