package org.eventstreaming.site;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A site's answer, its body not read yet. Whoever gets it closes it.
 *
 * @param retryAfter how long the site asks to be left alone; zero where it does not
 * @param location where it sends the caller; null where it does not
 * @param date the time by the site's clock, to the second; null where it does not say
 */
public record SiteAnswer(
    int status,
    String contentType,
    Duration retryAfter,
    RateLimit rateLimit,
    @Nullable String location,
    @Nullable Instant date,
    InputStream body)
    implements AutoCloseable {
  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException e) {
      // the connection is broken already: whoever read from it was notified
    }
  }
}
