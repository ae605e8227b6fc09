package org.eventstreaming.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eventstreaming.update.DocumentJson;
import org.jspecify.annotations.Nullable;

/**
 * A producer that gives the answers of a recorded one, in their order: what our client asks is set
 * beside what a consumer of that generation asked. Hosts and keys are ours, all else is recorded.
 */
final class RecordedSite implements AutoCloseable {
  /** A call of ours, with the recorded one whose answer it got. */
  record Pair(Asked ours, Asked recorded) {}

  /** A call by its meaning: arguments are the same from query and body. */
  record Asked(String method, String path, Map<String, String> arguments) {
    JsonNode json(String argument) {
      return parsed(arguments.getOrDefault(argument, "null"));
    }
  }

  private record Turn(int at, Asked asked, int status, String answer) {}

  private static final String PULL = "get_update_logs_for_consumer";
  private static final String PRODUCER = "http://producer.example:8000";
  private static final String CONSUMER = "http://consumer.example:8000";

  private final List<Turn> byConsumer = new ArrayList<>();
  private final List<Turn> byPerson = new ArrayList<>();
  private final List<Pair> pairs = new ArrayList<>();
  private final List<Asked> unexpected = new ArrayList<>();
  private final String consumerUrl;
  private final HttpServer server;
  private String key = "API-KEY";
  private boolean registered;
  private int at;
  private @Nullable Turn pulled;

  RecordedSite(String folder, String consumerUrl) throws IOException {
    this.consumerUrl = consumerUrl;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    int number = 0;
    for (String line :
        Files.readAllLines(
            Path.of("src/test/resources/recordings", folder, "exchanges.jsonl"),
            StandardCharsets.UTF_8)) {
      number++;
      JsonNode exchange = parsed(withOurHosts(line));
      JsonNode request = exchange.path("request");
      if (!request.path("host").asText().startsWith("producer")) {
        continue;
      }
      Turn turn =
          new Turn(
              number,
              asked(
                  request.path("method").asText(),
                  request.path("uri").asText(),
                  request.path("body").asText()),
              Integer.parseInt(exchange.path("response").path("status").asText().substring(0, 3)),
              exchange.path("response").path("body").asText());
      (exchange.path("by").asText().equals("the consumer site") ? byConsumer : byPerson).add(turn);
    }
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Goes on to the moment before the consumer's next call of this kind. */
  void before(String method, String pathEnd) {
    at =
        byConsumer.stream()
            .filter(turn -> turn.at() > at && fits(turn, method, pathEnd))
            .findFirst()
            .orElseThrow()
            .at();
  }

  /** Whether the consumer pulls something before it next looks at its subscription. */
  boolean pullsNext() {
    return byConsumer.stream()
        .filter(turn -> turn.at() > at)
        .filter(turn -> isPull(turn.asked()) || fits(turn, "GET", consumerUrl))
        .findFirst()
        .map(turn -> isPull(turn.asked()))
        .orElse(false);
  }

  synchronized List<Pair> pairs() {
    return List.copyOf(pairs);
  }

  synchronized List<Asked> unexpected() {
    return List.copyOf(unexpected);
  }

  /** The documents as the site itself answered them up to now. */
  Map<String, ObjectNode> documents() {
    Map<String, ObjectNode> documents = new LinkedHashMap<>();
    for (Turn turn : byPerson) {
      String[] path = turn.asked().path().split("/", 5);
      if (turn.at() > at || path.length < 4 || !path[1].equals("api")) {
        continue;
      }
      if (turn.asked().method().equals("DELETE") && turn.status() == 202) {
        documents.remove(path[3] + " " + path[4]);
      } else if (turn.status() == 200
          && parsed(turn.answer()).path("data") instanceof ObjectNode document
          && document.path("doctype").asText().equals(path[3])) {
        documents.put(path[3] + " " + document.path("name").asText(), document);
      }
    }
    return documents;
  }

  @Override
  public void close() {
    server.stop(0);
  }

  static boolean isPull(Asked asked) {
    return (asked.path() + asked.arguments().getOrDefault("cmd", "")).contains(PULL);
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    Asked ours =
        asked(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    Turn answer = answer(ours);
    byte[] body = answer.answer().replace("API-KEY", key).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private Turn answer(Asked ours) {
    String path = ours.path();
    if (path.endsWith("get_time_zone")) {
      return new Turn(at, ours, 200, "{\"message\": {\"time_zone\": \"Asia/Kolkata\"}}");
    }
    if (path.startsWith("/api/method/")
        && byConsumer.stream().noneMatch(turn -> method(turn.asked()).equals(method(ours)))) {
      return person("/api/method/frappe.no.such");
    }
    if (path.endsWith("register_consumer")) {
      registered = true;
      key = ours.json("data").path("api_key").asText();
      return taken(ours, next("POST", "register_consumer"));
    }
    if (path.equals("/api/resource/Event Consumer/" + consumerUrl)) {
      if (!registered) {
        return person("/api/resource/ToDo/nope");
      }
      if (ours.method().equals("GET")) {
        pulled = null;
        return taken(ours, last("GET", consumerUrl));
      }
      Turn put = next("PUT", consumerUrl);
      before("GET", consumerUrl);
      return taken(ours, put);
    }
    if (isPull(ours)) {
      // asked again within a poll it has the same to say
      Turn answer = pulled == null ? taken(ours, next("POST", PULL)) : pulled;
      pulled = answer;
      return answer;
    }
    if (path.startsWith("/api/resource/")) {
      ObjectNode document = documents().get(path.replaceFirst("/api/resource/(.*?)/", "$1 "));
      return document == null
          ? person("/api/resource/ToDo/nope")
          : new Turn(
              at, ours, 200, DocumentJson.MAPPER.createObjectNode().set("data", document) + "");
    }
    unexpected.add(ours);
    return new Turn(at, ours, 500, "{}");
  }

  private Turn taken(Asked ours, Turn recorded) {
    pairs.add(new Pair(ours, recorded.asked()));
    at = Math.max(at, recorded.at());
    return recorded;
  }

  private Turn next(String method, String pathEnd) {
    return byConsumer.stream()
        .filter(turn -> turn.at() > at && fits(turn, method, pathEnd))
        .findFirst()
        .orElseThrow();
  }

  private Turn last(String method, String pathEnd) {
    return byConsumer.stream()
        .filter(turn -> turn.at() <= Math.max(at, firstPlace(method, pathEnd)))
        .filter(turn -> fits(turn, method, pathEnd))
        .reduce((a, b) -> b)
        .orElseThrow();
  }

  /** The first of its kind, for a time before there was any. */
  private int firstPlace(String method, String pathEnd) {
    return byConsumer.stream()
        .filter(turn -> fits(turn, method, pathEnd))
        .findFirst()
        .orElseThrow()
        .at();
  }

  private Turn person(String path) {
    return byPerson.stream()
        .filter(turn -> turn.asked().path().equals(path))
        .findFirst()
        .orElseThrow();
  }

  /** A pull for no types is a call that we do not make. */
  private static boolean fits(Turn turn, String method, String pathEnd) {
    Asked asked = turn.asked();
    return asked.method().equals(method)
        && (asked.path().endsWith(pathEnd) || method(asked).endsWith(pathEnd))
        && !asked.arguments().getOrDefault("doctypes", "").equals("[]");
  }

  private static String method(Asked asked) {
    return asked.arguments().getOrDefault("cmd", asked.path().replace("/api/method/", ""));
  }

  private Asked asked(String method, String uri, String body) {
    String[] parts = uri.split("\\?", 2);
    Map<String, String> arguments = new LinkedHashMap<>();
    String form = body.startsWith("{") ? "" : body;
    for (String pair : ((parts.length < 2 ? "" : parts[1]) + "&" + form).split("&", -1)) {
      String[] sides = pair.split("=", 2);
      if (sides.length == 2) {
        arguments.put(decoded(sides[0]), decoded(sides[1]));
      }
    }
    return new Asked(method, decoded(parts[0].replace("+", "%2B")), arguments);
  }

  private String decoded(String text) {
    return withOurHosts(URLDecoder.decode(text, StandardCharsets.UTF_8));
  }

  private String withOurHosts(String text) {
    return text.replace(PRODUCER, url()).replace(CONSUMER, consumerUrl);
  }

  private static JsonNode parsed(String json) {
    try {
      return DocumentJson.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
