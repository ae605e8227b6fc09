package org.eventstreaming.standin;

import java.util.Map;

/**
 * A call that the site received, kept for assertions.
 *
 * @param uri as it stood in the request line
 * @param cmd the dotted method that was called, by path or by {@code cmd}; empty for other calls
 * @param headers names in lower case; of the authorization only its scheme
 */
public record Request(
    CallKind kind,
    String method,
    String uri,
    String cmd,
    Map<String, String> headers,
    String body) {
  public Request {
    headers = Map.copyOf(headers);
  }
}
