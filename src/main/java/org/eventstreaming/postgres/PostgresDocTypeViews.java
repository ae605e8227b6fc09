package org.eventstreaming.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.store.DocTypeViews;

/**
 * Views in the schema {@code event_streaming_docs}, made by the function {@code show_doctype} from
 * the table {@code doctype_view_column}. Names of types and fields are quoted there, by the server.
 */
public final class PostgresDocTypeViews implements DocTypeViews {
  private static final Set<String> OF_ALL =
      Set.of(
          "name",
          "docstatus",
          "owner",
          "creation",
          "modified",
          "modified_by",
          "remote_site_name",
          "remote_docname");
  private static final Set<String> OF_ROWS = Set.of("parent", "parenttype", "parentfield", "idx");

  private final Transactions transactions;

  public PostgresDocTypeViews(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public void show(DocType definition) {
    if (definition.isVirtual()) {
      return;
    }
    try {
      transactions.run(connection -> show(connection, definition));
    } catch (Exception e) {
      String why = Objects.requireNonNullElse(e.getMessage(), e.toString());
      throw new ViewNotShown(why.lines().findFirst().orElse(why), e);
    }
  }

  private static boolean show(Connection connection, DocType definition) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // who reads a view for long holds its lock: others must not queue up behind us meanwhile
      statement.execute("set local lock_timeout = '1s'");
      // one process at a time: two that replace the same view fail with "concurrently updated"
      statement.execute("select pg_advisory_xact_lock(hashtext('event_streaming_docs'))");
    }
    if (!definition.istable()) {
      addTables(connection, definition);
    }
    String viewName = SqlName.of(definition.name());
    if (addColumns(connection, definition) == 0 && exists(connection, viewName)) {
      return false;
    }
    try (PreparedStatement statement =
        connection.prepareStatement("select show_doctype(?, ?, ?)")) {
      new Columns(statement).value(definition.name()).value(viewName).value(definition.istable());
      statement.execute();
    }
    return true;
  }

  private static void addTables(Connection connection, DocType definition) throws SQLException {
    List<DocField> tables =
        definition.tables().stream().filter(table -> table.options() != null).toList();
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            insert into doctype_table_field (child, parent, parentfield)
            select child, ?, parentfield
              from unnest(?::text[], ?::text[]) as known (child, parentfield)
            on conflict do nothing
            """)) {
      new Columns(statement)
          .value(definition.name())
          .text(tables, DocField::options)
          .text(tables, DocField::fieldname);
      statement.executeUpdate();
    }
  }

  /** A field whose type is another now keeps its column and gets a second one. */
  private static int addColumns(Connection connection, DocType definition) throws SQLException {
    Map<String, DocField> fields = new LinkedHashMap<>();
    for (DocField field : definition.fields()) {
      if (field.isStoredValue() && !isStandard(field.fieldname(), definition.istable())) {
        fields.putIfAbsent(field.fieldname(), field);
      }
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            insert into doctype_view_column (doctype, column_name, fieldname, type)
            select wanted.doctype,
                   case when taken.doctype is null then wanted.column_name else wanted.second_name end,
                   wanted.fieldname, wanted.type
              from (select ?, known.*
                      from unnest(?::text[], ?::text[], ?::text[], ?::text[]) with ordinality as known)
                   as wanted (doctype, fieldname, type, column_name, second_name, place)
              left join doctype_view_column taken
                on taken.doctype = wanted.doctype and taken.column_name = wanted.column_name
             where not exists (select from doctype_view_column same
                                where same.doctype = wanted.doctype
                                  and same.fieldname = wanted.fieldname and same.type = wanted.type)
             order by wanted.place
            on conflict do nothing
            """)) {
      new Columns(statement)
          .value(definition.name())
          .text(fields.values(), DocField::fieldname)
          .text(fields.values(), PostgresDocTypeViews::type)
          .text(fields.values(), field -> SqlName.of(field.fieldname()))
          .text(fields.values(), field -> SqlName.of(field.fieldname() + "__" + type(field)));
      return statement.executeUpdate();
    }
  }

  private static boolean exists(Connection connection, String viewName) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select to_regclass(format('event_streaming_docs.%I', ?)) is not null")) {
      new Columns(statement).value(viewName);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() && rows.getBoolean(1);
      }
    }
  }

  private static boolean isStandard(String fieldname, boolean istable) {
    return OF_ALL.contains(fieldname) || (istable && OF_ROWS.contains(fieldname));
  }

  private static String type(DocField field) {
    return switch (field.fieldtype()) {
      // 0 and 1 as in Frappe's own tables, so that reports written for those run here
      case "Check" -> "integer";
      case "Int", "Long Int" -> "bigint";
      case "Float", "Currency", "Percent", "Rating", "Duration" -> "numeric";
      case "Date" -> "date";
      case "Time" -> "time";
      case "Datetime" -> "timestamptz";
      case "JSON" -> "jsonb";
      default -> "text";
    };
  }
}
