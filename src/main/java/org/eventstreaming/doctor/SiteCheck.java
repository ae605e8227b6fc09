package org.eventstreaming.doctor;

import java.util.List;

/**
 * One question about writing to a target. What the site does not answer is thrown as a {@link
 * org.eventstreaming.site.SiteFailure}.
 */
interface SiteCheck {
  /** What is looked at, in a word or two. */
  String name();

  List<Finding> check(BothSites sites);
}
