package org.eventstreaming.producer;

import java.net.URI;

/**
 * Where a Frappe site is and what opens it: what a producer and a site that is written to have in
 * common.
 *
 * @param url http or https, no slash at the end; the identity of the site, byte for byte
 * @param user whose key it is
 */
public record SiteAccess(String url, String user, Secret apiKey, Secret apiSecret) {
  /** Host and port as they appear in the address: for names that must tell sites apart. */
  public String host() {
    return URI.create(url).getAuthority();
  }
}
