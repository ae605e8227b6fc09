package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.Shop.entry;
import static org.eventstreaming.stream.Shop.keys;
import static org.eventstreaming.stream.Shop.linesOfOrders;
import static org.eventstreaming.stream.Shop.names;
import static org.eventstreaming.stream.Shop.object;
import static org.eventstreaming.stream.Shop.order;
import static org.eventstreaming.stream.Shop.part;
import static org.eventstreaming.stream.Shop.stamped;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;

/**
 * What a document links to comes along with it, is called here what it is called here, or is waited
 * for.
 */
class DependenciesTest {
  @Test
  void a_link_of_a_row_names_what_the_target_is_called_here() {
    try (StandInSite site = Shop.start();
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
    try (StandInSite site = Shop.start();
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
  void a_dynamic_link_whose_type_an_earlier_entry_of_the_page_reports_is_brought_along() {
    try (StandInSite site = Shop.start();
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
  void a_link_to_a_row_of_another_document_is_waited_for_nowhere_and_not_asked_for() {
    try (StandInSite site = Shop.start();
        StandInSite branch = Shop.start();
        TestStream stream =
            TestStream.following(site, TestRow.of("Order").with(Dependencies.ALL).row()).start();
        TestStream writing =
            TargetSiteTest.joined(
                    site, branch, TestRow.of("Order").locallyNamed().with(Dependencies.ALL))
                .start()) {
      for (StandInSite one : List.of(site, branch)) {
        one.putDocType(
            Here.json(
                "{'name': 'Order', 'doctype': 'DocType', 'fields': ["
                    + "{'fieldname': 'quote_line', 'fieldtype': 'Link', 'options': 'Quote Line'}]}"));
        one.putDocType(
            Here.json("{'name': 'Quote Line', 'doctype': 'DocType', 'istable': 1, 'fields': []}"));
      }
      // the row of a quotation that is on both sites
      branch.put("Quote Line", Here.json("{'name': 'row-1'}"));
      for (TestStream one : List.of(stream, writing)) {
        one.pull();
        site.forgetRequests();
        site.insert("Order", object("quote_line", "row-1"));
        one.pull();

        assertThat(one.database().rows("select distinct status, note from event_sync_log"))
            .singleElement()
            .extracting(row -> row.get(0))
            .isEqualTo("Synced");
        assertThat(site.requests())
            .noneMatch(request -> (request.uri() + request.body()).contains("row-1"));
      }
    }
  }

  @Test
  void documents_that_link_in_a_circle_and_to_themselves_arrive() {
    try (StandInSite site = Shop.start();
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
      try (StandInSite site = Shop.start();
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
  void a_document_that_names_what_was_renamed_since_is_fetched_whole() {
    try (StandInSite site = Shop.start();
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
  void a_site_in_failure_delays_the_document_and_heals_by_itself() {
    try (StandInSite site = Shop.start();
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
    try (StandInSite site = Shop.start();
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

  @Test
  void a_dependency_that_the_database_refuses_holds_up_its_own_document_alone() {
    try (StandInSite site = Shop.start();
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
    try (StandInSite one = Shop.start();
        StandInSite two = Shop.start();
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
    try (StandInSite site = Shop.start();
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
    try (StandInSite site = Shop.start();
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
    try (StandInSite site = Shop.start();
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
    try (StandInSite site = Shop.start();
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
    try (StandInSite site = Shop.start();
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
    try (StandInSite site = Shop.start();
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
    try (StandInSite site = Shop.start();
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
    try (StandInSite site = Shop.start();
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
    try (StandInSite site = Shop.start();
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
    try (StandInSite site = Shop.start();
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
}
