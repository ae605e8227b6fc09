package org.eventstreaming.producer;

/**
 * A Frappe site that documents are written to over REST: one file in {@code sites/}.
 *
 * @param name of its file, without the ending: what {@code target} of an Event Producer says
 * @param convertsTimes whether a Datetime is converted from the time zone of the site it came from
 *     to that of this one; else it is written as it came
 * @param users what becomes of links to users
 * @param rules what the site needs to keep values that are written to it
 */
public record TargetSite(
    String name, SiteAccess access, boolean convertsTimes, LinkedUsers users, TargetRules rules) {
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
