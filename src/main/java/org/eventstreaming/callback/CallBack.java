package org.eventstreaming.callback;

import java.util.Map;

/**
 * A request as it came.
 *
 * @param path raw: percent-encoded where the caller encoded it, with empty parts where it has them
 * @param arguments of query and body together
 * @param authorization the header; empty where there is none
 * @param signature what a webhook puts beside its body; empty where there is none
 * @param body as it was signed
 */
@SuppressWarnings("ArrayRecordComponent")
public record CallBack(
    String method,
    String path,
    Map<String, String> arguments,
    String authorization,
    String signature,
    byte[] body) {
  public CallBack {
    arguments = Map.copyOf(arguments);
  }
}
