package org.eventstreaming.update;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The documents that a page's documents link to, and theirs in turn.
 *
 * @param here those that are here, and what they are called here
 * @param brought those that were fetched to come along, in the order in which they were found
 * @param unresolvedByTarget those that cannot be fetched, each with the reason
 * @param found which documents they are that mapped ones seek by their values
 * @param spelled which documents they are that links name in another spelling
 */
public record Needs(
    Map<Counterpart, DocumentKey> here,
    Map<Counterpart, Dependency> brought,
    Map<Counterpart, Unresolved> unresolvedByTarget,
    Map<Sought, Counterpart> found,
    Map<Counterpart, Counterpart> spelled) {
  public static final Needs NONE = new Needs(Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

  public Needs {
    here = Map.copyOf(here);
    brought = Collections.unmodifiableMap(new LinkedHashMap<>(brought));
    unresolvedByTarget = Map.copyOf(unresolvedByTarget);
    found = Map.copyOf(found);
    spelled = Map.copyOf(spelled);
  }

  /** The same, but that of those which were fetched only these come along. */
  public Needs bringingOnly(Set<Counterpart> some) {
    Map<Counterpart, Dependency> left = new LinkedHashMap<>(brought);
    left.keySet().retainAll(some);
    return new Needs(here, left, unresolvedByTarget, found, spelled);
  }

  /** The document that a link means. */
  public Counterpart meant(Counterpart named) {
    return spelled.getOrDefault(named, named);
  }
}
