package org.eventstreaming.command;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The request of Ctrl-C or SIGTERM to end this process. The process ends once what it ran is
 * closed: the stream first, then the database.
 */
final class Stop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Stop.class);
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch rested = new CountDownLatch(1);
  private final Thread hook = new Thread(this::request, "stop");
  private Runnable then = () -> {};

  Stop() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** What ends work that does not look for the request itself. */
  void then(Runnable ending) {
    synchronized (this) {
      then = ending;
    }
    if (isRequested()) {
      ending.run();
    }
  }

  /**
   * Runs work that a request may break off where it is: what fails then is no failure, and the
   * process ends by its signal.
   */
  int unlessRequested(Callable<Integer> work) throws Exception {
    try {
      return work.call();
    } catch (Exception e) {
      if (!isRequested()) {
        throw e;
      }
      LOG.debug("Stopped while something failed", e);
      return Command.DONE;
    }
  }

  boolean isRequested() {
    return requested.getCount() == 0;
  }

  /** Waits for the request; false where the time passes without it. */
  boolean await(Duration time) throws InterruptedException {
    return requested.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  void await() throws InterruptedException {
    requested.await();
  }

  /** Everything is closed: the process may end. */
  @Override
  public void close() {
    rested.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // it is what closes us
    }
  }

  private void request() {
    requested.countDown();
    Runnable ending;
    synchronized (this) {
      ending = then;
    }
    ending.run();
    try {
      if (!rested.await(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
        System.err.println(
            "Not finished after a minute: the next run continues from the last page");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
