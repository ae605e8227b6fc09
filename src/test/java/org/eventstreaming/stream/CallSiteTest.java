package org.eventstreaming.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.camel.spi.BacklogTracer;
import org.apache.camel.spi.BacklogTracerEventMessage;
import org.eventstreaming.main.ProjectRoutes;
import org.eventstreaming.main.SiteConnections;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.producer.SiteAccess;
import org.eventstreaming.settings.HttpSettings;
import org.eventstreaming.site.Authorization;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.site.SiteAnswer;
import org.eventstreaming.site.SiteCall;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.site.TestCertificate;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What a project does to the calls to its sites, by its own route from direct:call-site. */
class CallSiteTest {
  private static final String STEP = "        - to:\n            # the header";
  private static final String OPTION = "              httpClientConfigurer: \"#siteKeys\"\n";

  private final StandInSite site = StandInSite.start(Generation.V15_APP);

  @TempDir Path project;

  @AfterEach
  void close() {
    site.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void the_key_of_a_site_is_in_no_exchange_trace_or_log(boolean withBodies) {
    replace(OPTION, OPTION + "              logHttpActivity: \"%s\"\n".formatted(withBodies));
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level before = root.getLevel();
    List<BacklogTracerEventMessage> traced;
    lines.start();
    Appender<ILoggingEvent> printer = root.getAppender("stderr");
    root.detachAppender(printer);
    root.addAppender(lines);
    root.setLevel(Level.TRACE);
    try (TestStream stream =
        TestStream.following(site, TestStream.sameName("ToDo"))
            .project(project)
            .property("camel.main.tracing", "true")
            .property("camel.main.messageHistory", "true")
            .property("camel.trace.enabled", "true")
            .property("camel.trace.backlogSize", "1000")
            .start()) {
      stream.pull();
      traced =
          stream
              .application()
              .context()
              .getCamelContextExtension()
              .getContextPlugin(BacklogTracer.class)
              .dumpAllTracedMessages();
    } finally {
      root.setLevel(before);
      root.detachAppender(lines);
      root.addAppender(printer);
    }

    List<String> logged =
        List.copyOf(lines.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
    List<String> exchanges = traced.stream().map(one -> one.toXml(0)).toList();
    assertThat(exchanges).anyMatch(text -> text.contains("Event-Streaming-Call"));
    assertThat(logged)
        .anyMatch(line -> line.contains("http-outgoing") && line.contains("Authorization: ****"))
        .anyMatch(line -> line.contains("Event-Streaming-Call"));
    for (String secret : List.of(site.apiSecret(), basic())) {
      assertThat(logged).noneMatch(line -> line.contains(secret));
      assertThat(exchanges).noneMatch(text -> text.contains(secret));
    }
    // of the key that the site is given to call us with
    assertThat(exchanges).noneMatch(text -> text.contains("api_secret"));
    assertThat(logged.stream().anyMatch(line -> line.contains("api_secret%22")))
        .isEqualTo(withBodies);
    assertThat(site.consumers()).isNotEmpty();
  }

  @Test
  void a_logger_that_would_write_the_key_stops_the_calls() {
    Logger wire = (Logger) LoggerFactory.getLogger("org.apache.hc.client5.http.wire");
    Level before = wire.getLevel();
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    wire.addAppender(lines);
    wire.setLevel(Level.DEBUG);
    try {
      assertThat(failure(key(site.url())))
          .contains("org.apache.hc.client5.http.wire would write the key", "set it to INFO");
    } finally {
      wire.setLevel(before);
      wire.detachAppender(lines);
    }

    assertThat(List.copyOf(lines.list)).noneMatch(line -> line.getMessage().contains("Authoriz"));
  }

  @Test
  void a_proxy_is_called_for_every_request() throws IOException {
    replace(
        OPTION,
        OPTION
            + "              proxyHost: 127.0.0.1\n              proxyPort: \"{{proxy.port}}\"\n");
    try (Forwarder proxy = Forwarder.proxy();
        TestStream stream =
            TestStream.following(site, TestStream.sameName("ToDo"))
                .project(project)
                .property("proxy.port", Integer.toString(proxy.port()))
                .start()) {
      follows(stream);

      assertThat(proxy.lines())
          .hasSizeGreaterThan(4)
          .allMatch(line -> line.contains(" " + site.url() + "/api/"));
    }
  }

  @Test
  void a_proxy_that_is_away_is_named_and_the_site_is_not_blamed() throws IOException {
    int nobody;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = free.getLocalPort();
    }
    replace(
        OPTION,
        OPTION
            + "              proxyHost: 127.0.0.1\n              proxyPort: \"%d\"\n"
                .formatted(nobody));

    assertThat(failure(key(site.url())))
        .contains("the proxy http://127.0.0.1:" + nobody + " does not answer", "call-site")
        .doesNotContain("nothing listens at");
  }

  @Test
  void a_route_that_authenticates_sends_its_own_token() throws IOException {
    replace(
        STEP,
        """
                - setHeader:
                    name: Authorization
                    expression:
                      simple:
                        expression: "Bearer {{token}}"
        """
            + STEP);
    try (Forwarder gateway = Forwarder.gateway(site, "Bearer t0ken");
        TestStream stream =
            new TestStream.Builder()
                .and(byRoute(gateway.url()))
                .project(project)
                .property("token", "t0ken")
                .start()) {
      follows(stream);
    }
  }

  @Test
  void a_token_is_fetched_by_the_options_of_the_http_step() throws IOException {
    replace(
        OPTION,
        OPTION
            + """
                          oauth2ClientId: us
                          oauth2ClientSecret: "{{client.secret}}"
                          oauth2TokenEndpoint: "{{token.endpoint}}"
            """);
    List<String> asked = new CopyOnWriteArrayList<>();
    HttpServer tokens =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    tokens.createContext(
        "/token",
        exchange -> {
          asked.add(
              exchange.getRequestHeaders().getFirst("Authorization")
                  + " "
                  + exchange.getRequestHeaders().getFirst("Event-Streaming-Call"));
          byte[] token = "{\"access_token\": \"t0ken\", \"expires_in\": 3600}".getBytes(UTF_8);
          exchange.sendResponseHeaders(200, token.length);
          exchange.getResponseBody().write(token);
          exchange.close();
        });
    tokens.start();
    try (Forwarder gateway = Forwarder.gateway(site, "Bearer t0ken");
        TestStream stream =
            new TestStream.Builder()
                .and(byRoute(gateway.url()))
                .project(project)
                .property("client.secret", "s3cret")
                .property(
                    "token.endpoint",
                    "http://127.0.0.1:%d/token".formatted(tokens.getAddress().getPort()))
                .start()) {
      follows(stream);

      assertThat(asked)
          .isNotEmpty()
          .containsOnly(
              "Basic " + Base64.getEncoder().encodeToString("us:s3cret".getBytes(UTF_8)) + " null");
    } finally {
      tokens.stop(0);
    }
  }

  @Test
  void a_certificate_of_ours_is_shown_to_a_site_that_demands_one() throws Exception {
    replace(
        "- route:\n    id: call-site",
        """
        - beans:
            - name: ours
              type: org.apache.camel.support.jsse.SSLContextParameters
              properties:
                keyManagers.keyPassword: changeit
                keyManagers.keyStore.resource: "file:{{store}}"
                keyManagers.keyStore.password: changeit
                trustManagers.keyStore.resource: "file:{{store}}"
                trustManagers.keyStore.password: changeit
        - route:
            id: call-site""");
    replaceAgain(OPTION, OPTION + "              sslContextParameters: \"#ours\"\n");
    try (Forwarder gateway =
            Forwarder.gateway(site, TestCertificate.of(project, 30, "ip:127.0.0.1", "-1H"));
        TestStream stream =
            new TestStream.Builder()
                .and(producer(gateway.url(), site.apiKey(), site.apiSecret()))
                .project(project)
                .property("store", project.resolve("store.p12").toString())
                .start()) {
      follows(stream);
    }
  }

  @Test
  void a_call_goes_to_its_own_site_and_to_no_other() {
    try (StandInSite other = StandInSite.start(Generation.V15_APP)) {
      before("CamelHttpUri", "%s/api/method/frappe.auth.get_logged_user".formatted(other.url()));

      assertThat(failure(key(site.url())))
          .contains("it sent a call to " + site.url() + " to " + other.url(), "routes diff");
      assertThat(failure(byRoute(site.url()).access())).contains("it sent a call to");
      assertThat(other.consumers()).isEmpty();
    }
  }

  @Test
  void a_token_of_the_route_and_a_key_of_the_file_are_not_mixed() {
    before("Authorization", "Bearer x");

    assertThat(failure(key(site.url())))
        .contains("it set the header Authorization", "authentication: route");
  }

  @Test
  void a_route_that_drops_the_number_of_the_call_is_found_out() {
    replace(
        STEP,
        """
                - removeHeaders:
                    pattern: "Event-*"
        """
            + STEP);

    assertThat(failure(key(site.url())))
        .contains("sent no request with the header Event-Streaming-Call");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "        - throwException:\n            exceptionType: java.lang.IllegalStateException\n            message: no proxy today\n",
        "        - to:\n            uri: http://127.0.0.1:1/token\n"
      })
  void a_route_that_fails_is_named_and_the_site_is_not_blamed(String step) {
    replace(STEP, step + STEP);

    assertThat(failure(key(site.url())))
        .contains("the route call-site failed: ", "Correct routes/call-site.camel.yaml")
        .doesNotContain("Is the site up", "nothing listens at " + site.url().substring(7));
  }

  @Test
  void an_answer_is_handed_on_while_it_is_sent_and_its_exchange_ends_with_it() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    HttpServer slow =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    slow.setExecutor(Executors.newCachedThreadPool());
    slow.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(("{\"message\":" + " ".repeat(100_000)).getBytes(UTF_8));
          exchange.getResponseBody().flush();
          try {
            assertThat(read.await(10, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.getResponseBody().write("\"us\"}".getBytes(UTF_8));
          exchange.close();
        });
    slow.start();
    String url = "http://127.0.0.1:" + slow.getAddress().getPort();
    try (SiteConnections connections = connections();
        SiteAnswer answer =
            connections
                .calls()
                .send(
                    new SiteCall(
                        "GET", url, "/", Map.of(), null, null, Authorization.NOBODY, true))) {
      assertThat(answer.body().read()).isEqualTo('{');
      read.countDown();
      assertThat(new String(answer.body().readAllBytes(), UTF_8)).endsWith("\"us\"}");
    } finally {
      slow.stop(0);
    }
  }

  @Test
  void no_call_is_under_way_when_a_pull_is_done() {
    try (TestStream stream = TestStream.following(site, TestStream.sameName("ToDo")).start()) {
      stream.pull();

      assertThat(stream.application().context().getInflightRepository().size()).isZero();
    }
  }

  private void follows(TestStream stream) {
    stream.pull();
    site.approveAll();
    site.insert("ToDo", Here.json("{'name': 'TODO-1', 'priority': 'High'}"));
    stream.pull();

    assertThat(stream.database().value("select data ->> 'priority' from document"))
        .isEqualTo("High");
  }

  private String failure(SiteAccess access) {
    try (SiteConnections connections = connections()) {
      FrappeSite called = connections.sites().of(access);
      return catchThrowableOfType(SiteFailure.class, called::loggedUser).getMessage();
    }
  }

  private SiteConnections connections() {
    return TestStream.connections(
        project, HttpSettings.DEFAULT.withAttempts(1).withResponseTimeout(Duration.ofSeconds(10)));
  }

  private SiteAccess key(String url) {
    return producer(url, site.apiKey(), site.apiSecret()).access();
  }

  private static EventProducer byRoute(String url) {
    return producer(url, null, null);
  }

  private static EventProducer producer(
      String url, @Nullable String apiKey, @Nullable String apiSecret) {
    return new EventProducer(
        url,
        "Administrator",
        apiKey == null ? null : new Secret(apiKey),
        apiSecret == null ? null : new Secret(apiSecret),
        Read.LIST,
        List.of(ProducerDoctype.sameName("ToDo")));
  }

  private String basic() {
    return Base64.getEncoder()
        .encodeToString((site.apiKey() + ":" + site.apiSecret()).getBytes(UTF_8));
  }

  /** The jar's file as the project's own, with a header set before the step. */
  private void before(String name, String value) {
    replace(
        STEP,
        """
                - setHeader:
                    name: %s
                    expression:
                      constant:
                        expression: "%s"
        """
                .formatted(name, value)
            + STEP);
  }

  private void replace(String text, String by) {
    write(ProjectRoutes.copy("call-site.camel.yaml").text(), text, by);
  }

  private void replaceAgain(String text, String by) {
    try {
      write(Files.readString(project.resolve("routes/call-site.camel.yaml")), text, by);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String file, String text, String by) {
    assertThat(file).contains(text);
    try {
      Files.createDirectories(project.resolve("routes"));
      Files.writeString(project.resolve("routes/call-site.camel.yaml"), file.replace(text, by));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
