package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.TargetSiteTest.find;
import static org.eventstreaming.stream.TargetSiteTest.only;
import static org.eventstreaming.stream.TargetSiteTest.titles;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Source;
import org.eventstreaming.producer.TargetSite;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.Request;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Documents whose masters are disabled on the target by now, and what is enabled for them. */
class HistoryTest {
  private static final String BUYER =
      "{'name': 'Buyer', 'doctype': 'DocType', 'allow_rename': 1, 'autoname': 'prompt', 'fields': ["
          + "{'fieldname': 'title', 'fieldtype': 'Data', 'label': 'Title'},"
          + "{'fieldname': 'friend', 'fieldtype': 'Link', 'options': 'Buyer', 'label': 'Friend'},"
          + "{'fieldname': 'is_frozen', 'fieldtype': 'Check', 'label': 'Is Frozen'},"
          + "{'fieldname': 'disabled', 'fieldtype': 'Check', 'label': 'Disabled'}]}";
  private static final String PART =
      "{'name': 'Part', 'doctype': 'DocType', 'autoname': 'prompt', 'fields': ["
          + "{'fieldname': 'title', 'fieldtype': 'Data', 'label': 'Title'},"
          + "{'fieldname': 'enabled', 'fieldtype': 'Check', 'label': 'Enabled'}]}";
  private static final String ORDER_ITEM =
      "{'name': 'Order Item', 'doctype': 'DocType', 'istable': 1, 'fields': ["
          + "{'fieldname': 'of_type', 'fieldtype': 'Link', 'options': 'DocType', 'label': 'Of Type'},"
          + "{'fieldname': 'part', 'fieldtype': 'Dynamic Link', 'options': 'of_type', 'label': 'Part'}]}";

  @Test
  void documents_of_a_page_share_one_opening_of_the_masters_that_they_need() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = branch(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, "Buyer", "Part").start()) {
      stream.pull();
      for (int i = 0; i < 20; i++) {
        hq.insert("Order", order("o" + i, "B"));
      }
      hq.insert("Order", order("free", "A").without("items"));
      stream.pull();

      assertThat(titles(branch)).hasSize(21);
      assertThat(find(branch, "Buyer", "B").path("disabled").asInt()).isEqualTo(1);
      assertThat(find(branch, "Part", "P").path("enabled").asInt()).isZero();
      assertThat(switches(branch)).as("calls that enable and disable two masters").isEqualTo(4);
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
      assertThat(
              stream
                  .database()
                  .rows(
                      "select target_site, doctype, name, fieldname, value, producer_url, cardinality(documents), ending"
                          + " from opened_master order by id"))
          .containsExactlyInAnyOrder(
              List.of(branch.url(), "Buyer", "B", "disabled", "1", hq.url(), "20", "Restored"),
              List.of(branch.url(), "Part", "P", "enabled", "0", hq.url(), "20", "Restored"));
      assertThat(
              stream
                  .database()
                  .count(
                      "opened_master where restored_at >= opened_at and modified_before < modified_open"
                          + " and modified_open < modified_after"))
          .isEqualTo(2);
    }
  }

  @Test
  void nothing_is_enabled_where_the_site_takes_the_documents() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = branch(Generation.STOCK_15).refusingDisabled();
        TestStream stream = joined(hq, branch, "Buyer", "Part").start()) {
      stream.pull();
      hq.insert("Order", order("o", "B"));
      stream.pull();

      assertThat(titles(branch)).containsExactly("o");
      assertThat(switches(branch)).isZero();
      assertThat(stream.database().count("opened_master")).isZero();
    }
  }

  @Test
  void without_the_type_in_the_file_the_refusal_stands_and_says_what_can_be_done() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = branch(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, "Part").attempts(1).start()) {
      stream.pull();
      hq.insert("Order", order("o", "B"));
      stream.pull();

      assertThat(titles(branch)).isEmpty();
      assertThat(find(branch, "Buyer", "B").path("disabled").asInt()).isEqualTo(1);
      assertThat(error(stream))
          .contains(
              branch.url()
                  + " answered: 417 Buyer B is disabled. Buyer B is disabled there. Enable it, or add Buyer to history: as_is of the site file branch. Later entries");
      assertThat(stream.database().rows("select doctype, name, ending from opened_master"))
          .containsExactly(List.of("Part", "P", "Restored"));
    }
  }

  @Test
  void what_is_refused_for_another_reason_stays_refused_and_enables_nothing() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = branch(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, "Buyer", "Part").attempts(1).start()) {
      stream.pull();
      branch.update("Buyer", "A", Here.json("{'is_frozen': 1}"));
      branch.update("Part", "P", Here.json("{'enabled': 1}"));
      branch.fail(
          2, HistoryTest::inserts, refusal("You are not authorized to add entries before 2024"));
      hq.insert("Order", order("o", "A"));
      stream.pull();

      assertThat(switches(branch)).isZero();
      assertThat(stream.database().count("opened_master")).isZero();
      assertThat(error(stream))
          .contains(
              "answered: 417 You are not authorized to add entries before 2024. Later entries");
    }
  }

  @Test
  void a_document_that_is_refused_once_more_fails_in_the_words_of_the_site() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = branch(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, "Buyer", "Part").attempts(1).start()) {
      stream.pull();
      branch.fail(request -> inserts(request) && isOpen(branch), refusal("The period is closed"));
      hq.insert("Order", order("o", "B"));
      stream.pull();

      assertThat(error(stream)).contains("answered: 417 The period is closed. Later entries");
      assertThat(find(branch, "Buyer", "B").path("disabled").asInt()).isEqualTo(1);
      assertThat(open(stream)).isZero();
    }
  }

  @Test
  void a_change_of_a_document_is_repeated_too() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = branch(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, "Buyer", "Part").start()) {
      stream.pull();
      hq.insert("Order", order("o", "A").put("name", "O"));
      stream.pull();
      hq.update("Order", "O", Here.json("{'customer': 'B', 'docstatus': 1}"));
      stream.pull();

      assertThat(only(branch, "Order").path("customer").asText()).isEqualTo("B");
      assertThat(only(branch, "Order").path("docstatus").asInt()).isEqualTo(1);
      assertThat(find(branch, "Buyer", "B").path("disabled").asInt()).isEqualTo(1);
    }
  }

  @Test
  void what_was_created_and_not_cancelled_is_cancelled_and_not_created_once_more() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = branch(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, "Buyer", "Part").attempts(1).start()) {
      stream.pull();
      branch.refusingDisabled();
      branch.fail(
          request -> request.method().equals("PUT") && request.uri().contains("/Order/"),
          refusal("Buyer B is disabled"));
      hq.insert("Order", order("o", "B").put("name", "O"));
      hq.update("Order", "O", Here.json("{'docstatus': 1}"));
      hq.update("Order", "O", Here.json("{'docstatus': 2}"));
      stream.pull();

      assertThat(only(branch, "Order").path("docstatus").asInt()).isEqualTo(2);
      assertThat(stream.database().rows("select status from event_sync_log"))
          .containsOnly(List.of("Synced"));
      assertThat(find(branch, "Buyer", "B").path("disabled").asInt()).isEqualTo(1);
    }
  }

  @Test
  void a_master_that_the_site_does_not_let_be_enabled_is_named_with_the_reason() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = branch(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, "Buyer", "Part").attempts(1).start()) {
      stream.pull();
      branch.fail(HistoryTest::switchesBuyer, refusal("Territory is missing"));
      hq.insert("Order", order("o", "B"));
      stream.pull();

      assertThat(error(stream))
          .contains(
              "417 Buyer B is disabled. Buyer B is disabled there, and could not be enabled: 417 Territory is missing. Later");
      assertThat(stream.database().rows("select doctype, ending from opened_master"))
          .containsExactlyInAnyOrder(List.of("Buyer", "Not enabled"), List.of("Part", "Restored"));
    }
  }

  @Test
  void what_a_person_saves_meanwhile_stays() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = branch(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, "Buyer", "Part").start()) {
      stream.pull();
      branch.fail(
          request -> inserts(request) && isOpen(branch),
          Fault.meanwhile(
              () -> {
                branch.update("Buyer", "B", Here.json("{'title': 'in business again'}"));
                branch.dbSet("Buyer", "B", Here.json("{'modified_by': 'a@example.com'}"), false);
                branch.update("Part", "P", Here.json("{'enabled': 0}"));
              }));
      hq.insert("Order", order("o", "B"));
      stream.pull();
      stream.pull();

      assertThat(titles(branch)).containsExactly("o");
      assertThat(find(branch, "Buyer", "B").path("disabled").asInt()).isZero();
      assertThat(stream.database().rows("select doctype, ending from opened_master"))
          .containsExactlyInAnyOrder(
              List.of("Buyer", "Changed"), List.of("Part", "Found restored"));
    }
  }

  @Test
  void what_the_site_changes_for_the_documents_that_are_written_is_no_persons_change() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = branch(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, "Buyer", "Part").start()) {
      stream.pull();
      branch.fail(
          request -> inserts(request) && isOpen(branch),
          Fault.meanwhile(
              () -> branch.update("Buyer", "B", Here.json("{'title': 'bought for 5'}"))));
      hq.insert("Order", order("o", "B"));
      stream.pull();

      assertThat(titles(branch)).containsExactly("o");
      assertThat(find(branch, "Buyer", "B").path("title").asText()).isEqualTo("bought for 5");
      assertThat(find(branch, "Buyer", "B").path("disabled").asInt()).isOne();
      assertThat(stream.database().rows("select doctype, ending from opened_master"))
          .containsExactlyInAnyOrder(List.of("Buyer", "Restored"), List.of("Part", "Restored"));
    }
  }

  @Test
  void a_master_that_is_deleted_meanwhile_is_gone() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = branch(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, "Buyer", "Part").start()) {
      stream.pull();
      branch.fail(
          request -> inserts(request) && isOpen(branch),
          Fault.meanwhile(() -> branch.remove("Buyer", "B")));
      hq.insert("Order", order("o", "B"));
      stream.pull();

      assertThat(stream.database().rows("select doctype, ending from opened_master"))
          .containsExactlyInAnyOrder(List.of("Buyer", "Gone"), List.of("Part", "Restored"));
    }
  }

  @Test
  void a_master_that_the_site_does_not_let_be_disabled_is_tried_again_with_the_next_pull() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = branch(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, "Buyer", "Part").start()) {
      stream.pull();
      branch.fail(request -> switchesBuyer(request) && isOpen(branch), refusal("It has stock"));
      hq.insert("Order", order("o", "B"));
      stream.pull();

      assertThat(titles(branch)).containsExactly("o");
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
      assertThat(
              stream.database().rows("select name, error from opened_master where ending is null"))
          .containsExactly(List.of("B", "417 It has stock"));

      stream.pull();

      assertThat(find(branch, "Buyer", "B").path("disabled").asInt()).isEqualTo(1);
      assertThat(open(stream)).isZero();
    }
  }

  static Stream<Arguments> lostCalls() {
    List<Arguments> calls = new ArrayList<>();
    steps()
        .forEach(
            (name, step) -> {
              calls.add(Arguments.of(name, "and is not made", step, Fault.badGateway()));
              calls.add(Arguments.of(name, "and is made", step, Fault.lostAnswer()));
            });
    return calls.stream();
  }

  /** The calls of an opening, in order; whether one is it is asked once for each. */
  static Map<String, Predicate<SeenCall>> steps() {
    return new TreeMap<>(
        Map.of(
            "1 what is disabled is read",
            call -> call.nth() > 0 && !call.isOpen() && reads(call.request()),
            "2 a master is enabled",
            call -> !call.isOpen() && switchesBuyer(call.request()),
            "3 the other is enabled",
            call ->
                call.request().method().equals("PUT") && call.request().uri().contains("/Part/"),
            "4 what is enabled is read",
            call -> call.isOpen() && reads(call.request()),
            "5 the documents are written",
            call -> call.isOpen() && inserts(call.request()),
            "6 a master is disabled",
            call -> call.isOpen() && switchesBuyer(call.request()),
            "7 what is disabled again is read",
            call -> call.restoring() && !call.isOpen() && reads(call.request())));
  }

  @ParameterizedTest(name = "{0}: the answer is lost {1}")
  @MethodSource("lostCalls")
  void whatever_call_is_not_answered_nothing_stays_enabled_after_the_next_pull(
      String name, String how, Predicate<SeenCall> step, Fault fault) {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = branch(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, "Buyer", "Part").start()) {
      stream.pull();
      Watched watched = new Watched(branch);
      boolean[] cut = {false};
      branch.fail(
          request -> {
            cut[0] |= step.test(watched.seen(request));
            return cut[0];
          },
          fault);
      // nothing is answered from then on
      branch.fail(1_000, request -> cut[0], Fault.badGateway());
      hq.insert("Order", order("o", "B"));
      hq.insert("Order", order("p", "B"));
      stream.pull();
      assertThat(cut[0]).as("the call was made").isTrue();
      branch.heal();
      stream.clock().advance(Duration.ofMinutes(5));
      stream.pull();

      assertThat(titles(branch)).containsExactlyInAnyOrder("o", "p");
      assertThat(find(branch, "Buyer", "B").path("disabled").asInt()).isEqualTo(1);
      assertThat(find(branch, "Part", "P").path("enabled").asInt()).isZero();
      assertThat(open(stream)).isZero();
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
      assertThat(lastError(stream)).isEqualTo("null");
    }
  }

  @ParameterizedTest(name = "at the {0} of a row, {1}")
  @CsvSource({"insert, before", "insert, after", "update, before", "update, after"})
  void where_the_database_breaks_off_nothing_stays_enabled_after_the_next_pull(
      String statement, String when) {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = branch(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, "Buyer", "Part").start()) {
      stream.pull();
      stream
          .database()
          .execute(
              """
              create function break_off() returns trigger language plpgsql as $$
              begin raise exception 'broken on purpose'; end $$
              """);
      stream
          .database()
          .execute(
              "create trigger break_off %s %s on opened_master for each statement execute function break_off()"
                  .formatted(when, statement));
      hq.insert("Order", order("o", "B"));
      stream.pull();
      if (statement.equals("insert")) {
        assertThat(switches(branch)).as("nothing is enabled that is not noted").isZero();
      }
      stream.database().execute("drop trigger break_off on opened_master");
      stream.clock().advance(Duration.ofMinutes(5));
      stream.pull();

      assertThat(titles(branch)).containsExactly("o");
      assertThat(find(branch, "Buyer", "B").path("disabled").asInt()).isEqualTo(1);
      assertThat(find(branch, "Part", "P").path("enabled").asInt()).isZero();
      assertThat(open(stream)).isZero();
    }
  }

  @Test
  void what_another_live_process_has_open_is_left_to_it() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = branch(Generation.STOCK_15);
        TestStream stream =
            new TestStream.Builder()
                .and(
                    TargetSiteTest.producer(
                        hq,
                        Source.UPDATE_LOG,
                        asIs(branch, "Buyer", "Part"),
                        TestRow.of("Order").locallyNamed().row(),
                        TestRow.of("Buyer").row()))
                .start()) {
      stream.pull();
      openAsAnother(stream, branch);
      hq.insert("Order", order("o", "B").without("items"));
      hq.insert("Order", order("p", "B"));
      hq.insert("Order", order("q", "A"));
      stream.pull();

      // it is enabled there now, and stays so
      assertThat(find(branch, "Buyer", "B").path("disabled").asInt()).isZero();
      assertThat(open(stream)).isEqualTo(1);
      assertThat(titles(branch)).containsExactlyInAnyOrder("o", "q");

      stream
          .database()
          .execute(
              "update event_producer set lease_until = now() where producer_url = 'http://other'");
      stream.clock().advance(Duration.ofMinutes(5));
      stream.pull();

      assertThat(titles(branch)).containsExactlyInAnyOrder("o", "p", "q");
      assertThat(find(branch, "Buyer", "B").path("disabled").asInt()).isEqualTo(1);
      assertThat(open(stream)).isZero();
    }
  }

  @Test
  void a_master_that_is_open_for_another_producer_is_not_written_meanwhile() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream =
            new TestStream.Builder()
                .and(
                    TargetSiteTest.producer(
                        hq, Source.UPDATE_LOG, asIs(branch, "Buyer"), TestRow.of("Buyer").row()))
                .start()) {
      stream.pull();
      hq.insert("Buyer", Here.json("{'name': 'B', 'title': 'b', 'disabled': 1}"));
      stream.pull();
      openAsAnother(stream, branch);
      hq.update("Buyer", "B", Here.json("{'title': 'changed'}"));
      stream.pull();

      assertThat(find(branch, "Buyer", "B").path("title").asText()).isEqualTo("b");

      stream
          .database()
          .execute(
              "update event_producer set lease_until = now() where producer_url = 'http://other'");
      stream.clock().advance(Duration.ofMinutes(5));
      stream.pull();

      assertThat(find(branch, "Buyer", "B").path("title").asText()).isEqualTo("changed");
      assertThat(find(branch, "Buyer", "B").path("disabled").asInt()).isEqualTo(1);
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  /** As if another process had enabled B for the documents of another producer. */
  private static void openAsAnother(TestStream stream, StandInSite branch) {
    String before = find(branch, "Buyer", "B").path("modified").asText();
    String opened =
        branch.update("Buyer", "B", Here.json("{'disabled': 0}")).path("modified").asText();
    stream
        .database()
        .execute(
            "insert into event_producer (producer_url, lease_owner, lease_until) values ('http://other', 'another', now() + interval '1 hour')");
    stream
        .database()
        .execute(
            ("insert into opened_master (target_site, doctype, name, fieldname, value, modified_before, modified_open, producer_url, documents)"
                    + " values ('%s', 'Buyer', 'B', 'disabled', 1, '%s', '%s', 'http://other', '{Order X}')")
                .formatted(branch.url(), before, opened));
  }

  // how a step is recognized

  /** A call, and how far the opening is. */
  record SeenCall(Request request, boolean isOpen, boolean restoring, int nth) {}

  /** Follows the calls of an opening. */
  static final class Watched {
    private final StandInSite site;
    private boolean wasOpen;
    private int inserted;

    Watched(StandInSite site) {
      this.site = site;
    }

    SeenCall seen(Request request) {
      boolean isOpen = HistoryTest.isOpen(site);
      wasOpen |= isOpen;
      inserted += inserts(request) ? 1 : 0;
      return new SeenCall(request, isOpen, wasOpen && !isOpen, inserted);
    }
  }

  static boolean isOpen(StandInSite site) {
    return find(site, "Buyer", "B").path("disabled").asInt() == 0;
  }

  static boolean inserts(Request request) {
    return request.uri().contains("insert_many");
  }

  static boolean reads(Request request) {
    return (request.method().equals("GET") || request.uri().contains("get_list"))
        && (request.uri() + request.body()).contains("Buyer")
        && !request.uri().contains("getdoctype");
  }

  static boolean switchesBuyer(Request request) {
    return request.method().equals("PUT") && request.uri().contains("/Buyer/");
  }

  private static long switches(StandInSite site) {
    return site.requests().stream()
        .filter(request -> request.method().equals("PUT"))
        .filter(request -> request.uri().contains("/Buyer/") || request.uri().contains("/Part/"))
        .count();
  }

  static long open(TestStream stream) {
    return stream.database().count("opened_master where restored_at is null");
  }

  private static String error(TestStream stream) {
    return String.valueOf(
        stream.database().value("select error from event_sync_log where status = 'Failed'"));
  }

  private static String lastError(TestStream stream) {
    return String.valueOf(stream.database().value("select last_error from event_producer"));
  }

  private static Fault refusal(String why) {
    return new Fault.Instead(
        417,
        Map.of("Content-Type", "application/json"),
        "{\"exc_type\": \"ValidationError\", \"exception\": \"frappe.exceptions.ValidationError: %s\"}"
            .formatted(why));
  }

  static ObjectNode order(String title, String customer) {
    return Here.json(
        "{'naming_series': 'X-.####', 'title': '%s', 'customer': '%s', 'items': [{'doctype': 'Order Item', 'of_type': 'Part', 'part': 'P'}]}"
            .formatted(title, customer));
  }

  static StandInSite site(Generation generation) {
    StandInSite site = TargetSiteTest.site(generation);
    site.putDocType(Here.json(BUYER));
    site.putDocType(Here.json(PART));
    site.putDocType(Here.json(ORDER_ITEM));
    return site;
  }

  /** Where B and P are disabled, and A is not. */
  static StandInSite branch(Generation generation) {
    StandInSite site = site(generation).refusingDisabled("Buyer", "Part");
    site.insert("Buyer", Here.json("{'name': 'A', 'title': 'a', 'disabled': 0}"));
    site.insert("Buyer", Here.json("{'name': 'B', 'title': 'b', 'disabled': 1}"));
    site.insert("Part", Here.json("{'name': 'P', 'title': 'p', 'enabled': 0}"));
    return site;
  }

  static TargetSite asIs(StandInSite site, String... doctypes) {
    TargetSite plain = TargetSiteTest.target(site);
    return new TargetSite(
        plain.name(), plain.access(), true, plain.users(), plain.rules(), Set.of(doctypes));
  }

  static TestStream.Builder joined(StandInSite from, StandInSite to, String... asIs) {
    ProducerDoctype[] rows = {TestRow.of("Order").locallyNamed().row()};
    return new TestStream.Builder()
        .and(TargetSiteTest.producer(from, Source.UPDATE_LOG, asIs(to, asIs), rows));
  }
}
