package org.eventstreaming.settings;

import java.time.Duration;

/**
 * How routes of the project for documents are called.
 *
 * @param parallel how many documents of a page are in such routes at once
 * @param timeout how long a route may take for one document before that fails
 */
public record DocumentRouteSettings(int parallel, Duration timeout) {
  public static final DocumentRouteSettings DEFAULT =
      new DocumentRouteSettings(4, Duration.ofSeconds(30));

  public DocumentRouteSettings {
    if (parallel < 1 || parallel > 64) {
      throw new IllegalArgumentException(
          "eventstreaming.document-routes.parallel must be 1 to 64, was " + parallel);
    }
    LengthOfTime.positive("eventstreaming.document-routes.timeout", timeout);
  }
}
