package org.eventstreaming.bench;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.eventstreaming.settings.HttpSettings;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.stream.TestStream;

/**
 * What one round of a work gave, in entries a second.
 *
 * @param bound of the faster way
 */
record Round(Work work, double stream, double bound, BoundWay way) {

  /** Does the work once, and its rows once more by the bound. */
  static Round measure(Work work, int all, int number) {
    int entries = work.entries(all);
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll().plainSelection()) {
      work.furnish(site, entries);
      try (TestStream stream =
          TestStream.following(site, work.read, work.row())
              .mappings(Work.mappings())
              .page(work.page)
              .reads(HttpSettings.DEFAULT.attempts())
              .start()) {
        work.prepare(site, stream, entries, number);
        Bound bound = Bound.before(stream.database());
        long synced = synced(stream);
        long start = System.nanoTime();
        stream.pull();
        double rate = entries / ((System.nanoTime() - start) / 1e9);
        if (synced(stream) - synced != entries) {
          throw new IllegalStateException(
              "%s: %d entries are Synced, not %d"
                  .formatted(work.text, synced(stream) - synced, entries));
        }
        int pages = (entries + work.page - 1) / work.page;
        Map<BoundWay, Double> written = bound.pages(pages, number % 2 == 0);
        BoundWay way =
            rate(written, BoundWay.COPY) > rate(written, BoundWay.UNNEST)
                ? BoundWay.COPY
                : BoundWay.UNNEST;
        return new Round(work, rate, rate(written, way) * entries / pages, way);
      }
    }
  }

  double ratio() {
    return stream / bound;
  }

  /** The line of a round. Another build reads it too: {@link CompareBuilds}. */
  String line(double plain) {
    return String.format(
        Locale.ROOT,
        "%-38s %,12.0f %,12.0f %8.2f %10.2f   %s",
        work.text,
        stream,
        bound,
        ratio(),
        stream / plain,
        way);
  }

  private static double rate(Map<BoundWay, Double> written, BoundWay way) {
    return Objects.requireNonNull(written.get(way));
  }

  private static long synced(TestStream stream) {
    return stream.database().count("event_sync_log where status = 'Synced'");
  }
}
