package org.eventstreaming.camel;

import java.util.Objects;

/**
 * Why a route of the project threw, said once: Camel wraps exceptions, and repeats in the message
 * of the wrapper that of the cause, with the number of the exchange.
 */
final class RouteFailure {
  private RouteFailure() {}

  static String why(Throwable failure) {
    Throwable said = failure;
    Throwable cause = said.getCause();
    while (cause != null && isWrapper(said, cause)) {
      said = cause;
      cause = said.getCause();
    }
    String message = Objects.requireNonNullElse(said.getMessage(), "");
    String text =
        message
            .replaceFirst("(?s)\\. Caused by: \\[.*", "")
            .replaceAll("(?: on the exchange:|\\.)? ?Exchange\\[[^\\]]*\\]", "");
    return text.isBlank() ? said.getClass().getSimpleName() : text;
  }

  /** A message of the project that names its cause is kept. */
  private static boolean isWrapper(Throwable failure, Throwable cause) {
    return failure.getClass().getName().startsWith("org.apache.camel.")
        || cause.toString().equals(failure.getMessage());
  }
}
