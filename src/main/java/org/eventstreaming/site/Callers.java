package org.eventstreaming.site;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eventstreaming.producer.SiteAccess;

/**
 * The threads that call sites: a few for each producer, so that one whose site is silent holds up
 * none of the others. They end when nothing was to be called for a while.
 */
public final class Callers implements AutoCloseable {
  private static final int CALLS_AT_ONCE = 4;
  private static final int IDLE_SECONDS = 30;

  private final Map<String, ThreadPoolExecutor> pools = new ConcurrentHashMap<>();

  /** Runs the calls to one site, a few at once. */
  public ExecutorService of(SiteAccess site) {
    return pools.computeIfAbsent(site.url(), Callers::pool);
  }

  /** What a call came to; a failure of its is thrown. */
  public static <T> T answer(Future<T> call) {
    try {
      return call.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while a site was called", e);
    }
  }

  @Override
  public void close() {
    pools.values().forEach(ThreadPoolExecutor::shutdownNow);
  }

  private static ThreadPoolExecutor pool(String url) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            CALLS_AT_ONCE,
            CALLS_AT_ONCE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "fetch " + url);
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}
