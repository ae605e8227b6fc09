package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Calls a site as a consumer does. */
final class Peer {
  static final String URL = "http://consumer.example:8000";

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final StandInSite site;
  private String authorization = "token API-KEY:API-SECRET";

  Peer(StandInSite site) {
    this.site = site;
  }

  Peer as(String other) {
    authorization = other;
    return this;
  }

  static ObjectNode json(String text) {
    try {
      return (ObjectNode) MAPPER.readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode tree(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Registers and answers the cursor. */
  String register(String... doctypes) {
    var rows =
        Arrays.stream(doctypes)
            .map(doctype -> doctype.split("\\|", -1))
            .map(
                parts ->
                    MAPPER
                        .createObjectNode()
                        .put("doctype", parts[0])
                        .put("condition", parts.length > 1 ? parts[1] : null))
            .map(JsonNode::toString)
            .collect(Collectors.joining(",", "[", "]"));
    var data =
        MAPPER
            .createObjectNode()
            .put("event_consumer", URL)
            .put("consumer_doctypes", rows)
            .put("user", "Administrator")
            .put("api_key", "CONSUMER-KEY")
            .put("api_secret", "CONSUMER-SECRET");
    var answer =
        post(
            method("event_consumer.event_consumer.register_consumer"),
            Map.of("data", data.toString()));
    return tree(tree(answer.body()).path("message").asText("{}")).path("last_update").asText();
  }

  List<String> pull(String lastUpdate, String... doctypes) {
    return names(post("/", pullArguments(lastUpdate, doctypes)));
  }

  List<String> peek(String lastUpdate, String... doctypes) {
    return names(get("/?" + form(pullArguments(lastUpdate, doctypes))));
  }

  Map<String, String> pullArguments(String lastUpdate, String... doctypes) {
    return Map.of(
        "cmd",
        site.generation().prefix()
            + ".event_update_log.event_update_log.get_update_logs_for_consumer",
        "event_consumer",
        URL,
        "doctypes",
        MAPPER.valueToTree(doctypes).toString(),
        "last_update",
        lastUpdate);
  }

  String method(String method) {
    return "/api/method/" + site.generation().prefix() + "." + method;
  }

  HttpResponse<String> get(String uri) {
    return send("GET", uri, "", "");
  }

  HttpResponse<String> post(String uri, Map<String, String> form) {
    return send("POST", uri, form(form), "application/x-www-form-urlencoded");
  }

  HttpResponse<String> send(String method, String uri, String body, String contentType) {
    var request =
        HttpRequest.newBuilder(URI.create(site.url() + uri))
            .timeout(Duration.ofSeconds(60))
            .header("Accept", "application/json")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    if (!contentType.isEmpty()) {
      request.header("Content-Type", contentType);
    }
    try {
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> field.getKey() + "=" + encoded(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static List<String> names(HttpResponse<String> answer) {
    return StreamSupport.stream(tree(answer.body()).path("message").spliterator(), false)
        .map(entry -> entry.path("name").asText())
        .toList();
  }
}
