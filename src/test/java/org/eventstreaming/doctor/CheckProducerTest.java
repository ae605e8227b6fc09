package org.eventstreaming.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.main.SiteConnections;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.settings.HttpSettings;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.ReadOnce;
import org.eventstreaming.site.SiteCalls;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.stream.TestStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckProducerTest {
  private final StandInSite site = StandInSite.start(Generation.V15_APP);
  private final SiteConnections connections =
      TestStream.connections(
          Path.of(""), HttpSettings.DEFAULT.withResponseTimeout(Duration.ofSeconds(5)));
  private final SiteCalls calls = connections.calls();

  @AfterEach
  void close() {
    connections.close();
    site.close();
  }

  @ParameterizedTest
  @CsvSource({
    "PT61S, WARNING, ahead of ours",
    "PT-61S, WARNING, behind ours",
    "PT30S, OK, ahead of ours",
    "PT-30S, OK, behind ours"
  })
  void a_clock_that_is_off_is_reported(Duration off, Finding.Level level, String reported) {
    // a second for the header, which has no fractions, and one for the call
    Duration margin = off.isNegative() ? Duration.ofSeconds(-1) : Duration.ofSeconds(3);

    Finding clock = check("clock", off.plus(margin), null);

    assertThat(clock.level()).isEqualTo(level);
    assertThat(clock.what()).contains(reported);
    assertThat(clock.advice().isEmpty()).isEqualTo(level == Finding.Level.OK);
  }

  @Test
  void the_types_that_are_not_approved_yet_are_reported_once_we_are_registered() {
    try (TestStream stream =
        TestStream.following(site, TestStream.sameName("ToDo", "Note")).start()) {
      assertThat(check("subscription", Duration.ZERO, stream.url()).what())
          .contains("not registered");
      stream.pull();
      site.approve(stream.url(), "ToDo");

      Finding subscription = check("subscription", Duration.ZERO, stream.url());

      assertThat(subscription.level()).isEqualTo(Finding.Level.WARNING);
      assertThat(subscription.what()).isEqualTo("Not approved there: Note.");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"V13", "V14", "STOCK_15"})
  void nothing_is_written_there(Generation generation) {
    try (StandInSite other = StandInSite.start(generation)) {
      check(other, Duration.ZERO, "http://127.0.0.1:1");

      assertThat(other.requests()).isNotEmpty().allMatch(one -> one.method().equals("GET"));
    }
  }

  @Test
  void an_address_that_differs_from_the_registered_one_is_a_warning() {
    Finding address =
        check(site, Duration.ZERO, "http://127.0.0.1:1", "http://127.0.0.1:2").stream()
            .filter(one -> one.check().equals("our address"))
            .findFirst()
            .orElseThrow();

    assertThat(address.level()).isEqualTo(Finding.Level.WARNING);
    assertThat(address.what()).contains("at http://127.0.0.1:2,", "say http://127.0.0.1:1.");
    assertThat(address.advice()).contains("eventstreaming.url", "approved again");
  }

  private Finding check(String check, Duration off, @Nullable String ours) {
    return check(site, off, ours).stream()
        .filter(one -> one.check().equals(check))
        .findFirst()
        .orElseThrow();
  }

  private List<Finding> check(StandInSite at, Duration off, @Nullable String ours) {
    return check(at, off, ours, null);
  }

  private List<Finding> check(
      StandInSite at, Duration off, @Nullable String ours, @Nullable String registered) {
    Clock clock = Clock.offset(Clock.systemUTC(), off.negated());
    return new CheckProducer(
            new CheckAddress(
                (SSLSocketFactory) SSLSocketFactory.getDefault(),
                Duration.ofSeconds(5),
                clock,
                false),
            new FrappeSites(calls, Clock.systemUTC(), ReadOnce.ONCE),
            DocTypes.of(Map.of()),
            ours,
            clock)
        .check(TestStream.producer(at, Read.LIST, ProducerDoctype.sameName("ToDo")), registered);
  }
}
