package org.eventstreaming.site;

import java.time.Clock;

/** For tests that see each failure of a site. */
public final class ReadOnce {
  public static final RepeatReads ONCE = new RepeatReads(1, Clock.systemUTC(), time -> {});

  private ReadOnce() {}
}
