package org.eventstreaming.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.mapping.Mappings;
import org.eventstreaming.mapping.ReadMappingFiles;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.stream.TestStream;

/** What the stream does in a round. */
enum Work {
  CREATES_BY_LIST("creates, read by list", Read.LIST),
  CREATES_BY_METHOD("creates, read by method", Read.METHOD),
  UPDATES_BY_LIST("updates, read by list", Read.LIST),
  MAPPED("creates, mapped", Read.LIST),
  DEPENDENCIES("creates, every tenth brings one along", Read.LIST),
  INVOICES("recorded Sales Invoices", Read.LIST, Work.PAGE, 4),
  LOAD("first load, 1 KB", Read.LIST),
  LOAD_WITH_ROWS("first load, three rows", Read.LIST, Work.PAGE, 2),
  RETRY("retry of a backlog", Read.LIST),
  SMALL_PAGES("creates, small pages", Read.LIST, Work.SMALL_PAGE, 1),
  FAILING_SITE("creates, small pages, a fifth failing", Read.LIST, Work.SMALL_PAGE, 1);

  static final int PAGE = 500;

  /** So that 20,000 entries take 400 calls. */
  static final int SMALL_PAGE = 50;

  private static final double FAILING = 0.2;

  final String text;
  final Read read;
  final int page;
  private final int share;

  Work(String text, Read read) {
    this(text, read, PAGE, 1);
  }

  /**
   * @param share documents that are larger are fewer by this
   */
  Work(String text, Read read, int page, int share) {
    this.text = text;
    this.read = read;
    this.page = page;
    this.share = share;
  }

  /** How many of so many entries of 1 KB it takes. */
  int entries(int all) {
    return Math.max(1, all / share);
  }

  ProducerDoctype row() {
    return switch (this) {
      case CREATES_BY_LIST, CREATES_BY_METHOD, UPDATES_BY_LIST, SMALL_PAGES, FAILING_SITE ->
          TestRow.of("ToDo").row();
      case MAPPED -> TestRow.of("Task").mapped("Task from ToDo", "ToDo").row();
      case DEPENDENCIES, RETRY -> TestRow.of("ToDo").with(Dependencies.ALL).row();
      case INVOICES -> TestRow.of("Sales Invoice").with(Dependencies.ALL).row();
      case LOAD -> TestRow.of("ToDo").loadedSince(FrappeTime.EVER).row();
      case LOAD_WITH_ROWS -> TestRow.of("Pick List").loadedSince(FrappeTime.EVER).row();
    };
  }

  /** What is at the site from the start. */
  void furnish(StandInSite site, int entries) {
    switch (this) {
      case CREATES_BY_LIST,
          CREATES_BY_METHOD,
          UPDATES_BY_LIST,
          MAPPED,
          SMALL_PAGES,
          FAILING_SITE -> {
        // types that no definition describes
      }
      case DEPENDENCIES, RETRY -> {
        SiteDocuments.define(site);
        for (int i = 0; i < entries; i += SiteDocuments.TODOS_A_PROJECT) {
          site.put("Project", SiteDocuments.project(i));
        }
      }
      case INVOICES -> SiteDocuments.record(site, entries);
      case LOAD -> {
        SiteDocuments.define(site);
        IntStream.range(0, entries).forEach(i -> site.put("ToDo", SiteDocuments.todo(i)));
      }
      case LOAD_WITH_ROWS -> {
        SiteDocuments.define(site);
        IntStream.range(0, entries).forEach(i -> site.put("Pick List", SiteDocuments.pickList(i)));
      }
    }
  }

  /** All that the stream and the site do before the pull that is measured. */
  void prepare(StandInSite site, TestStream stream, int entries, int round) {
    if (this == LOAD || this == LOAD_WITH_ROWS) {
      return;
    }
    stream.pull();
    switch (this) {
      case INVOICES -> {
        append(site, SiteDocuments.recordedInvoices(), SiteDocuments::recordedInvoice);
        stream.pull();
        append(site, entries, SiteDocuments::createInvoice);
      }
      case UPDATES_BY_LIST -> {
        append(site, entries, SiteDocuments::createTodo);
        stream.pull();
        append(site, entries, i -> SiteDocuments.updateTodo(i, entries));
      }
      case RETRY -> {
        append(site, entries, SiteDocuments::createTodo);
        site.forbidden("Project");
        stream.pull();
        site.allowed("Project");
        stream.clock().advance(Duration.ofHours(2));
      }
      case FAILING_SITE -> {
        append(site, entries, SiteDocuments::createTodo);
        site.fail(round, FAILING);
      }
      case CREATES_BY_LIST,
          CREATES_BY_METHOD,
          MAPPED,
          DEPENDENCIES,
          SMALL_PAGES,
          LOAD,
          LOAD_WITH_ROWS ->
          append(site, entries, SiteDocuments::createTodo);
    }
  }

  /** What its rate is compared with beside the bound: the same without what makes it special. */
  boolean isPlain() {
    return this == CREATES_BY_LIST || this == SMALL_PAGES;
  }

  static Mappings mappings() {
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

  /** Made before the clock runs: a site does not write its log anew for each reader. */
  private static void append(StandInSite site, int entries, IntFunction<LogEntry> entry) {
    site.append(entries, IntStream.range(0, entries).mapToObj(entry).toList()::get);
  }
}
