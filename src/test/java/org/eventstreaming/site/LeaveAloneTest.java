package org.eventstreaming.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LeaveAloneTest {
  private static final SiteCall CALL =
      new SiteCall("GET", "https://site", "/api", Map.of(), null, null, Authorization.NOBODY, true);
  private static final RateLimit LOW = new RateLimit(100, 5, Duration.ofSeconds(5));

  private final Deque<LeaveAlone> beside = new ArrayDeque<>();

  @Test
  void of_two_calls_answered_at_the_same_time_the_longer_pause_counts() throws IOException {
    LeaveAlone calls =
        new LeaveAlone(
            call -> {
              if (beside.isEmpty()) {
                return answer(429, Duration.ofMinutes(30), RateLimit.NONE);
              }
              // another call is answered before this one is
              beside.remove().send(call).close();
              return answer(200, Duration.ZERO, LOW);
            },
            Clock.systemUTC());
    beside.add(calls);

    calls.send(CALL).close();

    assertThat(catchThrowableOfType(LeaveAlone.Paused.class, () -> calls.send(CALL)).left())
        .isGreaterThan(Duration.ofMinutes(29));
  }

  private static SiteAnswer answer(int status, Duration retryAfter, RateLimit limit) {
    return new SiteAnswer(
        status, "application/json", retryAfter, limit, null, null, InputStream.nullInputStream());
  }
}
