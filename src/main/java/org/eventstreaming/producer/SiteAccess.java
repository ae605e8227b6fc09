package org.eventstreaming.producer;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where a Frappe site is and what opens it: what a producer and a site that is written to have in
 * common.
 *
 * @param url http or https, no slash at the end; the identity of the site, byte for byte
 * @param user whose key it is
 * @param apiKey null where a route of the project authenticates the calls, like apiSecret
 */
public record SiteAccess(
    String url, String user, @Nullable Secret apiKey, @Nullable Secret apiSecret) {
  /** Host and port as they appear in the address: for names that must distinguish sites. */
  public String host() {
    return URI.create(url).getAuthority();
  }
}
