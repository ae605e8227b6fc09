package org.eventstreaming.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import org.eventstreaming.postgres.Database;
import org.jspecify.annotations.Nullable;

/** How a backlog is worked off: by the last row of the Event Sync Log. */
final class StreamProgress implements ShowProgress.Look {
  private final Database database;
  private long first = -1;
  private long last;

  StreamProgress(Database database) {
    this.database = database;
  }

  @Override
  public @Nullable String line() throws SQLException {
    Rows found =
        Rows.of(
            database, "select seq, event_producer from event_sync_log order by seq desc limit 1");
    if (found.isEmpty()) {
      first = Math.max(first, 0);
      return null;
    }
    ObjectNode row = found.first();
    long seq = row.path("seq").asLong();
    long before = last;
    last = seq;
    if (first < 0 || seq == before) {
      first = seq;
      return null;
    }
    String producer = row.path("event_producer").asText();
    Rows load = LoadProgress.open(database, producer);
    return "%,d entries so far, %,d/s, %s%s"
        .formatted(
            seq - first,
            seq - before,
            producer,
            load.isEmpty() ? "" : "; loading " + LoadProgress.reported(load.first()));
  }
}
