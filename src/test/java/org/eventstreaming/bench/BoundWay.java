package org.eventstreaming.bench;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** How the bound writes the rows of a page into a table. */
enum BoundWay {
  /** One upsert, with an array for each column. */
  UNNEST {
    @Override
    void write(
        Connection connection,
        BoundTable table,
        List<List<@Nullable String>> rows,
        boolean areThere)
        throws SQLException {
      List<BoundTable.Column> columns = table.columns();
      String sql =
          "insert into %s (%s) select %s from unnest(%s) as w (%s) on conflict (%s) do update set %s"
              .formatted(
                  table.qualified(),
                  names(table),
                  columns.stream()
                      .map(column -> column.name() + "::" + column.type())
                      .collect(Collectors.joining(", ")),
                  columns.stream().map(column -> "?::text[]").collect(Collectors.joining(", ")),
                  names(table),
                  String.join(", ", table.key()),
                  set(table));
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        for (int i = 0; i < columns.size(); i++) {
          int column = i;
          String[] values = rows.stream().map(row -> row.get(column)).toArray(String[]::new);
          statement.setArray(i + 1, connection.createArrayOf("text", values));
        }
        statement.executeUpdate();
      }
    }
  },
  /** Straight into the table; into one beside it, and from there, where rows are there already. */
  COPY {
    @Override
    void write(
        Connection connection,
        BoundTable table,
        List<List<@Nullable String>> rows,
        boolean areThere)
        throws SQLException {
      try (Statement statement = connection.createStatement()) {
        if (!areThere) {
          copy(connection, table.qualified(), table, rows);
          return;
        }
        statement.execute(
            "create temp table if not exists %s on commit delete rows as select %s from %s limit 0"
                .formatted(table.staged(), names(table), table.qualified()));
        copy(connection, table.staged(), table, rows);
        statement.execute(
            "insert into %s (%s) select %s from %s on conflict (%s) do update set %s"
                .formatted(
                    table.qualified(),
                    names(table),
                    names(table),
                    table.staged(),
                    String.join(", ", table.key()),
                    set(table)));
      }
    }
  };

  /**
   * Writes the rows of a page.
   *
   * @param areThere whether the table has rows with the keys of some of them
   */
  abstract void write(
      Connection connection, BoundTable table, List<List<@Nullable String>> rows, boolean areThere)
      throws SQLException;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Rows that are not there, straight into a table. */
  static void copy(
      Connection connection, String into, BoundTable table, List<List<@Nullable String>> rows)
      throws SQLException {
    StringBuilder text = new StringBuilder();
    for (List<@Nullable String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        append(text.append(i == 0 ? "" : "\t"), row.get(i));
      }
      text.append('\n');
    }
    try {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn(
              "copy %s (%s) from stdin".formatted(into, names(table)),
              new StringReader(text.toString()));
    } catch (IOException e) {
      throw new SQLException(e);
    }
  }

  private static void append(StringBuilder text, @Nullable String value) {
    if (value == null) {
      text.append("\\N");
      return;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> text.append(c);
      }
    }
  }

  private static String names(BoundTable table) {
    return table.columns().stream().map(BoundTable.Column::name).collect(Collectors.joining(", "));
  }

  private static String set(BoundTable table) {
    return table.rest().stream()
        .map(column -> column + " = excluded." + column)
        .collect(Collectors.joining(", "));
  }
}
