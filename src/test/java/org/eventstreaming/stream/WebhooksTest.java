package org.eventstreaming.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.stream.RawCall.Reply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What the webhooks of a stock site call on us, over HTTP, against the server that runs. */
class WebhooksTest {
  /** Of the recorded call. */
  private static final String SECRET = "hook-secret";

  private static final CloseAside ASIDE = new CloseAside();

  private final StandInSite site = StandInSite.start(Generation.STOCK_15);
  private final StandInSite other = StandInSite.start(Generation.STOCK_15);
  private final TestStream stream =
      TestStream.following(site, TestStream.sameName("ToDo"))
          .webhookSecret(SECRET)
          .and(other, Read.LIST, ProducerDoctype.sameName("ToDo"))
          .probing()
          .serving()
          .start();

  @AfterEach
  void closeAside() {
    ASIDE.add(stream, other, site);
  }

  @AfterAll
  static void close() throws Exception {
    ASIDE.close();
  }

  @Test
  void the_call_of_a_real_site_brings_the_document_without_waiting_for_the_clock()
      throws IOException {
    stream.pull();
    site.insert("ToDo", Here.json("{'name': 'TODO-1'}"));
    JsonNode call =
        RawCall.json(
            Files.readString(
                Path.of("src/test/resources/recordings/stock-15/webhook-call.json"), UTF_8));
    Map<String, String> headers = new TreeMap<>();
    call.path("headers")
        .properties()
        .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
    headers.keySet().removeIf(name -> name.matches("Host|Connection|Content-Length"));

    Reply reply = send(path(site), headers, call.path("body").asText());

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("{}");
    awaitDocument("TODO-1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/json",
        "application/json; charset=nonsense",
        "application/x-www-form-urlencoded",
        "multipart/form-data"
      })
  void whatever_type_somebody_gave_the_body_it_is_read_as_it_was_signed(String type)
      throws IOException {
    stream.pull();
    site.insert("ToDo", Here.json("{'name': 'TODO-1'}"));
    String body = "{\"name\": \"a=b&c=%zz ü\"}";

    Reply reply =
        send(
            path(site),
            Map.of("Content-Type", type, "X-Frappe-Webhook-Signature", signature(SECRET, body)),
            body);

    assertThat(reply.status()).isEqualTo(200);
    awaitDocument("TODO-1");
  }

  @Test
  void the_body_names_no_producer_and_no_method() throws IOException {
    stream.pull();
    other.insert("ToDo", Here.json("{'name': 'OTHERS'}"));
    site.insert("ToDo", Here.json("{'name': 'OURS'}"));
    other.forgetRequests();
    String body =
        "{\"cmd\": \"ping\", \"producer\": \"%1$s\", \"producer_url\": \"%1$s\"}"
            .formatted(other.url());

    Reply reply =
        send(
            path(site) + "?producer_url=" + other.url(),
            Map.of(
                "Content-Type",
                "application/json",
                "X-Frappe-Webhook-Signature",
                signature(SECRET, body)),
            body);

    assertThat(reply.body()).isEqualTo("{}");
    awaitDocument("OURS");
    assertThat(other.requests()).isEmpty();
  }

  @Test
  void who_does_not_sign_rightly_is_refused_whatever_the_reason_and_starts_nothing()
      throws IOException {
    stream.pull();
    site.forgetRequests();
    String body = "{\"name\": \"TODO-1\"}";
    String right = signature(SECRET, body);
    List<Reply> replies =
        List.of(
            send(path(site), Map.of(), body),
            send(path(site), signed(""), body),
            send(path(site), signed("no base64 !"), body),
            send(path(site), signed(signature("another", body)), body),
            send(path(site), signed(right), body + " "),
            send(path(site), signed(right.substring(0, right.length() - 1)), body),
            send(path(site), signed(right), ""),
            // has no webhook_secret
            send(path(other), signed(right), body),
            send(path(other), signed(signature("", body)), body),
            send(EventProducer.WEBHOOKS + "nobody.example", signed(right), body),
            send(EventProducer.WEBHOOKS, signed(right), body));

    assertThat(replies).extracting(Reply::status).containsOnly(401);
    assertThat(replies).extracting(Reply::body).containsOnly(replies.get(0).body());
    assertThat(replies.get(0).json().path("exc").asText()).isNotEmpty();
    assertThat(replies.get(0).json().path("exc_type").asText()).isEqualTo("AuthenticationError");
    assertThat(site.requests()).isEmpty();
  }

  @Test
  void a_wrong_signature_is_reported_once_until_one_is_right_and_without_secrets()
      throws IOException {
    Logger logger = (Logger) LoggerFactory.getLogger("org.eventstreaming.callback.AnswerWebhook");
    ListAppender<ILoggingEvent> reported = new ListAppender<>();
    reported.start();
    logger.addAppender(reported);
    try {
      String wrong = signature("another", "{}");
      send(path(site), signed(wrong), "{}");
      send(path(site), signed(wrong), "{}");
      send(path(site), Map.of(), "{}");
      send(path(other), signed(wrong), "{}");
      send(EventProducer.WEBHOOKS + "nobody%0a.example", signed(wrong), "{}");
      send(EventProducer.WEBHOOKS + "nobody.else.example", signed(wrong), "{}");
      send(path(site), signed(signature(SECRET, "{}")), "{}");
      send(path(site), Map.of(), "{}");

      assertThat(reported.list)
          .extracting(ILoggingEvent::getFormattedMessage)
          .satisfiesExactly(
              first -> assertThat(first).contains(site.url(), "its signature is wrong"),
              second -> assertThat(second).contains(other.url(), "has no webhook_secret"),
              third -> assertThat(third).contains("names no Event Producer"),
              fourth -> assertThat(fourth).contains(site.url(), "it is not signed"))
          .allSatisfy(line -> assertThat(line).doesNotContain(SECRET, wrong, "nobody"));
    } finally {
      logger.detachAppender(reported);
    }
  }

  @Test
  void a_body_over_four_megabytes_is_refused() throws IOException {
    String body = "x".repeat(4 * 1024 * 1024 + 1);

    Reply reply = send(path(site), signed(signature(SECRET, body)), body);

    assertThat(reply.status()).isEqualTo(413);
  }

  private static String path(StandInSite site) {
    return EventProducer.WEBHOOKS + URI.create(site.url()).getAuthority();
  }

  private static Map<String, String> signed(String signature) {
    return Map.of("X-Frappe-Webhook-Signature", signature);
  }

  private static String signature(String secret, String body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      // an empty key is none for Java; HMAC pads with zeros
      byte[] key = secret.isEmpty() ? new byte[1] : secret.getBytes(UTF_8);
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return Base64.getEncoder().encodeToString(mac.doFinal(body.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Reply send(String path, Map<String, String> headers, String body) throws IOException {
    return RawCall.send(URI.create(stream.url()), "POST", path, headers, body);
  }

  private void awaitDocument(String name) {
    Awaitility.await(name)
        .atMost(Duration.ofSeconds(20))
        .until(() -> stream.database().count("document where name = '%s'".formatted(name)) == 1);
  }
}
