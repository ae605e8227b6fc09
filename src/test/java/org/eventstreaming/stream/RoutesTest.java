package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.eventstreaming.producer.Read;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;

class RoutesTest {
  @Test
  void every_name_that_a_route_hands_over_to_is_a_route() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP);
        TestStream stream = TestStream.following(site, Read.LIST).serving().start()) {
      CamelContext context = stream.application().context();

      List<String> consumed =
          context.getRoutes().stream().map(route -> name(route.getEndpoint())).toList();

      assertThat(context.getEndpoints())
          .extracting(RoutesTest::name)
          .filteredOn(uri -> uri.startsWith("direct:") || uri.startsWith("seda:"))
          .isNotEmpty()
          .isSubsetOf(consumed);
    }
  }

  @Test
  void the_clock_polls_by_itself() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP);
        TestStream stream =
            TestStream.following(site, Read.LIST, TestStream.sameName("ToDo"))
                .byTheClock(Duration.ofMillis(200))
                .serving()
                .start()) {
      await().until(() -> site.consumers().contains(stream.url()));
    }
  }

  @Test
  void every_route_says_what_its_policy_is() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP);
        TestStream stream = TestStream.following(site, Read.LIST).serving().start()) {
      assertThat(stream.application().context().getRoutes())
          .isNotEmpty()
          .extracting(Route::getDescription)
          .allSatisfy(description -> assertThat(description).isNotBlank());
    }
  }

  private static String name(Endpoint endpoint) {
    return endpoint.getEndpointUri().replace("://", ":").replaceFirst("\\?.*", "");
  }
}
