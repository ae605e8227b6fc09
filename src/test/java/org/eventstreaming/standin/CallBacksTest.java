package org.eventstreaming.standin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CallBacksTest {
  private record Received(String method, String uri, String authorization, String body) {}

  private final StandInSite site = StandInSite.start(Generation.V15_APP);
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final HttpServer consumer;
  private final String url;
  private int homePage = 200;

  CallBacksTest() throws IOException {
    consumer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    url = "http://127.0.0.1:" + consumer.getAddress().getPort();
  }

  @BeforeEach
  void serve() {
    consumer.createContext(
        "/",
        exchange -> {
          var uri = exchange.getRequestURI().toString();
          var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          var authorization = exchange.getRequestHeaders().getFirst("Authorization");
          received.add(
              new Received(exchange.getRequestMethod(), uri, String.valueOf(authorization), body));
          var answer = answer(uri).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(
              uri.equals("/") && body.isEmpty() ? homePage : 200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    consumer.start();
    var data =
        Peer.json("{'user': 'Administrator', 'api_key': 'API-KEY', 'api_secret': 'API-SECRET'}")
            .put("event_consumer", url)
            .put("consumer_doctypes", "[{\"doctype\":\"Item\"},{\"doctype\":\"Note\"}]");
    new Peer(site)
        .post(
            new Peer(site).method("event_consumer.event_consumer.register_consumer"),
            Map.of("data", data.toString()));
  }

  @AfterEach
  void close() {
    consumer.stop(0);
    site.close();
  }

  @Test
  void a_notification_is_called_as_a_real_producer_calls_it() throws IOException {
    site.notify(url);

    var recorded = recorded();
    assertThat(received).hasSize(2);
    assertThat(received.get(0)).isEqualTo(new Received("GET", "/", "null", ""));
    var notification = received.get(1);
    assertThat(notification.method()).isEqualTo(recorded.get(4).path("method").asText());
    assertThat(notification.uri()).isEqualTo(recorded.get(4).path("uri").asText());
    assertThat(notification.authorization())
        .isEqualTo(recorded.get(4).path("headers").path("Authorization").asText());
    assertThat(URLDecoder.decode(notification.body(), StandardCharsets.UTF_8))
        .isEqualTo(
            URLDecoder.decode(recorded.get(4).path("body").asText(), StandardCharsets.UTF_8)
                .replace("http://erp.example:8000", site.url()));
  }

  @Test
  void a_consumer_that_is_offline_is_not_notified() {
    homePage = 503;

    var exchanges = site.notify(url);

    assertThat(exchanges).extracting(Exchange::status).containsExactly(503);
  }

  @Test
  void an_approval_is_written_into_the_event_producer_as_a_real_producer_does() throws IOException {
    site.approve(url, "Item");
    site.reject(url, "Note");

    var exchanges = site.pushApproval(url);

    var recorded = recorded();
    var producer = "/api/resource/Event%20Producer/";
    assertThat(exchanges).extracting(Exchange::status).containsExactly(200, 200, 200);
    assertThat(recorded.get(1).path("uri").asText()).startsWith(producer + "http://erp");
    assertThat(received)
        .extracting(Received::uri)
        .containsExactly(
            producer + site.url(),
            "/?cmd=frappe.client.get_value&doctype=Document+Type+Mapping"
                + "&fieldname=remote_doctype&filters=%22ToDo+to+Note%22",
            producer + site.url());
    var put = document(received.get(2).body());
    assertThat(keys(put)).containsAll(keys(document(recorded.get(2).path("body").asText())));
    assertThat(put.path("incoming_change").isBoolean()).isTrue();
    assertThat(put.findValuesAsText("status")).containsExactly("Approved", "Rejected");
  }

  private String answer(String uri) {
    if (uri.contains("get_value")) {
      return "{\"message\": {\"remote_doctype\": \"Note\"}}";
    }
    if (!uri.startsWith("/api/")) {
      return "{}";
    }
    var producer =
        Peer.json(
            "{'doctype': 'Event Producer', 'user': 'Administrator', 'incoming_change': 0,"
                + " 'modified': '2026-11-22 13:17:08.466900'}");
    producer.put("name", site.url()).put("producer_url", site.url());
    producer
        .putArray("producer_doctypes")
        .add(
            Peer.json(
                "{'name': 'a', 'ref_doctype': 'Item', 'has_mapping': 0, 'status': 'Pending'}"))
        .add(
            Peer.json(
                "{'name': 'b', 'ref_doctype': 'ToDo', 'has_mapping': 1, 'mapping': 'ToDo to Note'}"));
    return FrappeJson.object().set("data", producer).toString();
  }

  private static JsonNode document(String form) {
    return Peer.tree(URLDecoder.decode(form.substring("data=".length()), StandardCharsets.UTF_8));
  }

  private static Set<String> keys(JsonNode node) {
    var keys = new TreeSet<String>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static List<JsonNode> recorded() throws IOException {
    var file = Path.of("src/test/resources/recordings/erpnext-15/calls-to-consumer.jsonl");
    return Files.readAllLines(file, StandardCharsets.UTF_8).stream().map(Peer::tree).toList();
  }
}
