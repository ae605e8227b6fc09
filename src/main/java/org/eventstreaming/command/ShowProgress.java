package org.eventstreaming.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Timer;
import java.util.TimerTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports how far work is while it goes on: one line that changes on a terminal, else a line every
 * five seconds. Looks once a second.
 */
final class ShowProgress implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShowProgress.class);
  private static final long SECOND = 1_000;
  private static final int PATIENCE = 5;

  private final Look look;
  private final PrintWriter err;
  private final boolean terminal;
  private final Timer clock = new Timer("progress", true);
  private int seconds;

  private ShowProgress(Look look, PrintWriter err, boolean terminal) {
    this.look = look;
    this.err = err;
    this.terminal = terminal;
  }

  static ShowProgress start(Look look, PrintWriter err) {
    ShowProgress progress = new ShowProgress(look, err, isTerminal());
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
      String line = look.line();
      if (line == null) {
        rest();
      } else {
        show(line);
      }
    } catch (SQLException | RuntimeException e) {
      LOG.debug("Could not read the progress", e);
    }
  }

  private void show(String line) {
    seconds++;
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

  /** A look at some work. */
  @FunctionalInterface
  interface Look {
    /** How far it is; null while it rests. */
    @Nullable String line() throws SQLException;
  }
}
