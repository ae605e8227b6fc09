package org.eventstreaming.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.eventstreaming.main.SiteConnections;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.producer.SiteAccess;
import org.eventstreaming.settings.HttpSettings;
import org.eventstreaming.stream.TestStream;
import org.eventstreaming.update.DocumentKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every failure with a site says what was attempted, where, why, and what can be done. */
class SiteFailureTest {
  private static final String SECRET = "s3cr3t-of-hq";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final CountDownLatch end = new CountDownLatch(1);
  private final HttpServer server;
  private final SiteConnections connections;
  private final SiteCalls calls;
  private int status = 200;
  private String contentType = "application/json";
  private String body = "{}";
  private int declared;
  private boolean silent;
  private String location = "https://elsewhere.example/";

  SiteFailureTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    connections =
        TestStream.connections(
            Path.of(""),
            HttpSettings.DEFAULT
                .withConnectTimeout(Duration.ofSeconds(2))
                .withResponseTimeout(Duration.ofMillis(700)));
    calls = connections.calls();
  }

  @BeforeEach
  void serve() {
    server.createContext(
        "/",
        exchange -> {
          if (silent) {
            try {
              end.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", contentType);
          exchange.getResponseHeaders().add("Location", location);
          exchange.sendResponseHeaders(status, declared == 0 ? bytes.length : declared);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void close() {
    end.countDown();
    server.stop(0);
    connections.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          401 | KEY_REFUSED    | {"exc_type": "AuthenticationError"}                              | AuthenticationError | Check api_key and api_secret
          404 | NOT_FOUND      | {"exc_type": "DoesNotExistError"}                                | DoesNotExistError | Error Log
          417 | REJECTED       | {"exception": "frappe.exceptions.MandatoryError: x"}             | 417 x. | Error Log
          417 | NO_SUCH_METHOD | {"exception": "E: Failed to get method for command y with z"}    | Failed to get method | Error Log
          429 | BUSY           | {"exc_type": "TooManyRequestsError"}                             | 429 TooManyRequestsError | repeated later
          500 | FAULT          | {"exc": "[\\"Traceback\\\\n  x\\\\nKeyError: 'a'\\\\n\\"]"}      | 500 KeyError: 'a' | repeated later
          500 | REJECTED       | {"exception": "pymysql.err.ProgrammingError: (1146, x)"}         | 500 ProgrammingError: (1146, x). | Error Log
          502 | BUSY           | <html>Bad Gateway</html>                                         | : 502. | repeated later
          503 | BUSY           | <html>Updating</html>                                            | : 503. | repeated later
          """)
  void a_refusal_is_reported_with_the_sites_own_words(
      int answered, SiteFailure.Kind kind, String with, String why, String advice) {
    status = answered;
    body = with;

    for (ThrowingCallable call : calls()) {
      SiteFailure failure = failure(call);

      assertThat(failure.kind()).isEqualTo(kind);
      assertThat(failure.getMessage()).contains(why, advice);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "301, https://erp.example/api/x?key=s3cr3t-of-hq, 'https://erp.example/api/x', to https://erp.example ",
    "302, https://user:s3cr3t-of-hq@erp.example:8443/login, 'https://erp.example:8443/login', to https://erp.example:8443 ",
    "307, //other.example/, 'http://other.example/', to http://other.example ",
    "308, /login#s3cr3t-of-hq, '/login', proxy or a login page",
    "302, 'no address at all', does not say where, at which the site itself answers",
  })
  void a_redirect_is_not_followed_and_is_reported_with_where_it_leads_and_what_to_set(
      int answered, String leads, String where, String advice) {
    status = answered;
    location = leads;

    for (ThrowingCallable call : calls()) {
      SiteFailure failure = failure(call);

      assertThat(failure.kind()).isEqualTo(SiteFailure.Kind.REDIRECTED);
      assertThat(failure.getMessage())
          .contains(": " + answered + ", which sends us ", where, advice, "not followed");
    }
  }

  @Test
  void
      what_a_key_may_not_read_is_reported_by_its_type_and_a_role_is_named_only_where_it_is_needed() {
    status = 403;
    body = "{\"_error_message\": \"No permission for <b>Item</b>\"}";
    FrappeSite site = site();

    assertThat(failure(() -> site.names("Item")).getMessage())
        .contains("403 No permission for Item.", "no read permission on Item there: give it a role")
        .contains("Frappe 13", "wrong api_secret")
        .doesNotContain("System Manager");
    assertThat(failure(() -> site.look("Item Row", "Item")).getMessage())
        .contains("no read permission on Item there");
    assertThat(failure(() -> site.count("Item", "2026-01-01")).getMessage())
        .contains("no read permission on Item there");
    assertThat(failure(() -> site.docTypes("Item")).getMessage())
        .contains("definition of Item", "desk access");
    assertThat(failure(site::zone).getMessage()).contains("may not do that there");
    assertThat(failure(() -> site.writes().insert("Item", JSON.createObjectNode())).getMessage())
        .contains("no create permission on Item there");
    assertThat(failure(() -> site.writes().rename(new DocumentKey("Item", "A"), "B")).getMessage())
        .contains("may not do that with Item there");
    assertThat(calls().subList(1, 4))
        .allSatisfy(
            call ->
                assertThat(failure(call).getMessage())
                    .contains("needs the role System Manager there"));
  }

  @Test
  void a_single_document_may_be_withheld_by_user_permissions() {
    status = 403;

    for (String name : List.of("A", "ends with /")) {
      assertThat(failure(() -> site().document("Item", name)).getMessage())
          .contains("no read permission on this Item there", "User Permissions", "doctor lists");
    }
  }

  @Test
  void a_page_with_200_is_no_answer_of_a_frappe_site() {
    contentType = "text/html";
    body = "<html>Log in</html>";

    for (ThrowingCallable call : calls()) {
      SiteFailure failure = failure(call);

      assertThat(failure.kind()).isEqualTo(SiteFailure.Kind.UNREADABLE);
      assertThat(failure.getMessage())
          .contains("a page came instead of JSON", "Is that the address of a Frappe site");
    }
  }

  @ParameterizedTest
  @CsvSource({"'{\"message\": [{\"name\": \"x\", \"data\"'", "'{\"message\": [}'", "'[1, 2'", "''"})
  void json_that_is_cut_or_wrong_is_reported_as_such(String cut) {
    body = cut;

    for (ThrowingCallable call : calls()) {
      SiteFailure failure = failure(call);

      assertThat(failure.passes()).isTrue();
      assertThat(failure.getMessage()).containsAnyOf("JSON", "expected", "no answer");
    }
  }

  @Test
  void an_answer_that_breaks_off_may_come_whole_the_next_time() {
    body = "{\"message\": [{\"name\": \"x\"}";
    declared = 10_000;

    for (ThrowingCallable call : calls()) {
      assertThat(failure(call).passes()).isTrue();
    }
  }

  @Test
  void an_error_that_comes_with_200_is_an_error() {
    body = "{\"exc\": \"[\\\"Traceback\\\\nKeyError: 'a'\\\"]\"}";

    for (ThrowingCallable call : calls()) {
      assertThat(failure(call).getMessage()).contains("KeyError: 'a'").doesNotContain("Traceback");
    }
  }

  @Test
  void nobody_listening_is_reported_as_no_answer() {
    server.stop(0);

    for (ThrowingCallable call : calls()) {
      SiteFailure failure = failure(call);

      assertThat(failure.kind()).isEqualTo(SiteFailure.Kind.UNREACHABLE);
      assertThat(failure.getMessage())
          .contains("refused, nothing listens at 127.0.0.1:", "Is the site up");
    }
  }

  @Test
  void a_site_that_is_silent_is_given_up_after_the_time_that_is_set() {
    silent = true;

    SiteFailure failure = failure(() -> site().zone());

    assertThat(failure.kind()).isEqualTo(SiteFailure.Kind.UNREACHABLE);
    assertThat(failure.getMessage()).contains("no answer", "timed out");
  }

  @Test
  void an_endless_error_page_is_cut() {
    status = 500;
    body = "{\"exc_type\": \"E\", \"exception\": \"E: " + "x".repeat(2_000_000) + "\"}";

    for (ThrowingCallable call : calls()) {
      assertThat(failure(call).getMessage()).hasSizeLessThan(2_000);
    }
  }

  private SiteFailure failure(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(SiteFailure.class)
        .satisfies(
            failure ->
                assertThat(failure.getMessage())
                    .startsWith("Could not ")
                    .contains("at " + url())
                    .matches("(?s).*[.?]")
                    .doesNotContain(SECRET, "Basic", "czNjcjN0", "<"));
    return catchThrowableOfType(SiteFailure.class, call);
  }

  private List<ThrowingCallable> calls() {
    FrappeSite site = site();
    return List.of(
        site::zone,
        () ->
            site.updateLog()
                .register(
                    Prefix.APP,
                    "http://us.example",
                    List.of(new FrappeUpdateLog.RequestedType("ToDo", null)),
                    "our-key",
                    new Secret(SECRET)),
        () -> {
          try (EntryReader reader =
              site.updateLog().log(List.of("ToDo"), "2026-01-01 00:00:00", 0, 10)) {
            while (reader.next() != null) {
              // what was read is not the point
            }
          }
        },
        () -> {
          try (EntryReader reader =
              site.updateLog()
                  .updateLogsFor(Prefix.CORE, "http://us.example", List.of("ToDo"), "x")) {
            while (reader.next() != null) {
              // what was read is not the point
            }
          }
        });
  }

  private FrappeSite site() {
    return new FrappeSites(calls, Clock.systemUTC(), ReadOnce.ONCE)
        .of(
            new SiteAccess(
                url(), "stream@example.com", new Secret("key-of-hq"), new Secret(SECRET)));
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }
}
