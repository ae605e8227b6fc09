package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** What the site answers: a body that is there, or rows that are made while they are sent. */
sealed interface Answer {
  Map<String, String> JSON = Map.of("Content-Type", "application/json");
  Map<String, String> HTML = Map.of("Content-Type", "text/html; charset=utf-8");

  int status();

  Map<String, String> headers();

  /** A body of known length. */
  @SuppressWarnings("ArrayRecordComponent")
  record Whole(int status, Map<String, String> headers, byte[] body) implements Answer {}

  /** A list under one key, sent as a chunked stream. */
  record Rows(String key, Iterator<? extends JsonNode> rows) implements Answer {
    @Override
    public int status() {
      return 200;
    }

    @Override
    public Map<String, String> headers() {
      return JSON;
    }

    /** The answer in pieces: the opening, each row with the comma before it, the closing. */
    Iterator<byte[]> pieces() {
      return new Iterator<>() {
        private int row = -1;
        private boolean closed;

        @Override
        public boolean hasNext() {
          return !closed;
        }

        @Override
        public byte[] next() {
          if (closed) {
            throw new NoSuchElementException();
          }
          if (row < 0) {
            row = 0;
            return ascii("{\"" + key + "\": [");
          }
          if (!rows.hasNext()) {
            closed = true;
            return ascii("]}");
          }
          var bytes = FrappeJson.bytes(rows.next());
          return row++ == 0 ? bytes : joined(bytes);
        }
      };
    }

    private static byte[] ascii(String text) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] joined(byte[] bytes) {
      var joined = new byte[bytes.length + 2];
      joined[0] = ',';
      joined[1] = ' ';
      System.arraycopy(bytes, 0, joined, 2, bytes.length);
      return joined;
    }
  }

  static Answer json(int status, JsonNode body) {
    return new Whole(status, JSON, FrappeJson.bytes(body));
  }

  /** What a method returned. */
  static Answer message(JsonNode message) {
    return json(200, FrappeJson.object().set("message", message));
  }

  static Answer data(JsonNode data) {
    return json(200, FrappeJson.object().set("data", data));
  }

  static Answer html(int status, String title) {
    var page = "<!DOCTYPE html><html><head><title>" + title + "</title></head><body>" + title;
    return new Whole(status, HTML, (page + "</body></html>").getBytes(StandardCharsets.UTF_8));
  }

  /** All bytes of an answer, for faults that need them. */
  static byte[] bytes(Answer answer) {
    if (answer instanceof Whole whole) {
      return whole.body();
    }
    var bytes = new ByteArrayOutputStream();
    pieces(answer).forEachRemaining(bytes::writeBytes);
    return bytes.toByteArray();
  }

  static Iterator<byte[]> pieces(Answer answer) {
    return answer instanceof Rows rows
        ? rows.pieces()
        : List.of(((Whole) answer).body()).iterator();
  }
}
