package org.eventstreaming.site;

import java.time.Duration;

/**
 * What a site says of the work that it still does in its present window, for everybody together
 * (protocol: frappe-wire 2.6).
 *
 * @param limit the work of a window, in microseconds; 0 where the site has no limit
 * @param remaining what is left of it
 * @param reset how long until the next window
 */
public record RateLimit(long limit, long remaining, Duration reset) {
  /** Past the limit a site refuses everybody, its own people too. */
  private static final int PERCENT_FOR_PEOPLE = 20;

  public static final RateLimit NONE = new RateLimit(0, 0, Duration.ZERO);

  public boolean isSet() {
    return limit > 0;
  }

  /** Whether what is left is for the site's own people. */
  public boolean isLow() {
    return isSet() && percentLeft() < PERCENT_FOR_PEOPLE;
  }

  /** What is left, in hundredths of the limit. */
  public long percentLeft() {
    return limit == 0 ? 100 : Math.max(0, remaining) * 100 / limit;
  }
}
