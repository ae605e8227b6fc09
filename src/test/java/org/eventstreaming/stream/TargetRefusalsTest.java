package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.TargetSiteTest.find;
import static org.eventstreaming.stream.TargetSiteTest.joined;
import static org.eventstreaming.stream.TargetSiteTest.names;
import static org.eventstreaming.stream.TargetSiteTest.only;
import static org.eventstreaming.stream.TargetSiteTest.site;
import static org.eventstreaming.stream.TargetSiteTest.titles;

import java.util.List;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;

/** What a target site refuses for a lasting reason fails the entry that it is about, no other. */
class TargetRefusalsTest {
  private static final String SETTINGS =
      "{'name': 'Shop Settings', 'doctype': 'DocType', 'issingle': 1, 'fields': ["
          + "{'fieldname': 'motto', 'fieldtype': 'Data', 'label': 'Motto'},"
          + "{'fieldname': 'limit', 'fieldtype': 'Int', 'label': 'Limit'}]}";
  private static final String LINK_FIELDS =
      "'fields': [{'fieldname': 'about_type', 'fieldtype': 'Link', 'options': 'DocType', 'label': 'About Type'},"
          + "{'fieldname': 'about', 'fieldtype': 'Dynamic Link', 'options': 'about_type', 'label': 'About'},";

  @Test
  void a_type_that_the_key_of_the_target_may_not_read_fails_its_own_entries_alone() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15).forbidden("Buyer");
        TestStream stream =
            joined(hq, branch, TestRow.of("Buyer"), TestRow.of("Order").locallyNamed())
                .attempts(1)
                .start()) {
      stream.pull();
      hq.insert("Buyer", Here.json("{'name': 'B', 'title': 'b'}"));
      hq.insert("Order", Here.json("{'name': 'O', 'naming_series': 'X-.####', 'title': 'o'}"));
      stream.pull();

      assertThat(titles(branch)).containsExactly("o");
      assertThat(lastError(stream)).isEqualTo("null");
      assertThat(
              stream
                  .database()
                  .rows("select producer_doc, status from event_sync_log order by producer_doc"))
          .containsExactly(List.of("B", "Failed"), List.of("O", "Synced"));
      assertThat(error(stream, "B")).contains("Buyer", branch.url(), "403");
    }
  }

  @Test
  void what_stays_of_a_refused_call_since_the_site_committed_on_its_way_is_not_created_twice() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15).committing("Buyer");
        TestStream stream =
            joined(hq, branch, TestRow.of("Buyer"), TestRow.of("Order").locallyNamed())
                .attempts(1)
                .start()) {
      branch.onSave(
          "Order",
          order -> {
            if (order.path("title").asText().equals("bad")) {
              throw StandInSite.refusal("Not this one");
            }
            return order;
          });
      stream.pull();
      hq.insert("Order", Here.json("{'name': 'O', 'naming_series': 'X-.####', 'title': 'o'}"));
      hq.insert("Buyer", Here.json("{'name': 'A', 'title': 'a'}"));
      hq.insert("Buyer", Here.json("{'name': 'B', 'title': 'b'}"));
      hq.insert("Order", Here.json("{'name': 'P', 'naming_series': 'X-.####', 'title': 'bad'}"));
      hq.insert("Order", Here.json("{'name': 'Q', 'naming_series': 'X-.####', 'title': 'q'}"));
      stream.pull();

      assertThat(titles(branch)).containsExactlyInAnyOrder("o", "q");
      assertThat(names(branch, "Buyer")).containsExactlyInAnyOrder("A", "B");
      assertThat(
              stream
                  .database()
                  .rows("select producer_doc from event_sync_log where status = 'Failed'"))
          .containsExactly(List.of("P"));
      assertThat(stream.database().count("document_link")).isEqualTo(4);
    }
  }

  @Test
  void a_document_that_the_key_of_the_target_may_not_read_any_more_fails_alone() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, TestRow.of("Buyer")).attempts(1).start()) {
      stream.pull();
      hq.insert("Buyer", Here.json("{'name': 'A', 'title': 'one'}"));
      hq.insert("Buyer", Here.json("{'name': 'B', 'title': 'one'}"));
      stream.pull();

      // the list leaves it out, a call of its own is refused
      branch.fail(100, request -> request.uri().contains("/Buyer/B"), Fault.forbidden());
      branch.fail(request -> request.uri().contains("get_list"), Fault.forbidden());
      hq.update("Buyer", "A", Here.json("{'title': 'two'}"));
      hq.update("Buyer", "B", Here.json("{'title': 'two'}"));
      stream.pull();

      assertThat(find(branch, "Buyer", "A").path("title").asText()).isEqualTo("two");
      assertThat(lastError(stream)).isEqualTo("null");
      assertThat(
              stream
                  .database()
                  .rows(
                      "select producer_doc, status from event_sync_log where update_type = 'Update'"
                          + " order by producer_doc"))
          .containsExactly(List.of("A", "Synced"), List.of("B", "Failed"));
      assertThat(error(stream, "B")).contains(branch.url(), "403");

      branch.heal();
      stream.database().execute("update event_sync_log set next_attempt_at = received_at");
      stream.pull();

      assertThat(find(branch, "Buyer", "B").path("title").asText()).isEqualTo("two");
    }
  }

  @Test
  void a_key_that_the_target_does_not_know_any_more_fails_no_entry_and_holds_all_back() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, TestRow.of("Buyer")).attempts(1).start()) {
      stream.pull();
      branch.fail(1_000, request -> request.uri().contains("insert"), Fault.unauthorized());
      hq.insert("Buyer", Here.json("{'name': 'A', 'title': 'one'}"));
      hq.insert("Buyer", Here.json("{'name': 'B', 'title': 'one'}"));
      stream.pull();

      assertThat(lastError(stream)).contains(branch.url(), "401", "Check api_key and api_secret");
      assertThat(
              stream
                  .database()
                  .rows("select producer_doc from event_sync_log where status = 'Failed'"))
          .isEmpty();

      branch.heal();
      stream.pull();

      assertThat(find(branch, "Buyer", "A").path("title").asText()).isEqualTo("one");
      assertThat(find(branch, "Buyer", "B").path("title").asText()).isEqualTo("one");
      assertThat(lastError(stream)).isEqualTo("null");
    }
  }

  @Test
  void a_value_that_the_database_of_the_target_refuses_fails_its_entry_for_good() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, TestRow.of("Buyer")).attempts(1).start()) {
      stream.pull();
      for (String said :
          List.of(
              "(1292, \"Incorrect datetime value: '+10000-01-01' for column 'due' at row 1\")",
              "(1264, \"Out of range value for column 'total' at row 1\")",
              "(1406, \"Data too long for column 'title' at row 1\")")) {
        branch.heal();
        branch.fail(
            request -> request.uri().contains("insert_many"),
            Fault.databaseError("DataError", said));
        String name = "B" + said.substring(1, 5);
        hq.insert("Buyer", Here.json("{'title': 'b'}").put("name", name));
        stream.pull();

        assertThat(
                stream
                    .database()
                    .rows("select status from event_sync_log where producer_doc = '" + name + "'"))
            .as(said)
            .containsExactly(List.of("Failed"));
        assertThat(error(stream, name)).contains(said.substring(8, said.indexOf('\'') + 2));
      }
    }
  }

  @Test
  void a_single_is_written_by_changing_it() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, TestRow.of("Shop Settings")).attempts(1).start()) {
      hq.putDocType(Here.json(SETTINGS));
      branch.putDocType(Here.json(SETTINGS));
      branch.put("Shop Settings", Here.json("{'name': 'Shop Settings', 'motto': 'cheap'}"));
      stream.pull();
      hq.insert(
          "Shop Settings", Here.json("{'name': 'Shop Settings', 'motto': 'good', 'limit': 3}"));
      stream.pull();

      assertThat(only(branch, "Shop Settings").path("motto").asText()).isEqualTo("good");
      assertThat(only(branch, "Shop Settings").path("limit").asInt()).isEqualTo(3);

      hq.update("Shop Settings", "Shop Settings", Here.json("{'motto': 'better'}"));
      stream.pull();

      assertThat(only(branch, "Shop Settings").path("motto").asText()).isEqualTo("better");
      assertThat(only(branch, "Shop Settings").path("limit").asInt()).isEqualTo(3);
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
      assertThat(lastError(stream)).isEqualTo("null");
    }
  }

  @Test
  void a_dynamic_link_to_a_single_holds_nobody_up() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream =
            joined(hq, branch, TestRow.of("Buyer").with(Dependencies.ALL)).attempts(1).start()) {
      for (StandInSite one : List.of(hq, branch)) {
        one.putDocType(Here.json(SETTINGS));
        one.putDocType(
            Here.json(
                TargetSiteTest.BUYER.formatted("prompt", 0).replace("'fields': [", LINK_FIELDS)));
        one.put("Shop Settings", Here.json("{'name': 'Shop Settings', 'motto': 'cheap'}"));
      }
      stream.pull();
      hq.insert(
          "Buyer",
          Here.json(
              "{'name': 'A', 'title': 'a', 'about_type': 'Shop Settings', 'about': 'Shop Settings'}"));
      hq.insert("Buyer", Here.json("{'name': 'B', 'title': 'b'}"));
      stream.pull();

      assertThat(names(branch, "Buyer")).containsExactlyInAnyOrder("A", "B");
      assertThat(find(branch, "Buyer", "A").path("about").asText()).isEqualTo("Shop Settings");
      assertThat(lastError(stream)).isEqualTo("null");
    }
  }

  @Test
  void a_type_that_takes_no_custom_fields_fails_in_the_words_of_the_site() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream =
            joined(hq, branch, TestRow.of("Order").locallyNamed(), TestRow.of("Buyer"))
                .attempts(1)
                .start()) {
      branch.putDocType(
          Here.json(
              TargetSiteTest.ORDER.replace(
                  "'fields': [",
                  "'fields': [{'fieldname': 'amended_from', 'fieldtype': 'Link', 'options': 'Order'},")));
      stream.pull();
      hq.insert("Order", Here.json("{'name': 'O', 'naming_series': 'X-.####', 'title': 'o'}"));
      hq.insert("Buyer", Here.json("{'name': 'B', 'title': 'b'}"));
      stream.pull();

      assertThat(error(stream, "O"))
          .contains(
              "Order could not be given the Custom Fields remote_docname and remote_site_name at "
                  + branch.url()
                  + ": 417 Order: Fieldname amended_from appears multiple times in rows 1, 8.")
          .contains("Correct there what the site objects to");
      assertThat(names(branch, "Buyer")).containsExactly("B");
      assertThat(lastError(stream)).isEqualTo("null");
    }
  }

  @Test
  void a_custom_field_that_is_there_already_is_no_refusal_and_the_other_has_its_own_reason() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15);
        TestStream stream = joined(hq, branch, TestRow.of("Buyer")).attempts(1).start()) {
      branch.putDocType(
          Here.json(
              TargetSiteTest.BUYER
                  .formatted("prompt", 0)
                  .replace(
                      "'fields': [",
                      "'fields': [{'fieldname': 'remote_docname', 'fieldtype': 'Data'},")));
      // the table takes no other column
      branch.fail(
          request -> request.method().equals("POST") && request.uri().contains("Custom%20Field"),
          Fault.databaseError(
              "OperationalError",
              "(1118, 'Row size too large. The maximum row size for the used table type, not counting BLOBs, is 65535.')"));
      stream.pull();
      hq.insert("Buyer", Here.json("{'name': 'A', 'title': 'a'}"));
      stream.pull();

      assertThat(error(stream, "A"))
          .contains("Buyer could not be given the Custom Field remote_site_name at")
          .contains("Row size too large", "add the field of type Data yourself");
      assertThat(lastError(stream)).isEqualTo("null");

      stream.database().execute("update event_sync_log set next_attempt_at = received_at");
      stream.pull();

      assertThat(find(branch, "Buyer", "A").path("remote_docname").asText()).isEqualTo("A");
      assertThat(find(branch, "Buyer", "A").path("remote_site_name").asText()).isEqualTo(hq.url());
    }
  }

  private static String error(TestStream stream, String document) {
    return String.valueOf(
        stream
            .database()
            .value(
                "select error from event_sync_log where status = 'Failed' and producer_doc = '"
                    + document
                    + "'"));
  }

  private static String lastError(TestStream stream) {
    return String.valueOf(stream.database().value("select last_error from event_producer"));
  }
}
