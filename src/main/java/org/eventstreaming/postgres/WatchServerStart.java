package org.eventstreaming.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends the wait for a server that has ended while it started: the library asks on for its whole
 * time-out, also when a signal or a bad setting has ended the server.
 */
final class WatchServerStart {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

  private final Path data;
  private final Thread waiting = Thread.currentThread();
  private boolean isOver;

  private WatchServerStart(Path data) {
    this.data = data;
  }

  static WatchServerStart of(Path data) {
    return new WatchServerStart(data);
  }

  EmbeddedPostgres start(EmbeddedPostgres.Builder builder) throws IOException {
    Thread watch = new Thread(this::watch, "postgresql-start");
    watch.setDaemon(true);
    watch.start();
    try {
      return builder.start();
    } finally {
      end();
      // what the watch did is not for anybody else
      Thread.interrupted();
    }
  }

  private void watch() {
    Optional<ProcessHandle> starter = Optional.empty();
    while (!isOver()) {
      if (starter.isEmpty()) {
        starter = ProcessHandle.current().children().filter(this::isStarter).findFirst();
      }
      // a process is known by its handle: while it turns into another program its words are empty
      if (starter.isPresent() && !starter.get().isAlive() && EmbeddedServer.isGone(data)) {
        interrupt();
        return;
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }

  private boolean isStarter(ProcessHandle process) {
    List<String> words = new ArrayList<>();
    process.info().command().ifPresent(words::add);
    process.info().arguments().map(List::of).ifPresent(words::addAll);
    return words.contains(data.toString())
        && words.stream().anyMatch(word -> word.endsWith("/pg_ctl"));
  }

  private synchronized void interrupt() {
    if (!isOver) {
      waiting.interrupt();
    }
  }

  private synchronized void end() {
    isOver = true;
  }

  private synchronized boolean isOver() {
    return isOver;
  }
}
