package org.eventstreaming.settings;

import java.time.Duration;

/**
 * What a caller may take of us, whoever it is: each connection, and each body, costs memory.
 *
 * @param header how long a new connection may take until its first request has a whole header
 * @param body how long the body of a request may take after its header
 * @param idle how long a connection is kept after an answer until the header of the next request is
 *     whole
 * @param connections open at a time; one more is closed at once
 * @param bodySize the largest body, in bytes
 */
public record RequestLimits(
    Duration header, Duration body, Duration idle, int connections, long bodySize) {
  public static final RequestLimits DEFAULT =
      new RequestLimits(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          256,
          4 * 1024 * 1024);

  private static final long SMALLEST_BODY = 1024;
  private static final long LARGEST_BODY = 100 * 1024 * 1024;

  public RequestLimits {
    LengthOfTime.positive("eventstreaming.http.header-timeout", header);
    LengthOfTime.positive("eventstreaming.http.body-timeout", body);
    LengthOfTime.positive("eventstreaming.http.idle-timeout", idle);
    if (connections < 1 || connections > 10_000) {
      throw new IllegalArgumentException(
          "eventstreaming.http.connections must be 1 to 10000, was " + connections);
    }
    if (bodySize < SMALLEST_BODY || bodySize > LARGEST_BODY) {
      throw new IllegalArgumentException(
          "eventstreaming.http.body-size must be 1KB to 100MB, was " + SizeOfFile.text(bodySize));
    }
  }

  RequestLimits withHeader(Duration header) {
    return new RequestLimits(header, body, idle, connections, bodySize);
  }

  RequestLimits withBody(Duration body) {
    return new RequestLimits(header, body, idle, connections, bodySize);
  }

  RequestLimits withIdle(Duration idle) {
    return new RequestLimits(header, body, idle, connections, bodySize);
  }

  RequestLimits withConnections(int connections) {
    return new RequestLimits(header, body, idle, connections, bodySize);
  }

  RequestLimits withBodySize(long bodySize) {
    return new RequestLimits(header, body, idle, connections, bodySize);
  }
}
