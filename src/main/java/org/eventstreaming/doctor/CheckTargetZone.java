package org.eventstreaming.doctor;

import java.time.ZoneId;
import java.util.List;

/** Compares the time zones of both sites. */
final class CheckTargetZone implements SiteCheck {
  @Override
  public String name() {
    return "time zone";
  }

  @Override
  public List<Finding> check(BothSites sites) {
    boolean isSet = sites.to().timeZone().isPresent();
    ZoneId to = sites.to().zone();
    ZoneId from = sites.from().zone();
    if (!isSet) {
      return List.of(
          Finding.warning(
              name(),
              "None is set there: the site works in %s, which is Frappe's default. The producer works in %s."
                  .formatted(to, from),
              "Set the time zone in its System Settings, before anything is written."));
    }
    if (to.equals(from)) {
      return List.of(Finding.ok(name(), "Both sites work in " + to + "."));
    }
    String both = "The site works in %s, the producer in %s".formatted(to, from);
    return List.of(
        sites.target().convertsTimes()
            ? Finding.ok(name(), both + ": Datetimes are converted.")
            : Finding.warning(
                name(),
                both + ": Datetimes are written unchanged (convert_times: 0).",
                "Remove convert_times from the site file to have the same moments on both sites."));
  }
}
