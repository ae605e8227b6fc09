package org.eventstreaming.callback;

import java.util.Map;

/**
 * A request as it came.
 *
 * @param path raw: percent-encoded where the caller encoded it, with empty parts where it has them
 * @param arguments of query and body together
 * @param authorization the header; empty where there is none
 */
public record CallBack(
    String method, String path, Map<String, String> arguments, String authorization) {
  public CallBack {
    arguments = Map.copyOf(arguments);
  }
}
