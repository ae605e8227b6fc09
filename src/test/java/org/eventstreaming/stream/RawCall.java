package org.eventstreaming.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.Locale;
import java.util.Map;

/** An HTTP call as it is: no client between the test and the wire that would correct a request. */
final class RawCall {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RawCall() {}

  static Reply send(URI server, String method, String uri, Map<String, String> headers, String body)
      throws IOException {
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(uri).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(server.getAuthority()).append("\r\nConnection: close\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    byte[] bytes = body.getBytes(UTF_8);
    head.append("Content-Length: ").append(bytes.length).append("\r\n\r\n");
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      out.write(head.toString().getBytes(ISO_8859_1));
      try {
        out.write(bytes);
        out.flush();
      } catch (SocketException e) {
        // the server closed after its answer, which is still to be read
      }
      return Reply.of(socket.getInputStream().readAllBytes());
    }
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** What came back. */
  record Reply(int status, String head, String body) {
    private static Reply of(byte[] answer) {
      String text = new String(answer, UTF_8);
      int end = text.indexOf("\r\n\r\n");
      assertThat(end).as(text).isPositive();
      String body = text.substring(end + 4);
      if (text.substring(0, end).toLowerCase(Locale.ROOT).contains("chunked")) {
        body = unchunked(body);
      }
      return new Reply(Integer.parseInt(text.substring(9, 12)), text.substring(0, end), body);
    }

    JsonNode json() {
      return RawCall.json(body);
    }

    private static String unchunked(String body) {
      StringBuilder whole = new StringBuilder();
      String rest = body;
      while (true) {
        int line = rest.indexOf("\r\n");
        int size = Integer.parseInt(rest.substring(0, line), 16);
        if (size == 0) {
          return whole.toString();
        }
        // sizes are in bytes: our answers are ASCII
        whole.append(rest, line + 2, line + 2 + size);
        rest = rest.substring(line + 2 + size + 2);
      }
    }
  }
}
