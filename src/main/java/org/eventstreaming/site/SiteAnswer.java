package org.eventstreaming.site;

import java.io.IOException;
import java.io.InputStream;

/**
 * A site's answer, its body not read yet. Whoever gets it closes it.
 *
 * @param retryAfter seconds the site asks us to wait; 0 where it does not
 */
public record SiteAnswer(int status, String contentType, long retryAfter, InputStream body)
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
