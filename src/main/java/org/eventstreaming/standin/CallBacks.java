package org.eventstreaming.standin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What a producer calls on its consumers (frappe-wire 5), with the keys they registered. */
final class CallBacks {
  private final SiteState site;
  private final String producerUrl;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  CallBacks(SiteState site, String producerUrl) {
    this.site = site;
    this.producerUrl = producerUrl;
  }

  /** Notifies the consumer that there is something to pull, if it is online. */
  List<Exchange> notify(String consumerUrl) {
    var consumer = consumer(consumerUrl);
    var exchanges = new ArrayList<Exchange>();
    exchanges.add(isOnline(consumerUrl));
    if (exchanges.get(0).status() == 200) {
      var form =
          form(
              Map.of(
                  "cmd",
                  site.generation().prefix()
                      + ".event_producer.event_producer.new_event_notification",
                  "producer_url",
                  producerUrl));
      exchanges.add(call(consumer, "POST", consumerUrl + "/", form));
    }
    return exchanges;
  }

  /** Makes the webhook calls that wait, signed where the webhook says so (live evidence 5). */
  List<Exchange> webhooks() {
    return site.webhooks().take().stream().map(this::webhook).toList();
  }

  private Exchange webhook(Webhooks.Waiting call) {
    var request =
        HttpRequest.newBuilder(URI.create(call.url()))
            .method(call.method(), HttpRequest.BodyPublishers.ofString(call.body()));
    if (!call.secret().isEmpty()) {
      request.header("X-Frappe-Webhook-Signature", signature(call.secret(), call.body()));
    }
    return send(request, call.method(), call.url(), call.body());
  }

  private static String signature(String secret, String body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), mac.getAlgorithm()));
      return Base64.getEncoder().encodeToString(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes the statuses of the Event Consumer into the consumer's Event Producer. */
  List<Exchange> pushApproval(String consumerUrl) {
    var consumer = consumer(consumerUrl);
    var exchanges = new ArrayList<Exchange>();
    var producer = consumerUrl + "/api/resource/Event%20Producer/" + producerUrl;
    var read = call(consumer, "GET", producer, "");
    exchanges.add(read);
    if (!(json(read).path("data") instanceof ObjectNode document)) {
      return exchanges;
    }
    for (var row : document.path("producer_doctypes")) {
      if (row instanceof ObjectNode object) {
        var doctype = remoteDocType(consumer, consumerUrl, row, exchanges);
        object.set(
            "status",
            EventConsumers.row(consumer, doctype)
                .map(one -> one.path("status"))
                .orElse(FrappeJson.object().nullNode()));
      }
    }
    document.put("incoming_change", true);
    var named =
        consumerUrl + "/api/resource/Event%20Producer/" + document.path("name").asText(producerUrl);
    exchanges.add(call(consumer, "PUT", named, form(Map.of("data", FrappeJson.text(document)))));
    return exchanges;
  }

  /** The DocType here that a row over there asks for; with a mapping the consumer knows it. */
  private String remoteDocType(
      ObjectNode consumer, String consumerUrl, JsonNode row, List<Exchange> exchanges) {
    if (row.path("has_mapping").asInt() == 0) {
      return row.path("ref_doctype").asText();
    }
    var query =
        form(
            Map.of(
                "cmd",
                "frappe.client.get_value",
                "doctype",
                "Document Type Mapping",
                "fieldname",
                "remote_doctype",
                "filters",
                FrappeJson.compact(new TextNode(row.path("mapping").asText()))));
    var asked = call(consumer, "GET", consumerUrl + "/?" + query, "");
    exchanges.add(asked);
    return json(asked).path("message").path("remote_doctype").asText();
  }

  private ObjectNode consumer(String url) {
    if (!site.generation().streams()) {
      throw new IllegalStateException("A site without the app has no Event Consumer to call");
    }
    return site.consumers()
        .find(url)
        .orElseThrow(() -> new IllegalStateException("No Event Consumer " + url + " registered"));
  }

  private Exchange isOnline(String consumerUrl) {
    return send(HttpRequest.newBuilder(URI.create(consumerUrl)).GET(), "GET", consumerUrl, "");
  }

  private Exchange call(ObjectNode consumer, String method, String url, String body) {
    var pair =
        consumer.path("api_key").asText()
            + ":"
            + site.consumers().secret(consumer.path("name").asText());
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    return send(request, method, url, body);
  }

  private Exchange send(HttpRequest.Builder request, String method, String url, String body) {
    try {
      var answer =
          http.send(request.timeout(Duration.ofMinutes(1)).build(), BodyHandlers.ofString());
      return new Exchange(method, url, body, answer.statusCode(), answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + url + " was not answered", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode json(Exchange exchange) {
    try {
      return FrappeJson.read(exchange.received());
    } catch (JsonProcessingException e) {
      return FrappeJson.object();
    }
  }

  private static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            field ->
                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }
}
