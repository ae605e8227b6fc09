package org.eventstreaming.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.time.Duration;
import org.eventstreaming.postgres.Database;
import org.eventstreaming.settings.LengthOfTime;
import org.jspecify.annotations.Nullable;

/** How far the loading of documents is that were there before their type was followed. */
final class LoadProgress implements ShowProgress.Look {
  private static final int WIDTH = 20;

  private final Database database;
  private final String producerUrl;
  private String doctype = "";
  private long first;
  private long seconds;

  LoadProgress(Database database, String producerUrl) {
    this.database = database;
    this.producerUrl = producerUrl;
  }

  /** The types that are still being loaded, the present one first. */
  static Rows open(Database database, String producerUrl) throws SQLException {
    return Rows.of(
        database,
        """
        select ref_doctype, load_done, load_total
          from event_producer_document_type
         where producer_url = ? and status = 'Approved'
           and load_since is not null and loaded_at is null
         order by ref_doctype collate "C"
        """,
        producerUrl);
  }

  @Override
  public @Nullable String line() throws SQLException {
    Rows open = open(database, producerUrl);
    if (open.isEmpty()) {
      return null;
    }
    ObjectNode row = open.first();
    long done = row.path("load_done").asLong();
    if (!doctype.equals(row.path("ref_doctype").asText())) {
      doctype = row.path("ref_doctype").asText();
      first = done;
      seconds = 0;
      return reported(row);
    }
    seconds++;
    long rate = (done - first) / seconds;
    long left = row.path("load_total").asLong() - done;
    return reported(row)
        + ", %,d/s".formatted(rate)
        + (rate > 0 && left > 0
            ? ", " + LengthOfTime.text(Duration.ofSeconds(1 + left / rate)) + " left"
            : "");
  }

  /** {@code Item [########## ] 50 %, 500 of 1,000}; where nobody counts without a bar. */
  static String reported(JsonNode row) {
    String name = row.path("ref_doctype").asText();
    long done = row.path("load_done").asLong();
    long total = row.path("load_total").asLong();
    if (total == 0) {
      return "%s: %,d".formatted(name, done);
    }
    double share = Math.min(1.0, (double) done / total);
    int full = (int) (share * WIDTH);
    return "%s [%s%s] %d %%, %,d of %,d"
        .formatted(
            name,
            "#".repeat(full),
            " ".repeat(WIDTH - full),
            (int) (share * 100),
            done,
            Math.max(done, total));
  }
}
