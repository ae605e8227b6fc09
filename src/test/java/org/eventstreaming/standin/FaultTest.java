package org.eventstreaming.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultTest {
  private final StandInSite site = StandInSite.start(Generation.V15_APP);
  private final Peer peer = new Peer(site);

  @BeforeEach
  void registered() {
    peer.register("ToDo");
    site.append(
        IntStream.rangeClosed(1, 9)
            .mapToObj(
                i ->
                    new LogEntry(
                        "e" + i, "2030-01-01 00:00:0" + i, "Create", "ToDo", "T" + i, "{\"n\": 1}"))
            .toList());
    site.plainSelection();
  }

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void a_fault_hits_the_next_call_that_fits_and_no_other() {
    site.fail(CallKind.PULL, Fault.serverError("OperationalError: (1213, 'Deadlock found')"));

    var home = peer.get("/");
    var first = pull();
    var second = pull();

    assertThat(home.statusCode()).isEqualTo(200);
    assertThat(first.statusCode()).isEqualTo(500);
    assertThat(Peer.tree(first.body()).path("exc").asText()).contains("Deadlock found");
    assertThat(second.statusCode()).isEqualTo(200);
  }

  @Test
  void the_answers_of_proxies_and_limits_are_as_they_are_in_the_wild() {
    for (var fault :
        List.of(
            Fault.badGateway(),
            Fault.tooManyRequests(Duration.ofSeconds(7)),
            Fault.unauthorized(),
            Fault.forbidden(),
            Fault.maintenance(),
            Fault.htmlPage())) {
      site.fail(fault);
    }

    assertThat(pull().statusCode()).isEqualTo(502);
    var tooMany = pull();
    assertThat(tooMany.statusCode()).isEqualTo(429);
    assertThat(tooMany.headers().firstValue("Retry-After")).hasValue("7");
    assertThat(pull().statusCode()).isEqualTo(401);
    assertThat(pull().statusCode()).isEqualTo(403);
    assertThat(pull().statusCode()).isEqualTo(503);
    assertThat(pull().body()).startsWith("<html>");
    assertThat(pull().statusCode()).isEqualTo(200);
  }

  @Test
  void a_cut_answer_ends_in_the_middle_of_the_entry() throws IOException {
    site.fail(Fault.cutInEntry(3));

    var raw = rawPull();

    assertThat(raw)
        .contains("\"name\":\"e1\"", "\"name\":\"e2\"")
        .doesNotContain("\"name\":\"e3\"");
    assertThat(raw).contains("update_type\":\"Create\",\"ref_doctype").doesNotEndWith("0\r\n\r\n");
    assertThatThrownBy(
            () -> {
              site.fail(Fault.cutInEntry(3));
              pull();
            })
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void an_answer_is_cut_after_so_many_bytes_also_where_its_length_was_given() throws IOException {
    site.fail(Fault.cutAfter(100));
    var chunked = rawPull();
    site.fail(Fault.cutAfter(5));
    var whole = raw("GET /api/method/ping HTTP/1.1\r\nHost: x\r\n\r\n");

    assertThat(chunked).contains("64\r\n{\"message\"").doesNotContain("T2");
    assertThat(whole).containsIgnoringCase("content-length: 18").endsWith("\r\n\r\n{\"mes");
  }

  @Test
  void a_lost_answer_was_carried_out() {
    site.fail(Fault.lostAnswer());
    assertThatThrownBy(
            () ->
                peer.send(
                    "PUT",
                    "/api/resource/Event%20Consumer/" + Peer.URL,
                    "{\"user\": \"other\"}",
                    "application/json"))
        .isInstanceOf(UncheckedIOException.class);

    assertThat(peer.get("/api/resource/Event%20Consumer/" + Peer.URL).body()).contains("other");
  }

  @Test
  void entries_come_twice_or_in_another_order() {
    site.fail(Fault.doubledEntries());
    site.fail(Fault.shuffledEntries(1));

    var doubled = peer.pull("", "ToDo");
    var shuffled = peer.pull("", "ToDo");

    assertThat(doubled).hasSize(18).startsWith("e1", "e1", "e2", "e2");
    assertThat(shuffled).hasSize(9).doesNotHaveDuplicates().isNotEqualTo(peer.pull("", "ToDo"));
  }

  @Test
  void json_can_be_wrong_or_end_half_way_with_the_length_right() {
    site.fail(Fault.wrongJson());
    var wrong = pull();
    site.fail(Fault.halfTheJson());
    var half = pull();

    assertThatThrownBy(() -> FrappeJson.read(wrong.body()))
        .isInstanceOf(JsonProcessingException.class);
    assertThatThrownBy(() -> FrappeJson.read(half.body()))
        .isInstanceOf(JsonProcessingException.class);
    assertThat(half.headers().firstValueAsLong("content-length"))
        .hasValue(half.body().getBytes(StandardCharsets.UTF_8).length);
  }

  @Test
  void a_slow_answer_is_whole_in_the_end() {
    site.fail(Fault.slow(Duration.ofMillis(1), 64));

    assertThat(peer.pull("", "ToDo")).hasSize(9);
  }

  @Test
  void a_call_without_answer_lasts_until_the_site_ends() throws Exception {
    site.fail(CallKind.PULL, Fault.noAnswer());
    try (var socket =
        new Socket(InetAddress.getLoopbackAddress(), URI.create(site.url()).getPort())) {
      socket.getOutputStream().write(pullRequest().getBytes(StandardCharsets.UTF_8));
      socket.setSoTimeout(200);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);

      site.close();

      socket.setSoTimeout(60_000);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void connections_are_refused_and_taken_again_on_the_same_port() {
    var url = site.url();

    site.refuseConnections();
    assertThatThrownBy(() -> peer.get("/")).hasCauseInstanceOf(ConnectException.class);
    site.resume();

    assertThat(peer.get("/").statusCode()).isEqualTo(200);
    assertThat(site.url()).isEqualTo(url);
    assertThat(peer.pull("", "ToDo")).hasSize(9);
  }

  private HttpResponse<String> pull() {
    return peer.post("/", peer.pullArguments("", "ToDo"));
  }

  private String rawPull() throws IOException {
    return raw(pullRequest());
  }

  private String pullRequest() {
    var body = Peer.form(peer.pullArguments("", "ToDo"));
    return "POST / HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n"
        + "Authorization: token API-KEY:API-SECRET\r\n"
        + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  /** All bytes that come until the connection is closed. */
  private String raw(String request) throws IOException {
    try (var socket =
        new Socket(InetAddress.getLoopbackAddress(), URI.create(site.url()).getPort())) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
