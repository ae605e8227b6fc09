package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.CallKind;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.RecordedHistory;
import org.eventstreaming.standin.Request;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.DocumentJson;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a document links to comes along with it, is called here what it is called here, or is waited
 * for.
 */
class DependenciesTest {
  private static final Set<String> FOLLOWED =
      Set.of("Sales Invoice", "Payment Entry", "Opportunity");

  @Test
  void
      the_recorded_invoices_payments_and_opportunities_arrive_with_all_that_they_link_to_in_few_calls() {
    RecordedHistory history = RecordedHistory.start(RecordedHistory.Form.TABLE);
    try (StandInSite site = history.site();
        TestStream stream =
            TestStream.following(
                    site,
                    Read.LIST,
                    TestRow.of("Sales Invoice").with(Dependencies.ALL).row(),
                    TestRow.of("Payment Entry").with(Dependencies.ALL).row(),
                    TestRow.of("Opportunity").with(Dependencies.ALL).row())
                .start()) {
      site.approveAll();
      stream.pull();
      history.releaseAll();
      site.forgetRequests();

      stream.pull();

      Closure closure = new Closure(FOLLOWED);
      assertThat(
              stream
                  .database()
                  .rows("select producer_doc from event_sync_log where status <> 'Synced'"))
          .isEmpty();
      assertThat(keys(stream)).isEqualTo(closure.levels.keySet());
      assertThat(dangling(stream, closure)).isEmpty();
      lists(site)
          .forEach(
              (doctype, calls) ->
                  assertThat(calls)
                      .as("lists of %s", doctype)
                      .isLessThanOrEqualTo(closure.levelsOf(doctype)));
      // a single document of a level is read alone, and what a list leaves out is asked for once
      assertThat(site.count(CallKind.DOCUMENT)).isLessThan(closure.levels.size() / 2);
    }
  }

  @Test
  void a_link_of_a_row_names_what_the_target_is_called_here() {
    try (StandInSite site = shop();
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Order").locallyNamed().with(Dependencies.ALL).row(),
                    TestRow.of("Part").locallyNamed().row())
                .start()) {
      stream.pull();
      site.put("Part", part("Bolt"));

      site.insert("Order", order("O-1", "Bolt"));
      stream.pull();

      String bolt = stream.database().value("select name from document where doctype = 'Part'");
      assertThat(bolt).isNotEqualTo("Bolt");
      assertThat(
              stream
                  .database()
                  .value("select data #>> '{lines,0,part}' from document where doctype = 'Order'"))
          .isEqualTo(bolt);
      assertThat(stream.database().value("select note from event_sync_log"))
          .contains("Brought along Part Bolt");
    }
  }

  @Test
  void a_diff_is_translated_and_brings_along_what_it_newly_links_to() {
    try (StandInSite site = shop();
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Order").with(Dependencies.ALL).row(),
                    TestRow.of("Part").locallyNamed().row())
                .start()) {
      stream.pull();
      site.put("Part", part("Bolt"));
      site.put("Part", part("Nut"));
      site.insert("Order", order("O-1", "Bolt"));
      stream.pull();

      site.update("Order", "O-1", object("party_type", "Part", "party", "Nut"));
      stream.pull();
      site.update("Order", "O-1", object("party", "Bolt"));
      stream.pull();

      assertThat(
              stream
                  .database()
                  .value(
                      """
                      select p.data ->> 'title' from document o
                        join document p on p.doctype = 'Part' and p.name = o.data ->> 'party'
                       where o.doctype = 'Order'
                      """))
          .isEqualTo("Bolt");
      assertThat(stream.database().count("document where doctype = 'Part'")).isEqualTo(2);
    }
  }

  @Test
  void a_dynamic_link_whose_type_an_earlier_entry_of_the_page_tells_is_brought_along() {
    try (StandInSite site = shop();
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Order").with(Dependencies.ALL).row(),
                    TestRow.of("Part").locallyNamed().row())
                .start()) {
      stream.pull();
      site.put("Part", part("Bolt"));
      site.put("Part", part("Nut"));

      site.insert("Order", object("name", "O-1", "party_type", "Part", "party", "Bolt"));
      site.update("Order", "O-1", object("party", "Nut"));
      stream.pull();

      assertThat(
              stream
                  .database()
                  .value(
                      """
                      select p.data ->> 'title' from document o
                        join document p on p.doctype = 'Part' and p.name = o.data ->> 'party'
                       where o.doctype = 'Order'
                      """))
          .isEqualTo("Nut");
    }
  }

  @Test
  void documents_that_link_in_a_circle_and_to_themselves_arrive() {
    try (StandInSite site = shop();
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Order").with(Dependencies.ALL).row(),
                    TestRow.of("Part").locallyNamed().with(Dependencies.ALL).row())
                .start()) {
      stream.pull();
      site.put("Part", part("Egg").put("made_of", "Hen"));
      site.put("Part", part("Hen").put("made_of", "Egg"));
      site.put("Part", part("Ouroboros").put("made_of", "Ouroboros"));

      site.insert("Order", order("O-1", "Egg"));
      site.insert("Order", order("O-2", "Ouroboros"));
      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows(
                      """
                      select p.data ->> 'title', q.data ->> 'title' from document p
                        join document q on q.doctype = 'Part' and q.name = p.data ->> 'made_of'
                       where p.doctype = 'Part' order by 1
                      """))
          .containsExactly(
              List.of("Egg", "Hen"), List.of("Hen", "Egg"), List.of("Ouroboros", "Ouroboros"));
    }
  }

  @Test
  void the_policy_of_the_producer_file_says_what_comes_along() {
    for (Dependencies which :
        List.of(Dependencies.NONE, Dependencies.of(Set.of("Box")), Dependencies.SUBSCRIBED)) {
      try (StandInSite site = shop();
          TestStream stream =
              TestStream.following(site, TestRow.of("Order").with(which).row()).start()) {
        stream.pull();
        site.put("Part", part("Bolt"));

        site.insert("Order", order("O-1", "Bolt"));
        stream.pull();

        assertThat(keys(stream)).containsExactly("Order O-1");
        assertThat(stream.database().value("select status from event_sync_log"))
            .isEqualTo("Synced");
      }
    }
  }

  @Test
  void a_document_waits_for_what_is_gone_on_the_producer_and_is_woken_when_it_comes() {
    try (StandInSite site = shop();
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Order").with(Dependencies.ALL).row(),
                    TestRow.of("Part").row())
                .start()) {
      stream.pull();

      site.insert("Order", order("O-1", "Bolt"));
      site.update("Order", "O-1", object("title", "later"));
      site.insert("Order", order("O-2", null));
      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows("select producer_doc, status from event_sync_log order by seq"))
          .containsExactly(
              List.of("O-1", "Waiting"), List.of("O-1", "Waiting"), List.of("O-2", "Synced"));
      assertThat(stream.database().value("select error from event_sync_log order by seq limit 1"))
          .contains(
              "Create of Order O-1", "part names Part Bolt", "not on the producer", "every hour");

      site.insert("Part", part("Bolt"));
      stream.pull();

      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
      assertThat(
              stream.database().value("select data ->> 'title' from document where name = 'O-1'"))
          .isEqualTo("later");
    }
  }

  @Test
  void a_document_that_names_what_was_renamed_since_is_fetched_whole() {
    try (StandInSite site = shop();
        TestStream stream =
            TestStream.following(site, TestRow.of("Order").with(Dependencies.ALL).row()).start()) {
      stream.pull();
      site.put("Part", part("Screw"));

      site.insert("Order", order("O-1", "Bolt"));
      site.put("Order", stamped(order("O-1", "Screw")));
      stream.pull();

      assertThat(stream.database().value("select status from event_sync_log")).isEqualTo("Synced");
      assertThat(
              stream
                  .database()
                  .value("select data #>> '{lines,0,part}' from document where name = 'O-1'"))
          .isEqualTo("Screw");
    }
  }

  @Test
  void a_site_in_trouble_delays_the_document_and_heals_by_itself() {
    try (StandInSite site = shop();
        TestStream stream =
            TestStream.following(site, TestRow.of("Order").with(Dependencies.ALL).row()).start()) {
      stream.pull();
      site.put("Part", part("Bolt"));
      site.insert("Order", order("O-1", "Bolt"));
      site.insert("Order", order("O-2", null));
      site.fail(request -> request.uri().contains("/Part/"), Fault.maintenance());

      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows("select producer_doc, status from event_sync_log order by seq"))
          .containsExactly(List.of("O-1", "Waiting"), List.of("O-2", "Synced"));

      site.heal();
      stream.clock().advance(Duration.ofMinutes(1));
      stream.pull();

      assertThat(keys(stream)).containsExactly("Order O-1", "Order O-2", "Part Bolt");
    }
  }

  @Test
  void what_may_not_be_read_parks_the_document_with_the_reason() {
    try (StandInSite site = shop();
        TestStream stream =
            TestStream.following(site, TestRow.of("Order").with(Dependencies.ALL).row()).start()) {
      stream.pull();
      site.put("Part", part("Bolt"));
      site.fail(request -> request.uri().contains("/Part"), Fault.forbidden());

      site.insert("Order", order("O-1", "Bolt"));
      stream.pull();

      assertThat(stream.database().rows("select status, waits_for::text from event_sync_log"))
          .containsExactly(List.of("Waiting", "{Part,Bolt}"));
      assertThat(stream.database().value("select error from event_sync_log"))
          .contains("read Part Bolt", "403", "dependencies in the producer file")
          .doesNotContain("..");
    }
  }

  @ParameterizedTest(name = "pages of {0}")
  @ValueSource(ints = {1, 500})
  void a_document_that_is_deleted_again_waits_for_nothing(int page) {
    try (StandInSite site = shop();
        TestStream stream =
            new TestStream.Builder()
                .and(site, Read.LIST, TestRow.of("Order").with(Dependencies.ALL).row())
                .page(page)
                .start()) {
      stream.pull();
      site.put("Part", part("Bolt"));
      site.forbidden("Part");
      site.insert("Order", order("O-1", "Bolt"));
      site.update("Order", "O-1", Here.json("{'title': 'changed'}"));
      site.delete("Order", "O-1");
      site.insert("Order", order("O-2", "Bolt"));

      stream.pull();
      stream.clock().advance(Duration.ofHours(2));
      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows(
                      "select producer_doc, update_type, status from event_sync_log order by seq"))
          .containsExactly(
              List.of("O-1", "Create", "Synced"),
              List.of("O-1", "Update", "Synced"),
              List.of("O-1", "Delete", "Synced"),
              List.of("O-2", "Create", "Waiting"));
      assertThat(keys(stream)).isEmpty();
    }
  }

  @Test
  void a_link_to_what_is_deleted_and_made_anew_waits_for_the_new_one() {
    try (StandInSite site = shop();
        TestStream stream =
            new TestStream.Builder()
                .and(
                    site,
                    Read.LIST,
                    TestRow.of("Order").with(Dependencies.ALL).row(),
                    TestRow.of("Part").locallyNamed().with(Dependencies.ALL).row())
                .page(1)
                .start()) {
      stream.pull();
      site.insert("Part", part("Bolt"));
      stream.pull();
      site.update("Part", "Bolt", object("made_of", "Iron"));
      site.delete("Part", "Bolt");
      site.insert("Part", part("Bolt").put("made_of", "Iron"));
      site.insert("Order", order("O-1", "Bolt"));
      stream.pull();

      assertThat(
              stream
                  .database()
                  .value("select error from event_sync_log where producer_doc = 'O-1'"))
          .contains("part names Part Bolt", "a Delete of Part Bolt waits");

      site.insert("Part", part("Iron"));
      stream.pull();

      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
      assertThat(linesOfOrders(stream))
          .hasSize(1)
          .isEqualTo(
              stream
                  .database()
                  .rows(
                      "select name from document where doctype = 'Part' and remote_docname = 'Bolt'"));
    }
  }

  @Test
  void what_comes_along_with_the_head_of_a_long_line_waits_where_a_delete_ends_that_line() {
    try (StandInSite site = shop();
        TestStream stream =
            TestStream.following(site, TestRow.of("Part").with(Dependencies.ALL).row())
                .page(1)
                .start()) {
      stream.pull();
      site.insert("Part", part("Bolt"));
      stream.pull();
      site.update("Part", "Bolt", object("made_of", "Iron"));
      site.update("Part", "Bolt", object("made_of", "Nut"));
      site.delete("Part", "Bolt");
      site.insert("Part", part("Bolt").put("made_of", "Steel"));
      site.insert("Part", part("Nut").put("made_of", "Bolt"));
      stream.pull();
      stream.clock().advance(Duration.ofHours(2));
      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows(
                      "select producer_doc, update_type, status from event_sync_log"
                          + " order by seq offset 1"))
          .containsExactly(
              List.of("Bolt", "Update", "Synced"),
              List.of("Bolt", "Update", "Synced"),
              List.of("Bolt", "Delete", "Synced"),
              List.of("Bolt", "Create", "Synced"),
              List.of("Nut", "Create", "Synced"));
      assertThat(keys(stream)).containsExactly("Part Bolt", "Part Nut");
    }
  }

  @Test
  void what_is_made_anew_before_its_delete_is_read_has_its_links_translated() {
    try (StandInSite site = shop();
        TestStream stream =
            new TestStream.Builder()
                .and(
                    site,
                    Read.LIST,
                    TestRow.of("Order").with(Dependencies.ALL).row(),
                    TestRow.of("Part").locallyNamed().row())
                .start()) {
      site.put("Part", part("Bolt"));
      site.put("Order", stamped(order("O-1", null)));
      stream.pull();
      site.delete("Order", "O-1");
      // its Create does not come in time
      site.put("Order", stamped(order("O-1", "Bolt")));

      stream.pull();

      assertThat(linesOfOrders(stream)).hasSize(1).isEqualTo(names(stream, "Part"));
    }
  }

  @Test
  void a_link_waits_for_what_the_same_page_can_not_delete_yet() {
    try (StandInSite site = shop();
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Order").with(Dependencies.ALL).row(),
                    TestRow.of("Part").locallyNamed().row())
                .start()) {
      stream.pull();
      site.insert("Part", part("Bolt"));
      stream.pull();
      site.append(entry("bad", "Update", "no diff"));
      site.delete("Part", "Bolt");
      site.insert("Part", part("Bolt"));
      site.insert("Order", order("O-1", "Bolt"));

      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows(
                      "select producer_doc, update_type, status from event_sync_log"
                          + " order by seq offset 1"))
          .containsExactly(
              List.of("Bolt", "Update", "Failed"),
              List.of("Bolt", "Delete", "Waiting"),
              List.of("Bolt", "Create", "Waiting"),
              List.of("O-1", "Create", "Waiting"));

      site.insert("Order", order("O-2", "Bolt"));
      site.insert("Part", part("Nut").put("made_of", "Bolt"));
      stream.pull();

      assertThat(
              stream
                  .database()
                  .value("select status from event_sync_log where producer_doc = 'O-2'"))
          .isEqualTo("Waiting");
      // its row lets nothing come along: it waits for nothing
      assertThat(
              stream
                  .database()
                  .value("select data ->> 'made_of' from document where remote_docname = 'Nut'"))
          .isEqualTo(
              stream.database().value("select name from document where remote_docname = 'Bolt'"));
    }
  }

  @Test
  void a_dependency_that_the_database_refuses_holds_up_its_own_document_alone() {
    try (StandInSite site = shop();
        TestStream stream =
            TestStream.following(site, TestRow.of("Order").with(Dependencies.ALL).row()).start()) {
      stream.pull();
      site.put("Part", part("Bolt").put("title", "bad"));
      site.put("Part", part("Nut"));
      refuseBadTitles(stream);

      site.insert("Order", order("O-1", "Bolt"));
      site.insert("Order", order("O-2", "Nut"));
      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows("select producer_doc, status from event_sync_log order by seq"))
          .containsExactly(List.of("O-1", "Waiting"), List.of("O-2", "Synced"));
      assertThat(keys(stream)).containsExactly("Order O-2", "Part Nut");
      assertThat(stream.database().value("select error from event_sync_log order by seq limit 1"))
          .contains("Part Bolt", "could not be stored", "refuse");
    }
  }

  @Test
  void the_same_name_of_two_producers_is_one_document_where_neither_follows_its_type() {
    try (StandInSite one = shop();
        StandInSite two = shop();
        TestStream stream =
            TestStream.following(
                    one, TestRow.of("Order").locallyNamed().with(Dependencies.ALL).row())
                .and(
                    two, Read.LIST, TestRow.of("Order").locallyNamed().with(Dependencies.ALL).row())
                .start()) {
      stream.pull();
      one.put("Part", part("Bolt").put("title", "of one"));
      two.put("Part", part("Bolt").put("title", "of two"));

      one.insert("Order", order("O-1", "Bolt"));
      stream.pull();
      two.insert("Order", order("O-1", "Bolt"));
      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows("select data ->> 'title' from document where doctype = 'Part'"))
          .containsExactly(List.of("of one"));
      assertThat(stream.database().count("document where doctype = 'Order'")).isEqualTo(2);
      assertThat(
              stream
                  .database()
                  .rows("select owned from document_link where local_doctype = 'Part' order by 1"))
          .containsExactly(List.of("f"), List.of("t"));
    }
  }

  @Test
  void a_document_that_came_along_is_not_doubled_by_its_own_entries() {
    try (StandInSite site = shop();
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Order").with(Dependencies.ALL).row(),
                    TestRow.of("Part").locallyNamed().row())
                .page(1)
                .start()) {
      stream.pull();
      site.put("Part", part("Bolt"));
      site.insert("Order", order("O-1", "Bolt"));
      site.insert("Part", part("Bolt"));
      site.update("Part", "Bolt", object("title", "Better bolt"));

      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows("select data ->> 'title' from document where doctype = 'Part'"))
          .containsExactly(List.of("Better bolt"));
      assertThat(stream.database().count("event_sync_log where status = 'Synced'")).isEqualTo(3);
    }
  }

  @Test
  void no_entry_is_lost_of_a_document_that_waits_and_is_needed_in_the_same_page() {
    try (StandInSite site = shop();
        TestStream stream =
            TestStream.following(site, TestRow.of("Order").with(Dependencies.ALL).row()).start()) {
      stream.pull();
      site.insert("Order", order("O-1", "Bolt"));
      stream.pull();

      site.update("Order", "O-1", object("title", "later"));
      site.insert("Order", order("O-2", null).put("party_type", "Order").put("party", "O-1"));
      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows("select producer_doc, status from event_sync_log order by seq"))
          .containsExactly(
              List.of("O-1", "Waiting"), List.of("O-1", "Waiting"), List.of("O-2", "Waiting"));

      site.put("Part", part("Bolt"));
      stream.clock().advance(Duration.ofHours(2));
      stream.pull();

      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
      assertThat(
              stream.database().value("select data ->> 'title' from document where name = 'O-1'"))
          .isEqualTo("later");
    }
  }

  @Test
  void no_entry_is_lost_of_a_document_that_cannot_be_read_and_is_needed_in_the_same_page() {
    try (StandInSite site = shop();
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Order").with(Dependencies.ALL).row(),
                    TestRow.of("Part").locallyNamed().row())
                .start()) {
      stream.pull();
      site.put("Part", part("Bolt"));
      site.append(entry("bad", "Create", "no json"));

      site.insert("Order", order("O-1", "Bolt"));
      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows("select producer_doc, status from event_sync_log order by seq"))
          .containsExactly(List.of("Bolt", "Synced"), List.of("O-1", "Synced"));
      assertThat(linesOfOrders(stream)).isEqualTo(names(stream, "Part"));
    }
  }

  @Test
  void a_document_is_needed_whole_whose_entries_stand_behind_one_that_failed_in_the_same_page() {
    try (StandInSite site = shop();
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Order").with(Dependencies.ALL).row(),
                    TestRow.of("Part").locallyNamed().row())
                .start()) {
      stream.pull();
      site.put("Part", part("Bolt"));
      site.append(entry("bad", "Create", "no json"));
      site.append(entry("behind", "Update", "{\"changed\": {\"title\": \"Better\"}}"));

      site.insert("Order", order("O-1", "Bolt"));
      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows("select producer_doc, status from event_sync_log order by seq"))
          .containsExactly(
              List.of("Bolt", "Synced"), List.of("Bolt", "Synced"), List.of("O-1", "Synced"));
      assertThat(linesOfOrders(stream)).isEqualTo(names(stream, "Part"));
    }
  }

  @Test
  void a_link_that_nothing_waits_for_keeps_the_producers_name_of_what_cannot_be_stored() {
    try (StandInSite site = shop();
        TestStream stream =
            TestStream.following(
                    site, TestRow.of("Order").row(), TestRow.of("Part").locallyNamed().row())
                .start()) {
      stream.pull();
      refuseBadTitles(stream);

      site.insert("Order", order("O-1", "Bolt"));
      site.insert("Part", part("Bolt").put("title", "bad"));
      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows("select producer_doc, status from event_sync_log order by seq"))
          .containsExactly(List.of("O-1", "Synced"), List.of("Bolt", "Failed"));
      assertThat(linesOfOrders(stream)).containsExactly(List.of("Bolt"));
    }
  }

  @Test
  void a_document_of_which_the_database_refuses_a_later_entry_has_no_name_that_nobody_has() {
    try (StandInSite site = shop();
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Order").row(),
                    TestRow.of("Part").locallyNamed().with(Dependencies.ALL).row())
                .start()) {
      stream.pull();
      refuseBadTitles(stream);

      site.insert("Order", order("O-1", "Bolt"));
      site.update("Order", "O-1", object("title", "bad"));
      site.insert("Part", part("Bolt").put("made_of", "what is gone"));
      stream.pull();

      assertThat(
              stream
                  .database()
                  .rows("select producer_doc, status from event_sync_log order by seq"))
          .containsExactly(
              List.of("O-1", "Synced"), List.of("O-1", "Failed"), List.of("Bolt", "Waiting"));
      assertThat(linesOfOrders(stream)).containsExactly(List.of("Bolt"));
    }
  }

  @Test
  void a_link_names_a_document_that_is_here_and_changes_in_the_same_page_as_it_is_called_here() {
    try (StandInSite site = shop();
        TestStream stream =
            TestStream.following(
                    site, TestRow.of("Part").locallyNamed().with(Dependencies.ALL).row())
                .start()) {
      stream.pull();
      site.insert("Part", part("Bolt"));
      stream.pull();

      site.update("Part", "Bolt", object("made_of", "Bolt"));
      stream.pull();

      assertThat(stream.database().rows("select data ->> 'made_of' from document"))
          .isEqualTo(stream.database().rows("select name from document"));
    }
  }

  @Test
  void a_document_comes_along_if_only_one_of_those_that_name_it_may_have_it() {
    try (StandInSite site = shop();
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Part").with(Dependencies.NONE).row(),
                    TestRow.of("Order").with(Dependencies.ALL).row())
                .start()) {
      stream.pull();
      site.put("Part", part("Bolt"));

      site.insert("Part", part("Nut").put("made_of", "Bolt"));
      site.insert("Order", order("O-1", "Bolt"));
      stream.pull();

      assertThat(keys(stream)).containsExactly("Order O-1", "Part Bolt", "Part Nut");
    }
  }

  @Test
  void a_followed_document_that_comes_along_brings_along_what_its_own_row_says() {
    try (StandInSite site = shop();
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Order").with(Dependencies.ALL).row(),
                    TestRow.of("Part").with(Dependencies.NONE).row())
                .start()) {
      stream.pull();
      site.put("Part", part("Iron"));
      site.put("Part", part("Bolt").put("made_of", "Iron"));

      site.insert("Order", order("O-1", "Bolt"));
      stream.pull();

      assertThat(keys(stream)).containsExactly("Order O-1", "Part Bolt");
    }
  }

  @Test
  void a_dynamic_link_that_keeps_its_name_and_changes_its_type_names_the_other_document() {
    try (StandInSite site = shop();
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Order").with(Dependencies.ALL).row(),
                    TestRow.of("Part").locallyNamed().row())
                .start()) {
      stream.pull();
      site.put("Part", part("X"));
      site.insert("Order", order("X", null));
      site.insert("Order", order("O-1", null).put("party_type", "Order").put("party", "X"));
      stream.pull();

      site.update("Order", "O-1", object("party_type", "Part"));
      stream.pull();

      assertThat(stream.database().rows("select data ->> 'party' from document where name = 'O-1'"))
          .isEqualTo(stream.database().rows("select name from document where doctype = 'Part'"));
    }
  }

  private static void refuseBadTitles(TestStream stream) {
    stream
        .database()
        .execute("alter table document add constraint refuse check (data ->> 'title' <> 'bad')");
  }

  /** About the part Bolt. */
  private static LogEntry entry(String name, String type, String data) {
    return new LogEntry(name, TestTimes.next(), type, "Part", "Bolt", data);
  }

  private static List<List<@Nullable String>> linesOfOrders(TestStream stream) {
    return stream
        .database()
        .rows("select data #>> '{lines,0,part}' from document where doctype = 'Order'");
  }

  private static List<List<@Nullable String>> names(TestStream stream, String doctype) {
    return stream.database().rows("select name from document where doctype = '" + doctype + "'");
  }

  private static StandInSite shop() {
    StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
    site.putDocType(
        docType("Order", false)
            .set(
                "fields",
                fields(
                    "title",
                    "Data",
                    null,
                    "party_type",
                    "Link",
                    "DocType",
                    "party",
                    "Dynamic Link",
                    "party_type",
                    "lines",
                    "Table",
                    "Order Line")));
    site.putDocType(docType("Order Line", true).set("fields", fields("part", "Link", "Part")));
    site.putDocType(
        docType("Part", false)
            .set("fields", fields("title", "Data", null, "made_of", "Link", "Part")));
    return site;
  }

  private static ObjectNode docType(String name, boolean istable) {
    return object("name", name, "doctype", "DocType").put("istable", istable ? 1 : 0);
  }

  private static ArrayNode fields(@Nullable String... nameTypeOptions) {
    ArrayNode fields = DocumentJson.MAPPER.createArrayNode();
    for (int i = 0; i < nameTypeOptions.length; i += 3) {
      fields
          .addObject()
          .put("fieldname", nameTypeOptions[i])
          .put("fieldtype", nameTypeOptions[i + 1])
          .put("options", nameTypeOptions[i + 2]);
    }
    return fields;
  }

  private static ObjectNode part(String name) {
    return stamped(object("name", name, "title", name));
  }

  private static ObjectNode order(String name, @Nullable String part) {
    ObjectNode order = object("name", name, "title", name);
    if (part != null) {
      order
          .putArray("lines")
          .add(object("name", name + "-1", "part", part, "doctype", "Order Line"));
    }
    return order;
  }

  private static ObjectNode stamped(ObjectNode document) {
    return document
        .put("creation", "2020-01-01 00:00:00.000000")
        .put("modified", "2020-01-01 00:00:00.000000");
  }

  private static ObjectNode object(String... keysAndValues) {
    ObjectNode object = DocumentJson.MAPPER.createObjectNode();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      object.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return object;
  }

  private static Set<String> keys(TestStream stream) {
    Set<String> keys = new TreeSet<>();
    stream
        .database()
        .rows("select doctype || ' ' || name from document")
        .forEach(row -> keys.add(String.valueOf(row.get(0))));
    return keys;
  }

  /** Links of what is held here to what is not, told by the recorded definitions. */
  private static Set<String> dangling(TestStream stream, Closure closure) {
    Set<String> dangling = new TreeSet<>();
    Set<String> here = keys(stream);
    stream
        .database()
        .rows("select doctype, data from document")
        .forEach(
            row -> {
              for (String target :
                  closure.links(String.valueOf(row.get(0)), json(String.valueOf(row.get(1))))) {
                if (!here.contains(target)) {
                  dangling.add(target);
                }
              }
            });
    return dangling;
  }

  /** How many lists of documents of a type, or of rows of one, the site was asked for. */
  private static Map<String, Integer> lists(StandInSite site) {
    Map<String, Integer> calls = new TreeMap<>();
    for (Request request : site.requests()) {
      String uri = URLDecoder.decode(request.uri(), StandardCharsets.UTF_8);
      if (request.kind() == CallKind.LIST) {
        String doctype = uri.substring("/api/resource/".length()).split("[/?]", -1)[0];
        calls.merge(doctype, 1, Integer::sum);
      }
    }
    // asked for whole because a link in their entries is gone: these are no dependencies
    FOLLOWED.forEach(calls::remove);
    calls.keySet().removeIf(doctype -> FOLLOWED.stream().anyMatch(doctype::startsWith));
    return calls;
  }

  private static JsonNode json(String text) {
    try {
      return DocumentJson.MAPPER.readTree(text);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the recorded documents of some types link to, found slowly and plainly. */
  private static final class Closure {
    /** As the design does not let them come along. */
    private static final Set<String> NEVER = Set.of("DocType", "User");

    private final Map<String, JsonNode> doctypes = new HashMap<>();
    private final Map<String, Integer> levels = new LinkedHashMap<>();
    private final Map<String, Set<Integer>> levelsOfType = new HashMap<>();

    Closure(Set<String> followed) {
      Map<String, ObjectNode> all = new HashMap<>();
      RecordedHistory.documents()
          .forEach(
              one -> all.put(one.path("doctype").asText() + " " + one.path("name").asText(), one));
      RecordedHistory.docTypes().forEach(one -> doctypes.put(one.path("name").asText(), one));
      Set<String> level = new TreeSet<>();
      RecordedHistory.entries(RecordedHistory.Form.TABLE).stream()
          .filter(entry -> followed.contains(entry.refDoctype()))
          .map(entry -> entry.refDoctype() + " " + entry.docname())
          .forEach(level::add);
      for (int depth = 0; !level.isEmpty(); depth++) {
        Set<String> next = new TreeSet<>();
        for (String key : level) {
          levels.put(key, depth);
          ObjectNode document = Objects.requireNonNull(all.get(key), key);
          String doctype = document.path("doctype").asText();
          note(doctype, depth);
          next.addAll(links(doctype, document));
        }
        next.removeAll(levels.keySet());
        level = next;
      }
    }

    private void note(String doctype, int depth) {
      levelsOfType.computeIfAbsent(doctype, key -> new HashSet<>()).add(depth);
      for (JsonNode field : fields(doctype)) {
        if (field.path("fieldtype").asText().startsWith("Table")) {
          levelsOfType
              .computeIfAbsent(field.path("options").asText(), key -> new HashSet<>())
              .add(depth);
        }
      }
    }

    private JsonNode fields(String doctype) {
      return Objects.requireNonNull(doctypes.get(doctype), doctype).path("fields");
    }

    int levelsOf(String doctype) {
      return levelsOfType.getOrDefault(doctype, Set.of()).size();
    }

    Set<String> links(String doctype, JsonNode document) {
      Set<String> links = new TreeSet<>();
      for (JsonNode field : fields(doctype)) {
        JsonNode value = document.path(field.path("fieldname").asText());
        String options = field.path("options").asText();
        switch (field.path("fieldtype").asText()) {
          case "Link" -> add(options, value, links);
          case "Dynamic Link" -> add(document.path(options).asText(""), value, links);
          case "Table", "Table MultiSelect" ->
              value.forEach(row -> links.addAll(links(options, row)));
          default -> {}
        }
      }
      return links;
    }

    private static void add(String doctype, JsonNode name, Set<String> links) {
      if (!name.asText("").isEmpty() && !doctype.isEmpty() && !NEVER.contains(doctype)) {
        links.add(doctype + " " + name.asText());
      }
    }
  }
}
