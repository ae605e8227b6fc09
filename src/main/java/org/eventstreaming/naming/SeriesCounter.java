package org.eventstreaming.naming;

/** Counts the documents of each series, as Frappe does in its table Series. */
@FunctionalInterface
public interface SeriesCounter {
  /**
   * The next number of the series, 1 for a new one. No number is given twice; one may be missing
   * where its transaction was rolled back. Joins the open transaction, so that others who ask for
   * the same series wait until it ends.
   */
  long next(String prefix);
}
