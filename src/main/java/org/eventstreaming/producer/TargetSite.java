package org.eventstreaming.producer;

import java.util.Set;

/**
 * A Frappe site that documents are written to over REST: one file in {@code sites/}.
 *
 * @param name of its file, without the ending: what {@code target} of an Event Producer says
 * @param convertsTimes whether a Datetime is converted from the time zone of the site it came from
 *     to that of this one; else it is written as it came
 * @param users what becomes of links to users
 * @param rules what the site needs to keep values that are written to it
 * @param asIs types whose disabled documents are enabled while others are written that link to them
 */
public record TargetSite(
    String name,
    SiteAccess access,
    boolean convertsTimes,
    LinkedUsers users,
    TargetRules rules,
    Set<String> asIs) {
  public TargetSite {
    asIs = Set.copyOf(asIs);
  }

  /** A site where what is disabled stays so. */
  public TargetSite(
      String name, SiteAccess access, boolean convertsTimes, LinkedUsers users, TargetRules rules) {
    this(name, access, convertsTimes, users, rules, Set.of());
  }

  /**
   * A site to which links to users go as they are, with the rules that the program brings along.
   */
  public TargetSite(String name, SiteAccess access, boolean convertsTimes) {
    this(name, access, convertsTimes, LinkedUsers.AS_THEY_ARE, TargetRules.shipped());
  }

  public String url() {
    return access.url();
  }
}
