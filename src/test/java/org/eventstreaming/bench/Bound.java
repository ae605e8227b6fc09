package org.eventstreaming.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.eventstreaming.stream.TestDatabase;
import org.jspecify.annotations.Nullable;

/**
 * The rows that the stream left behind, written once more by a program that does nothing else: in
 * pages of the same size, a transaction each, into the tables of commit e68fafc. Documents that
 * change are read before. It is frozen: rates of different commits are compared with the same.
 */
final class Bound {
  private static final String TABLES = "/bench/tables-of-e68fafc.sql";

  private final TestDatabase database;
  private final Map<BoundTable, List<List<@Nullable String>>> before;

  private Bound(TestDatabase database, Map<BoundTable, List<List<@Nullable String>>> before) {
    this.database = database;
    this.before = before;
  }

  /** Remembers what is there before the stream writes. */
  static Bound before(TestDatabase database) {
    return new Bound(database, rows(database));
  }

  /** Pages a second, by each way, of what the stream has written since. */
  Map<BoundWay, Double> pages(int pages, boolean isCopyFirst) {
    Map<BoundTable, List<List<@Nullable String>>> written = rows(database);
    Set<BoundTable> areThere = EnumSet.noneOf(BoundTable.class);
    written.replaceAll((table, after) -> table.changed(of(before, table), after));
    written.forEach(
        (table, rows) -> {
          if (table.areThere(of(before, table), rows)) {
            areThere.add(table);
          }
        });
    Map<BoundWay, Double> rates = new EnumMap<>(BoundWay.class);
    for (BoundWay way :
        isCopyFirst
            ? List.of(BoundWay.COPY, BoundWay.UNNEST)
            : List.of(BoundWay.UNNEST, BoundWay.COPY)) {
      try (Connection connection = database.database().pool().getConnection()) {
        connection.setAutoCommit(false);
        prepare(connection);
        long start = System.nanoTime();
        for (int page = 0; page < pages; page++) {
          for (BoundTable table : BoundTable.values()) {
            List<List<@Nullable String>> all = of(written, table);
            List<List<@Nullable String>> rows =
                all.subList(
                    (int) ((long) all.size() * page / pages),
                    (int) ((long) all.size() * (page + 1) / pages));
            if (table == BoundTable.DOCUMENT && areThere.contains(table)) {
              read(connection, rows);
            }
            way.write(connection, table, rows, areThere.contains(table));
          }
          connection.commit();
        }
        rates.put(way, pages / ((System.nanoTime() - start) / 1e9));
        check(connection, written);
        connection.setAutoCommit(true);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
    return rates;
  }

  private static Map<BoundTable, List<List<@Nullable String>>> rows(TestDatabase database) {
    Map<BoundTable, List<List<@Nullable String>>> rows = new EnumMap<>(BoundTable.class);
    for (BoundTable table : BoundTable.values()) {
      rows.put(table, table.read(database));
    }
    return rows;
  }

  private static List<List<@Nullable String>> of(
      Map<BoundTable, List<List<@Nullable String>>> rows, BoundTable table) {
    return rows.getOrDefault(table, List.of());
  }

  /** The tables as they were when the stream began. */
  private void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("drop schema if exists bound cascade; discard temp;" + tables());
    }
    for (BoundTable table : BoundTable.values()) {
      BoundWay.copy(connection, table.qualified(), table, of(before, table));
    }
    connection.commit();
  }

  private static String tables() {
    try (InputStream found = Objects.requireNonNull(Bound.class.getResourceAsStream(TABLES))) {
      return new String(found.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void read(Connection connection, List<List<@Nullable String>> documents)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            select d.data::text
              from unnest(?::text[], ?::text[]) as w (doctype, name)
              join bound.document d on d.doctype = w.doctype and d.name = w.name
            """)) {
      for (int i = 0; i < 2; i++) {
        int column = i;
        statement.setArray(
            i + 1,
            connection.createArrayOf(
                "text", documents.stream().map(row -> row.get(column)).toArray(String[]::new)));
      }
      int read = 0;
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          read += found.getString(1).isEmpty() ? 0 : 1;
        }
      }
      if (read != documents.size()) {
        throw new IllegalStateException("the bound read " + read + " documents");
      }
    }
  }

  private void check(Connection connection, Map<BoundTable, List<List<@Nullable String>>> written)
      throws SQLException {
    for (BoundTable table : BoundTable.values()) {
      try (Statement statement = connection.createStatement();
          ResultSet count = statement.executeQuery("select count(*) from " + table.qualified())) {
        count.next();
        int least = Math.max(of(before, table).size(), of(written, table).size());
        if (count.getInt(1) < least || of(written, table).isEmpty()) {
          throw new IllegalStateException(
              "the bound has " + count.getInt(1) + " rows in " + table.qualified());
        }
      }
    }
    connection.commit();
  }
}
