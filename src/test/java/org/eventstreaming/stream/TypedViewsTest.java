package org.eventstreaming.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.RecordedHistory;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.DocumentJson;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What SQL users find in the schema {@code event_streaming_docs}. */
class TypedViewsTest {
  private static final Pattern QUERY = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);

  @Test
  void each_type_of_the_recorded_history_and_each_of_its_child_tables_has_a_view_of_all_its_rows() {
    RecordedHistory history = RecordedHistory.start(RecordedHistory.Form.TABLE);
    try (StandInSite site = history.site();
        TestStream stream =
            TestStream.following(
                    site,
                    TestStream.sameName(
                        "Customer", "Contact", "Address", "Item", "Sales Invoice", "Lead"))
                .start()) {
      site.approveAll();
      stream.pull();
      history.releaseAll();
      stream.pull();

      TestDatabase database = stream.database();
      for (String doctype : List.of("Customer", "Contact", "Address", "Item", "Lead")) {
        assertThat(database.count(view(doctype)))
            .isPositive()
            .isEqualTo(database.count("document where doctype = '" + doctype + "'"));
      }
      assertThat(database.count(view("Sales Invoice Item")))
          .isPositive()
          .isEqualTo(
              database.count(
                  "document, jsonb_array_elements(data -> 'items') where doctype = 'Sales Invoice'"));
      assertThat(database.count(view("Contact Email")))
          .isEqualTo(
              database.count(
                  "document, jsonb_array_elements(data -> 'email_ids') where doctype = 'Contact'"));
      assertThat(columns(database, "Sales Invoice"))
          .startsWith(
              "name text",
              "docstatus smallint",
              "owner text",
              "creation timestamp with time zone",
              "modified timestamp with time zone",
              "modified_by text",
              "remote_site_name text",
              "remote_docname text")
          .contains(
              "customer text",
              "posting_date date",
              "posting_time time without time zone",
              "is_return integer",
              "grand_total numeric")
          .doesNotContain("items text", "customer_section text");
      assertThat(columns(database, "Sales Invoice Item"))
          .contains("parent text", "parenttype text", "parentfield text", "idx bigint");
    }
  }

  @Test
  void an_accountant_asks_the_three_questions_of_the_readme() throws IOException {
    RecordedHistory history = RecordedHistory.start(RecordedHistory.Form.TABLE);
    try (StandInSite site = history.site();
        TestStream stream =
            TestStream.following(site, TestStream.sameName("Sales Invoice", "Payment Entry"))
                .start()) {
      site.approveAll();
      stream.pull();
      // an Update of what is not here fetches the document whole: as the site has it in the end
      for (ObjectNode document : RecordedHistory.documents()) {
        String doctype = document.path("doctype").asText();
        if (doctype.equals("Sales Invoice") || doctype.equals("Payment Entry")) {
          site.append(update(doctype, document.path("name").asText(), "{'changed':{}}"));
        }
      }
      stream.pull();

      Matcher queries = QUERY.matcher(Files.readString(Path.of("docs/first-queries.md"), UTF_8));
      assertThat(next(queries, stream))
          .containsExactly(
              List.of("Adventure Works Parts", "1", "1323.0"),
              List.of("Fabrikam World", "1", "721.0"));
      assertThat(next(queries, stream))
          .containsExactly(
              List.of("PRT-000", "7.0", "703.5"),
              List.of("PRT-002", "6.0", "611.0"),
              List.of("PRT-003", "5.0", "510.5"),
              List.of("PRT-004", "3.0", "307.5"),
              List.of("PRT-005", "2.0", "110.0"),
              List.of("PRT-001", "1.0", "100.5"));
      assertThat(next(queries, stream))
          .containsExactly(
              List.of("ACC-SINV-2026-00001", "1323.0", "0", "1323.0"),
              List.of("ACC-SINV-2026-00002-1", "721.0", "0", "721.0"),
              List.of("ACC-SINV-2026-00003", "721.0", "721.0", "0.0"));
      assertThat(queries.find()).isFalse();
    }
  }

  @Test
  void a_new_field_becomes_a_column_and_what_a_user_built_on_the_view_lives_on() {
    try (StandInSite site = site("{'fieldname': 'color', 'fieldtype': 'Data'}");
        TestStream stream = TestStream.following(site, TestStream.sameName("ToDo")).start()) {
      stream.pull();
      site.insert("ToDo", json("{'name': 'A', 'color': 'red'}"));
      stream.pull();
      stream
          .database()
          .execute("create view red as select * from " + view("ToDo") + " where color = 'red'");

      describe(
          site,
          "{'fieldname': 'weight', 'fieldtype': 'Float'}, {'fieldname': 'color', 'fieldtype': 'Data'}");
      site.insert("ToDo", json("{'name': 'B', 'color': 'red', 'weight': 2.50}"));
      stream.pull();

      assertThat(columns(stream.database(), "ToDo")).endsWith("color text", "weight numeric");
      assertThat(stream.database().rows("select name, weight from " + view("ToDo") + " order by 1"))
          .containsExactly(Arrays.asList("A", null), List.of("B", "2.50"));
      assertThat(stream.database().rows("select name from red order by 1"))
          .containsExactly(List.of("A"), List.of("B"));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"STOCK_15", "V15_APP"})
  void a_new_field_becomes_a_column_with_the_next_document_that_is_read_whole(Generation kind) {
    try (StandInSite site = StandInSite.start(kind).approveAll()) {
      describe(site, "{'fieldname': 'color', 'fieldtype': 'Data'}");
      try (TestStream stream =
          TestStream.following(site, TestStream.sameName("ToDo")).probing().start()) {
        stream.pull();
        site.insert("ToDo", json("{'name': 'A', 'color': 'red'}"));
        stream.pull();
        stream.reconcile();

        describe(
            site,
            "{'fieldname': 'color', 'fieldtype': 'Data'}, {'fieldname': 'weight', 'fieldtype': 'Float'}");
        site.dbSet("ToDo", "A", json("{'weight': 2.50}"), true);
        stream.clock().advance(Duration.ofMinutes(11));
        stream.pull();

        assertThat(columns(stream.database(), "ToDo")).endsWith("color text", "weight numeric");
        assertThat(stream.database().rows("select name, weight from " + view("ToDo")))
            .containsExactly(List.of("A", "2.50"));
      }
    }
  }

  @Test
  void a_new_field_of_a_document_that_is_needed_by_another_becomes_a_column() {
    try (StandInSite site =
        site("{'fieldname': 'color', 'fieldtype': 'Link', 'options': 'Color'}")) {
      site.putDocType(json("{'name': 'Color', 'fields': []}"));
      try (TestStream stream =
          TestStream.following(site, TestRow.of("ToDo").with(Dependencies.ALL).row())
              .probing()
              .start()) {
        stream.pull();
        site.insert("Color", json("{'name': 'red'}"));
        site.insert("ToDo", json("{'name': 'A', 'color': 'red'}"));
        stream.pull();

        site.putDocType(
            json("{'name': 'Color', 'fields': [{'fieldname': 'hex', 'fieldtype': 'Data'}]}"));
        site.insert("Color", json("{'name': 'blue', 'hex': '#00f'}"));
        site.insert("ToDo", json("{'name': 'B', 'color': 'blue'}"));
        stream.pull();
        assertThat(
                stream.database().rows("select hex from " + view("Color") + " where name = 'blue'"))
            .containsExactly(List.of("#00f"));
      }
    }
  }

  @Test
  void a_field_that_changes_its_type_keeps_its_column_and_gets_a_second_one() {
    try (StandInSite site = site("{'fieldname': 'size', 'fieldtype': 'Int'}");
        TestStream stream = TestStream.following(site, TestStream.sameName("ToDo")).start()) {
      stream.pull();
      site.insert("ToDo", json("{'name': 'A', 'size': 3}"));
      stream.pull();

      describe(
          site,
          "{'fieldname': 'size', 'fieldtype': 'Select'}, {'fieldname': 'new', 'fieldtype': 'Data'}");
      site.insert("ToDo", json("{'name': 'B', 'size': 'large', 'new': 'x'}"));
      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows("select name, size, size__text from " + view("ToDo") + " order by 1"))
          .containsExactly(List.of("A", "3", "3"), Arrays.asList("B", null, "large"));
    }
  }

  @Test
  void values_that_are_not_of_their_type_are_null_and_fail_no_query() {
    try (StandInSite site =
            site(
                "{'fieldname': 'a', 'fieldtype': 'Check'}, {'fieldname': 'b', 'fieldtype': 'Int'},"
                    + " {'fieldname': 'c', 'fieldtype': 'Currency'}, {'fieldname': 'd', 'fieldtype': 'Date'},"
                    + " {'fieldname': 'e', 'fieldtype': 'Datetime'}, {'fieldname': 'f', 'fieldtype': 'Time'},"
                    + " {'fieldname': 'g', 'fieldtype': 'JSON'},"
                    + " {'fieldname': 'rows', 'fieldtype': 'Table', 'options': 'ToDo Row'}");
        TestStream stream = TestStream.following(site, TestStream.sameName("ToDo")).start()) {
      stream.pull();
      String bad =
          "'a': 'x', 'b': [1], 'c': 'x', 'd': '2026-02-30', 'e': 'x', 'f': '99:00', 'g': 'x'";
      site.append(
          List.of(
              create("ToDo", "A", "{'name': 'A', " + bad + ", 'rows': [{'qty': 'x', 'idx': 1}]}"),
              create("ToDo", "B", "{'name': 'B', 'rows': 'none'}"),
              create("ToDo", "C", "{'name': 'C', 'rows': {'qty': 1}}"),
              create("ToDo", "D", "{'name': 'D', 'e': '2026-01-02 03:04:05', 'f': '7:8:9.5'}")));
      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows("select name, a, b, c, d, e, f, g from " + view("ToDo") + " order by 1"))
          .first()
          .isEqualTo(Arrays.asList("A", null, null, null, null, null, null, "\"x\""));
      assertThat(stream.database().rows("select parent, idx, qty from " + view("ToDo Row")))
          .containsExactly(Arrays.asList("A", "1", null));
      assertThat(
              stream
                  .database()
                  .rows(
                      "select e at time zone 'UTC', f from " + view("ToDo") + " where name = 'D'"))
          .containsExactly(List.of("2026-01-01 21:34:05", "07:08:09.5"));
    }
  }

  @Test
  void a_datetime_is_read_in_the_time_zone_of_the_site_that_it_came_from() {
    String field = "{'fieldname': 'at', 'fieldtype': 'Datetime'}";
    try (StandInSite india = site(field);
        StandInSite london = site(field).zone(ZoneId.of("Europe/London"));
        TestStream stream =
            TestStream.following(india, TestStream.sameName("ToDo"))
                .and(london, Read.LIST, TestStream.sameName("ToDo"))
                .start()) {
      stream.pull();
      india.insert("ToDo", json("{'name': 'I', 'at': '2026-07-01 12:00:00'}"));
      london.insert("ToDo", json("{'name': 'L', 'at': '2026-07-01 12:00:00'}"));
      stream.pull();

      String query = "select name, at at time zone 'UTC' from " + view("ToDo") + " order by 1";
      assertThat(stream.database().rows(query))
          .containsExactly(
              List.of("I", "2026-07-01 06:30:00"), List.of("L", "2026-07-01 11:00:00"));

      // a zone that the server does not know must not fail the query either
      stream.database().execute("update event_producer set sql_time_zone = null");
      assertThat(stream.database().rows(query))
          .containsExactly(Arrays.asList("I", null), Arrays.asList("L", null));
    }
  }

  @Test
  void names_that_are_long_or_try_to_break_out_are_names() {
    String type = "A \"DocType\"; drop table document; -- %I %L '东京' " + "x".repeat(40);
    String field = "f'); \"drop\" $$ " + "y".repeat(80);
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream = TestStream.following(site, TestStream.sameName(type)).start()) {
      ObjectNode definition = json("{'istable': 0}").put("name", type);
      definition
          .putArray("fields")
          .add(json("{'fieldtype': 'Data'}").put("fieldname", field + "1"))
          .add(json("{'fieldtype': 'Data'}").put("fieldname", field + "2"));
      site.putDocType(definition);
      stream.pull();
      ObjectNode document = json("{'name': 'A'}").put(field + "1", "one").put(field + "2", "two");
      site.insert(type, document);
      stream.pull();

      String name =
          stream
              .database()
              .value(
                  "select quote_ident(table_name) from information_schema.views"
                      + " where table_schema = 'event_streaming_docs'");
      List<List<@Nullable String>> rows =
          stream.database().rows("select * from event_streaming_docs." + name);
      assertThat(rows).singleElement().satisfies(row -> assertThat(row).endsWith("one", "two"));
      assertThat(stream.database().count("document")).isEqualTo(1);
    }
  }

  @Test
  void a_child_table_that_two_types_share_has_one_view_with_the_rows_of_both() {
    try (StandInSite site =
            site("{'fieldname': 'rows', 'fieldtype': 'Table', 'options': 'ToDo Row'}");
        TestStream stream =
            TestStream.following(site, TestStream.sameName("ToDo", "Event")).start()) {
      site.putDocType(
          json(
              "{'name': 'Event', 'fields': [{'fieldname': 'more', 'fieldtype': 'Table MultiSelect',"
                  + " 'options': 'ToDo Row'}]}"));
      stream.pull();
      site.insert("ToDo", json("{'name': 'T', 'rows': [{'qty': 1}, {'qty': 2}]}"));
      site.insert("Event", json("{'name': 'E', 'more': [{'qty': 3}]}"));
      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows(
                      "select parenttype, parent, parentfield, idx, qty from "
                          + view("ToDo Row")
                          + " order by qty"))
          .containsExactly(
              List.of("ToDo", "T", "rows", "1", "1"),
              List.of("ToDo", "T", "rows", "2", "2"),
              List.of("Event", "E", "more", "1", "3"));
    }
  }

  @Test
  void a_view_that_somebody_reads_holds_up_nothing_and_is_changed_later() throws Exception {
    try (StandInSite site = site("{'fieldname': 'color', 'fieldtype': 'Data'}");
        TestStream stream = TestStream.following(site, TestStream.sameName("ToDo")).start()) {
      stream.pull();
      site.insert("ToDo", json("{'name': 'A'}"));
      stream.pull();
      describe(site, "{'fieldname': 'weight', 'fieldtype': 'Float'}");
      try (Connection reader = stream.database().database().pool().getConnection();
          Statement reading = reader.createStatement()) {
        reader.setAutoCommit(false);
        reading.execute("select count(*) from " + view("ToDo"));

        site.insert("ToDo", json("{'name': 'B', 'weight': 1}"));
        stream.pull();

        assertThat(stream.database().count("document")).isEqualTo(2);
        assertThat(columns(stream.database(), "ToDo")).endsWith("color text");
        reader.rollback();
      }

      stream.clock().advance(Duration.ofMinutes(2));
      stream.pull();

      assertThat(columns(stream.database(), "ToDo")).endsWith("color text", "weight numeric");
    }
  }

  @Test
  void a_role_that_may_only_read_the_views_reads_them_and_nothing_else() {
    try (StandInSite site =
            site(
                "{'fieldname': 'at', 'fieldtype': 'Datetime'},"
                    + " {'fieldname': 'rows', 'fieldtype': 'Table', 'options': 'ToDo Row'}");
        TestStream stream = TestStream.following(site, TestStream.sameName("ToDo")).start()) {
      TestDatabase database = stream.database();
      stream.pull();
      database.execute("create role docs_reader");
      try {
        database.execute("grant usage on schema event_streaming_docs to docs_reader");
        database.execute(
            "alter default privileges in schema event_streaming_docs grant select on tables to docs_reader");
        site.insert(
            "ToDo", json("{'name': 'A', 'at': '2026-01-01 00:00:00', 'rows': [{'qty': 1}]}"));
        stream.pull();

        assertThat(asReader(database, "select count(at) from " + view("ToDo"))).isEqualTo("1");
        assertThat(asReader(database, "select sum(qty) from " + view("ToDo Row"))).isEqualTo("1");
        assertThatThrownBy(
                () -> asReader(database, "select count(*) from event_streaming.document"))
            .hasStackTraceContaining("permission denied");
      } finally {
        database.execute("drop owned by docs_reader; drop role docs_reader");
      }
    }
  }

  private static @Nullable String asReader(TestDatabase database, String query) {
    try (Connection connection = database.database().pool().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("set local role docs_reader");
      try (var rows = statement.executeQuery(query)) {
        rows.next();
        return rows.getString(1);
      } finally {
        connection.rollback();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  private static List<List<@Nullable String>> next(Matcher queries, TestStream stream) {
    assertThat(queries.find()).isTrue();
    return stream.database().rows(queries.group(1));
  }

  private static StandInSite site(String fields) {
    StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
    site.putDocType(
        json(
            "{'name': 'ToDo Row', 'istable': 1,"
                + " 'fields': [{'fieldname': 'qty', 'fieldtype': 'Int'}]}"));
    describe(site, fields);
    return site;
  }

  private static void describe(StandInSite site, String fields) {
    site.putDocType(json("{'name': 'ToDo', 'autoname': 'prompt', 'fields': [" + fields + "]}"));
  }

  private static List<String> columns(TestDatabase database, String view) {
    return database
        .rows(
            "select column_name || ' ' || data_type from information_schema.columns"
                + " where table_schema = 'event_streaming_docs' and table_name = '"
                + view
                + "' order by ordinal_position")
        .stream()
        .map(row -> String.valueOf(row.get(0)))
        .toList();
  }

  private static String view(String doctype) {
    return "event_streaming_docs.\"" + doctype + "\"";
  }

  private static LogEntry create(String doctype, String name, String data) {
    return entry("Create", doctype, name, data);
  }

  private static LogEntry update(String doctype, String name, String data) {
    return entry("Update", doctype, name, data);
  }

  private static LogEntry entry(String type, String doctype, String name, String data) {
    // later than what the site stamps
    String creation =
        "2030-01-01 00:00:00." + "%06d".formatted(Math.abs(name.hashCode() % 1_000_000));
    return new LogEntry(doctype + name, creation, type, doctype, name, json(data).toString());
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) DocumentJson.MAPPER.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
