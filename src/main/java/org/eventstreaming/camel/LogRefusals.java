package org.eventstreaming.camel;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs that callers were refused before anybody knew who they are: one line a minute, whatever they
 * send, and nothing of what they sent.
 */
public final class LogRefusals implements ExceptionHandler {
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final Logger LOG = LoggerFactory.getLogger(LogRefusals.class);

  private final Clock clock;
  private @Nullable Instant next;
  private long unlogged;

  public LogRefusals(Clock clock) {
    this.clock = clock;
  }

  /**
   * Notes one.
   *
   * @param address of the caller
   * @param why in our words
   */
  synchronized void refused(String address, String why) {
    Instant now = clock.instant();
    if (next != null && now.isBefore(next)) {
      unlogged++;
      return;
    }
    LOG.warn(
        "A request of {} was refused: {}. {}",
        address,
        why,
        unlogged == 0
            ? "Further ones are counted for a minute, not logged."
            : unlogged + " more were refused since the last such line.");
    next = now.plus(PAUSE);
    unlogged = 0;
  }

  /** An answer that could not be given, because the caller is away. */
  @Override
  public void handleException(Throwable exception) {
    LOG.debug("A request ended without an answer", exception);
  }

  @Override
  public void handleException(String message, Throwable exception) {
    handleException(exception);
  }

  @Override
  public void handleException(String message, Exchange exchange, Throwable exception) {
    handleException(exception);
  }
}
