package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.eventstreaming.producer.Read;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.Guarded;
import org.eventstreaming.update.Lease;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A Java error in the work of one producer is a failure like any other. */
@Timeout(120)
class JavaErrorsTest {
  private final StandInSite broken = StandInSite.start(Generation.V15_APP);
  private final StandInSite sound = StandInSite.start(Generation.V15_APP);
  private final TestStream stream =
      TestStream.following(broken, Read.LIST, TestStream.sameName("ToDo"))
          .and(sound, Read.LIST, TestStream.sameName("ToDo"))
          .lease(Duration.ofMinutes(5))
          .start();
  private final Here here = new Here(stream.database());

  @BeforeEach
  void follow() {
    broken.approveAll();
    sound.approveAll();
    stream.pull();
    broken.insert("ToDo", Here.json("{'name': 'B-1'}"));
    sound.insert("ToDo", Here.json("{'name': 'S-1'}"));
  }

  @AfterEach
  void close() {
    stream.close();
    broken.close();
    sound.close();
  }

  @Test
  void an_error_in_a_step_of_a_page_ends_one_pull_and_is_recorded() throws Exception {
    advise("apply-page", ".*advanceCursor.*", new Overflows(broken.url()));

    stream.pull();

    recordedAndReleased();
  }

  @Test
  void an_error_while_reading_ends_one_pull_and_is_recorded() throws Exception {
    advise("read-updates", ".*readUpdateLog.*", new Overflows(broken.url()));

    stream.pull();

    recordedAndReleased();
  }

  @Test
  void an_error_in_what_is_gone_through_ends_one_pull_and_is_recorded() throws Exception {
    advise("pull-pages", "[Ss]plit.*", new OverflowsLater(broken.url()));

    stream.pull();

    recordedAndReleased();
  }

  @Test
  void an_error_while_a_page_is_written_beside_ends_one_pull_and_is_recorded() throws Exception {
    advise("write", ".*listFailures.*", new Overflows(broken.url()));

    stream.pull();

    // the page itself was written before
    assertThat(error(broken)).contains("StackOverflowError");
    assertThat(error(sound)).isEqualTo("null");
    assertThat(stream.database().count("event_producer where lease_until is not null")).isZero();
  }

  @Test
  void a_page_that_no_thread_takes_at_a_shutdown_ends_the_pull() throws Exception {
    ExecutorService pulls =
        (ExecutorService) stream.application().context().getRegistry().lookupByName("pulls");
    advise("page", ".*prepare-entries.*", new ShutsDown(pulls));

    // what comes after the poll is rejected too
    assertThatThrownBy(stream::pull).hasRootCauseInstanceOf(RejectedExecutionException.class);

    assertThat(here.names("ToDo")).isEmpty();
    assertThat(stream.database().count("event_producer where last_error like '%rejected%'"))
        .isPositive();
    assertThat(stream.database().count("event_producer where lease_until is not null")).isZero();
  }

  private void recordedAndReleased() {
    assertThat(here.names("ToDo")).containsExactly("S-1");
    assertThat(error(broken)).contains("StackOverflowError");
    assertThat(error(sound)).isEqualTo("null");
    assertThat(stream.database().count("event_producer where lease_until is not null")).isZero();
  }

  private String error(StandInSite site) {
    return String.valueOf(
        stream
            .database()
            .value(
                "select last_error from event_producer where producer_url = '%s'"
                    .formatted(site.url())));
  }

  private void advise(String route, String before, Object bean) throws Exception {
    AdviceWith.adviceWith(
        stream.application().context(),
        route,
        advice -> advice.weaveByToString(before).selectFirst().before().bean(bean));
  }

  /** A step that overflows the stack for one producer. */
  public static final class Overflows {
    private final String url;

    Overflows(String url) {
      this.url = url;
    }

    public void step(Exchange exchange) {
      if (isOf(exchange, url)) {
        throw new StackOverflowError("deep");
      }
    }
  }

  /** Puts pages that overflow the stack in the place of those of one producer. */
  public static final class OverflowsLater {
    private final String url;

    OverflowsLater(String url) {
      this.url = url;
    }

    public void step(Exchange exchange) {
      if (isOf(exchange, url)) {
        exchange
            .getIn()
            .setBody(
                new Guarded<>(
                    Stream.of(1)
                        .map(
                            one -> {
                              throw new StackOverflowError("deep");
                            })
                        .iterator()));
      }
    }
  }

  /** The threads of pulls take nothing more from this step on. */
  public static final class ShutsDown {
    private final ExecutorService threads;

    ShutsDown(ExecutorService threads) {
      this.threads = threads;
    }

    public void step(Exchange exchange) {
      threads.shutdown();
    }
  }

  private static boolean isOf(Exchange exchange, String url) {
    return exchange.getVariable("lease", Lease.class).producer().producerUrl().equals(url);
  }
}
