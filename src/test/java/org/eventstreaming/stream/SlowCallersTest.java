package org.eventstreaming.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eventstreaming.settings.RequestLimits;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Callers that hold connections: each is let go in time, whatever it does meanwhile. */
class SlowCallersTest {
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final String PING = "GET /api/method/ping HTTP/1.1\r\nHost: a\r\n\r\n";
  private static StandInSite site;
  private static TestDatabase database;

  private final List<TestStream> streams = new ArrayList<>();
  private final List<Socket> sockets = new ArrayList<>();

  @BeforeAll
  static void open() {
    site = StandInSite.start(Generation.V15_APP).approveAll();
    database = TestDatabase.create();
  }

  @AfterEach
  void closeSockets() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    streams.forEach(stream -> stream.application().close());
  }

  @AfterAll
  static void close() {
    database.close();
    site.close();
  }

  @Test
  void a_connection_that_brings_no_header_or_half_of_one_is_closed() throws IOException {
    TestStream stream = serving(new RequestLimits(SHORT, LONG, LONG, 100, 4096));

    for (String server : List.of(stream.url(), stream.application().healthUrl())) {
      Socket silent = connect(server);
      Socket slow = connect(server);
      slow.getOutputStream().write("GET / HTTP/1.1\r\nX: ".getBytes(ISO_8859_1));

      assertThat(isClosedWhileSending(slow)).isTrue();
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void half_a_body_is_closed_however_often_a_byte_of_it_comes() throws IOException {
    TestStream stream = serving(new RequestLimits(LONG, SHORT, LONG, 100, 4096));
    Socket slow = connect(stream.url());
    slow.getOutputStream()
        .write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n".getBytes(ISO_8859_1));

    assertThat(isClosedWhileSending(slow)).isTrue();
  }

  @Test
  void a_connection_serves_several_requests_and_is_closed_when_no_further_one_comes()
      throws IOException {
    TestStream stream = serving(new RequestLimits(LONG, LONG, SHORT, 100, 4096));
    Socket idle = connect(stream.url());
    for (int i = 0; i < 3; i++) {
      idle.getOutputStream().write(PING.getBytes(ISO_8859_1));
      assertThat(answer(idle)).startsWith("HTTP/1.1 200").contains("pong");
    }

    assertThat(idle.getInputStream().read()).isEqualTo(-1);

    Socket slow = connect(stream.url());
    slow.getOutputStream().write(PING.getBytes(ISO_8859_1));
    assertThat(answer(slow)).contains("pong");
    slow.getOutputStream().write("GET / HTTP/1.1\r\nX: ".getBytes(ISO_8859_1));

    assertThat(isClosedWhileSending(slow)).isTrue();
  }

  @Test
  void one_connection_more_than_may_be_open_is_closed_at_once_and_health_still_answers()
      throws IOException {
    TestStream stream = serving(new RequestLimits(LONG, LONG, LONG, 3, 4096));
    List<Socket> held = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Socket one = connect(stream.url());
      one.getOutputStream().write(PING.getBytes(ISO_8859_1));
      assertThat(answer(one)).contains("pong");
      held.add(one);
    }

    assertThat(isRefused(stream.url())).isTrue();
    Socket health = connect(stream.application().healthUrl());
    health
        .getOutputStream()
        .write("GET /observe/health HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1));
    assertThat(answer(health)).startsWith("HTTP/1.1 200");

    held.get(0).close();

    await().atMost(20, TimeUnit.SECONDS).until(() -> !isRefused(stream.url()));
  }

  @Test
  void a_body_larger_than_may_be_is_answered_413() throws IOException {
    TestStream stream = serving(new RequestLimits(LONG, LONG, LONG, 100, 4096));
    URI server = URI.create(stream.url());

    assertThat(RawCall.send(server, "POST", "/?cmd=ping", Map.of(), "x".repeat(4096)))
        .extracting(RawCall.Reply::status)
        .isEqualTo(200);
    RawCall.Reply refused = RawCall.send(server, "POST", "/?cmd=ping", Map.of(), "x".repeat(4097));

    assertThat(refused.status()).isEqualTo(413);
    assertThat(refused.json().path("exception").asText())
        .contains("larger than 4 KB (eventstreaming.http.body-size)");
  }

  @Test
  void an_answer_may_take_longer_than_any_of_these_times() throws Exception {
    TestStream stream = serving(new RequestLimits(SHORT, SHORT, SHORT, 100, 4096));
    CompletableFuture<RawCall.Reply> reply;
    try (Connection connection = database.database().pool().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("lock table api_key in access exclusive mode");
      reply =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return RawCall.send(
                      URI.create(stream.url()),
                      "GET",
                      "/x",
                      Map.of("Authorization", "token a:b"),
                      "");
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      await()
          .during(SHORT.multipliedBy(2))
          .atMost(30, TimeUnit.SECONDS)
          .until(() -> isWaiting(statement));
      connection.rollback();
    }

    assertThat(reply.get(20, TimeUnit.SECONDS).status()).isEqualTo(401);
  }

  private static boolean isWaiting(Statement statement) throws SQLException {
    try (var rows =
        statement.executeQuery(
            "select 1 from pg_locks where not granted and relation = 'api_key'::regclass")) {
      return rows.next();
    }
  }

  private TestStream serving(RequestLimits limits) {
    TestStream stream =
        TestStream.following(site, TestStream.sameName("ToDo")).serving(limits).start(database);
    streams.add(stream);
    return stream;
  }

  private Socket connect(String server) throws IOException {
    URI address = URI.create(server);
    Socket socket = new Socket(address.getHost(), address.getPort());
    socket.setSoTimeout(30_000);
    sockets.add(socket);
    return socket;
  }

  private boolean isRefused(String server) throws IOException {
    Socket socket = connect(server);
    try {
      socket.getOutputStream().write(PING.getBytes(ISO_8859_1));
      return socket.getInputStream().read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  /** Sends a byte now and then; whether the other end closes before it has many. */
  private static boolean isClosedWhileSending(Socket socket) throws IOException {
    socket.setSoTimeout(50);
    for (int i = 0; i < 600; i++) {
      try {
        socket.getOutputStream().write('x');
        if (socket.getInputStream().read() < 0) {
          return true;
        }
      } catch (SocketTimeoutException e) {
        // nothing yet: it is open
      } catch (SocketException e) {
        return true;
      }
    }
    return false;
  }

  /** One answer; the connection stays open. */
  private static String answer(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder text = new StringBuilder();
    while (text.indexOf("\r\n0\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return text + "<closed>";
      }
      text.append((char) next);
      String head = text.toString();
      if (head.endsWith("}") && head.contains("content-length")) {
        return head;
      }
    }
    return text.toString();
  }
}
