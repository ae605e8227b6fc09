package org.eventstreaming.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.eventstreaming.postgres.Database;
import org.eventstreaming.update.DocumentJson;
import org.jspecify.annotations.Nullable;

/**
 * Rows for printing, as a rule those that a statement gives: as a table, or as JSON with the
 * columns' names. Times are UTC in ISO form; what is null is null.
 */
final class Rows implements Iterable<ObjectNode> {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int WIDEST = 60;

  private final List<String> names = new ArrayList<>();
  private final List<ObjectNode> rows = new ArrayList<>();

  private Rows() {}

  /** Runs a statement with bound parameters. */
  static Rows of(Database database, String sql, @Nullable Object... parameters)
      throws SQLException {
    Rows result = new Rows();
    try (Connection connection = database.pool().getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet found = statement.executeQuery()) {
        ResultSetMetaData columns = found.getMetaData();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          result.names.add(columns.getColumnLabel(i));
        }
        while (found.next()) {
          ObjectNode row = JSON.objectNode();
          for (int i = 1; i <= columns.getColumnCount(); i++) {
            row.set(
                columns.getColumnLabel(i),
                value(found.getObject(i), columns.getColumnTypeName(i).startsWith("json")));
          }
          result.rows.add(row);
        }
      }
    }
    return result;
  }

  /** These rows, which have these columns. */
  static Rows of(List<String> columns, List<ObjectNode> rows) {
    Rows result = new Rows();
    result.names.addAll(columns);
    result.rows.addAll(rows);
    return result;
  }

  @Override
  public Iterator<ObjectNode> iterator() {
    return rows.iterator();
  }

  List<ObjectNode> all() {
    return List.copyOf(rows);
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The first row: for statements that always give one, or after {@link #isEmpty}. */
  ObjectNode first() {
    return rows.get(0);
  }

  /** Prints all columns as JSON, or these as a table; all of them where none is named. */
  void print(PrintWriter out, Format format, String... columns) {
    if (format == Format.json) {
      out.println(pretty(JSON.arrayNode().addAll(rows)));
    } else if (rows.isEmpty()) {
      out.println("(none)");
    } else {
      out.println(table(columns.length == 0 ? names : List.of(columns)));
    }
    out.flush();
  }

  /** Prints one row alone: as JSON, or a line for each column that has a value. */
  static void print(ObjectNode row, PrintWriter out, Format format) {
    if (format == Format.json) {
      out.println(pretty(row));
    } else {
      for (Map.Entry<String, JsonNode> column : row.properties()) {
        JsonNode value = column.getValue();
        if (!value.isNull()) {
          out.println(column.getKey() + ": " + (value.isObject() ? pretty(value) : text(value)));
        }
      }
    }
    out.flush();
  }

  static String pretty(JsonNode json) {
    try {
      return DocumentJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As it is read by a person: nothing where nothing is known. */
  static String text(JsonNode value) {
    return value.isNull() ? "" : value.isValueNode() ? value.asText() : value.toString();
  }

  private String table(List<String> columns) {
    List<ColumnData<ObjectNode>> shown = new ArrayList<>();
    for (String name : columns) {
      boolean number = rows.stream().allMatch(row -> row.path(name).isNumber());
      shown.add(
          new Column()
              .header(name)
              .maxWidth(WIDEST)
              .headerAlign(HorizontalAlign.LEFT)
              .dataAlign(number ? HorizontalAlign.RIGHT : HorizontalAlign.LEFT)
              .with(row -> text(row.path(name))));
    }
    return AsciiTable.getTable(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS, rows, shown);
  }

  private static JsonNode value(@Nullable Object value, boolean json) throws SQLException {
    if (value == null) {
      return JSON.nullNode();
    }
    if (json) {
      return parsed(value.toString());
    }
    if (value instanceof Timestamp time) {
      return JSON.textNode(time.toInstant().toString());
    }
    if (value instanceof Boolean truth) {
      return JSON.booleanNode(truth);
    }
    if (value instanceof BigDecimal decimal) {
      return DecimalNode.valueOf(decimal);
    }
    if (value instanceof Number number) {
      return JSON.numberNode(number.longValue());
    }
    if (value instanceof Array array) {
      ArrayNode texts = JSON.arrayNode();
      for (Object element : (Object[]) array.getArray()) {
        texts.add(String.valueOf(element));
      }
      return texts;
    }
    return JSON.textNode(value.toString());
  }

  /** JSON text as the values it stands for; text that is none stays text. */
  static JsonNode parsed(String text) {
    try {
      return DocumentJson.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      return JSON.textNode(text);
    }
  }

  /** How rows are printed. */
  enum Format {
    table,
    json
  }
}
