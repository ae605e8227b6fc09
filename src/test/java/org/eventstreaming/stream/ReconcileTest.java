package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.producer.Leaves;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.Reconcile;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.CallKind;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.RecordedHistory;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is here converges to what the producer has, whatever its update log reports. */
class ReconcileTest {
  @ParameterizedTest(name = "read by {0}")
  @EnumSource(Read.class)
  void the_recorded_history_ends_equal_to_the_site_and_nothing_is_here_that_is_gone_there(
      Read read) {
    RecordedHistory history =
        RecordedHistory.start(
            read == Read.LIST ? RecordedHistory.Form.TABLE : RecordedHistory.Form.METHOD);
    // as the consumer that was recorded
    ProducerDoctype[] rows =
        RecordedHistory.DOCTYPES.stream()
            .map(
                doctype ->
                    doctype.equals("Note")
                        ? TestRow.of(doctype).where("doc.public == 1").leaving(Leaves.REMOVE).row()
                        : ProducerDoctype.sameName(doctype))
            .toArray(ProducerDoctype[]::new);
    try (StandInSite site = history.site();
        TestStream stream = new TestStream.Builder().and(site, read, rows).reconciling().start()) {
      site.approveAll();
      stream.pull();
      history.releaseAll();
      stream.pull();

      stream.reconcile();

      assertThat(CompareRecorded.differences(stream.database())).isEmpty();
      assertThat(gone(stream)).isEmpty();
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
      long logged = stream.database().count("event_sync_log");

      stream.reconcile();

      assertThat(stream.database().count("event_sync_log")).isEqualTo(logged);
    }
  }

  @Test
  void a_stock_site_is_followed_by_lists_alone_and_what_was_there_before_is_loaded() {
    ProducerDoctype[] rows =
        RecordedHistory.DOCTYPES.stream()
            .map(doctype -> TestRow.of(doctype).loadedSince("1900-01-01 00:00:00").row())
            .toArray(ProducerDoctype[]::new);
    try (StandInSite site = RecordedHistory.startStock();
        TestStream stream = new TestStream.Builder().and(site, Read.LIST, rows).probing().start()) {
      stream.pull();

      assertThat(CompareRecorded.differences(stream.database())).isEmpty();
      assertThat(gone(stream)).isEmpty();
      assertThat(stream.database().rows("select distinct status, cause from event_sync_log"))
          .containsExactly(List.of("Synced", "load"));
      long logged = stream.database().count("event_sync_log");

      stream.clock().advance(Reconcile.DEFAULT.rows());
      stream.pull();

      assertThat(stream.database().count("event_sync_log")).isEqualTo(logged);
    }
  }

  @Test
  void
      a_thousand_changed_documents_with_three_child_tables_take_few_calls_and_none_is_made_in_vain() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll()) {
      site.putDocType(
          Here.json(
              "{'name': 'Big', 'doctype': 'DocType', 'fields': ["
                  + "{'fieldname': 'title', 'fieldtype': 'Data'},"
                  + "{'fieldname': 'a', 'fieldtype': 'Table', 'options': 'Row A'},"
                  + "{'fieldname': 'b', 'fieldtype': 'Table', 'options': 'Row B'},"
                  + "{'fieldname': 'c', 'fieldtype': 'Table', 'options': 'Row C'}]}"));
      for (String child : List.of("Row A", "Row B", "Row C")) {
        site.putDocType(
            Here.json(
                "{'name': '" + child + "', 'doctype': 'DocType', 'istable': 1, 'fields': []}"));
      }
      try (TestStream stream =
          new TestStream.Builder()
              .and(site, Read.LIST, ProducerDoctype.sameName("Big"))
              .reconciling()
              .start()) {
        stream.pull();
        for (int i = 0; i < 1_000; i++) {
          site.insert(
              "Big",
              Here.json(
                  "{'name': 'B-%d', 'a': [{'doctype': 'Row A'}], 'b': [{'doctype': 'Row B'}], 'c': []}"
                      .formatted(i)));
        }
        stream.pull();
        for (int i = 0; i < 1_000; i++) {
          site.dbSet("Big", "B-" + i, Here.json("{'title': 'changed'}"), true);
        }
        site.forgetRequests();

        stream.reconcile();

        int calls = site.requests().size();
        System.out.println("1,000 changed documents with 3 child tables: " + calls + " calls");
        assertThat(calls).isLessThanOrEqualTo(20);
        assertThat(stream.database().count("document where data ->> 'title' = 'changed'"))
            .isEqualTo(1_000);
        assertThat(stream.database().count("event_sync_log where cause = 'reconcile'"))
            .isEqualTo(1_000);

        stream.reconcile();
        site.forgetRequests();
        stream.reconcile();

        // one list and one count for the type, one list for each child table and for renames
        assertThat(site.requests()).hasSize(6);
        site.dbSet("Big", "B-7", Here.json("{'title': 'again'}"), true);
        site.forgetRequests();
        stream.reconcile();

        assertThat(site.requests()).hasSize(7);
        assertThat(new Here(stream.database()).document("Big", "B-7").path("title").asText())
            .isEqualTo("again");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"V15_APP", "STOCK_13", "STOCK_15"})
  void an_idle_look_at_thirty_document_types_takes_one_call_for_each_list_and_reads_nothing_again(
      Generation kind) {
    List<String> types = IntStream.range(0, 30).mapToObj(i -> "Type " + i).toList();
    try (StandInSite site = StandInSite.start(kind).approveAll()) {
      for (String type : types) {
        site.putDocType(
            Here.json(
                "{'name': 'Row of %s', 'doctype': 'DocType', 'istable': 1, 'fields': []}"
                    .formatted(type)));
        site.putDocType(
            Here.json(
                "{'name': '%s', 'doctype': 'DocType', 'fields': [{'fieldname': 'title', 'fieldtype': 'Data'}, {'fieldname': 'items', 'fieldtype': 'Table', 'options': 'Row of %s'}]}"
                    .formatted(type, type)));
      }
      try (TestStream stream =
          new TestStream.Builder()
              .and(site, Read.LIST, TestStream.sameName(types.toArray(String[]::new)))
              .probing()
              .start()) {
        stream.pull();
        types.forEach(
            type ->
                site.insert(
                    type,
                    Here.json(
                        "{'name': 'A', 'items': [{'doctype': 'Row of %s'}]}".formatted(type))));
        look(stream);
        look(stream);
        site.forgetRequests();

        look(stream);

        Map<String, Long> lists =
            site.requests().stream()
                .map(request -> request.uri().replaceFirst("\\?.*", ""))
                .filter(path -> path.matches("/api/resource/(Type|Row%20of%20Type)%20\\d+"))
                .collect(Collectors.groupingBy(path -> path, Collectors.counting()));
        System.out.printf(
            "idle look at 30 types with a child table each, %s: %d calls%n",
            kind, site.requests().size());
        assertThat(lists.keySet()).filteredOn(path -> path.contains("/Type%20")).hasSize(30);
        assertThat(lists.keySet()).filteredOn(path -> path.contains("/Row%20of%20")).hasSize(30);
        assertThat(lists.values()).containsOnly(1L);
        assertThat(site.requests(CallKind.DOCUMENT)).isEmpty();
        // beside them a count for each type (two and a refused one for version 13), renames, and
        // deletions or the log with our registration
        int counts = kind == Generation.STOCK_13 ? 2 * 30 + 1 : 30;
        assertThat(site.requests()).hasSizeLessThanOrEqualTo(60 + counts + 4);

        site.dbSet("Type 7", "A", Here.json("{'title': 'new'}"), true);
        site.forgetRequests();
        look(stream);

        // that document, and its rows
        assertThat(site.requests()).hasSizeLessThanOrEqualTo(60 + counts + 4 + 2);
        assertThat(new Here(stream.database()).document("Type 7", "A").path("title").asText())
            .isEqualTo("new");
      }
    }
  }

  @Test
  void lists_of_several_types_are_asked_for_at_once() throws Exception {
    List<String> types = IntStream.range(0, 12).mapToObj(i -> "Type " + i).toList();
    try (StandInSite site = StandInSite.start(Generation.STOCK_15)) {
      types.forEach(
          type ->
              site.putDocType(
                  Here.json("{'name': '%s', 'doctype': 'DocType', 'fields': []}".formatted(type))));
      try (TestStream stream =
          new TestStream.Builder()
              .and(site, Read.LIST, TestStream.sameName(types.toArray(String[]::new)))
              .probing()
              .start()) {
        stream.pull();
        types.forEach(type -> site.insert(type, Here.json("{'name': 'A'}")));
        CountDownLatch several = new CountDownLatch(3);
        AtomicBoolean together = new AtomicBoolean(true);
        site.fail(
            types.size(),
            request -> request.uri().matches("/api/resource/Type%20\\d+\\?.*modified.*"),
            Fault.meanwhile(
                () -> {
                  several.countDown();
                  if (!waits(several)) {
                    together.set(false);
                  }
                }));

        look(stream);

        assertThat(together).as("three lists are asked for beside each other").isTrue();
        assertThat(stream.database().count("event_sync_log where status = 'Synced'")).isEqualTo(12);
      }
    }
  }

  @Test
  void a_deletion_that_the_method_withholds_is_seen_beside_the_log() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream =
            new TestStream.Builder()
                .and(site, Read.METHOD, ProducerDoctype.sameName("ToDo"))
                .reconciling()
                .start()) {
      stream.pull();
      site.insert("ToDo", Here.json("{'name': 'T-1'}"));
      site.rename("ToDo", "T-1", "T-2");
      look(stream);
      // the log has mentioned T-1 alone
      assertThat(new Here(stream.database()).names("ToDo")).containsExactly("T-2");
      site.delete("ToDo", "T-2");
      look(stream);

      assertThat(new Here(stream.database()).names("ToDo")).isEmpty();
    }
  }

  @Test
  void what_leaves_a_list_that_was_asked_for_early_lets_nothing_be_skipped() throws Exception {
    try (StandInSite site = StandInSite.start(Generation.STOCK_15)) {
      for (String type : List.of("Early", "Late")) {
        site.putDocType(
            Here.json("{'name': '%s', 'doctype': 'DocType', 'fields': []}".formatted(type)));
      }
      try (TestStream stream =
          new TestStream.Builder()
              .and(site, Read.LIST, TestStream.sameName("Early", "Late"))
              .probing()
              .start()) {
        stream.pull();
        site.insert("Early", Here.json("{'name': 'A'}"));
        // by one statement: more than a page of the list has one and the same moment
        site.insert("Late", Here.json("{'name': 'L-0000'}"));
        ObjectNode first = site.documents("Late").get(0);
        for (int i = 1; i <= 1_000; i++) {
          site.put("Late", first.deepCopy().put("name", "L-%04d".formatted(i)));
        }
        AtomicInteger pages = new AtomicInteger();
        site.fail(
            request -> {
              if (request.uri().matches("/api/resource/Late\\?.*modified.*")
                  && pages.incrementAndGet() == 2) {
                // it is of the first page, which was asked for beside the list of the other type
                site.remove("Late", "L-0000");
              }
              return false;
            },
            Fault.lostAnswer());

        look(stream);

        assertThat(pages.get()).isGreaterThan(1);
        assertThat(new Here(stream.database()).names("Late")).contains("L-0001", "L-1000");
      }
    }
  }

  private static boolean waits(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void a_stock_site_whose_clock_is_behind_ours_is_followed_from_its_own_moment_on() {
    try (StandInSite site = StandInSite.start(Generation.STOCK_15);
        TestStream stream =
            new TestStream.Builder()
                .and(site, Read.LIST, ProducerDoctype.sameName("ToDo"))
                .probing()
                .start()) {
      site.insert("ToDo", Here.json("{'name': 'before'}"));
      stream.clock().advance(Duration.ofMinutes(20));
      site.dbSet("ToDo", "before", Here.json("{'modified': '2020-01-01 00:00:00'}"), false);
      stream.pull();

      site.insert("ToDo", Here.json("{'name': 'T-1', 'description': 'one'}"));
      look(stream);

      assertThat(new Here(stream.database()).names("ToDo")).containsExactly("T-1");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"V15_APP", "STOCK_15"})
  void a_row_that_is_younger_than_its_document_is_not_logged_again_while_that_document_fails(
      Generation kind) {
    try (StandInSite site = StandInSite.start(kind).approveAll()) {
      site.putDocType(
          Here.json(
              "{'name': 'Order', 'fields': [{'fieldname': 'items', 'fieldtype': 'Table',"
                  + " 'options': 'Order Row'}]}"));
      site.putDocType(
          Here.json(
              "{'name': 'Order Row', 'istable': 1,"
                  + " 'fields': [{'fieldname': 'qty', 'fieldtype': 'Int'}]}"));
      try (TestStream stream =
          new TestStream.Builder()
              .and(site, Read.LIST, ProducerDoctype.sameName("Order"))
              .probing()
              .start()) {
        stream.pull();
        String name = "x".repeat(300);
        site.insert(
            "Order",
            Here.json(
                "{'name': '%s', 'items': [{'doctype': 'Order Row', 'name': 'r', 'qty': 1}]}"
                    .formatted(name)));
        site.dbSet("Order Row", "r", Here.json("{'qty': 2}"), true);
        for (int looks = 0; looks < 4; looks++) {
          look(stream);
        }

        assertThat(stream.database().count("event_sync_log where cause <> 'log'")).isEqualTo(1);
      }
    }
  }

  /** The poll, and all that is looked for beside it. */
  private static void look(TestStream stream) {
    stream.clock().advance(Reconcile.DEFAULT.rows());
    stream.pull();
  }

  @Test
  void what_the_log_reports_later_is_not_undone_by_what_was_read_earlier() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
        TestStream stream =
            new TestStream.Builder()
                .and(site, Read.LIST, ProducerDoctype.sameName("ToDo"))
                .reconciling()
                .start()) {
      stream.pull();
      site.insert("ToDo", Here.json("{'name': 'T-1', 'description': 'one'}"));
      stream.reconcile();
      site.update("ToDo", "T-1", Here.json("{'description': 'two'}"));
      stream.reconcile();
      site.update("ToDo", "T-1", Here.json("{'description': 'three'}"));

      stream.pull();
      stream.reconcile();

      Here here = new Here(stream.database());
      assertThat(here.document("ToDo", "T-1").path("description").asText()).isEqualTo("three");
      assertThat(
              stream
                  .database()
                  .rows("select cause, update_type, status from event_sync_log order by seq"))
          .containsExactly(
              List.of("reconcile", "Update", "Synced"),
              List.of("reconcile", "Update", "Synced"),
              List.of("log", "Create", "Synced"),
              List.of("log", "Update", "Synced"),
              List.of("log", "Update", "Synced"));
    }
  }

  @ParameterizedTest
  @CsvSource({"T-1, T-2", "Nuts & Bolts, Nuts & Screws"})
  void a_renamed_document_keeps_its_identity_and_what_names_it_follows(String before, String now) {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll()) {
      site.putDocType(
          Here.json(
              "{'name': 'Job', 'doctype': 'DocType', 'fields': ["
                  + "{'fieldname': 'todo', 'fieldtype': 'Link', 'options': 'Task'}]}"));
      site.putDocType(Here.json("{'name': 'Task', 'doctype': 'DocType', 'fields': []}"));
      try (TestStream stream =
          new TestStream.Builder()
              .and(site, Read.LIST, TestStream.sameName("Task", "Job"))
              .reconciling()
              .start()) {
        stream.pull();
        site.insert("Task", Here.json("{'name': '" + before + "', 'description': 'one'}"));
        site.insert("Job", Here.json("{'name': 'J-1', 'todo': '" + before + "'}"));
        stream.pull();
        site.rename("Task", before, now);

        stream.reconcile();

        Here here = new Here(stream.database());
        assertThat(here.names("Task")).containsExactly(now);
        assertThat(here.document("Job", "J-1").path("todo").asText()).isEqualTo(now);
        assertThat(
                stream
                    .database()
                    .rows(
                        "select update_type, producer_doc, note from event_sync_log"
                            + " where cause = 'reconcile' order by seq"))
            .contains(
                List.of(
                    "Rename",
                    now,
                    "Was Task " + before + " on the producer, whose log does not contain renames."))
            .contains(
                List.of(
                    "Update",
                    "J-1",
                    "Differed from the producer without an entry in its log: todo."));
        assertThat(stream.database().value("select version from document where doctype = 'Task'"))
            .isNotEqualTo("1");
      }
    }
  }

  @Test
  void a_note_from_before_the_load_hides_no_later_rename_of_the_same_name() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll()) {
      site.putDocType(Here.json("{'name': 'Task', 'doctype': 'DocType', 'fields': []}"));
      site.insert("Task", Here.json("{'name': 'T-6'}"));
      site.insert("Task", Here.json("{'name': 'T-3'}"));
      site.insert("Task", Here.json("{'name': 'T-2', 'description': 'one'}"));
      site.merge("Task", "T-6", "T-3");
      site.rename("Task", "T-2", "T-6");
      try (TestStream stream =
          new TestStream.Builder()
              .and(site, Read.LIST, TestRow.of("Task").loadedSince(FrappeTime.EVER).row())
              .reconciling()
              .start()) {
        stream.pull();
        assertThat(new Here(stream.database()).names("Task")).containsExactly("T-3", "T-6");
        site.rename("Task", "T-6", "T-2");

        stream.reconcile();

        assertThat(new Here(stream.database()).names("Task")).containsExactly("T-2", "T-3");
        assertThat(found(stream)).containsExactly(renamed("T-2", "T-6"));
      }
    }
  }

  @Test
  void a_note_that_is_reported_again_hides_no_rename_of_the_next_document_of_the_name() {
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll()) {
      site.putDocType(Here.json("{'name': 'Task', 'doctype': 'DocType', 'fields': []}"));
      try (TestStream stream =
          new TestStream.Builder()
              .and(site, Read.LIST, ProducerDoctype.sameName("Task"))
              .reconciling()
              .start()) {
        stream.pull();
        site.insert("Task", Here.json("{'name': 'T-1'}"));
        stream.pull();
        site.rename("Task", "T-1", "T-2");
        stream.reconcile();
        site.insert("Task", Here.json("{'name': 'T-1'}"));
        stream.pull();
        site.rename("Task", "T-1", "T-3");

        stream.reconcile();

        assertThat(new Here(stream.database()).names("Task")).containsExactly("T-2", "T-3");
        assertThat(found(stream)).containsExactly(renamed("T-2", "T-1"), renamed("T-3", "T-1"));
      }
    }
  }

  /** The renames and deletions that reconciliation found; a rename may be listed twice. */
  private static List<List<String>> found(TestStream stream) {
    return stream
        .database()
        .rows(
            "select distinct update_type, producer_doc, note from event_sync_log"
                + " where cause = 'reconcile' and update_type in ('Rename', 'Delete')"
                + " order by producer_doc")
        .stream()
        .map(row -> row.stream().map(String::valueOf).toList())
        .toList();
  }

  private static List<String> renamed(String now, String formerly) {
    return List.of(
        "Rename",
        now,
        "Was Task %s on the producer, whose log does not contain renames.".formatted(formerly));
  }

  /** Documents that are here and not on the site. */
  private static Set<String> gone(TestStream stream) {
    Set<String> there =
        RecordedHistory.documents().stream()
            .map(one -> one.path("doctype").asText() + " " + one.path("name").asText())
            .collect(Collectors.toSet());
    return stream.database().rows("select doctype || ' ' || name from document").stream()
        .map(row -> String.valueOf(row.get(0)))
        .filter(one -> !there.contains(one))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
