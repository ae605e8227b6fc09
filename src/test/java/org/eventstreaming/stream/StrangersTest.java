package org.eventstreaming.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;

/** Requests that nobody should send, of callers that nobody knows. */
class StrangersTest {
  /** Each byte is a character; the connection is to be closed after the answer. */
  private static final List<String> BAD =
      List.of(
          "GET /%zz%00 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
          "GET /api/method/ping%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
          "GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
          "GET /api/method/x?a=%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
          "GET /x HTTP/1.1\r\nHost: a\r\nAuthorization: token a:b\r\nConnection: close\r\n\r\n",
          "GET /x HTTP/1.1\r\nHost: a\r\nAuthorization: Basic %%%\r\nConnection: close\r\n\r\n",
          "GET /x HTTP/1.1\r\nHost: a\r\nAuthorization: Basic YQBiOmM=\r\nConnection: close\r\n\r\n",
          "FOO / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
          "CONNECT a:1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
          "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
          post("application/json", "{\"a"),
          post("application/json", "[1]"),
          post("application/json", "null"),
          post("application/json", "[".repeat(100_000)),
          post("application/json; charset=nope", "{}"),
          post(";;;", "abc"),
          post("application/x-www-form-urlencoded", "a=%zz&b=%"),
          post("application/x-www-form-urlencoded; charset=nope", "a=1"),
          post("multipart/form-data", "abc"),
          post("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: nothing\r\n\r\n"),
          post("text/plain", "x".repeat(5_000_000)),
          "POST /x HTTP/1.1\r\nHost: a\r\nExpect: nonsense\r\nContent-Length: 1\r\nConnection:"
              + " close\r\n\r\nx",
          "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\nConnection: close\r\n\r\n",
          "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection:"
              + " close\r\n\r\nzz\r\n",
          "GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(100_000) + "\r\n\r\n",
          "GET /" + "x".repeat(100_000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
          "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
          "\u0016\u0003\u0001 no TLS here\r\n\r\n",
          "hello\r\n\r\n");

  @Test
  void whatever_a_stranger_sends_is_one_short_line_a_minute_and_the_answer_says_nothing_of_us()
      throws IOException {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream =
            TestStream.following(site, TestStream.sameName("ToDo")).serving().start();
        LogLines log = LogLines.open()) {
      for (String server : List.of(stream.url(), stream.application().healthUrl())) {
        for (String request : BAD) {
          String answer = send(URI.create(server), request);
          assertThat(answer)
              .as(request.lines().findFirst().orElseThrow())
              .doesNotContainIgnoringCase("exception:", "\tat ", "vertx", "netty", "java", "camel")
              .doesNotContain("HTTP/1.1 50");
          assertThat(answer.length()).isLessThan(1_000);
        }
      }

      assertThat(lines(log)).hasSize(1).allMatch(line -> line.length() < 250);
      assertThat(lines(log).get(0)).startsWith("A request of 127.0.0.1 was refused: ");
      assertThat(log.stackTraces()).isEmpty();

      stream.clock().advance(Duration.ofMinutes(1));
      String answer =
          send(URI.create(stream.url()), post("application/x-www-form-urlencoded", "a=%zz&b=%"));

      assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\"exc\":", "it cannot be read");
      assertThat(lines(log)).hasSize(2);
      assertThat(lines(log).get(1)).containsPattern("400, it cannot be read\\. [1-9]\\d* more");
    }
  }

  @Test
  void a_caller_that_goes_away_before_its_answer_is_no_line() throws IOException {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream =
            TestStream.following(site, TestStream.sameName("ToDo")).serving().start();
        LogLines log = LogLines.open()) {
      URI server = URI.create(stream.url());
      for (int i = 0; i < 20; i++) {
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
          socket.setSoLinger(true, 0);
          socket
              .getOutputStream()
              .write(post("application/json", "{}").repeat(3).getBytes(ISO_8859_1));
        }
      }
      send(server, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

      assertThat(lines(log)).isEmpty();
    }
  }

  private static List<String> lines(LogLines log) {
    List<String> lines = new ArrayList<>(log.at(Level.WARN, ""));
    lines.addAll(log.at(Level.ERROR, ""));
    return lines;
  }

  private static String post(String type, String body) {
    return "POST /api/method/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(type, body.length(), body);
  }

  private static String send(URI server, String request) throws IOException {
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout(30_000);
      try {
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      } catch (SocketException e) {
        // closed while more was sent than anybody reads
        return "";
      }
    }
  }
}
