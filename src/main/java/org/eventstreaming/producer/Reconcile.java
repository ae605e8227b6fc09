package org.eventstreaming.producer;

import java.time.Duration;

/**
 * How often a producer is reconciled, since its update log does not contain everything.
 *
 * @param changes how often its documents are listed by {@code modified}; zero never
 * @param rows how often the rows of their child tables are: sites have no index for that; zero
 *     never
 * @param all how often all of its documents are compared with what is here; zero never
 */
public record Reconcile(Duration changes, Duration rows, Duration all) {
  /** The log alone. */
  public static final Reconcile OFF = new Reconcile(Duration.ZERO, Duration.ZERO, Duration.ZERO);

  public static final Reconcile DEFAULT =
      new Reconcile(Duration.ofSeconds(60), Duration.ofMinutes(10), Duration.ZERO);

  public boolean isOn() {
    return !changes.isZero();
  }
}
