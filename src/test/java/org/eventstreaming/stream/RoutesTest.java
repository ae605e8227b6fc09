package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.model.Model;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.RouteDefinition;
import org.eventstreaming.producer.Read;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;

class RoutesTest {
  @Test
  void every_name_that_a_route_hands_over_to_is_a_route_unless_it_may_be_absent() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP);
        TestStream stream = TestStream.following(site, Read.LIST).serving().start()) {
      CamelContext context = stream.application().context();

      List<String> consumed =
          context.getRoutes().stream().map(route -> name(route.getEndpoint())).toList();

      assertThat(context.getEndpoints())
          // a project may have a route there
          .filteredOn(endpoint -> !endpoint.getEndpointUri().contains("failIfNoConsumers=false"))
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

  /** What is caught may be what a step around it made of the failure. */
  @Test
  void every_step_that_is_given_what_was_caught_takes_any_failure() throws IOException {
    Pattern call = Pattern.compile("ref: (\\w+)\\s+method: \"(\\w+)\\((.*)\\)\"");
    List<Class<?>> taken = new ArrayList<>();
    try (StandInSite site = StandInSite.start(Generation.V15_APP);
        TestStream stream = TestStream.following(site, Read.LIST).serving().start();
        DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("routes"))) {
      for (Path file : files) {
        Matcher calls = call.matcher(Files.readString(file));
        while (calls.find()) {
          String name = calls.group(2);
          List<String> given = List.of(calls.group(3).split(", *"));
          if (given.contains("${exception}")) {
            Object bean = stream.application().context().getRegistry().lookupByName(calls.group(1));
            Arrays.stream(bean.getClass().getMethods())
                .filter(method -> method.getName().equals(name))
                .forEach(
                    method -> taken.add(method.getParameterTypes()[given.indexOf("${exception}")]));
          }
        }
      }
    }

    assertThat(taken)
        .hasSizeGreaterThan(4)
        .allSatisfy(type -> assertThat(type).isAssignableFrom(Exception.class));
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

  @Test
  void every_route_that_names_a_configuration_of_errors_has_it() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP);
        TestStream stream = TestStream.following(site, Read.LIST).serving().start()) {
      Model model =
          stream.application().context().getCamelContextExtension().getContextPlugin(Model.class);

      assertThat(model.getRouteDefinitions())
          .filteredOn(route -> route.getRouteConfigurationId() != null)
          .extracting(RouteDefinition::getRouteId)
          .contains("producer-work", "notified", "housekeeping", "failures")
          .allSatisfy(
              id ->
                  assertThat(model.getRouteDefinition(id).getOutputs())
                      .hasAtLeastOneElementOfType(OnExceptionDefinition.class));
    }
  }

  private static String name(Endpoint endpoint) {
    return endpoint.getEndpointUri().replace("://", ":").replaceFirst("\\?.*", "");
  }
}
