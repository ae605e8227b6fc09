package org.eventstreaming.producer;

import java.time.Duration;

/**
 * How often a producer is looked at beside its update log, which does not tell everything.
 *
 * @param changes how often its documents are listed by {@code modified}; zero never
 * @param rows how often the rows of their child tables are: sites have no index for that; zero
 *     never
 */
public record Reconcile(Duration changes, Duration rows) {
  /** The log alone. */
  public static final Reconcile OFF = new Reconcile(Duration.ZERO, Duration.ZERO);

  public static final Reconcile DEFAULT =
      new Reconcile(Duration.ofSeconds(60), Duration.ofMinutes(10));

  public boolean isOn() {
    return !changes.isZero();
  }
}
