package org.eventstreaming.site;

import org.eventstreaming.producer.Secret;

/** What opens a site to a call. */
public sealed interface Authorization {
  /** Nothing: the call is made as nobody. */
  Authorization NOBODY = new Nobody();

  /** What the route call-site of the project adds. */
  Authorization BY_ROUTE = new ByRoute();

  /**
   * The key of the site's file.
   *
   * @param header the value of the header Authorization
   */
  record Key(Secret header) implements Authorization {}

  /** The call is made as nobody. */
  record Nobody() implements Authorization {}

  /** The file of the site says {@code authentication: route}. */
  record ByRoute() implements Authorization {}
}
