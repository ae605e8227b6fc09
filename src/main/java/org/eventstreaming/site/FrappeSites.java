package org.eventstreaming.site;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eventstreaming.producer.EventProducer;

/** Gives the site behind an Event Producer, and remembers of each how slow it is. */
public final class FrappeSites {
  private final SiteCalls calls;
  private final Clock clock;
  private final Map<String, Pace> paces = new ConcurrentHashMap<>();

  public FrappeSites(SiteCalls calls, Clock clock) {
    this.calls = calls;
    this.clock = clock;
  }

  public FrappeSite of(EventProducer producer) {
    return new FrappeSite(
        calls, producer, paces.computeIfAbsent(producer.producerUrl(), url -> new Pace(clock)));
  }
}
