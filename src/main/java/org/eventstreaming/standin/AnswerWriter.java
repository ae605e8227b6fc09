package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sends an answer, with the fault that was planned for it. A connection is cut by an exception out
 * of the handler: the server then closes it without ending the body.
 */
final class AnswerWriter {
  /** The fault wants the connection closed here. */
  static final class Cut extends IOException {
    private static final long serialVersionUID = 1;

    Cut() {
      super("cut on demand");
    }
  }

  private static final int BUFFER = 1 << 16;

  private final CountDownLatch end = new CountDownLatch(1);

  /** Lets go of the calls that are not answered or answered slowly. */
  void end() {
    end.countDown();
  }

  void write(HttpExchange exchange, Answer answer, @Nullable Fault fault) throws IOException {
    if (fault instanceof Fault.Instead instead) {
      send(
          exchange,
          new Answer.Whole(
              instead.status(),
              instead.headers(),
              instead.body().getBytes(StandardCharsets.UTF_8)));
    } else if (fault instanceof Fault.LostAnswer) {
      throw new Cut();
    } else if (fault instanceof Fault.NoAnswer) {
      pause(Duration.ofDays(1));
      throw new Cut();
    } else if (fault instanceof Fault.HalfTheJson) {
      var bytes = Answer.bytes(answer);
      var half = Arrays.copyOf(bytes, bytes.length / 2);
      send(exchange, new Answer.Whole(answer.status(), answer.headers(), half));
    } else if (fault instanceof Fault.CutAfterBytes cut) {
      try (var out = new CuttingStream(open(exchange, answer), cut.bytes())) {
        copy(Answer.pieces(answer), out);
      }
    } else if (fault instanceof Fault.CutInEntry cut) {
      cutInEntry(exchange, answer, cut.entry());
    } else if (fault instanceof Fault.Slow slow) {
      slowly(exchange, answer, slow);
    } else if (fault instanceof Fault.Meanwhile meanwhile) {
      meanwhile.happens().run();
      send(exchange, answer);
    } else if (fault instanceof Fault.Doubled) {
      send(exchange, withEntries(answer, AnswerWriter::doubled));
    } else if (fault instanceof Fault.Shuffled shuffled) {
      send(
          exchange,
          withEntries(answer, rows -> Collections.shuffle(rows, new Random(shuffled.seed()))));
    } else {
      send(exchange, answer);
    }
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    try (var out = new BufferedOutputStream(open(exchange, answer), BUFFER)) {
      copy(Answer.pieces(answer), out);
    }
  }

  private static OutputStream open(HttpExchange exchange, Answer answer) throws IOException {
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(
        answer.status(), answer instanceof Answer.Whole whole ? length(whole) : 0);
    return exchange.getResponseBody();
  }

  /** The server's own way to say "no body". */
  private static long length(Answer.Whole whole) {
    return whole.body().length == 0 ? -1 : whole.body().length;
  }

  private static void copy(Iterator<byte[]> pieces, OutputStream out) throws IOException {
    while (pieces.hasNext()) {
      out.write(pieces.next());
    }
  }

  private static void cutInEntry(HttpExchange exchange, Answer answer, int entry)
      throws IOException {
    var out = open(exchange, answer);
    var pieces = Answer.pieces(answer);
    for (var piece = 0; pieces.hasNext(); piece++) {
      var bytes = pieces.next();
      if (piece == entry) {
        out.write(bytes, 0, bytes.length / 2);
        out.flush();
        throw new Cut();
      }
      out.write(bytes);
    }
    out.close();
  }

  private void slowly(HttpExchange exchange, Answer answer, Fault.Slow slow) throws IOException {
    try (var out = open(exchange, answer)) {
      var pieces = Answer.pieces(answer);
      while (pieces.hasNext()) {
        var bytes = pieces.next();
        for (var from = 0; from < bytes.length; from += slow.bytes()) {
          pause(slow.pause());
          out.write(bytes, from, Math.min(slow.bytes(), bytes.length - from));
          out.flush();
        }
      }
    }
  }

  private void pause(Duration pause) throws IOException {
    try {
      if (end.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Cut();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cut();
    }
  }

  private interface Rearrangement {
    void rearrange(List<JsonNode> rows);
  }

  private static Answer withEntries(Answer answer, Rearrangement rearrangement) {
    if (!(answer instanceof Answer.Rows rows)) {
      return answer;
    }
    var entries = new ArrayList<JsonNode>();
    rows.rows().forEachRemaining(entries::add);
    rearrangement.rearrange(entries);
    return new Answer.Rows(rows.key(), entries.iterator());
  }

  private static void doubled(List<JsonNode> rows) {
    var twice = rows.stream().flatMap(row -> Stream.of(row, row)).toList();
    rows.clear();
    rows.addAll(twice);
  }

  /** Lets so many bytes through, then cuts. */
  private static final class CuttingStream extends OutputStream {
    private final OutputStream out;
    private int left;

    CuttingStream(OutputStream out, int bytes) {
      this.out = out;
      this.left = bytes;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, Math.min(left, length));
      left -= length;
      if (left <= 0) {
        out.flush();
        throw new Cut();
      }
    }

    @Override
    public void close() throws IOException {
      if (left > 0) {
        out.close();
      }
    }
  }
}
