package org.eventstreaming.command;

import java.time.Clock;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.eventstreaming.camel.HttpSiteCalls;
import org.eventstreaming.settings.HttpSettings;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.RepeatReads;

/** Lets one command call sites, with no route and no database about. */
final class SiteConnections implements AutoCloseable {
  private final CamelContext context = new DefaultCamelContext();
  private final HttpSiteCalls calls;
  private final int attempts;

  SiteConnections(HttpSettings settings) {
    attempts = settings.attempts();
    context.start();
    calls = new HttpSiteCalls(context, settings);
  }

  FrappeSites sites() {
    Clock clock = Clock.systemUTC();
    return new FrappeSites(
        calls, clock, new RepeatReads(attempts, clock, RepeatReads.Waiting::real));
  }

  @Override
  public void close() {
    calls.close();
    context.stop();
  }
}
