package org.eventstreaming.settings;

import java.time.Duration;

/**
 * Where we serve, and how long we wait for a site.
 *
 * @param host the address we listen on; loopback unless configured
 * @param port 0 picks a free one
 * @param managementPort health, readiness and metrics; 0 picks a free one
 * @param connectTimeout for reaching a site
 * @param responseTimeout for its answer to begin or go on: longer than the 120 s after which Frappe
 *     gives up itself, since it may take that long to serve a backlog
 * @param attempts how often a read of a site that fails in passing is made before a pull gives up;
 *     1 repeats nothing
 * @param limits what a caller may take of us
 */
public record HttpSettings(
    String host,
    int port,
    int managementPort,
    Duration connectTimeout,
    Duration responseTimeout,
    int attempts,
    RequestLimits limits) {
  public static final HttpSettings DEFAULT =
      new HttpSettings(
          "127.0.0.1",
          8080,
          8081,
          Duration.ofSeconds(10),
          Duration.ofSeconds(150),
          8,
          RequestLimits.DEFAULT);

  private static final int MOST_ATTEMPTS = 20;

  public HttpSettings {
    port("eventstreaming.http.port", port);
    port("eventstreaming.management.port", managementPort);
    LengthOfTime.positive("eventstreaming.http.connect-timeout", connectTimeout);
    LengthOfTime.positive("eventstreaming.http.response-timeout", responseTimeout);
    if (attempts < 1 || attempts > MOST_ATTEMPTS) {
      throw new IllegalArgumentException(
          "eventstreaming.http.attempts must be 1 to %d, was %d"
              .formatted(MOST_ATTEMPTS, attempts));
    }
  }

  /** The address that we serve on, where we listen on this port. */
  public String address(int listening) {
    return "http://" + host + ":" + listening;
  }

  public HttpSettings withHost(String host) {
    return new HttpSettings(
        host, port, managementPort, connectTimeout, responseTimeout, attempts, limits);
  }

  public HttpSettings withPort(int port) {
    return new HttpSettings(
        host, port, managementPort, connectTimeout, responseTimeout, attempts, limits);
  }

  public HttpSettings withManagementPort(int managementPort) {
    return new HttpSettings(
        host, port, managementPort, connectTimeout, responseTimeout, attempts, limits);
  }

  public HttpSettings withConnectTimeout(Duration connectTimeout) {
    return new HttpSettings(
        host, port, managementPort, connectTimeout, responseTimeout, attempts, limits);
  }

  public HttpSettings withResponseTimeout(Duration responseTimeout) {
    return new HttpSettings(
        host, port, managementPort, connectTimeout, responseTimeout, attempts, limits);
  }

  public HttpSettings withAttempts(int attempts) {
    return new HttpSettings(
        host, port, managementPort, connectTimeout, responseTimeout, attempts, limits);
  }

  public HttpSettings withLimits(RequestLimits limits) {
    return new HttpSettings(
        host, port, managementPort, connectTimeout, responseTimeout, attempts, limits);
  }

  private static void port(String setting, int value) {
    if (value < 0 || value > 65_535) {
      throw new IllegalArgumentException(setting + " must be 0 to 65535, was " + value);
    }
  }
}
