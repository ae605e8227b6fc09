package org.eventstreaming.site;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
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
   * The first page, which can be asked for before its turn.
   *
   * @param from where the list was looked through before
   * @param most how many to ask a quick site for at once
   */
  public <T> First<T> first(Watermark from, int most, Listing<T> listing) {
    Instant began = clock.instant();
    boolean ahead = isToCome(from, began);
    String since =
        !ahead && (from.settled() || from.movedAt() == null)
            ? from.modified()
            : FrappeTime.before(ahead ? text(began) : from.modified(), overlap, zone);
    int limit = site.rowsACall(most);
    return new First<>(
        from,
        began,
        since,
        limit,
        List.copyOf(listing.list(since, from.settled() && !ahead, 0, limit)),
        false);
  }

  /** The whole list, its first page asked for now. */
  public <T> void from(
      Watermark from, int most, Listing<T> listing, Function<T, String> modified, Taker<T> taker) {
    from(first(from, most, listing), most, listing, modified, taker);
  }

  /**
   * All that changed since, and once more what was late. Texts of times are compared, so that all
   * have to be in Frappe's form.
   *
   * @param modified when one of them changed
   */
  public <T> void from(
      First<T> first, int most, Listing<T> listing, Function<T, String> modified, Taker<T> taker) {
    Watermark from = first.from();
    Instant began = first.began();
    String now = text(began);
    boolean ahead = isToCome(from, began);
    Watermark reached =
        ahead
            ? from.movedTo(now, began)
            : from.movedAt() == null ? from.movedTo(from.modified(), began) : from;
    boolean isReported = false;
    String since = first.since();
    boolean later = from.settled() && !ahead;
    int skip = 0;
    int limit = first.limit();
    List<T> listed = first.listed();
    // what is of its last moment may have become less since: then no place can be found by counting
    boolean counts = !first.isEarly();
    while (true) {
      boolean goesOn = true;
      if (!listed.isEmpty()) {
        String last = modified.apply(listed.get(listed.size() - 1));
        // what bears a time to come, as after a clock was put back, hides nothing that changes now
        String seen =
            listed.stream()
                .map(modified)
                .filter(moment -> moment.compareTo(now) <= 0)
                .reduce((earlier, moment) -> moment)
                .orElse("");
        if (seen.compareTo(reached.modified()) > 0) {
          reached = reached.movedTo(seen, began);
        }
        goesOn = taker.take(listed, reached.equals(from) ? null : reached);
        isReported |= !reached.equals(from);
        boolean moved = last.compareTo(since) > 0;
        if (moved) {
          since = last;
          later = false;
          skip = 0;
        }
        if (counts) {
          skip +=
              moved
                  ? (int) listed.stream().map(modified).filter(last::equals).count()
                  : listed.size();
        }
        counts = true;
      }
      if (listed.size() < limit) {
        break;
      }
      if (!goesOn) {
        return;
      }
      limit = site.rowsACall(most);
      listed = listing.list(since, later, skip, limit);
    }
    if (reached.movedAt() != null
        && reached.equals(from)
        && !from.settled()
        && !began.isBefore(reached.movedAt().plus(overlap))
        && !isToComeAgain(reached.modified(), began)) {
      taker.take(List.of(), reached.settle());
    } else if (!isReported && !reached.equals(from)) {
      taker.take(List.of(), reached);
    }
  }

  /** Where our clock, or the site's, was put back since: what changes now lies before it. */
  private boolean isToCome(Watermark from, Instant now) {
    return from.movedAt() != null && from.modified().compareTo(text(now)) > 0;
  }

  private String text(Instant moment) {
    return FrappeTime.format(LocalDateTime.ofInstant(moment, zone));
  }

  /** In an hour that happens twice: its second pass bears times that lie before this one too. */
  private boolean isToComeAgain(String modified, Instant now) {
    return FrappeTime.latest(modified, zone)
        .filter(latest -> now.isBefore(latest.plus(overlap)))
        .isPresent();
  }

  /**
   * The first page of a list.
   *
   * @param from where it was looked through before
   * @param began when it was asked for
   * @param since the earliest that it holds
   * @param limit how many were asked for: where it holds less it is the last too
   * @param isEarly whether it was asked for before its turn
   */
  public record First<T>(
      Watermark from, Instant began, String since, int limit, List<T> listed, boolean isEarly) {
    /** The same, not to be worked off at once. */
    public First<T> early() {
      return new First<>(from, began, since, limit, listed, true);
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
