package org.eventstreaming.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a page turned into columns: one array parameter each, for {@code unnest}. Texts lose
 * the NUL character, which PostgreSQL cannot hold, to the sign that stands for it.
 */
final class Columns {
  /** Beyond these PostgreSQL reads no ISO text; a site that writes such a time means none. */
  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private final Connection connection;
  private final PreparedStatement statement;
  private int next = 1;

  Columns(PreparedStatement statement) throws SQLException {
    this.connection = statement.getConnection();
    this.statement = statement;
  }

  <R> Columns text(Iterable<R> rows, Function<R, @Nullable String> value) throws SQLException {
    List<@Nullable String> column = new ArrayList<>();
    for (R row : rows) {
      column.add(storable(value.apply(row)));
    }
    return array("text", column.toArray());
  }

  <R> Columns time(Iterable<R> rows, Function<R, @Nullable Instant> value) throws SQLException {
    return text(
        rows,
        row -> {
          Instant instant = value.apply(row);
          return instant == null || instant.isBefore(EARLIEST) || instant.isAfter(LATEST)
              ? null
              // says the same as the instant's own text, in a fraction of the time
              : instant.atOffset(ZoneOffset.UTC).toString();
        });
  }

  Columns value(Object value) throws SQLException {
    if (value instanceof String text) {
      statement.setString(next++, storable(text));
    } else {
      statement.setObject(next++, value instanceof Instant at ? Timestamp.from(at) : value);
    }
    return this;
  }

  /** A text that may be absent. */
  Columns optional(@Nullable String value) throws SQLException {
    statement.setString(next++, storable(value));
    return this;
  }

  private Columns array(String type, Object[] values) throws SQLException {
    String[] texts = new String[values.length];
    System.arraycopy(values, 0, texts, 0, values.length);
    Array array = connection.createArrayOf(type, texts);
    statement.setArray(next++, array);
    return this;
  }

  static @Nullable String storable(@Nullable String text) {
    return text == null || text.indexOf('\0') < 0 ? text : text.replace('\0', '\u2400');
  }

  static @Nullable Instant instant(@Nullable Timestamp timestamp) {
    return timestamp == null ? null : timestamp.toInstant();
  }
}
