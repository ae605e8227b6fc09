package org.eventstreaming.bench;

import java.util.Collection;

/**
 * The median of some measurements, with the interval that contains it at 95 % by order statistics;
 * of fewer than six with the least and the greatest.
 */
record Spread(double median, double low, double high) {
  private static final int LEAST = 6;

  static Spread of(Collection<Double> measured) {
    double[] sorted = measured.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int n = sorted.length;
    if (n == 0) {
      throw new IllegalArgumentException("nothing was measured");
    }
    double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    int cut = n < LEAST ? 1 : Math.max(1, (int) ((n - 1.96 * Math.sqrt(n)) / 2));
    return new Spread(median, sorted[cut - 1], sorted[n - cut]);
  }
}
