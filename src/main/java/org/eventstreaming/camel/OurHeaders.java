package org.eventstreaming.camel;

import java.util.Locale;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpHeaderFilterStrategy;

/**
 * Lets in no header and no parameter of a client but those named here: others could steer routes
 * and components.
 */
public final class OurHeaders extends HttpHeaderFilterStrategy {
  private static final Set<String> ALLOWED = Set.of("authorization", "content-type");

  @Override
  public boolean applyFilterToExternalHeaders(
      String headerName, Object headerValue, Exchange exchange) {
    return !ALLOWED.contains(headerName.toLowerCase(Locale.ROOT))
        || super.applyFilterToExternalHeaders(headerName, headerValue, exchange);
  }
}
