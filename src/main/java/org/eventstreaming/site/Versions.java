package org.eventstreaming.site;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The apps that are installed on a site, and what follows from their versions (protocol:
 * frappe-wire 1).
 *
 * @param apps name and version, as the site reports them
 */
public record Versions(Map<String, String> apps) {
  /** The generations that this project was tried with; the first is the first with the feature. */
  private static final int OLDEST = 13;

  private static final int NEWEST = 16;

  /** The last that has Event Streaming in its framework. */
  private static final int LAST_WITH_CORE = 14;

  public Versions {
    apps = Map.copyOf(apps);
  }

  /** The generation of the framework; 0 where the site does not say. */
  public int frappe() {
    String major = apps.getOrDefault("frappe", "").split("\\.", 2)[0];
    return major.matches("\\d{1,3}") ? Integer.parseInt(major) : 0;
  }

  public boolean isKnown() {
    return frappe() >= OLDEST && frappe() <= NEWEST;
  }

  /** Where the methods of Event Streaming are; empty where the site has none. */
  public Optional<Prefix> prefix() {
    if (apps.containsKey("event_streaming")) {
      return Optional.of(Prefix.APP);
    }
    return frappe() >= OLDEST && frappe() <= LAST_WITH_CORE
        ? Optional.of(Prefix.CORE)
        : Optional.empty();
  }

  /** As a person reads them, in the order of their names. */
  @Override
  public String toString() {
    return new TreeMap<>(apps)
        .entrySet().stream()
            .map(app -> app.getKey() + " " + app.getValue())
            .collect(Collectors.joining(", "));
  }
}
