package org.eventstreaming.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.mapping.Mappings;
import org.eventstreaming.mapping.ReadMappingFiles;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.settings.HttpSettings;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.stream.TestDatabase;
import org.eventstreaming.stream.TestStream;
import org.eventstreaming.update.DocumentJson;
import org.jspecify.annotations.Nullable;

/**
 * Entries a second of the consumer stream, from a stand-in site on loopback, and beside it the
 * bound: the very rows that the stream left behind, written again by plain {@code unnest} upserts
 * in pages of the same size. Both in one run, round by round, since only their ratio survives a
 * noisy machine.
 */
public final class Benchmark {
  private static final int PAGE = 500;

  /** So that 20,000 entries take 400 calls. */
  private static final int SMALL_PAGE = 50;

  private static final double FAILING = 0.2;
  private static final int TODOS_A_PROJECT = 10;

  private Benchmark() {}

  public static void main(String[] args) {
    int entries = Integer.getInteger("bench.entries", 20_000);
    int rounds = Integer.getInteger("bench.rounds", 5);
    String only = System.getProperty("bench.work", "");
    System.out.printf(
        "%,d entries of 1 KB, pages of %d or %d, %d rounds, %d processors%n",
        entries, PAGE, SMALL_PAGE, rounds, Runtime.getRuntime().availableProcessors());
    System.out.printf(
        "%-36s %12s %12s %8s %14s%n", "", "stream /s", "bound /s", "ratio", "of plain");
    // the first rounds warm the virtual machine up
    for (int round = -1; round <= rounds; round++) {
      double plain = Double.NaN;
      for (Work work : Work.values()) {
        if (work.text.contains(only)) {
          double streamed = measure(work, entries, round, plain);
          plain = work == Work.CREATES_BY_LIST || work == Work.SMALL_PAGES ? streamed : plain;
        }
      }
    }
    System.exit(0);
  }

  private enum Work {
    CREATES_BY_LIST("creates, read by list", Read.LIST),
    CREATES_BY_METHOD("creates, read by method", Read.METHOD),
    UPDATES_BY_LIST("updates, read by list", Read.LIST),
    MAPPED("creates, mapped", Read.LIST),
    DEPENDENCIES("creates, every tenth brings one along", Read.LIST),
    SMALL_PAGES("creates, small pages", Read.LIST, SMALL_PAGE),
    FAILING_SITE("creates, small pages, a fifth failing", Read.LIST, SMALL_PAGE);

    private final String text;
    private final Read read;
    private final int page;

    Work(String text, Read read) {
      this(text, read, PAGE);
    }

    Work(String text, Read read, int page) {
      this.text = text;
      this.read = read;
      this.page = page;
    }
  }

  private static double measure(Work work, int entries, int round, double plain) {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll().plainSelection();
        TestStream stream =
            TestStream.following(site, work.read, row(work))
                .mappings(mappings())
                .page(work.page)
                .reads(HttpSettings.DEFAULT.attempts())
                .start()) {
      stream.pull();
      if (work == Work.DEPENDENCIES) {
        describe(site);
        for (int i = 0; i < entries; i += TODOS_A_PROJECT) {
          site.put("Project", project(i));
        }
      }
      append(site, entries, Benchmark::create);
      if (work == Work.UPDATES_BY_LIST) {
        stream.pull();
        append(site, entries, i -> update(i, entries));
      }
      if (work == Work.FAILING_SITE) {
        site.fail(round, FAILING);
      }
      long start = System.nanoTime();
      stream.pull();
      double streamed = entries / seconds(start);
      long logged = stream.database().count("event_sync_log where status = 'Synced'");
      int expected = work == Work.UPDATES_BY_LIST ? 2 * entries : entries;
      if (logged != expected) {
        throw new IllegalStateException(logged + " rows were logged, not " + expected);
      }
      double bound = bound(stream.database(), work, entries);
      if (round > 0) {
        System.out.printf(
            Locale.ROOT,
            "%-36s %,12.0f %,12.0f %8.2f %14.2f%n",
            work.text,
            streamed,
            bound,
            streamed / bound,
            streamed / plain);
      }
      return streamed;
    }
  }

  /** Made before the clock runs: a site does not write its log anew for each reader. */
  private static void append(StandInSite site, int entries, IntFunction<LogEntry> entry) {
    site.append(entries, IntStream.range(0, entries).mapToObj(entry).toList()::get);
  }

  private static ProducerDoctype row(Work work) {
    return switch (work) {
      case CREATES_BY_LIST, CREATES_BY_METHOD, UPDATES_BY_LIST, SMALL_PAGES, FAILING_SITE ->
          TestRow.of("ToDo").row();
      case MAPPED -> TestRow.of("Task").mapped("Task from ToDo", "ToDo").row();
      case DEPENDENCIES -> TestRow.of("ToDo").with(Dependencies.ALL).row();
    };
  }

  private static Mappings mappings() {
    try {
      Path project = Files.createTempDirectory("bench");
      Files.createDirectory(project.resolve("mappings"));
      Files.writeString(
          project.resolve("mappings/task.yaml"),
          """
          mapping_name: Task from ToDo
          local_doctype: Task
          remote_doctype: ToDo
          field_mapping:
            - {local_fieldname: subject, remote_fieldname: description}
            - {local_fieldname: exp_end_date, remote_fieldname: date}
            - {local_fieldname: priority, remote_fieldname: priority, default_value: Low}
            - local_fieldname: status
              remote_fieldname: status
              value_map: {Open: Open, Closed: Completed}
            - {local_fieldname: is_template, constant: 0}
          """);
      return new ReadMappingFiles(project, DocTypes.NONE).read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void describe(StandInSite site) {
    ObjectNode todo = DocumentJson.MAPPER.createObjectNode().put("name", "ToDo").put("istable", 0);
    todo.putArray("fields")
        .addObject()
        .put("fieldname", "project")
        .put("fieldtype", "Link")
        .put("options", "Project");
    site.putDocType(todo);
    ObjectNode project =
        DocumentJson.MAPPER.createObjectNode().put("name", "Project").put("istable", 0);
    project.putArray("fields").addObject().put("fieldname", "title").put("fieldtype", "Data");
    site.putDocType(project);
  }

  private static ObjectNode project(int i) {
    return DocumentJson.MAPPER
        .createObjectNode()
        .put("name", "PROJ-%07d".formatted(i / TODOS_A_PROJECT))
        .put("title", "Shelf " + i)
        .put("creation", at(0))
        .put("modified", at(0));
  }

  /**
   * The rows that the last pull wrote, written once more into tables of the same shape, which hold
   * the documents already where the stream found them here too.
   */
  private static double bound(TestDatabase database, Work work, int entries) {
    database.execute("create table bound_document (like document including all)");
    database.execute(
        "create table bound_link (like document_link including all) with (fillfactor = 50)");
    database.execute("create table bound_log (like event_sync_log including all)");
    if (work == Work.UPDATES_BY_LIST) {
      database.execute("insert into bound_document select * from document");
      database.execute("insert into bound_link select * from document_link");
    }
    List<List<List<@Nullable String>>> pages = new ArrayList<>();
    List<List<@Nullable String>> rows =
        database.rows(
            """
            select d.doctype, d.name, d.data::text, d.owner, d.creation::text, d.modified::text,
                   d.modified_by, k.producer_url, l.update_log, l.creation::text, l.update_type, l.data
              from event_sync_log l
              join document d on d.doctype = l.ref_doctype and d.name = l.docname
              join document_link k on k.local_doctype = d.doctype and k.local_name = d.name
             order by l.seq desc limit %d
            """
                .formatted(entries));
    for (int i = 0; i < rows.size(); i += work.page) {
      pages.add(rows.subList(i, Math.min(rows.size(), i + work.page)));
    }
    long start = System.nanoTime();
    try (Connection connection = database.database().pool().getConnection()) {
      connection.setAutoCommit(false);
      for (List<List<@Nullable String>> page : pages) {
        write(connection, page);
        connection.commit();
      }
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    double rate = rows.size() / seconds(start);
    try (Connection connection = database.database().pool().getConnection();
        Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("select count(*) from bound_log")) {
      count.next();
      if (count.getInt(1) != entries) {
        throw new IllegalStateException("the bound wrote " + count.getInt(1) + " rows");
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return rate;
  }

  private static void write(Connection connection, List<List<@Nullable String>> page)
      throws SQLException {
    upsert(
        connection,
        """
        insert into bound_document (doctype, name, data, owner, creation, modified, modified_by,
                                    remote_site_name, remote_docname, origin)
        select a, b, c::jsonb, d, e::timestamptz, f::timestamptz, g, h, b, h
          from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                      ?::text[]) as w (a, b, c, d, e, f, g, h)
        on conflict (doctype, name) do update set data = excluded.data
        """,
        page,
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7);
    upsert(
        connection,
        """
        insert into bound_link (producer_url, remote_doctype, remote_name, local_doctype, local_name,
                                last_creation)
        select a, b, c, b, c, d::timestamptz
          from unnest(?::text[], ?::text[], ?::text[], ?::text[]) as w (a, b, c, d)
        on conflict (producer_url, remote_doctype, remote_name, local_doctype)
        do update set last_creation = excluded.last_creation
        """,
        page,
        7,
        0,
        1,
        9);
    upsert(
        connection,
        """
        insert into bound_log (update_log, event_producer, producer_doctype, producer_doc, creation,
                               update_type, ref_doctype, docname, use_same_name, status, data,
                               synced_at)
        select a, b, c, d, e::timestamptz, f, c, d, true, 'Synced', g, now()
          from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
               as w (a, b, c, d, e, f, g)
        on conflict (event_producer, update_log) do update set status = excluded.status
        """,
        page,
        8,
        7,
        0,
        1,
        9,
        10,
        11);
  }

  private static void upsert(
      Connection connection, String sql, List<List<@Nullable String>> page, int... columns)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < columns.length; i++) {
        String[] values = new String[page.size()];
        for (int row = 0; row < values.length; row++) {
          values[row] = page.get(row).get(columns[i]);
        }
        statement.setArray(i + 1, connection.createArrayOf("text", values));
      }
      statement.executeUpdate();
    }
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static LogEntry create(int i) {
    String creation = at(i);
    return new LogEntry(
        "c%09d".formatted(i),
        creation,
        "Create",
        "ToDo",
        "TODO-%07d".formatted(i),
        """
        {
         "__unsaved": 1,
         "creation": "%s",
         "modified": "%s",
         "owner": "Administrator",
         "modified_by": "Administrator",
         "docstatus": 0,
         "doctype": "ToDo",
         "idx": 0,
         "name": "TODO-%07d",
         "priority": "Medium",
         "status": "Open",
         "date": "2026-11-22",
         "assigned_by": "Administrator",
         "project": "PROJ-%07d",
         "description": "%s"
        }"""
            .formatted(
                creation,
                creation,
                i,
                i / TODOS_A_PROJECT,
                "Check the shelf no. %d again. ".formatted(i).repeat(22)));
  }

  private static LogEntry update(int i, int entries) {
    return new LogEntry(
        "u%09d".formatted(i),
        at(i + entries),
        "Update",
        "ToDo",
        "TODO-%07d".formatted(i),
        """
        {
         "added": {},
         "changed": {
          "status": "Closed",
          "description": "%s"
         },
         "removed": {},
         "row_changed": {}
        }"""
            .formatted("Done with the shelf no. %d. ".formatted(i).repeat(22)));
  }

  private static String at(int i) {
    return LocalDateTime.of(2027, 1, 1, 0, 0)
        .plusNanos(i * 1_000_000L + 1_000)
        .format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS"));
  }
}
