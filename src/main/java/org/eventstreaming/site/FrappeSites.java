package org.eventstreaming.site;

import org.eventstreaming.producer.EventProducer;

/** Gives the site behind an Event Producer. */
public final class FrappeSites {
  private final SiteCalls calls;

  public FrappeSites(SiteCalls calls) {
    this.calls = calls;
  }

  public FrappeSite of(EventProducer producer) {
    return new FrappeSite(calls, producer);
  }
}
