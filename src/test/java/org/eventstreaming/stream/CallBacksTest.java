package org.eventstreaming.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.standin.CallKind;
import org.eventstreaming.standin.Exchange;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.stream.RawCall.Reply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What producers call on us, over HTTP, against the server that runs. */
class CallBacksTest {
  private static final String ANNOUNCE = ".event_producer.event_producer.new_event_notification";
  private static final String CORE = "frappe.event_streaming.doctype" + ANNOUNCE;
  private static final String APP = "event_streaming.event_streaming.doctype" + ANNOUNCE;

  /** What a producer reads of an Event Producer and its rows. */
  private static final List<String> READ_OF_IT =
      List.of("name", "doctype", "producer_url", "producer_doctypes");

  private static final List<String> READ_OF_ROWS =
      List.of(
          "name",
          "doctype",
          "ref_doctype",
          "has_mapping",
          "use_same_name",
          "status",
          "unsubscribe");

  private static final List<String> ELSEWHERE =
      List.of(
          "/api/resource/ToDo/TODO-1",
          "/api/resource/Event%20Producer",
          "/api/resource/Event%20Producer/",
          "/api/resource/Event%20Producer/http://nobody.example",
          "/api/resource/Event%20Consumer/http://nobody.example",
          "/api/resource/User/Administrator",
          "/api/resource/",
          "/api/resource",
          "/api/resource/Event%20Producer/../../resource/ToDo/x",
          "/api/resource/%2e%2e/ToDo/x",
          "//api/resource/ToDo/TODO-1",
          "/./api/resource/ToDo/TODO-1",
          "/api/resource/Event%2520Producer/x",
          "/api/resource/Event%20Producer%00/x",
          "/api/resource/Event%20Producer/%zz",
          "/api/method/frappe.client.get_list?doctype=User",
          "/api/method/frappe.client.get_value?doctype=User",
          "/api/method/frappe.auth.get_logged_user",
          "/api/v2/document/User",
          "/?cmd=frappe.client.get&doctype=User&name=Administrator",
          "/observe/health",
          "/q/health",
          "/routes/poll.camel.yaml",
          "/api");

  private static final CloseAside ASIDE = new CloseAside();

  private final StandInSite site = StandInSite.start(Generation.V15_APP);
  private final StandInSite other = StandInSite.start(Generation.V15_APP);
  private final TestStream stream =
      TestStream.following(site, TestStream.sameName("ToDo", "Note"))
          .and(other, Read.LIST, ProducerDoctype.sameName("ToDo"))
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

  @ParameterizedTest
  @ValueSource(strings = {"frappe-13", "frappe-14", "app-15"})
  void a_recorded_producers_calls_are_answered_as_a_consumer_site_answered_them(String folder)
      throws IOException {
    stream.pull();
    // the poll that a recorded notification starts reads back what was pushed
    site.approve(stream.url(), "ToDo");
    int calls = 0;
    for (String line :
        Files.readAllLines(recordings().resolve(folder).resolve("exchanges.jsonl"), UTF_8)) {
      JsonNode exchange = RawCall.json(line);
      if (!exchange.path("by").asText().equals("the producer site")) {
        continue;
      }
      JsonNode request = exchange.path("request");

      Reply reply = replay(request, "producer.example:8000");

      assertThat(reply.status() + "")
          .isEqualTo(exchange.path("response").path("status").asText().substring(0, 3));
      assertSameShape(RawCall.json(exchange.path("response").path("body").asText()), reply.json());
      calls++;
    }
    assertThat(calls).isGreaterThan(5);
    assertThat(statuses()).containsEntry("ToDo", "Approved");
  }

  @Test
  void what_a_real_erpnext_site_called_on_a_consumer_is_answered_and_approves_its_types()
      throws IOException {
    stream.pull();
    List<Reply> replies = new ArrayList<>();
    for (String line :
        Files.readAllLines(recordings().resolve("erpnext-15/calls-to-consumer.jsonl"), UTF_8)) {
      replies.add(replay(RawCall.json(line), "erp.example:8000"));
    }

    assertThat(replies).extracting(Reply::status).containsOnly(200).hasSize(5);
    assertThat(
            replies.get(2).json().path("data").path("producer_doctypes").findValuesAsText("status"))
        .containsExactly("Approved", "Approved");
    assertThat(replies.get(3).body()).contains("Event Streaming is up");
    assertThat(replies.get(4).body()).isEqualTo("{}");
  }

  @Test
  void a_stranger_learns_that_we_are_up() throws IOException {
    Reply reply = send("GET", "/", Map.of(), "");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).doesNotContain(site.url());
  }

  @ParameterizedTest
  @EnumSource(
      value = Generation.class,
      names = {"V13", "V14", "V15_APP"})
  void an_approval_that_is_pushed_and_a_notification_bring_the_document(Generation generation) {
    try (StandInSite producer = StandInSite.start(generation);
        TestStream following =
            TestStream.following(producer, TestStream.sameName("ToDo")).serving().start()) {
      following.pull();
      String us = producer.consumers().get(0);

      producer.approve(us);
      List<Exchange> pushed = producer.pushApproval(us);
      producer.insert("ToDo", Here.json("{'name': 'TODO-1'}"));
      List<Exchange> reported = producer.notify(us);

      assertThat(pushed).extracting(Exchange::status).containsExactly(200, 200);
      assertThat(reported).extracting(Exchange::status).containsExactly(200, 200);
      await(following, "document where name = 'TODO-1'", 1);
      assertThat(following.database().value("select status from event_sync_log"))
          .isEqualTo("Synced");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/, " + CORE,
    "/, " + APP,
    "/api/method/" + CORE + ", ''",
    "/api/method/" + APP + ", ''"
  })
  void a_notification_starts_a_poll_however_it_is_called(String path, String cmd)
      throws IOException {
    site.approveAll();
    stream.pull();
    site.insert("ToDo", Here.json("{'name': 'TODO-1'}"));

    Reply reply =
        send(
            "POST",
            path,
            withKey(),
            (cmd.isEmpty() ? "" : "cmd=" + cmd + "&") + "producer_url=" + encoded(site.url()));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("{}");
    await(stream, "document where name = 'TODO-1'", 1);
  }

  @Test
  void a_call_while_the_database_fails_is_answered_503_and_says_nothing_of_the_inside()
      throws IOException {
    stream.pull();
    stream.database().execute("alter table api_key rename to away");
    try {
      Reply reply = send("POST", "/", withKey(), "cmd=" + APP);

      assertThat(reply.status()).isEqualTo(503);
      assertRefused(reply);
      assertThat(reply.body()).doesNotContain("api_key", "relation");
    } finally {
      stream.database().execute("alter table away rename to api_key");
    }
  }

  @Test
  void a_name_is_read_raw_encoded_and_half_encoded() throws IOException {
    stream.pull();
    String raw = site.url();
    for (String name :
        List.of(raw, encoded(raw), raw.replace(":", "%3A"), raw.replace("//", "%2f%2F"))) {
      Reply reply = send("GET", "/api/resource/Event%20Producer/" + name, withKey(), "");

      assertThat(reply.status()).as(name).isEqualTo(200);
      assertThat(reply.json().path("data").path("name").asText()).isEqualTo(raw);
    }
  }

  @Test
  void json_in_a_charset_that_nobody_knows_is_read_as_json() throws IOException {
    Reply reply =
        send(
            "POST",
            "/",
            Map.of("Content-Type", "application/json; charset=nonsense"),
            "{\"cmd\": \"ping\"}");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().path("message").asText()).isEqualTo("pong");
  }

  @Test
  void an_approval_that_comes_as_json_is_taken_too() throws IOException {
    stream.pull();

    Reply reply =
        send(
            "PUT",
            "/api/resource/Event%20Producer/" + encoded(site.url()),
            Map.of("Authorization", basic(key(site)), "Content-Type", "application/json"),
            "{\"producer_doctypes\": [{\"ref_doctype\": \"ToDo\", \"status\": \"Rejected\"}, {\"ref_doctype\": \"Item\", \"status\": \"Approved\"}, {\"ref_doctype\": \"Note\", \"status\": \"nonsense\"}]}");

    assertThat(reply.json().path("data").path("producer_doctypes").findValuesAsText("ref_doctype"))
        .containsExactly("ToDo", "Note");
    assertThat(reply.json().path("data").path("producer_doctypes").findValuesAsText("status"))
        .containsExactly("Rejected", "Pending");
  }

  @Test
  void the_type_behind_a_mapping_is_answered_with_an_empty_value() throws IOException {
    stream.pull();

    Reply reply =
        send(
            "GET",
            "/?cmd=frappe.client.get_value&doctype=Document+Type+Mapping&fieldname=remote_doctype&filters=%22a+b%22",
            withKey(),
            "");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().path("message").isObject()).isTrue();
  }

  @Test
  void a_token_opens_what_a_basic_header_opens() throws IOException {
    stream.pull();

    Reply reply =
        send(
            "GET",
            "/api/resource/Event%20Producer/" + site.url(),
            Map.of("Authorization", "token " + key(site)),
            "");

    assertThat(reply.status()).isEqualTo(200);
  }

  @Test
  void who_is_not_known_is_refused_and_reported_nothing() throws IOException {
    stream.pull();
    String path = "/api/resource/Event%20Producer/" + site.url();
    String known = key(site).replaceFirst(":.*", "");
    for (String authorization :
        List.of(
            basic("nobody:nothing"),
            basic(known + ":wrong"),
            basic(known + ":"),
            basic(known),
            basic(key(site) + ":more"),
            "token " + known + ":wrong",
            "Basic not-base64!",
            "Bearer " + key(site),
            "Basic",
            key(site))) {
      Reply reply = send("GET", path, Map.of("Authorization", authorization), "");

      assertThat(reply.status()).as(authorization).isEqualTo(401);
      assertRefused(reply);
    }
    Reply without = send("GET", path, Map.of(), "");
    assertThat(without.status()).isEqualTo(403);
    assertRefused(without);
  }

  @Test
  void a_key_opens_its_own_producer_and_no_other() throws IOException {
    stream.pull();
    Map<String, String> othersKey = new TreeMap<>(withKey());
    othersKey.put("Authorization", basic(key(other)));

    Reply read = send("GET", "/api/resource/Event%20Producer/" + site.url(), othersKey, "");
    Reply write =
        send(
            "PUT",
            "/api/resource/Event%20Producer/" + site.url(),
            othersKey,
            "data="
                + encoded(
                    "{\"producer_doctypes\": [{\"ref_doctype\": \"ToDo\", \"status\": \"Approved\"}]}"));
    Reply news =
        send("POST", "/", othersKey, "cmd=" + CORE + "&producer_url=" + encoded(site.url()));

    assertThat(List.of(read, write, news)).extracting(Reply::status).containsOnly(403);
    assertRefused(read);
    assertThat(statuses()).containsEntry("ToDo", "Pending");
  }

  @Test
  void a_producer_that_calls_itself_by_another_address_is_heard_and_reported_what_to_set()
      throws IOException {
    site.approveAll();
    stream.pull();
    site.insert("ToDo", Here.json("{'name': 'TODO-1'}"));
    String address = "http://10.0.0.5:8000";

    Reply read = send("GET", "/api/resource/Event%20Producer/" + address, withKey(), "");
    Reply news = send("POST", "/", withKey(), "cmd=" + CORE + "&producer_url=" + encoded(address));

    assertThat(read.status()).isEqualTo(403);
    assertThat(read.body()).contains("Set host_name in the site_config.json", site.url());
    assertThat(news.status()).isEqualTo(200);
    await(stream, "document where name = 'TODO-1'", 1);
  }

  @Test
  void a_key_opens_nothing_else() throws IOException {
    stream.pull();

    for (String path : ELSEWHERE) {
      for (String method : List.of("GET", "POST", "PUT", "DELETE")) {
        Reply reply = send(method, path, withKey(), "");

        assertThat(reply.status()).as(method + " " + path).isIn(400, 403, 404, 405, 417);
        assertThat(reply.body())
            .doesNotContain(stream.database().databaseSettings().url(), "at org.", "secret");
      }
    }
  }

  @Test
  void the_document_is_read_and_written_in_no_other_way() throws IOException {
    stream.pull();

    for (String method : List.of("POST", "DELETE", "PATCH")) {
      Reply reply = send(method, "/api/resource/Event%20Producer/" + site.url(), withKey(), "");

      assertThat(reply.status()).as(method).isIn(403, 405);
    }
  }

  @Test
  void headers_and_arguments_named_like_camels_own_steer_nothing() throws IOException {
    stream.pull();
    Map<String, String> headers = new TreeMap<>(withKey());
    Map<String, String> camels =
        Map.of(
            "CamelHttpUri", "http://evil.example",
            "CamelHttpPath", "/elsewhere",
            "CamelHttpMethod", "PUT",
            "CamelHttpResponseCode", "418",
            "CamelBeanMethodName", "write",
            "CamelRejectedExecution", "1",
            "camelhttpquery", "x=1",
            "org.apache.camel.Exchange", "x");
    headers.putAll(camels);
    StringBuilder query = new StringBuilder();
    camels.forEach(
        (name, value) -> query.append('&').append(name).append('=').append(encoded(value)));
    String path = "/api/resource/Event%20Producer/" + site.url();

    Reply plain = send("GET", path, withKey(), "");
    Reply steered = send("GET", path + "?" + query.substring(1), headers, "");
    Reply news =
        send(
            "POST",
            "/?" + query.substring(1),
            headers,
            "cmd=" + APP + "&producer_url=" + encoded(site.url()) + query);

    assertThat(plain.status()).isEqualTo(200);
    assertThat(steered.status()).isEqualTo(200);
    assertThat(steered.body()).isEqualTo(plain.body());
    assertThat(steered.head()).doesNotContainIgnoringCase("camel");
    assertThat(news.status()).isEqualTo(200);
    assertThat(news.body()).isEqualTo("{}");
  }

  @Test
  void a_body_over_four_megabytes_is_refused_and_the_server_lives_on() throws IOException {
    stream.pull();

    Reply large =
        send(
            "PUT",
            "/api/resource/Event%20Producer/" + site.url(),
            withKey(),
            "data=" + "x".repeat(4 * 1024 * 1024 + 1));
    Reply next = send("GET", "/", Map.of(), "");

    assertThat(large.status()).isEqualTo(413);
    assertThat(next.status()).isEqualTo(200);
  }

  @Test
  void an_approval_that_cannot_be_read_approves_nothing() throws IOException {
    stream.pull();
    for (String form :
        List.of("data={not json", "data=[1]", "data=%22text%22", "data=", "", "x=%zz")) {

      Reply reply = send("PUT", "/api/resource/Event%20Producer/" + site.url(), withKey(), form);

      assertThat(reply.status()).as(form).isIn(200, 400, 417);
      assertThat(statuses())
          .containsOnly(Map.entry("ToDo", "Pending"), Map.entry("Note", "Pending"));
    }
  }

  private Reply replay(JsonNode request, String producerHost) throws IOException {
    String ours = site.url().replace("http://", "");
    Map<String, String> headers = new TreeMap<>();
    request
        .path("headers")
        .properties()
        .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
    headers.keySet().removeIf(name -> name.matches("(?i)host|content-length|connection"));
    headers.replaceAll(
        (name, value) -> name.equalsIgnoreCase("authorization") ? basic(key(site)) : value);
    return send(
        request.path("method").asText(),
        request.path("uri").asText().replace(producerHost, ours),
        headers,
        request.path("body").asText().replace(encoded(producerHost), encoded(ours)));
  }

  /** What we answer a producer finds in a real site's answer too, and what it reads is there. */
  private static void assertSameShape(JsonNode recorded, JsonNode answered) {
    assertThat(names(answered)).isEqualTo(names(recorded));
    JsonNode data = answered.path("data");
    if (data.isMissingNode()) {
      return;
    }
    assertThat(names(recorded.path("data"))).containsAll(names(data));
    assertThat(names(data)).containsAll(READ_OF_IT);
    Map<String, JsonNode> rows = new TreeMap<>();
    data.path("producer_doctypes").forEach(row -> rows.put(row.path("ref_doctype").asText(), row));
    for (JsonNode row : recorded.path("data").path("producer_doctypes")) {
      JsonNode ours = Objects.requireNonNull(rows.get(row.path("ref_doctype").asText()));
      assertThat(names(ours)).containsAll(READ_OF_ROWS);
      for (Map.Entry<String, JsonNode> field : ours.properties()) {
        // a site leaves out what is empty
        if (row.has(field.getKey())) {
          assertThat(field.getValue().getNodeType())
              .as(field.getKey())
              .isEqualTo(row.get(field.getKey()).getNodeType());
        }
      }
    }
  }

  private static void assertRefused(Reply reply) {
    assertThat(reply.json().path("exc").asText()).isNotEmpty();
    assertThat(reply.json().path("exc_type").asText()).isNotEmpty();
    assertThat(reply.body()).doesNotContain("Traceback", "at org.", "producer_doctypes");
  }

  private Map<String, String> statuses() {
    Map<String, String> statuses = new TreeMap<>();
    stream
        .database()
        .rows(
            "select ref_doctype, status from event_producer_document_type where producer_url = '"
                + site.url()
                + "'")
        .forEach(row -> statuses.put(String.valueOf(row.get(0)), String.valueOf(row.get(1))));
    return statuses;
  }

  private static void await(TestStream stream, String rows, long count) {
    Awaitility.await(rows)
        .atMost(Duration.ofSeconds(20))
        .until(() -> stream.database().count(rows) == count);
  }

  private Map<String, String> withKey() {
    return Map.of(
        "Authorization",
        basic(key(site)),
        "Content-Type",
        "application/x-www-form-urlencoded",
        "Accept",
        "application/json");
  }

  /** The pair that we registered with at this site. */
  private static String key(StandInSite at) {
    String form = at.requests(CallKind.REGISTER).get(0).body();
    JsonNode data = RawCall.json(URLDecoder.decode(form.replaceFirst("^data=", ""), UTF_8));
    return data.path("api_key").asText() + ":" + data.path("api_secret").asText();
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
  }

  private Reply send(String method, String uri, Map<String, String> headers, String body)
      throws IOException {
    return RawCall.send(URI.create(stream.url()), method, uri, headers, body);
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private static Path recordings() {
    return Path.of("src/test/resources/recordings");
  }
}
