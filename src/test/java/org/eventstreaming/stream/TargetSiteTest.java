package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.NameTaken;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.Reconcile;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.producer.SiteAccess;
import org.eventstreaming.producer.Source;
import org.eventstreaming.producer.TargetSite;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A producer's documents are written to a Frappe site that has nothing of ours installed. */
class TargetSiteTest {
  static final String ORDER =
      "{'name': 'Order', 'doctype': 'DocType', 'is_submittable': 1, 'allow_rename': 1,"
          + " 'autoname': 'naming_series:', 'fields': ["
          + "{'fieldname': 'naming_series', 'fieldtype': 'Select', 'label': 'Series', 'options': 'X-.####'},"
          + "{'fieldname': 'title', 'fieldtype': 'Data', 'label': 'Title'},"
          + "{'fieldname': 'customer', 'fieldtype': 'Link', 'options': 'Buyer', 'label': 'Customer'},"
          + "{'fieldname': 'due', 'fieldtype': 'Datetime', 'label': 'Due'},"
          + "{'fieldname': 'total', 'fieldtype': 'Currency', 'label': 'Total'},"
          + "{'fieldname': 'remarks', 'fieldtype': 'Data', 'label': 'Remarks', 'allow_on_submit': 1},"
          + "{'fieldname': 'amended_from', 'fieldtype': 'Link', 'options': 'Order', 'label': 'Amended From'},"
          + "{'fieldname': 'items', 'fieldtype': 'Table', 'options': 'Order Item', 'label': 'Items'}]}";
  static final String ORDER_ITEM =
      "{'name': 'Order Item', 'doctype': 'DocType', 'istable': 1, 'fields': ["
          + "{'fieldname': 'thing', 'fieldtype': 'Data', 'label': 'Thing', 'reqd': 1},"
          + "{'fieldname': 'qty', 'fieldtype': 'Float', 'label': 'Quantity'}]}";
  static final String BUYER =
      "{'name': 'Buyer', 'doctype': 'DocType', 'allow_rename': 1, 'autoname': '%s', 'fields': ["
          + "{'fieldname': 'title', 'fieldtype': 'Data', 'label': 'Title', 'reqd': %d},"
          + "{'fieldname': 'friend', 'fieldtype': 'Link', 'options': 'Buyer', 'label': 'Friend'},"
          + "{'fieldname': 'lft', 'fieldtype': 'Int', 'label': 'Left'}]}";

  @ParameterizedTest(name = "to {0}")
  @EnumSource(names = {"STOCK_13", "STOCK_14", "STOCK_15"})
  void what_is_created_changed_submitted_cancelled_and_deleted_is_so_on_the_target_too(
      Generation generation) {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(generation);
        TestStream stream = joined(hq, branch, TestRow.of("Order").locallyNamed()).start()) {
      stream.pull();
      hq.insert(
          "Order",
          Here.json(
              "{'name': 'SO-1', 'naming_series': 'HQ-.####', 'title': 'first', 'total': 12.5,"
                  + "'items': [{'name': 'r1', 'doctype': 'Order Item', 'thing': 'nut', 'qty': 2},"
                  + "{'name': 'r2', 'doctype': 'Order Item', 'thing': 'bolt', 'qty': 3}]}"));
      stream.pull();

      ObjectNode there = only(branch, "Order");
      String name = there.path("name").asText();
      assertThat(name).isEqualTo("X-0001");
      assertThat(there.path("remote_docname").asText()).isEqualTo("SO-1");
      assertThat(there.path("remote_site_name").asText()).isEqualTo(hq.url());
      assertThat(there.path("total").asDouble()).isEqualTo(12.5);
      assertThat(texts(there, "thing")).containsExactly("nut", "bolt");
      List<String> rows = texts(there, "name");
      assertThat(stream.database().rows("select status, docname from event_sync_log"))
          .containsExactly(List.of("Synced", name));

      hq.update(
          "Order",
          "SO-1",
          Here.json(
              "{'title': 'second', 'items': [{'name': 'r2', 'doctype': 'Order Item', 'thing': 'bolt', 'qty': 7},"
                  + "{'doctype': 'Order Item', 'thing': 'washer', 'qty': 1}]}"));
      stream.pull();

      there = only(branch, "Order");
      assertThat(there.path("title").asText()).isEqualTo("second");
      assertThat(texts(there, "thing")).containsExactly("bolt", "washer");
      assertThat(texts(there, "qty")).containsExactly("7", "1");
      assertThat(texts(there, "name").get(0)).as("the row keeps its name").isEqualTo(rows.get(1));

      hq.update("Order", "SO-1", Here.json("{'docstatus': 1}"));
      stream.pull();
      assertThat(only(branch, "Order").path("docstatus").asInt()).isEqualTo(1);

      hq.update("Order", "SO-1", Here.json("{'remarks': 'paid', 'title': 'by a patch'}"));
      stream.pull();
      assertThat(only(branch, "Order").path("remarks").asText()).isEqualTo("paid");
      assertThat(only(branch, "Order").path("title").asText()).isEqualTo("second");
      assertThat(note(stream)).contains("submitted").contains("title");

      hq.update("Order", "SO-1", Here.json("{'docstatus': 2}"));
      stream.pull();
      assertThat(only(branch, "Order").path("docstatus").asInt()).isEqualTo(2);

      hq.delete("Order", "SO-1");
      stream.pull();
      assertThat(branch.documents("Order")).isEmpty();
      assertThat(stream.database().count("document_link")).isZero();
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
      assertThat(stream.database().count("document")).as("documents here").isZero();
    }
  }

  @Test
  void a_page_is_created_in_few_calls_and_links_name_what_the_target_calls_their_documents() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream =
            joined(
                    hq,
                    branch,
                    TestRow.of("Order").locallyNamed().with(Dependencies.ALL),
                    TestRow.of("Buyer").locallyNamed().with(Dependencies.ALL))
                .start()) {
      branch.putDocType(
          Here.json(BUYER.formatted("naming_series:", 0).replace("naming_series:", "B-.#####")));
      stream.pull();
      for (int i = 0; i < 100; i++) {
        hq.insert("Buyer", Here.json("{'name': 'buyer %d', 'title': 't'}".formatted(i)));
        hq.insert(
            "Order",
            Here.json(
                "{'name': 'SO-%d', 'naming_series': 'X-.####', 'customer': 'buyer %d'}"
                    .formatted(i, i)));
      }
      branch.forgetRequests();
      stream.pull();

      long creations =
          branch.requests().stream()
              .filter(request -> request.uri().contains("insert_many"))
              .count();
      assertThat(creations).as("calls that create 200 documents in two levels").isEqualTo(2);
      assertThat(branch.documents("Order")).hasSize(100);
      for (ObjectNode order : branch.documents("Order")) {
        ObjectNode buyer = find(branch, "Buyer", order.path("customer").asText());
        assertThat(buyer.path("name").asText()).startsWith("B-");
        assertThat(buyer.path("remote_docname").asText())
            .isEqualTo("buyer " + order.path("remote_docname").asText().substring(3));
      }
      assertThat(stream.database().count("event_sync_log where status = 'Synced'")).isEqualTo(200);
      assertThat(stream.database().count("event_sync_log where docname like '%SO-%'")).isZero();
    }
  }

  @Test
  void what_amends_another_is_created_as_a_draft_and_submitted_then() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, TestRow.of("Order").locallyNamed()).start()) {
      stream.pull();
      hq.insert("Order", Here.json("{'name': 'O', 'naming_series': 'X-.####', 'title': 'a'}"));
      hq.update("Order", "O", Here.json("{'docstatus': 1}"));
      hq.update("Order", "O", Here.json("{'docstatus': 2}"));
      hq.insert(
          "Order",
          Here.json(
              "{'name': 'O-1', 'naming_series': 'X-.####', 'title': 'b', 'amended_from': 'O'}"));
      hq.update("Order", "O-1", Here.json("{'docstatus': 1}"));
      branch.forgetRequests();
      stream.pull();

      assertThat(
              branch.requests().stream()
                  .filter(request -> request.uri().contains("insert_many"))
                  .filter(request -> request.body().contains("amended_from%22%3A%22X-")))
          .hasSize(1)
          .allMatch(request -> !request.body().contains("docstatus%22%3A1"));
      assertThat(branch.documents("Order"))
          .extracting(order -> order.path("docstatus").asInt())
          .containsExactlyInAnyOrder(2, 1);
    }
  }

  @Test
  void new_documents_of_one_type_are_read_back_while_the_next_ones_are_created() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, TestRow.of("Buyer")).page(700).start()) {
      stream.pull();
      for (int i = 0; i < 650; i++) {
        hq.insert("Buyer", Here.json("{'name': 'buyer %d', 'title': 't'}".formatted(i)));
      }
      branch.forgetRequests();
      stream.pull();

      List<String> calls =
          branch.requests().stream()
              .map(
                  request ->
                      request.uri().contains("insert_many")
                          ? "create"
                          : (request.uri() + request.body()).contains("buyer%200%22") ? "read" : "")
              .filter(call -> !call.isEmpty())
              .toList();
      assertThat(calls.subList(calls.indexOf("create"), calls.size()))
          .as("the fourth call comes after the documents of the first are read")
          .satisfies(
              order ->
                  assertThat(order.lastIndexOf("create")).isGreaterThan(order.indexOf("read")));
      assertThat(branch.documents("Buyer")).hasSize(650);
    }
  }

  @Test
  void what_is_empty_is_empty_on_the_target_too_and_what_can_be_set_once_stays() {
    String fields =
        "{'fieldname': 'color', 'fieldtype': 'Select', 'options': 'red\\nblue'},"
            + "{'fieldname': 'remark', 'fieldtype': 'Data'%s},"
            + "{'fieldname': 'abbr', 'fieldtype': 'Data', 'label': 'Abbr', 'set_only_once': 1},";
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, TestRow.of("Order").locallyNamed()).start()) {
      hq.putDocType(withFields(fields.formatted("")));
      branch.putDocType(withFields(fields.formatted(", 'default': 'none'")));
      stream.pull();
      hq.insert("Order", Here.json("{'name': 'O', 'title': 'first', 'color': '', 'abbr': 'A'}"));
      stream.pull();

      assertThat(only(branch, "Order").path("color").asText("")).isEmpty();
      assertThat(only(branch, "Order").path("remark").asText("")).isEmpty();

      hq.update("Order", "O", Here.json("{'title': 'second', 'abbr': 'B'}"));
      stream.pull();

      assertThat(only(branch, "Order").path("title").asText()).isEqualTo("second");
      assertThat(only(branch, "Order").path("abbr").asText()).isEqualTo("A");
      assertThat(stream.database().rows("select status, note from event_sync_log order by seq"))
          .contains(
              List.of(
                  "Synced", "Left as they are there, as the site lets them be set once: abbr."));
    }
  }

  @Test
  void documents_that_link_in_a_circle_and_to_themselves_arrive_with_their_links() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream =
            joined(hq, branch, TestRow.of("Buyer").locallyNamed().with(Dependencies.ALL)).start()) {
      branch.putDocType(Here.json(BUYER.formatted("hash", 0)));
      stream.pull();
      hq.insert("Buyer", Here.json("{'name': 'A', 'friend': 'B', 'title': 'a'}"));
      hq.insert("Buyer", Here.json("{'name': 'B', 'friend': 'A', 'title': 'b'}"));
      hq.insert("Buyer", Here.json("{'name': 'C', 'friend': 'C', 'title': 'c'}"));
      stream.pull();

      for (ObjectNode one : branch.documents("Buyer")) {
        ObjectNode friend = find(branch, "Buyer", one.path("friend").asText());
        String title = one.path("title").asText();
        assertThat(friend.path("title").asText())
            .isEqualTo(title.equals("a") ? "b" : title.equals("b") ? "a" : "c");
      }
      assertThat(branch.documents("Buyer")).hasSize(3);
      assertThat(stream.database().count("event_sync_log where status = 'Synced'")).isEqualTo(3);
    }
  }

  @Test
  void what_the_target_refuses_fails_alone_in_its_own_words_and_can_be_resynced() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream =
            joined(hq, branch, TestRow.of("Order").locallyNamed()).attempts(1).start()) {
      stream.pull();
      for (int i = 0; i < 9; i++) {
        hq.insert("Order", order("good"));
      }
      hq.insert("Order", Here.json("{'name': 'bad', 'title': 'bad', 'customer': 'nobody'}"));
      stream.pull();

      assertThat(titles(branch)).hasSize(9).containsOnly("good");
      assertThat(
              stream
                  .database()
                  .value("select status from event_sync_log where producer_doc = 'bad'"))
          .isEqualTo("Failed");
      assertThat(
              String.valueOf(
                  stream
                      .database()
                      .value("select error from event_sync_log where producer_doc = 'bad'")))
          .contains(branch.url())
          .contains("417 Could not find Customer: nobody")
          .contains("event-streaming resync")
          .doesNotContain("<");

      branch.put("Buyer", Here.json("{'name': 'nobody'}"));
      stream
          .database()
          .execute(
              "update event_sync_log set next_attempt_at = received_at where producer_doc = 'bad'");
      stream.pull();

      assertThat(titles(branch)).contains("bad").hasSize(10);
    }
  }

  @Test
  void a_creation_whose_answer_was_lost_is_found_again_and_not_repeated() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, TestRow.of("Order").locallyNamed()).start()) {
      stream.pull();
      for (int i = 0; i < 5; i++) {
        hq.insert(
            "Order",
            Here.json(
                "{'name': 'SO-%d', 'naming_series': 'X-.####', 'items': [{'name': 'row', 'doctype': 'Order Item', 'thing': 'nut'}]}"
                    .formatted(i)));
      }
      branch.fail(1, request -> request.uri().contains("insert_many"), new Fault.LostAnswer());
      stream.pull();

      assertThat(branch.documents("Order")).hasSize(5);
      assertThat(stream.database().count("event_sync_log")).as("nothing is logged").isZero();

      stream.pull();

      assertThat(branch.documents("Order")).hasSize(5);
      assertThat(stream.database().count("event_sync_log where status = 'Synced'")).isEqualTo(5);
      hq.update(
          "Order",
          "SO-3",
          Here.json("{'items': [{'name': 'row', 'doctype': 'Order Item', 'thing': 'bolt'}]}"));
      stream.pull();
      ObjectNode third =
          branch.documents("Order").stream()
              .filter(one -> one.path("remote_docname").asText().equals("SO-3"))
              .findFirst()
              .orElseThrow();
      assertThat(texts(third, "thing")).containsExactly("bolt");
    }
  }

  @Test
  void another_field_that_the_target_changes_in_between_stays_and_ours_is_written_at_once() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, TestRow.of("Buyer")).start()) {
      changeInBetween(hq, branch, stream, "{'lft': 7}");

      assertThat(find(branch, "Buyer", "B").path("lft").asInt()).isEqualTo(7);
      assertThat(find(branch, "Buyer", "B").path("title").asText()).isEqualTo("two");
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void our_field_that_the_target_changes_in_between_is_read_again_before_it_is_overwritten() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, TestRow.of("Buyer")).start()) {
      changeInBetween(hq, branch, stream, "{'title': 'theirs'}");

      assertThat(find(branch, "Buyer", "B").path("title").asText()).isEqualTo("theirs");
      stream.clock().advance(Duration.ofMinutes(5));
      stream.pull();

      assertThat(find(branch, "Buyer", "B").path("title").asText()).isEqualTo("two");
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  /** Somebody saves while our change of the title is on its way. */
  private static void changeInBetween(
      StandInSite hq, StandInSite branch, TestStream stream, String theirs) {
    branch.putDocType(Here.json(BUYER.formatted("prompt", 0)));
    stream.pull();
    hq.insert("Buyer", Here.json("{'name': 'B', 'title': 'one'}"));
    stream.pull();
    hq.update("Buyer", "B", Here.json("{'title': 'two'}"));
    boolean[] once = {false};
    Predicate<org.eventstreaming.standin.Request> puts =
        request -> {
          if (request.method().equals("PUT") && !once[0]) {
            once[0] = true;
            branch.update("Buyer", "B", Here.json(theirs));
          }
          return false;
        };
    branch.fail(puts, new Fault.LostAnswer());
    stream.pull();
  }

  @Test
  void a_name_that_is_taken_fails_or_is_adopted_as_the_producer_file_says() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream =
            joined(hq, branch, TestRow.of("Buyer").ifTaken(NameTaken.ADOPT), TestRow.of("Order"))
                .attempts(1)
                .start()) {
      branch.putDocType(Here.json(BUYER.formatted("prompt", 0)));
      branch.putDocType(Here.json(ORDER.replace("naming_series:", "prompt")));
      branch.put("Buyer", Here.json("{'name': 'B', 'title': 'theirs', 'lft': 3}"));
      branch.put("Order", Here.json("{'name': 'O', 'title': 'theirs'}"));
      stream.pull();
      hq.insert("Buyer", Here.json("{'name': 'B', 'title': 'ours', 'lft': 9}"));
      hq.insert("Order", Here.json("{'name': 'O', 'title': 'ours'}"));
      stream.pull();

      assertThat(find(branch, "Buyer", "B").path("title").asText()).isEqualTo("ours");
      assertThat(find(branch, "Buyer", "B").path("lft").asInt()).as("the site's own").isEqualTo(3);
      assertThat(find(branch, "Order", "O").path("title").asText()).isEqualTo("theirs");
      assertThat(
              String.valueOf(
                  stream
                      .database()
                      .value(
                          "select error from event_sync_log where ref_doctype is null or producer_doctype = 'Order'")))
          .contains("the name O belongs to another Order at " + branch.url())
          .contains("name_taken");
    }
  }

  @Test
  void where_a_name_is_taken_the_site_is_asked_for_it_with_the_host_of_the_producer() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream =
            joined(
                    hq,
                    branch,
                    TestRow.of("Buyer").ifTaken(NameTaken.RENAME),
                    TestRow.of("Order").locallyNamed())
                .start()) {
      branch.put("Buyer", Here.json("{'name': 'B', 'title': 'theirs'}"));
      stream.pull();
      hq.insert("Buyer", Here.json("{'name': 'B', 'title': 'ours'}"));
      hq.insert("Buyer", Here.json("{'name': 'C', 'title': 'free'}"));
      hq.insert("Order", Here.json("{'name': 'O', 'naming_series': 'X-.####', 'customer': 'B'}"));
      branch.fail(1, request -> request.uri().contains("insert_many"), new Fault.LostAnswer());
      stream.pull();
      stream.pull();

      String other = withHost("B", hq);
      assertThat(names(branch, "Buyer")).containsExactlyInAnyOrder("B", "C", other);
      assertThat(find(branch, "Buyer", "B").path("title").asText()).isEqualTo("theirs");
      assertThat(only(branch, "Order").path("customer").asText()).isEqualTo(other);

      hq.update("Buyer", "B", Here.json("{'title': 'changed'}"));
      stream.pull();
      assertThat(find(branch, "Buyer", other).path("title").asText()).isEqualTo("changed");
      hq.delete("Order", "O");
      hq.delete("Buyer", "B");
      stream.pull();
      assertThat(names(branch, "Buyer")).containsExactlyInAnyOrder("B", "C");
    }
  }

  @Test
  void the_host_is_in_the_name_too_where_the_site_numbers_and_its_answer_was_lost() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream =
            joined(hq, branch, TestRow.of("Buyer").ifTaken(NameTaken.RENAME)).start()) {
      branch.putDocType(Here.json(BUYER.formatted("hash", 0)));
      branch.put("Buyer", Here.json("{'name': 'B', 'title': 'theirs'}"));
      stream.pull();
      hq.insert("Buyer", Here.json("{'name': 'B', 'title': 'ours'}"));
      branch.fail(1, request -> request.uri().contains("insert_many"), new Fault.LostAnswer());
      stream.pull();
      stream.pull();

      assertThat(names(branch, "Buyer")).containsExactlyInAnyOrder("B", withHost("B", hq));
      assertThat(stream.database().value("select docname from event_sync_log"))
          .isEqualTo(withHost("B", hq));
    }
  }

  @Test
  void the_host_is_in_the_name_of_one_whose_name_a_renamed_sibling_kept() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream =
            joined(hq, branch, TestRow.of("Buyer").ifTaken(NameTaken.RENAME))
                .reconciling()
                .start()) {
      branch.putDocType(
          Here.json(
              BUYER.formatted("prompt", 0).replace("'allow_rename': 1", "'allow_rename': 0")));
      stream.pull();
      hq.insert("Buyer", Here.json("{'name': 'X', 'title': 'first'}"));
      stream.pull();
      hq.rename("Buyer", "X", "Y");
      stream.reconcile();
      assertThat(names(branch, "Buyer")).containsExactly("X");
      hq.insert("Buyer", Here.json("{'name': 'X', 'title': 'second'}"));
      stream.pull();

      assertThat(find(branch, "Buyer", "X").path("title").asText()).isEqualTo("first");
      assertThat(find(branch, "Buyer", withHost("X", hq)).path("title").asText())
          .isEqualTo("second");
    }
  }

  @Test
  void a_name_that_is_taken_with_the_host_too_fails() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream =
            joined(hq, branch, TestRow.of("Buyer").ifTaken(NameTaken.RENAME)).attempts(1).start()) {
      branch.put("Buyer", Here.json("{'name': 'B', 'title': 'theirs'}"));
      branch.put(
          "Buyer", Here.json("{'name': '%s', 'title': 'theirs too'}".formatted(withHost("B", hq))));
      stream.pull();
      hq.insert("Buyer", Here.json("{'name': 'B', 'title': 'ours'}"));
      stream.pull();

      assertThat(names(branch, "Buyer")).hasSize(2);
      assertThat(String.valueOf(stream.database().value("select error from event_sync_log")))
          .contains("the name B belongs to another Buyer at " + branch.url())
          .contains("and so does the one with the producer's host");
    }
  }

  @Test
  void a_rename_is_one_there_too_and_times_are_converted_to_the_zone_of_the_target() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15).zone(ZoneId.of("America/New_York"));
        TestStream stream =
            joined(hq, branch, TestRow.of("Buyer"), TestRow.of("Order").locallyNamed())
                .reconciling()
                .start()) {
      hq.zone(ZoneId.of("Asia/Kolkata"));
      branch.putDocType(Here.json(BUYER.formatted("prompt", 0)));
      stream.pull();
      hq.insert("Buyer", Here.json("{'name': 'B', 'title': 't'}"));
      hq.insert(
          "Order",
          Here.json(
              "{'name': 'O', 'naming_series': 'X-.####', 'customer': 'B', 'due': '2026-07-01 12:00:00'}"));
      stream.pull();

      assertThat(only(branch, "Order").path("due").asText()).startsWith("2026-07-01 02:30:00");

      hq.rename("Buyer", "B", "C");
      stream.reconcile();

      assertThat(names(branch, "Buyer")).containsExactly("C");
      assertThat(only(branch, "Order").path("customer").asText()).isEqualTo("C");
      assertThat(only(branch, "Buyer").path("remote_docname").asText()).isEqualTo("C");
      branch.forgetRequests();
      hq.update("Order", "O", Here.json("{'due': '2026-07-01 13:00:00'}"));
      stream.pull();

      assertThat(only(branch, "Order").path("due").asText()).startsWith("2026-07-01 03:30:00");
    }
  }

  @Test
  void a_note_of_a_merge_before_a_document_was_made_merges_nothing_on_the_target() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, TestRow.of("Buyer")).reconciling().start()) {
      branch.putDocType(Here.json(BUYER.formatted("prompt", 0)));
      stream.pull();
      hq.insert("Buyer", Here.json("{'name': 'A', 'title': 'first'}"));
      hq.insert("Buyer", Here.json("{'name': 'B', 'title': 'stays'}"));
      stream.pull();
      hq.merge("Buyer", "A", "B");
      stream.pull();
      hq.insert("Buyer", Here.json("{'name': 'A', 'title': 'second'}"));
      stream.pull();
      assertThat(names(branch, "Buyer")).containsExactlyInAnyOrder("A", "B");
      hq.remove("Buyer", "A");
      branch.forgetRequests();

      stream.reconcile();

      assertThat(names(branch, "Buyer")).containsExactly("B");
      assertThat(branch.requests()).noneMatch(one -> one.uri().contains("rename_doc"));
    }
  }

  @Test
  void what_somebody_deleted_on_the_target_is_forgotten_once_the_producer_reports_of_it_again() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream =
            joined(hq, branch, TestRow.of("Order").locallyNamed().where("doc.title != 'never'"))
                .start()) {
      stream.pull();
      for (String name : List.of("SO-1", "SO-2")) {
        hq.insert("Order", Here.json("{'name': '%s', 'naming_series': 'X-.####'}".formatted(name)));
      }
      stream.pull();
      names(branch, "Order").forEach(name -> branch.remove("Order", name));
      hq.delete("Order", "SO-1");
      hq.update("Order", "SO-2", Here.json("{'title': 'changed'}"));
      stream.pull();
      // it is read whole then
      stream.clock().advance(Duration.ofMinutes(5));
      stream.pull();

      assertThat(only(branch, "Order").path("title").asText()).isEqualTo("changed");
      assertThat(stream.database().rows("select remote_name, local_name from document_link"))
          .containsExactly(List.of("SO-2", only(branch, "Order").path("name").asText()));
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void an_unreachable_target_loses_nothing_and_moves_no_cursor() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, TestRow.of("Order").locallyNamed()).start()) {
      stream.pull();
      hq.insert("Order", Here.json("{'name': 'O', 'naming_series': 'X-.####', 'title': 't'}"));
      branch.refuseConnections();
      stream.pull();

      assertThat(stream.database().count("event_sync_log")).isZero();
      assertThat(String.valueOf(stream.database().value("select last_error from event_producer")))
          .contains(branch.url());
      branch.resume();
      stream.pull();

      assertThat(branch.documents("Order")).hasSize(1);
      assertThat(stream.database().count("event_sync_log where status = 'Synced'")).isEqualTo(1);
    }
  }

  @Test
  void two_stock_sites_joined_in_both_directions_converge_and_nothing_echoes() {
    try (StandInSite one = site(Generation.STOCK_15);
        StandInSite other = site(Generation.STOCK_14)) {
      ProducerDoctype[] rows = {TestRow.of("Order").locallyNamed().row()};
      try (TestStream stream =
          new TestStream.Builder()
              .and(producer(one, Source.MODIFIED, target(other), rows))
              .and(producer(other, Source.MODIFIED, target(one), rows))
              .start()) {
        stream.pull();
        one.insert("Order", order("from one"));
        other.insert("Order", order("from other"));
        reconcile(stream);
        reconcile(stream);

        assertThat(titles(one)).containsExactlyInAnyOrder("from one", "from other");
        assertThat(titles(other)).containsExactlyInAnyOrder("from one", "from other");
        long logged = stream.database().count("event_sync_log");
        assertThat(logged).as("one entry for each document").isEqualTo(2);

        // a change on the side that received it comes back to where the document is from
        String there =
            other.documents("Order").stream()
                .filter(document -> document.path("title").asText().equals("from one"))
                .findFirst()
                .orElseThrow()
                .path("name")
                .asText();
        other.update("Order", there, Here.json("{'title': 'changed by other'}"));
        reconcile(stream);
        reconcile(stream);

        assertThat(titles(one)).containsExactlyInAnyOrder("changed by other", "from other");
        assertThat(titles(other)).containsExactlyInAnyOrder("changed by other", "from other");
        assertThat(stream.database().count("event_sync_log")).isEqualTo(logged + 1);
        int before = writes(one) + writes(other);
        reconcile(stream);
        reconcile(stream);

        assertThat(stream.database().count("event_sync_log")).isEqualTo(logged + 1);
        assertThat(writes(one) + writes(other))
            .as("writes of idle reconciliations")
            .isEqualTo(before);

        other.delete("Order", there);
        reconcile(stream);
        reconcile(stream);

        assertThat(titles(one)).containsExactly("from other");
        assertThat(titles(other)).containsExactly("from other");
      }
    }
  }

  static void reconcile(TestStream stream) {
    stream.clock().advance(Reconcile.DEFAULT.rows());
    stream.pull();
  }

  static ObjectNode order(String title) {
    return Here.json(
        "{'naming_series': 'X-.####', 'title': '%s', 'items': [{'doctype': 'Order Item', 'thing': 'nut'}]}"
            .formatted(title));
  }

  static List<String> titles(StandInSite site) {
    return site.documents("Order").stream().map(one -> one.path("title").asText()).toList();
  }

  private static String withHost(String name, StandInSite site) {
    return name + "-" + URI.create(site.url()).getAuthority();
  }

  static int writes(StandInSite site) {
    return (int)
        site.requests().stream()
            .filter(
                request -> !request.method().equals("GET") && !request.uri().contains("get_list"))
            .count();
  }

  private static ObjectNode withFields(String fields) {
    return Here.json(ORDER.replace("'fields': [", "'fields': [" + fields));
  }

  static StandInSite site(Generation generation) {
    StandInSite site = StandInSite.start(generation);
    if (generation.streams()) {
      site.approveAll();
    }
    site.putDocType(Here.json(ORDER));
    site.putDocType(Here.json(ORDER_ITEM));
    site.putDocType(Here.json(BUYER.formatted("prompt", 0)));
    return site;
  }

  static TestStream.Builder joined(StandInSite from, StandInSite to, TestRow... rows) {
    ProducerDoctype[] doctypes = new ProducerDoctype[rows.length];
    for (int i = 0; i < rows.length; i++) {
      doctypes[i] = rows[i].row();
    }
    return new TestStream.Builder().and(producer(from, Source.UPDATE_LOG, target(to), doctypes));
  }

  static EventProducer producer(
      StandInSite from, Source source, @Nullable TargetSite target, ProducerDoctype... rows) {
    return new EventProducer(
        from.url(),
        "Administrator",
        new Secret(from.apiKey()),
        new Secret(from.apiSecret()),
        source,
        Read.LIST,
        source == Source.UPDATE_LOG ? Reconcile.OFF : Reconcile.DEFAULT,
        null,
        null,
        target,
        List.of(rows));
  }

  static TargetSite target(StandInSite site) {
    return new TargetSite(
        "branch",
        new SiteAccess(
            site.url(), "Administrator", new Secret(site.apiKey()), new Secret(site.apiSecret())),
        true);
  }

  static ObjectNode only(StandInSite site, String doctype) {
    assertThat(site.documents(doctype)).hasSize(1);
    return site.documents(doctype).get(0);
  }

  static ObjectNode find(StandInSite site, String doctype, String name) {
    return site.documents(doctype).stream()
        .filter(one -> one.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(doctype + " " + name + " is not there"));
  }

  static Set<String> names(StandInSite site, String doctype) {
    return site.documents(doctype).stream()
        .map(one -> one.path("name").asText())
        .collect(Collectors.toSet());
  }

  static List<String> texts(ObjectNode document, String field) {
    List<String> texts = new ArrayList<>();
    for (JsonNode row : document.path("items")) {
      texts.add(row.path(field).asText());
    }
    return texts;
  }

  static String note(TestStream stream) {
    return String.valueOf(
        stream.database().value("select note from event_sync_log order by seq desc limit 1"));
  }
}
