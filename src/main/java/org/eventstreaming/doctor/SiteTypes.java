package org.eventstreaming.doctor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.site.SiteFailure;

/** The document types of one site, each asked for once. */
final class SiteTypes {
  private final FrappeSite site;
  private final Map<String, Optional<SiteType>> known = new HashMap<>();
  private final Map<String, String> refusals = new HashMap<>();

  SiteTypes(FrappeSite site) {
    this.site = site;
  }

  /** Empty where the site has no such type, or refuses to say what it is. */
  Optional<SiteType> find(String name) {
    Optional<SiteType> found = known.get(name);
    if (found == null) {
      ask(name);
      found = known.computeIfAbsent(name, none -> Optional.empty());
    }
    return found;
  }

  /** A type that was not found, as a person reads it. */
  String absent(String name) {
    return refusals.containsKey(name) ? name + " (" + refusals.get(name) + ")" : name;
  }

  /** The types of the rows come along. */
  private void ask(String name) {
    try {
      for (ObjectNode reported : site.definitions(name)) {
        SiteType type = SiteType.of(reported);
        known.put(type.name(), Optional.of(type));
      }
    } catch (SiteFailure e) {
      if (e.passes()) {
        throw e;
      }
      if (e.kind() != SiteFailure.Kind.NOT_FOUND) {
        refusals.put(name, e.said());
      }
    }
  }
}
