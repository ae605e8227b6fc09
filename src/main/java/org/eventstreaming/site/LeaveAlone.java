package org.eventstreaming.site;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes no call to a site that asked to be left alone, or whose limit is nearly used up, until the
 * time that it named: whoever calls it, for a poll, a reconciliation, a retry or a single document.
 */
public final class LeaveAlone implements SiteCalls {
  /** A site that names a longer time is asked again all the same. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private final SiteCalls calls;
  private final Clock clock;
  private final Map<String, Pause> pauses = new ConcurrentHashMap<>();

  public LeaveAlone(SiteCalls calls, Clock clock) {
    this.calls = calls;
    this.clock = clock;
  }

  @Override
  public SiteAnswer send(SiteCall call) throws IOException {
    Pause pause = pauses.get(call.url());
    if (pause != null) {
      Duration left = Duration.between(clock.instant(), pause.until());
      if (left.compareTo(Duration.ZERO) > 0) {
        throw new Paused(pause.why(), left);
      }
      pauses.remove(call.url(), pause);
    }
    SiteAnswer answer = calls.send(call);
    if (!answer.retryAfter().isZero()) {
      pause(call, answer.retryAfter(), "it requested a pause");
    } else if (answer.rateLimit().isLow()) {
      pause(
          call,
          answer.rateLimit().reset(),
          "only %d %% of its rate limit is left, which is kept for its users"
              .formatted(answer.rateLimit().percentLeft()));
    }
    return answer;
  }

  private void pause(SiteCall call, Duration asked, String why) {
    Duration pause = asked.compareTo(LONGEST) < 0 ? asked : LONGEST;
    // of calls that were answered at the same time the longest pause counts
    pauses.merge(
        call.url(),
        new Pause(clock.instant().plus(pause), why),
        (one, other) -> one.until().isAfter(other.until()) ? one : other);
  }

  private record Pause(Instant until, String why) {}

  /** The call was not made. */
  static final class Paused extends IOException {
    private static final long serialVersionUID = 1L;

    private final Duration left;

    Paused(String why, Duration left) {
      super(why);
      this.left = left;
    }

    Duration left() {
      return left;
    }
  }
}
