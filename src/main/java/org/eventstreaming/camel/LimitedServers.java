package org.eventstreaming.camel;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import io.vertx.ext.web.Router;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.eventstreaming.settings.RequestLimits;
import org.jspecify.annotations.Nullable;

/**
 * Makes the servers that Camel starts limit their callers. Camel asks the Vert.x in its registry
 * for a server, and gives it options without any limit; so it finds one there that adds them.
 */
public final class LimitedServers implements AutoCloseable {
  /** The longest name of a document, percent-encoded, fits several times. */
  private static final int LONGEST_LINE = 64 * 1024;

  private final VertxInternal vertx;
  private final LimitRequests limitRequests;

  public LimitedServers(RequestLimits limits, LogRefusals log) {
    this.vertx =
        (VertxInternal)
            Vertx.vertx(
                new VertxOptions()
                    // files in the jar are not copied to the temporary directory: a kill would
                    // leave them there
                    .setFileSystemOptions(
                        new FileSystemOptions()
                            .setFileCachingEnabled(false)
                            .setClassPathResolvingEnabled(false)));
    this.limitRequests = new LimitRequests(vertx, limits, log);
  }

  /** For Camel's registry. */
  public Vertx vertx() {
    return proxy(VertxInternal.class, this::call);
  }

  /** What comes before all routes of a server. */
  public void limit(VertxPlatformHttpRouter server) {
    limitRequests.before(server);
  }

  private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
    return switch (method.getName()) {
      case "createHttpServer" -> server();
      // each server would close what the other one runs on
      case "close" -> closed(arguments);
      default -> call(vertx, method, arguments);
    };
  }

  private HttpServer server() {
    HttpServer server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setMaxInitialLineLength(LONGEST_LINE)
                    // many requests at a time on one connection have no times of their own
                    .setHttp2ClearTextEnabled(false))
            .connectionHandler(limitRequests.connections());
    return proxy(
        HttpServer.class,
        (method, arguments) -> {
          if (method.getName().equals("requestHandler")
              && arguments != null
              && arguments[0] instanceof Router router) {
            limitRequests.around(router);
          }
          return call(server, method, arguments);
        });
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            LimitedServers.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> call.to(method, arguments)));
  }

  private static @Nullable Object call(Object of, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(of, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @SuppressWarnings("unchecked")
  private static @Nullable Object closed(Object @Nullable [] arguments) {
    if (arguments == null || arguments.length == 0) {
      return Future.succeededFuture();
    }
    ((Handler<AsyncResult<Void>>) arguments[0]).handle(Future.succeededFuture());
    return null;
  }

  @Override
  public void close() {
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      // nothing that is kept runs on it
    }
  }

  @FunctionalInterface
  private interface Call {
    @Nullable Object to(Method method, Object @Nullable [] arguments) throws Throwable;
  }
}
