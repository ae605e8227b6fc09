package org.eventstreaming.standin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;

/** One exchange of a recorded conversation with a producer site. */
record Recorded(JsonNode exchange) {
  private static final DateTimeFormatter TEXT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS");

  /** What was asked of the producer in this folder's conversation, in order. */
  static List<Recorded> ofProducer(String folder) {
    return of(folder + "/exchanges.jsonl").stream()
        .filter(one -> one.request("host").startsWith("producer"))
        .toList();
  }

  /** All exchanges in this file, in order. */
  static List<Recorded> of(String file) {
    try {
      var path = Path.of("src/test/resources/recordings", file);
      return Files.readAllLines(path, StandardCharsets.UTF_8).stream()
          .map(Peer::tree)
          .map(Recorded::new)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String method() {
    return request("method");
  }

  String uri() {
    return request("uri");
  }

  String readableUri() {
    return URLDecoder.decode(uri(), StandardCharsets.UTF_8);
  }

  String body() {
    return request("body");
  }

  /** The JSON body. */
  JsonNode sent() {
    return Peer.tree(body());
  }

  String authorization() {
    return exchange.path("request").path("headers").path("authorization").asText();
  }

  int status() {
    return Integer.parseInt(exchange.path("response").path("status").asText().substring(0, 3));
  }

  JsonNode answer() {
    return Peer.tree(exchange.path("response").path("body").asText());
  }

  /** When the answer came, in the site's zone. */
  String siteTime() {
    return TEXT.format(
        LocalDateTime.parse(exchange.path("at").asText()).plusHours(5).plusMinutes(30));
  }

  boolean isPull() {
    return (uri() + body()).contains("get_update_logs_for_consumer") && status() == 200;
  }

  /** The doctype in the path; empty for methods. */
  String doctype() {
    var path = readableUri().replaceFirst("\\?.*", "");
    return path.startsWith("/api/resource/") ? path.split("/", -1)[3] : "";
  }

  HttpResponse<String> sendTo(StandInSite site) {
    return sendTo(site, authorization());
  }

  HttpResponse<String> sendTo(StandInSite site, String authorization) {
    var type = exchange.path("request").path("headers").path("content-type").asText();
    return new Peer(site).as(authorization).send(method(), uri(), body(), type);
  }

  /**
   * The answer has the recorded status and JSON: the same keys with values of the same type, and
   * the same values but for the paths that are loose.
   */
  void assertAnswered(HttpResponse<String> answer, Predicate<String> loose) {
    var what = method() + " " + readableUri() + "\n" + answer.body();
    assertThat(answer.statusCode()).as(what).isEqualTo(status());
    assertThat(answer.headers().firstValue("content-type")).as(what).hasValue("application/json");
    var differences = new ArrayList<String>();
    compare("", answer(), Peer.tree(answer.body()), loose, differences);
    assertThat(differences).as(what).isEmpty();
  }

  static void compare(
      String path,
      JsonNode recorded,
      JsonNode answered,
      Predicate<String> loose,
      List<String> differences) {
    if (recorded.getNodeType() != answered.getNodeType()) {
      differences.add(path + ": " + recorded + " but was " + answered);
    } else if (recorded instanceof ObjectNode object) {
      var keys = new TreeSet<String>();
      object.fieldNames().forEachRemaining(keys::add);
      answered.fieldNames().forEachRemaining(keys::add);
      keys.stream()
          .filter(key -> !loose.test(path + "." + key + "?"))
          .forEach(
              key ->
                  compare(
                      path + "." + key,
                      recorded.path(key),
                      answered.path(key),
                      loose,
                      differences));
    } else if (recorded instanceof ArrayNode && !loose.test(path + "[]")) {
      if (recorded.size() != answered.size()) {
        differences.add(path + ": " + recorded.size() + " elements but was " + answered.size());
      }
      for (var i = 0; i < Math.min(recorded.size(), answered.size()); i++) {
        compare(path + "[]", recorded.path(i), answered.path(i), loose, differences);
      }
    } else if (path.endsWith("_server_messages") || path.endsWith("_server_messages[][]")) {
      compare(
          path + "[]",
          Peer.tree(recorded.asText()),
          Peer.tree(answered.asText()),
          loose,
          differences);
    } else if (!loose.test(path) && !recorded.equals(answered)) {
      differences.add(path + ": " + recorded + " but was " + answered);
    }
  }

  private String request(String part) {
    return exchange.path("request").path(part).asText();
  }
}
