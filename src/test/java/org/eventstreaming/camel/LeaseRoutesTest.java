package org.eventstreaming.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes that go over the producers and that take the lease, from their own files. */
@NullUnmarked
class LeaseRoutesTest extends CamelTestSupport {
  private final Steps steps = new Steps();

  LeaseRoutesTest() {
    testConfiguration().withUseAdviceWith(true);
  }

  @Override
  protected CamelContext createCamelContext() throws Exception {
    CamelContext context = super.createCamelContext();
    for (String bean :
        List.of(
            "eventProducers",
            "takeLease",
            "restoreMasters",
            "readDueEntries",
            "readChanges",
            "loadDocuments",
            "readDocuments",
            "recordPoll",
            "overlapPages",
            "takeTurn")) {
      context.getRegistry().bind(bean, steps);
    }
    context.getRegistry().bind("pulls", Executors.newFixedThreadPool(2));
    return context;
  }

  @BeforeEach
  void load() throws Exception {
    // a configuration has to be there before the routes that name it
    for (String file : List.of("errors", "producers")) {
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(
              ResourceHelper.resolveMandatoryResource(
                  context, "file:routes/" + file + ".camel.yaml"));
    }
    // what one route is advised of is replaced in all of them
    AdviceWith.adviceWith(
        context,
        "pull",
        route ->
            route.mockEndpointsAndSkip(
                "direct:(accept-page|page|(?!each)[a-z]+-producer)", "seda:(notified|turns)"));
    context.start();
  }

  @Test
  void every_page_is_accepted_before_it_goes_through_the_steps() throws Exception {
    mock("direct:accept-page").whenAnyExchangeReceived(exchange -> steps.note("accept", exchange));
    mock("direct:page").whenAnyExchangeReceived(exchange -> steps.note("page", exchange));

    withLease("retry");

    assertThat(steps.calls)
        .containsExactly(
            "take hq for retry",
            "restore",
            "read",
            "accept 1",
            "page 1",
            "accept 2",
            "page 2",
            "end",
            "succeeded",
            "end",
            "release");
  }

  @Test
  void a_page_that_fails_is_recorded_before_the_lease_is_released() throws Exception {
    mock("direct:page").whenExchangeReceived(1, exchange -> fail("no database"));

    withLease("retry");

    assertThat(steps.calls)
        .containsExactly(
            "take hq for retry", "restore", "read", "end", "failed no database", "release");
  }

  @Test
  void a_release_that_fails_after_a_failed_pull_ends_where_the_work_began() throws Exception {
    mock("direct:page").whenAnyExchangeReceived(exchange -> fail("no database"));
    steps.releaseFails = true;
    mock("direct:retry-producer")
        .whenAnyExchangeReceived(exchange -> template.send("direct:with-lease", exchange));

    eachProducer("retry");

    assertThat(steps.calls)
        .filteredOn(call -> call.matches("(failed|interrupted|release).*"))
        .containsExactlyInAnyOrder(
            "failed no database",
            "release",
            "interrupted still no database",
            "failed no database",
            "release",
            "interrupted still no database");
  }

  @Test
  void without_the_lease_nothing_is_read() {
    steps.refused = true;

    withLease("poll");

    assertThat(steps.calls).containsExactly("take hq for poll");
  }

  @Test
  void what_was_refused_meanwhile_is_started_after_the_release() throws Exception {
    steps.next = "retry of hq";
    mock("seda:turns").expectedBodiesReceived("retry of hq");

    withLease("retry");

    MockEndpoint.assertIsSatisfied(context);
  }

  @Test
  void what_was_refused_meanwhile_is_started_after_a_pull_that_failed() throws Exception {
    mock("direct:page").whenAnyExchangeReceived(exchange -> fail("no database"));
    steps.next = "retry of hq";
    mock("seda:turns").expectedBodiesReceived("retry of hq");

    withLease("retry");

    MockEndpoint.assertIsSatisfied(context);
  }

  @ParameterizedTest
  @CsvSource({
    "poll, direct:poll-producer",
    "notified, seda:notified",
    "retry, direct:retry-producer",
    "reconcile, direct:reconcile-producer",
    "load, direct:load-producer",
    "compare, direct:compare-producer",
    "attachments, direct:attachments-producer"
  })
  void each_work_has_its_route_for_every_producer(String work, String route) throws Exception {
    mock(route).expectedBodiesReceivedInAnyOrder("hq", "branch");

    eachProducer(work);

    MockEndpoint.assertIsSatisfied(context);
    assertThat(steps.calls).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"poll", "reconcile", "compare", "attachments"})
  void a_failure_of_one_producer_is_recorded_once_and_leaves_the_others_alone(String work)
      throws Exception {
    mock("direct:%s-producer".formatted(work))
        .whenAnyExchangeReceived(
            exchange -> {
              if (exchange.getIn().getBody().equals("hq")) {
                throw new IllegalStateException("no database");
              }
              steps.note("worked on", exchange);
            });

    eachProducer(work);

    assertThat(steps.calls)
        .containsExactlyInAnyOrder("interrupted no database", "worked on branch");
  }

  private MockEndpoint mock(String uri) {
    return getMockEndpoint("mock:" + uri);
  }

  private void withLease(String work) {
    sound(
        fluentTemplate().to("direct:with-lease").withBody("hq").withVariable("work", work).send());
  }

  private void eachProducer(String work) {
    sound(fluentTemplate().to("direct:each-producer").withVariable("work", work).send());
  }

  private static void fail(String why) {
    throw new IllegalStateException(why);
  }

  private static void sound(Exchange done) {
    assertThat(done.getException()).isNull();
  }

  /** Stands for every step, and notes what was called. */
  public static final class Steps {
    final List<String> calls = new CopyOnWriteArrayList<>();
    boolean refused;
    boolean releaseFails;
    String next;

    void note(String what, Exchange exchange) {
      calls.add(what + " " + exchange.getIn().getBody());
    }

    public List<String> all() {
      return List.of("hq", "branch");
    }

    public String take(String producer, String work) {
      calls.add("take " + producer + " for " + work);
      return refused ? null : producer;
    }

    public String restore(String lease) {
      calls.add("restore");
      return lease;
    }

    public List<String> read(String lease) {
      calls.add("read");
      return List.of("1", "2");
    }

    public void end(String lease) {
      calls.add("end");
    }

    public void succeeded(String lease) {
      calls.add("succeeded");
    }

    public Object failed(String lease, Exception failure) {
      calls.add("failed " + deepest(failure));
      return null;
    }

    public void interrupted(Exception failure) {
      calls.add("interrupted " + deepest(failure));
    }

    public String release(String lease) {
      calls.add("release");
      if (releaseFails) {
        throw new IllegalStateException("still no database");
      }
      return next;
    }

    private static String deepest(Throwable failure) {
      return failure.getCause() == null ? failure.getMessage() : deepest(failure.getCause());
    }
  }
}
