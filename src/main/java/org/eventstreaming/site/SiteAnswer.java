package org.eventstreaming.site;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * A site's answer, its body not read yet. Whoever gets it closes it.
 *
 * @param retryAfter how long the site asks to be left alone; zero where it does not
 */
public record SiteAnswer(int status, String contentType, Duration retryAfter, InputStream body)
    implements AutoCloseable {
  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException e) {
      // the connection is broken already: whoever read from it was told
    }
  }
}
