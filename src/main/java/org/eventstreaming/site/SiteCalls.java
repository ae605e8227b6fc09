package org.eventstreaming.site;

import java.io.IOException;

/**
 * Sends requests to sites. Keeps no cookies, follows no redirects, gives up after the configured
 * times. Any status is an answer; only a connection that fails is an exception.
 */
@FunctionalInterface
public interface SiteCalls {
  SiteAnswer send(SiteCall call) throws IOException;
}
