package org.eventstreaming.site;

import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.SiteAccess;

/** Gives the site behind an Event Producer, or one that is written to. */
public final class FrappeSites {
  private final SiteCalls calls;

  public FrappeSites(SiteCalls calls) {
    this.calls = calls;
  }

  public FrappeSite of(EventProducer producer) {
    return of(producer.access());
  }

  public FrappeSite of(SiteAccess access) {
    return new FrappeSite(calls, access);
  }
}
