package org.eventstreaming.site;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Function;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.update.Watermark;
import org.jspecify.annotations.Nullable;

/**
 * Goes through lists of a site by (modified, name), page by page, each from where it was looked
 * through before; with what lies an overlap behind that once more, since changes become visible
 * late (protocol: frappe-wire 7.6).
 */
public final class WalkList {
  private final FrappeSite site;
  private final Duration overlap;
  private final ZoneId zone;
  private final Clock clock;

  /**
   * @param overlap how long a change may take to become visible
   * @param zone the site's
   */
  public WalkList(FrappeSite site, Duration overlap, ZoneId zone, Clock clock) {
    this.site = site;
    this.overlap = overlap;
    this.zone = zone;
    this.clock = clock;
  }

  /**
   * All that changed since, and once more what was late. Texts of times are compared, so that all
   * have to be in Frappe's form.
   *
   * @param most how many to ask a quick site for at once
   * @param modified when one of them changed
   */
  public <T> void from(
      Watermark from, int most, Listing<T> listing, Function<T, String> modified, Taker<T> taker) {
    Instant began = clock.instant();
    Watermark reached = from.movedAt() == null ? from.movedTo(from.modified(), began) : from;
    String since =
        from.settled() || from.movedAt() == null
            ? from.modified()
            : FrappeTime.before(from.modified(), overlap, zone);
    boolean later = from.settled();
    int skip = 0;
    while (true) {
      int limit = site.rowsACall(most);
      List<T> listed = listing.list(since, later, skip, limit);
      boolean goesOn = true;
      if (!listed.isEmpty()) {
        String last = modified.apply(listed.get(listed.size() - 1));
        if (last.compareTo(reached.modified()) > 0) {
          reached = reached.movedTo(last, began);
        }
        goesOn = taker.take(listed, reached.equals(from) ? null : reached);
        if (last.compareTo(since) > 0) {
          since = last;
          later = false;
          skip = (int) listed.stream().map(modified).filter(last::equals).count();
        } else {
          skip += listed.size();
        }
      }
      if (listed.size() < limit) {
        break;
      }
      if (!goesOn) {
        return;
      }
    }
    if (reached.movedAt() != null
        && reached.equals(from)
        && !from.settled()
        && !began.isBefore(reached.movedAt().plus(overlap))) {
      taker.take(List.of(), reached.settle());
    } else if (from.movedAt() == null && reached.modified().equals(from.modified())) {
      taker.take(List.of(), reached);
    }
  }

  /** A list of the site from a place on. */
  @FunctionalInterface
  public interface Listing<T> {
    /**
     * A page of it.
     *
     * @param later whether what changed at {@code since} itself is left out
     */
    List<T> list(String since, boolean later, int skip, int limit);
  }

  /** Takes what is found. */
  @FunctionalInterface
  public interface Taker<T> {
    /**
     * Deals with a page.
     *
     * @param listed empty where only the place moves
     * @param move where the list stands once these are dealt with; null where it does not move
     * @return whether to go on
     */
    boolean take(List<T> listed, @Nullable Watermark move);
  }
}
