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
 * @param asked all that were looked for here, found or not
 */
public record ResolvedDependencies(
    Map<IdentityKey, DocumentKey> here,
    Map<IdentityKey, Dependency> brought,
    Map<IdentityKey, Unresolved> unresolvedByTarget,
    Map<Lookup, IdentityKey> found,
    Map<IdentityKey, IdentityKey> spelled,
    Set<IdentityKey> asked) {
  public static final ResolvedDependencies NONE =
      new ResolvedDependencies(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Set.of());

  public ResolvedDependencies {
    here = Map.copyOf(here);
    brought = Collections.unmodifiableMap(new LinkedHashMap<>(brought));
    unresolvedByTarget = Map.copyOf(unresolvedByTarget);
    found = Map.copyOf(found);
    spelled = Map.copyOf(spelled);
    asked = Set.copyOf(asked);
  }

  /** The same, but that of those which were fetched only these come along. */
  public ResolvedDependencies bringingOnly(Set<IdentityKey> some) {
    Map<IdentityKey, Dependency> left = new LinkedHashMap<>(brought);
    left.keySet().retainAll(some);
    return new ResolvedDependencies(here, left, unresolvedByTarget, found, spelled, asked);
  }

  /** The document that a link means. */
  public IdentityKey meant(IdentityKey named) {
    return spelled.getOrDefault(named, named);
  }
}
