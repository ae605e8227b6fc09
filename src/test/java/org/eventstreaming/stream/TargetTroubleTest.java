package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.TargetSiteTest.BUYER;
import static org.eventstreaming.stream.TargetSiteTest.ORDER;
import static org.eventstreaming.stream.TargetSiteTest.find;
import static org.eventstreaming.stream.TargetSiteTest.joined;
import static org.eventstreaming.stream.TargetSiteTest.names;
import static org.eventstreaming.stream.TargetSiteTest.only;
import static org.eventstreaming.stream.TargetSiteTest.site;
import static org.eventstreaming.stream.TargetSiteTest.texts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.NameTaken;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;

/** What goes wrong on a target site, or is out of the ordinary there, and what comes of it. */
class TargetTroubleTest {
  @Test
  void names_that_do_not_survive_in_a_path_are_changed_and_deleted_all_the_same() {
    List<String> strange = List.of(".", "..", "a/b", "c/", "../x", "50%", "über %2F", "x?y#z&=+");
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, TestRow.of("Buyer")).attempts(1).start()) {
      stream.pull();
      strange.forEach(name -> hq.insert("Buyer", Here.json("{'title': 'one'}").put("name", name)));
      stream.pull();
      assertThat(names(branch, "Buyer")).containsExactlyInAnyOrderElementsOf(strange);

      strange.forEach(name -> hq.update("Buyer", name, Here.json("{'title': 'two'}")));
      stream.pull();

      assertThat(branch.documents("Buyer"))
          .extracting(one -> one.path("title").asText())
          .containsOnly("two");

      strange.forEach(name -> hq.delete("Buyer", name));
      stream.pull();

      assertThat(names(branch, "Buyer")).isEmpty();
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
      assertThat(branch.requests())
          .as("a proxy takes the last parts away")
          .noneMatch(request -> request.uri().matches(".*/Buyer/([.]{1,2}|[^?]*%2F)([?].*)?"));
    }
  }

  @Test
  void what_was_created_and_is_not_cancelled_is_not_created_once_more() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream =
            joined(hq, branch, TestRow.of("Order").locallyNamed()).attempts(1).start()) {
      stream.pull();
      hq.insert("Order", Here.json("{'name': 'O', 'naming_series': 'X-.####', 'title': 't'}"));
      hq.update("Order", "O", Here.json("{'docstatus': 1}"));
      hq.update("Order", "O", Here.json("{'docstatus': 2}"));
      branch.fail(1, request -> request.method().equals("PUT"), refusal("Not allowed to cancel"));
      stream.pull();

      assertThat(only(branch, "Order").path("docstatus").asInt()).isEqualTo(1);
      assertThat(stream.database().rows("select status from event_sync_log order by seq"))
          .containsExactly(List.of("Synced"), List.of("Synced"), List.of("Failed"));

      stream.database().execute("update event_sync_log set next_attempt_at = received_at");
      stream.pull();

      assertThat(only(branch, "Order").path("docstatus").asInt()).isEqualTo(2);
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void a_submitted_document_that_is_renamed_holds_nobody_up() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream =
            joined(hq, branch, TestRow.of("Order")).reconciling().attempts(1).start()) {
      branch.putDocType(Here.json(ORDER.replace("naming_series:", "prompt")));
      stream.pull();
      hq.insert("Order", Here.json("{'name': 'O', 'title': 't', 'docstatus': 1}"));
      hq.insert("Order", Here.json("{'name': 'P', 'title': 't', 'docstatus': 1}"));
      hq.update("Order", "P", Here.json("{'docstatus': 2}"));
      stream.pull();

      hq.rename("Order", "O", "O2");
      hq.rename("Order", "P", "P2");
      hq.insert("Order", Here.json("{'name': 'Q', 'title': 't'}"));
      stream.reconcile();
      stream.pull();

      assertThat(names(branch, "Order")).containsExactlyInAnyOrder("O2", "P2", "Q");
      assertThat(
              stream
                  .database()
                  .rows("select remote_name, local_name from document_link order by 1"))
          .containsExactly(List.of("O2", "O2"), List.of("P2", "P2"), List.of("Q", "Q"));
      assertThat(find(branch, "Order", "O2").path("remote_docname").asText()).isEqualTo("O2");
      assertThat(String.valueOf(stream.database().value("select last_error from event_producer")))
          .isEqualTo("null");
    }
  }

  @Test
  void the_name_that_a_cancelled_document_had_can_be_another_s_then() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream =
            joined(hq, branch, TestRow.of("Order").locallyNamed()).reconciling().start()) {
      stream.pull();
      hq.insert("Order", Here.json("{'name': 'P', 'naming_series': 'X-.####', 'title': 'old'}"));
      hq.update("Order", "P", Here.json("{'docstatus': 1}"));
      hq.update("Order", "P", Here.json("{'docstatus': 2}"));
      stream.pull();
      hq.rename("Order", "P", "P2");
      stream.reconcile();
      hq.insert("Order", Here.json("{'name': 'P', 'naming_series': 'X-.####', 'title': 'new'}"));
      stream.pull();
      stream.reconcile();

      assertThat(TargetSiteTest.titles(branch)).containsExactlyInAnyOrder("old", "new");
      assertThat(
              stream
                  .database()
                  .rows("select remote_name, local_name from document_link order by 1"))
          .containsExactly(List.of("P", "X-0002"), List.of("P2", "X-0001"));
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
      assertThat(String.valueOf(stream.database().value("select last_error from event_producer")))
          .isEqualTo("null");
    }
  }

  @Test
  void what_somebody_deleted_on_the_target_may_be_renamed_on_the_producer() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, TestRow.of("Buyer")).reconciling().start()) {
      stream.pull();
      hq.insert("Buyer", Here.json("{'name': 'B', 'title': 't'}"));
      stream.pull();
      branch.delete("Buyer", "B");
      hq.rename("Buyer", "B", "C");
      stream.reconcile();
      stream.reconcile();

      assertThat(names(branch, "Buyer")).containsExactly("C");
      assertThat(String.valueOf(stream.database().value("select last_error from event_producer")))
          .isEqualTo("null");
    }
  }

  @Test
  void a_row_that_was_added_by_a_call_without_an_answer_is_added_once() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, TestRow.of("Order").locallyNamed()).start()) {
      stream.pull();
      hq.insert(
          "Order",
          Here.json(
              "{'name': 'O', 'naming_series': 'X-.####', 'items': [{'name': 'r1', 'doctype': 'Order Item', 'thing': 'nut'}]}"));
      stream.pull();
      String nut = texts(only(branch, "Order"), "name").get(0);
      hq.update(
          "Order",
          "O",
          Here.json(
              "{'items': [{'name': 'r1', 'doctype': 'Order Item', 'thing': 'nut'}, {'doctype': 'Order Item', 'thing': 'bolt'}]}"));
      branch.fail(1, request -> request.method().equals("PUT"), new Fault.LostAnswer());
      stream.pull();
      assertThat(texts(only(branch, "Order"), "thing")).containsExactly("nut", "bolt");

      stream.pull();

      assertThat(texts(only(branch, "Order"), "thing")).containsExactly("nut", "bolt");
      assertThat(texts(only(branch, "Order"), "name").get(0)).isEqualTo(nut);
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void what_a_run_wrote_that_ended_before_it_was_logged_gets_its_rows_from_the_next_run() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15)) {
      for (int i = 0; i < 5; i++) {
        hq.insert("Buyer", Here.json("{'name': 'B-%d', 'title': 'one'}".formatted(i)));
      }
      try (TestStream stream =
          joined(hq, branch, TestRow.of("Buyer").loadedSince(FrappeTime.EVER)).start()) {
        TestDatabase database = stream.database();
        database.execute(
            """
            create function refuse() returns trigger language plpgsql as
              $$ begin raise exception 'broken on purpose'; end $$
            """);
        database.execute(
            "create trigger refuse before insert on event_sync_log for each row when (new.cause = 'load') execute function refuse()");
        stream.pull();
        assertThat(names(branch, "Buyer")).as("they are written").hasSize(5);
        assertThat(database.count("event_sync_log where cause = 'load'"))
            .as("but not logged")
            .isZero();

        database.execute("drop trigger refuse on event_sync_log");
        stream.pull();

        assertThat(names(branch, "Buyer")).hasSize(5);
        assertThat(
                database.rows(
                    "select distinct producer_doc from event_sync_log where status = 'Synced'"))
            .hasSize(5);
        assertThat(database.count("event_sync_log where note like '%An earlier run wrote it%'"))
            .isEqualTo(4);
        long rows = database.count("event_sync_log");

        database.execute("update event_producer_document_type set loaded_at = null");
        stream.pull();

        assertThat(database.count("event_sync_log"))
            .as("what is logged as there gets no further row")
            .isEqualTo(rows);
      }
    }
  }

  @Test
  void fields_that_the_target_alone_has_stay_where_a_document_is_adopted() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream =
            joined(hq, branch, TestRow.of("Buyer").ifTaken(NameTaken.ADOPT)).attempts(1).start()) {
      branch.putDocType(withField("{'fieldname': 'branch_note', 'fieldtype': 'Data'}"));
      branch.put("Buyer", Here.json("{'name': 'B', 'title': 'theirs', 'branch_note': 'ours'}"));
      stream.pull();
      hq.insert("Buyer", Here.json("{'name': 'B', 'title': 'new'}"));
      stream.pull();

      assertThat(only(branch, "Buyer").path("title").asText()).isEqualTo("new");
      assertThat(only(branch, "Buyer").path("branch_note").asText()).isEqualTo("ours");
    }
  }

  @Test
  void what_the_target_filled_in_stays_where_a_creation_is_repeated() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, TestRow.of("Buyer")).attempts(1).start()) {
      branch.putDocType(
          withField(
              "{'fieldname': 'category', 'fieldtype': 'Data', 'reqd': 1, 'default': 'normal', 'label': 'Category'}"));
      stream.pull();
      hq.insert("Buyer", Here.json("{'name': 'B', 'title': 'new'}"));
      branch.fail(1, request -> request.uri().contains("insert_many"), new Fault.LostAnswer());
      stream.pull();
      stream.pull();

      assertThat(only(branch, "Buyer").path("category").asText()).isEqualTo("normal");
      assertThat(stream.database().rows("select status from event_sync_log"))
          .containsExactly(List.of("Synced"));
    }
  }

  @Test
  void submitted_documents_that_name_each_other_arrive_with_their_links() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream =
            joined(hq, branch, TestRow.of("Order").locallyNamed().with(Dependencies.ALL))
                .attempts(1)
                .start()) {
      letOrdersNameEachOther(hq, branch);
      stream.pull();
      hq.insert(
          "Order",
          Here.json(
              "{'name': 'A', 'naming_series': 'X-.####', 'docstatus': 1, 'twin': 'B', 'title': 'a'}"));
      hq.insert(
          "Order",
          Here.json(
              "{'name': 'B', 'naming_series': 'X-.####', 'docstatus': 1, 'twin': 'A', 'title': 'b'}"));
      stream.pull();

      assertThat(branch.documents("Order")).hasSize(2);
      for (ObjectNode one : branch.documents("Order")) {
        assertThat(one.path("docstatus").asInt()).isEqualTo(1);
        ObjectNode twin = find(branch, "Order", one.path("twin").asText());
        assertThat(twin.path("twin")).isEqualTo(one.path("name"));
      }
    }
  }

  @Test
  void a_document_whose_creation_was_not_answered_gets_its_name_later() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, TestRow.of("Order")).start()) {
      stream.pull();
      hq.insert("Order", Here.json("{'name': 'O', 'naming_series': 'X-.####', 'title': 't'}"));
      branch.fail(1, request -> request.uri().contains("insert_many"), new Fault.LostAnswer());
      stream.pull();
      stream.pull();

      assertThat(names(branch, "Order")).containsExactly("O");
      assertThat(stream.database().rows("select docname from event_sync_log"))
          .containsExactly(List.of("O"));
    }
  }

  @Test
  void a_document_whose_renaming_stumbled_gets_its_name_later() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, TestRow.of("Order")).start()) {
      stream.pull();
      hq.insert(
          "Order",
          Here.json(
              "{'name': 'O', 'naming_series': 'X-.####', 'items': [{'name': 'r1', 'doctype': 'Order Item', 'thing': 'nut'}]}"));
      hq.update("Order", "O", Here.json("{'title': 't'}"));
      branch.fail(
          1,
          request -> request.uri().contains("rename_doc"),
          Fault.serverError("pymysql.err.OperationalError: (1213, 'Deadlock found')"));
      stream.pull();
      String row = texts(only(branch, "Order"), "name").get(0);
      stream.clock().advance(Duration.ofMinutes(5));
      stream.pull();

      assertThat(names(branch, "Order")).containsExactly("O");
      assertThat(stream.database().value("select row_names ->> 'r1' from document_link"))
          .isEqualTo(row);
      assertThat(stream.database().rows("select status, docname from event_sync_log"))
          .containsExactly(List.of("Synced", "O"), List.of("Synced", "O"));
    }
  }

  @Test
  void one_document_there_is_not_adopted_twice() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream =
            joined(hq, branch, TestRow.of("Buyer").ifTaken(NameTaken.ADOPT), TestRow.of("Order"))
                .reconciling()
                .attempts(1)
                .start()) {
      stream.pull();
      branch.put("Buyer", Here.json("{'name': 'B', 'title': 'theirs'}"));
      hq.insert("Buyer", Here.json("{'name': 'B', 'title': 'ours'}"));
      stream.pull();
      // a merge that nobody is mentioned leaves the name to another
      stream.database().execute("update document_link set remote_name = 'A'");
      hq.update("Buyer", "B", Here.json("{'title': 'again'}"));
      hq.insert("Order", Here.json("{'name': 'O', 'naming_series': 'X-.####', 'title': 't'}"));
      stream.pull();

      assertThat(branch.documents("Order")).hasSize(1);
      assertThat(
              String.valueOf(
                  stream
                      .database()
                      .value("select error from event_sync_log where status = 'Failed'")))
          .contains("the name B belongs to another Buyer at " + branch.url());
    }
  }

  @Test
  void documents_are_submitted_and_cancelled_in_the_order_of_their_producer() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream =
            joined(hq, branch, TestRow.of("Order").locallyNamed().with(Dependencies.ALL))
                .attempts(1)
                .start()) {
      letOrdersNameEachOther(hq, branch);
      stream.pull();
      hq.insert(
          "Order",
          Here.json("{'name': 'A', 'naming_series': 'X-.####', 'docstatus': 1, 'title': 'a'}"));
      hq.insert(
          "Order",
          Here.json(
              "{'name': 'B', 'naming_series': 'X-.####', 'docstatus': 1, 'twin': 'A', 'title': 'b'}"));
      stream.pull();
      hq.update("Order", "B", Here.json("{'docstatus': 2}"));
      hq.update("Order", "A", Here.json("{'docstatus': 2}"));
      stream.pull();
      assertThat(stream.database().rows("select status from event_sync_log"))
          .containsOnly(List.of("Synced"));
      hq.delete("Order", "B");
      hq.delete("Order", "A");
      stream.pull();

      assertThat(stream.database().rows("select status from event_sync_log"))
          .containsOnly(List.of("Synced"));
    }
  }

  private static void letOrdersNameEachOther(StandInSite... sites) {
    for (StandInSite site : sites) {
      ObjectNode order = Here.json(ORDER);
      order
          .withArray("/fields")
          .add(Here.json("{'fieldname': 'twin', 'fieldtype': 'Link', 'options': 'Order'}"));
      site.putDocType(order);
    }
  }

  private static ObjectNode withField(String field) {
    ObjectNode buyer = Here.json(BUYER.formatted("prompt", 0));
    buyer.withArray("/fields").add(Here.json(field));
    return buyer;
  }

  private static Fault refusal(String why) {
    return new Fault.Instead(
        417,
        Map.of("Content-Type", "application/json"),
        "{\"exc_type\": \"ValidationError\", \"exception\": \"frappe.exceptions.ValidationError: %s\"}"
            .formatted(why));
  }
}
