package org.eventstreaming.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.eventstreaming.stream.TestStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A read that fails in passing is repeated in place: soon, a few times, as the site asks. */
class RepeatReadsTest {
  private static final int ATTEMPTS = 6;

  private final List<Duration> pauses = new ArrayList<>();
  private final TestStream.TestClock clock = new TestStream.TestClock();
  private int made;

  @ParameterizedTest
  @EnumSource(
      value = SiteFailure.Kind.class,
      names = {"UNREACHABLE", "BUSY", "UNREADABLE"})
  void what_passes_is_tried_again_after_pauses_that_grow(SiteFailure.Kind kind) {
    assertThatThrownBy(() -> read(new SiteFailure(kind, "x"), ATTEMPTS)).hasMessage("x");

    assertThat(made).isEqualTo(ATTEMPTS);
    for (int i = 0; i < pauses.size(); i++) {
      assertThat(pauses.get(i))
          .isBetween(Duration.ZERO, Duration.ofMillis(Math.min(50L << i, 1_000)));
    }
  }

  @Test
  void what_a_site_stumbles_over_is_tried_a_few_times() {
    assertThatThrownBy(() -> read(new SiteFailure(SiteFailure.Kind.FAULT, "x"), ATTEMPTS))
        .hasMessage("x");

    assertThat(made).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource(
      value = SiteFailure.Kind.class,
      names = {"REFUSED", "NOT_FOUND", "REJECTED", "STALE", "NO_SUCH_METHOD"})
  void what_a_site_says_no_to_is_not_tried_again(SiteFailure.Kind kind) {
    assertThatThrownBy(() -> read(new SiteFailure(kind, "x"), ATTEMPTS)).hasMessage("x");

    assertThat(made).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = SiteFailure.Kind.class,
      names = {"KEY_REFUSED", "REDIRECTED"})
  void what_only_a_person_can_change_is_not_tried_again_in_a_moment(SiteFailure.Kind kind) {
    SiteFailure failure = new SiteFailure(kind, "x");

    assertThatThrownBy(() -> read(failure, ATTEMPTS)).hasMessage("x");

    assertThat(made).isEqualTo(1);
    assertThat(failure.isSilent()).as("says nothing of a document").isTrue();
  }

  @Test
  void the_answer_of_the_first_attempt_that_succeeds_counts() {
    assertThat(read(new SiteFailure(SiteFailure.Kind.BUSY, "x"), 3)).isEqualTo("read");

    assertThat(made).isEqualTo(4);
  }

  @Test
  void pauses_are_random_so_that_those_that_failed_together_come_apart() {
    for (int i = 0; i < 10; i++) {
      made = 0;
      assertThatThrownBy(() -> read(new SiteFailure(SiteFailure.Kind.BUSY, "x"), ATTEMPTS))
          .hasMessage("x");
    }

    assertThat(pauses).hasSizeGreaterThan(40);
    assertThat(pauses.stream().distinct().count()).isGreaterThan(20);
  }

  @Test
  void a_site_is_left_alone_for_as_long_as_it_asks() {
    assertThat(read(busyFor(Duration.ofSeconds(4)), 1)).isEqualTo("read");

    assertThat(pauses.get(0)).isBetween(Duration.ofSeconds(4), Duration.ofMillis(4_050));
  }

  @Test
  void a_site_that_asks_for_longer_than_a_pull_can_wait_is_for_the_next_poll() {
    assertThatThrownBy(() -> read(busyFor(Duration.ofMinutes(5)), 1)).hasMessage("x");
    assertThat(pauses).isEmpty();

    made = 0;
    assertThatThrownBy(() -> read(busyFor(Duration.ofSeconds(4)), ATTEMPTS)).hasMessage("x");
    assertThat(pauses).hasSize(2);
  }

  @Test
  void a_site_that_was_silent_for_all_of_our_time_out_is_not_asked_again_at_once() {
    assertThatThrownBy(() -> read(unreachable(new SocketTimeoutException("t")), 1))
        .isInstanceOf(SiteFailure.class);

    assertThat(made).isEqualTo(1);
  }

  @Test
  void where_nobody_takes_the_call_it_is_made_once_more() {
    for (IOException nobody :
        List.of(
            new ConnectException("refused"),
            new UnknownHostException("site"),
            new SSLHandshakeException("who is that"))) {
      made = 0;

      assertThatThrownBy(() -> read(unreachable(nobody), ATTEMPTS)).hasCause(nobody);

      assertThat(made).isEqualTo(2);
    }
    made = 0;
    assertThat(read(unreachable(new SocketException("Connection reset")), 5)).isEqualTo("read");
  }

  @Test
  void an_answer_that_is_no_json_for_good_is_not_asked_for_again() {
    JsonProcessingException noNumber = noJson("{\"a\": NaN}");
    SiteFailure cut = new SiteFailure(SiteFailure.Kind.UNREADABLE, "x", noJson("{\"a\": "));

    assertThatThrownBy(
            () -> read(new SiteFailure(SiteFailure.Kind.UNREADABLE, "x", noNumber), ATTEMPTS))
        .hasMessage("x");
    assertThat(made).isEqualTo(1);
    assertThat(read(cut, 2)).isEqualTo("read");
  }

  @Test
  void a_reading_that_goes_on_where_it_broke_off_has_all_its_attempts_again() {
    RepeatReads.Attempts attempts = repeat(2).begin();

    attempts.failed(new SiteFailure(SiteFailure.Kind.BUSY, "x"));
    attempts.progressed();
    attempts.failed(new SiteFailure(SiteFailure.Kind.BUSY, "x"));

    assertThatThrownBy(() -> attempts.failed(new SiteFailure(SiteFailure.Kind.BUSY, "third")))
        .hasMessage("third");
  }

  private String read(SiteFailure failure, int times) {
    return repeat(ATTEMPTS)
        .of(
            () -> {
              if (made++ < times) {
                throw failure;
              }
              return "read";
            });
  }

  private RepeatReads repeat(int most) {
    return new RepeatReads(
        most,
        clock,
        time -> {
          pauses.add(time);
          clock.advance(time);
        });
  }

  private static SiteFailure busyFor(Duration time) {
    return new SiteFailure(SiteFailure.Kind.BUSY, "x", time, "x");
  }

  private static SiteFailure unreachable(IOException cause) {
    return new SiteFailure(SiteFailure.Kind.UNREACHABLE, "x", cause);
  }

  private static JsonProcessingException noJson(String text) {
    try {
      new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      return e;
    }
    throw new AssertionError(text + " is JSON");
  }
}
