package org.eventstreaming.command;

import java.time.Clock;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.eventstreaming.camel.HttpSiteCalls;
import org.eventstreaming.settings.HttpSettings;
import org.eventstreaming.site.FrappeSites;

/** Lets one command call sites, with no route and no database about. */
final class SiteConnections implements AutoCloseable {
  private final CamelContext context = new DefaultCamelContext();
  private final HttpSiteCalls calls;

  SiteConnections(HttpSettings settings) {
    context.start();
    calls = new HttpSiteCalls(context, settings);
  }

  FrappeSites sites() {
    return new FrappeSites(calls, Clock.systemUTC());
  }

  @Override
  public void close() {
    calls.close();
    context.stop();
  }
}
