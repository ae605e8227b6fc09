package org.eventstreaming.store;

import org.eventstreaming.update.DocumentKey;
import org.jspecify.annotations.Nullable;

/**
 * A disabled document of a target site that is, or was, enabled while documents which link to it
 * are written.
 *
 * @param id of its row
 * @param master its type and name on the site
 * @param fieldname the Check field that is changed
 * @param value what the field held before, and is given back
 * @param before {@code modified} before it was enabled, in the site's own text
 * @param opened the same once it was enabled; null where it was not read any more
 * @param after the same once its field was found as before; null where it was not
 * @param producerUrl whose documents were written
 * @param ending how it ended; null while it is open
 */
public record OpenedMaster(
    long id,
    DocumentKey master,
    String fieldname,
    int value,
    String before,
    @Nullable String opened,
    @Nullable String after,
    String producerUrl,
    @Nullable Ending ending) {

  /** How an opening ended. */
  public enum Ending {
    RESTORED("Restored"),
    /** By a call of ours whose answer was lost, or by a person. */
    FOUND_RESTORED("Found restored"),
    /** By a person meanwhile: it is left so. */
    CHANGED("Changed"),
    GONE("Gone"),
    /** The site refused, or was never asked. */
    NOT_ENABLED("Not enabled");

    private final String text;

    Ending(String text) {
      this.text = text;
    }

    /** As it stands in the row. */
    public String text() {
      return text;
    }
  }

  /** The same once it was enabled. */
  public OpenedMaster enabled(String modified) {
    return new OpenedMaster(
        id, master, fieldname, value, before, modified, after, producerUrl, ending);
  }
}
