package org.eventstreaming.camel;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.eventstreaming.callback.Answer;
import org.eventstreaming.settings.LengthOfTime;
import org.eventstreaming.settings.RequestLimits;
import org.eventstreaming.settings.SizeOfFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections that bring nothing, or bring it too slowly, and answers requests that cannot
 * be read. What a connection waits for has a time of its own: the first header, each body, each
 * further header. A time-out between two bytes alone would let a caller hold it with one byte now
 * and then.
 */
public final class LimitRequests {
  private static final Logger LOG = LoggerFactory.getLogger(LimitRequests.class);

  private final Vertx vertx;
  private final RequestLimits limits;
  private final LogRefusals log;
  private final Map<HttpConnection, Waiting> open = new ConcurrentHashMap<>();

  public LimitRequests(Vertx vertx, RequestLimits limits, LogRefusals log) {
    this.vertx = vertx;
    this.limits = limits;
    this.log = log;
  }

  /** For the connections of one server: callers of one do not close the other to everybody. */
  Handler<HttpConnection> connections() {
    AtomicInteger count = new AtomicInteger();
    return connection -> opened(connection, count);
  }

  private void opened(HttpConnection connection, AtomicInteger count) {
    if (count.get() >= limits.connections()) {
      log.refused(
          address(connection),
          "there are "
              + limits.connections()
              + " connections already (eventstreaming.http.connections)");
      connection.close();
      return;
    }
    Waiting waiting = new Waiting(connection);
    open.put(connection, waiting);
    count.incrementAndGet();
    connection.closeHandler(
        closed -> {
          count.decrementAndGet();
          waiting.stop();
          open.remove(connection);
        });
    waiting.refuse(limits.header(), "header", "eventstreaming.http.header-timeout");
  }

  /** Answers what a server cannot bring to any route. */
  void around(Router server) {
    server.errorHandler(400, this::refuse).errorHandler(500, this::refuse);
  }

  /** Puts this before all routes of a server. Bodies are read into memory. */
  public void before(VertxPlatformHttpRouter server) {
    server.route().order(-3).handler(this::head).failureHandler(this::refuse);
    // Camel would write uploads, which nobody has for us, into files
    server.route().order(-2).handler(BodyHandler.create(false).setBodyLimit(limits.bodySize()));
    server.route().order(-1).handler(this::whole);
  }

  private void head(RoutingContext request) {
    Waiting waiting = open.get(request.request().connection());
    if (waiting != null) {
      request.addEndHandler(answered -> waiting.closeAfter(limits.idle(), () -> {}));
      waiting.refuse(limits.body(), "whole body", "eventstreaming.http.body-timeout");
    }
    request.next();
  }

  private void whole(RoutingContext request) {
    Waiting waiting = open.get(request.request().connection());
    if (waiting != null) {
      waiting.stop();
    }
    request.next();
  }

  private void refuse(RoutingContext request) {
    int status = status(request);
    String why =
        switch (status) {
          case 413 ->
              "its body is larger than "
                  + SizeOfFile.text(limits.bodySize())
                  + " (eventstreaming.http.body-size)";
          case 404, 405 -> "nothing is served at its path";
          default -> status < 500 ? "it cannot be read" : "it could not be answered";
        };
    LOG.debug("A request was refused: {}", why, request.failure());
    HttpServerRequest of = request.request();
    if (status != 404 && status != 405) {
      log.refused(address(of.connection()), status + ", " + why);
    }
    HttpServerResponse response = request.response();
    if (response.ended()) {
      return;
    }
    if (response.headWritten()) {
      of.connection().close();
      return;
    }
    Answer answer = Answer.refused(status, "The request was refused: " + why);
    response
        .setStatusCode(answer.status())
        .putHeader("Content-Type", answer.contentType())
        .end(answer.body());
  }

  private static int status(RoutingContext request) {
    Throwable failure = request.failure();
    boolean isUnroutable = failure == null && request.statusCode() < 0;
    if (isUnroutable || failure instanceof IllegalArgumentException) {
      return 400;
    }
    return request.statusCode() < 400 ? 500 : request.statusCode();
  }

  private static String address(HttpConnection connection) {
    return connection.remoteAddress() == null ? "unknown" : connection.remoteAddress().host();
  }

  /** What a connection waits for; all of it on the thread of the connection. */
  private final class Waiting {
    private final HttpConnection connection;
    private long timer = -1;

    Waiting(HttpConnection connection) {
      this.connection = connection;
    }

    /** Closes the connection where something does not come in time, and logs that. */
    void refuse(Duration time, String what, String setting) {
      closeAfter(
          time,
          () ->
              log.refused(
                  address(connection),
                  "no %s came within %s (%s)".formatted(what, LengthOfTime.text(time), setting)));
    }

    void closeAfter(Duration time, Runnable before) {
      stop();
      timer =
          vertx.setTimer(
              Math.max(1, time.toMillis()),
              late -> {
                before.run();
                connection.close();
              });
    }

    void stop() {
      if (timer >= 0) {
        vertx.cancelTimer(timer);
        timer = -1;
      }
    }
  }
}
