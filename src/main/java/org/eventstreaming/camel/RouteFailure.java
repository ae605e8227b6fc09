package org.eventstreaming.camel;

import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.eventstreaming.store.StoreFailure;

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

  /**
   * Throws where the failure says nothing about the document: the program stops, or the store
   * failed. The document is then taken again, with its page.
   */
  static void throwIfOfProgram(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreFailure store) {
        throw store;
      }
      if (cause instanceof InterruptedException || cause instanceof RejectedExecutionException) {
        throw new IllegalStateException("stopped while a route of the project ran", failure);
      }
    }
  }

  /** A message of the project that names its cause is kept. */
  private static boolean isWrapper(Throwable failure, Throwable cause) {
    return failure.getClass().getName().startsWith("org.apache.camel.")
        || cause.toString().equals(failure.getMessage());
  }
}
