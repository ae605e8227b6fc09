package org.eventstreaming.site;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.SiteAccess;

/** Gives a site that is followed or written to, and remembers of each how slow it is. */
public final class FrappeSites {
  private final SiteCalls calls;
  private final Clock clock;
  private final RepeatReads repeat;
  private final Map<String, Pace> paces = new ConcurrentHashMap<>();

  public FrappeSites(SiteCalls calls, Clock clock, RepeatReads repeat) {
    this.calls = calls;
    this.clock = clock;
    this.repeat = repeat;
  }

  public FrappeSite of(EventProducer producer) {
    return of(producer.access());
  }

  public FrappeSite of(SiteAccess access) {
    return new FrappeSite(
        calls, access, paces.computeIfAbsent(access.url(), url -> new Pace(clock)), repeat);
  }
}
