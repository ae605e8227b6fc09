package org.eventstreaming.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Timer;
import java.util.TimerTask;
import org.eventstreaming.postgres.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how a backlog is worked off while that takes its time: one line that changes on a terminal,
 * else a line every five seconds. Reads the last row of the Event Sync Log once a second.
 */
final class ShowProgress implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShowProgress.class);
  private static final long SECOND = 1_000;
  private static final int PATIENCE = 5;

  private final Database database;
  private final PrintWriter err;
  private final boolean terminal;
  private final Timer clock = new Timer("progress", true);
  private long first = -1;
  private long last;
  private int seconds;

  private ShowProgress(Database database, PrintWriter err, boolean terminal) {
    this.database = database;
    this.err = err;
    this.terminal = terminal;
  }

  static ShowProgress start(Database database, PrintWriter err) {
    ShowProgress progress = new ShowProgress(database, err, isTerminal());
    progress.clock.schedule(
        new TimerTask() {
          @Override
          public void run() {
            progress.look();
          }
        },
        0,
        SECOND);
    return progress;
  }

  /** Waits for a look that goes on: none may ask a database that is closed. */
  @Override
  public synchronized void close() {
    clock.cancel();
    rest();
  }

  private synchronized void look() {
    try {
      Rows found =
          Rows.of(
              database, "select seq, event_producer from event_sync_log order by seq desc limit 1");
      if (found.isEmpty()) {
        first = Math.max(first, 0);
      } else {
        seen(found.first());
      }
    } catch (SQLException | RuntimeException e) {
      LOG.debug("Could not read how far the stream is", e);
    }
  }

  private void seen(ObjectNode row) {
    long seq = row.path("seq").asLong();
    if (first < 0 || seq == last) {
      rest();
      first = seq;
      last = seq;
      return;
    }
    seconds++;
    String line =
        "%,d entries so far, %,d/s, %s"
            .formatted(seq - first, seq - last, row.path("event_producer").asText());
    last = seq;
    if (terminal && seconds > 1) {
      err.print("\r" + line + "\u001b[K");
      err.flush();
    } else if (!terminal && seconds % PATIENCE == 0) {
      err.println(line);
      err.flush();
    }
  }

  private void rest() {
    if (terminal && seconds > 1) {
      err.println();
      err.flush();
    }
    seconds = 0;
  }

  /** Of standard error alone: the other two may be redirected. */
  private static boolean isTerminal() {
    try {
      return Path.of("/proc/self/fd/2").toRealPath().toString().matches("/dev/(pts/|tty).*");
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
