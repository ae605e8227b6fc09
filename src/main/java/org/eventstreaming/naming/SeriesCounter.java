package org.eventstreaming.naming;

/** Counts the documents of each series, as Frappe does in its table Series. */
@FunctionalInterface
public interface SeriesCounter {
  /**
   * The first of the next {@code count} numbers of the series, 1 for a new one; they are all the
   * caller's. No number is given twice; some may be missing where their transaction was rolled
   * back. Joins the open transaction, so that others who ask for the same series wait until it
   * ends.
   */
  long next(String series, int count);
}
