package org.eventstreaming.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eventstreaming.postgres.Database;
import org.jspecify.annotations.Nullable;

/** The rows that a statement gives, for printing: as a table, or as JSON with the same names. */
final class Rows {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<String> names = new ArrayList<>();
  private final List<Map<String, @Nullable Object>> rows = new ArrayList<>();

  private Rows() {}

  /** Runs a statement with bound parameters; a statement that gives no rows gives its count. */
  static Rows of(Database database, String sql, @Nullable Object... parameters)
      throws SQLException {
    Rows result = new Rows();
    try (Connection connection = database.pool().getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet found = statement.executeQuery()) {
        ResultSetMetaData meta = found.getMetaData();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
          result.names.add(meta.getColumnLabel(i));
        }
        while (found.next()) {
          Map<String, @Nullable Object> row = new LinkedHashMap<>();
          for (String name : result.names) {
            Object value = found.getObject(name);
            if (value instanceof Timestamp time) {
              row.put(name, time.toInstant().toString());
            } else {
              row.put(name, value instanceof Number || value == null ? value : value.toString());
            }
          }
          result.rows.add(row);
        }
      }
    }
    return result;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  int size() {
    return rows.size();
  }

  @Nullable Object value(int row, String name) {
    return rows.get(row).get(name);
  }

  void print(PrintWriter out, Format format) {
    if (format == Format.json) {
      out.println(json());
    } else if (rows.isEmpty()) {
      out.println("(none)");
    } else {
      List<ColumnData<Map<String, @Nullable Object>>> columns = new ArrayList<>();
      for (String name : names) {
        columns.add(
            new Column()
                .header(name)
                .maxWidth(60)
                .with(row -> Objects.toString(row.get(name), "")));
      }
      out.println(AsciiTable.getTable(AsciiTable.FANCY_ASCII, rows, columns));
    }
    out.flush();
  }

  /** One row, a line for each of its values. */
  void printOne(PrintWriter out, Format format) {
    if (format == Format.json) {
      out.println(json());
    } else {
      rows.forEach(
          row ->
              row.forEach(
                  (name, value) -> {
                    if (value != null) {
                      out.println(name + ": " + value);
                    }
                  }));
    }
    out.flush();
  }

  private String json() {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(rows);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How rows are printed. */
  enum Format {
    table,
    json
  }
}
