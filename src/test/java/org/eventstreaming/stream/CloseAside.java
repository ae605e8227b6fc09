package org.eventstreaming.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Closes things in order while the next test runs already: stopping Camel takes a second. */
final class CloseAside implements AutoCloseable {
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final List<Future<?>> closed = new ArrayList<>();

  void add(AutoCloseable... things) {
    closed.add(
        thread.submit(
            () -> {
              for (AutoCloseable thing : things) {
                thing.close();
              }
              return null;
            }));
  }

  /** Waits until all is closed, and fails where something could not be. */
  @Override
  public void close() throws ExecutionException, InterruptedException {
    thread.shutdown();
    for (Future<?> one : closed) {
      one.get();
    }
  }
}
