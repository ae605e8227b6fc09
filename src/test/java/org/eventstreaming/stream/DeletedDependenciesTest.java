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
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a document links to is gone on the producer, or was deleted and made anew there. */
class DeletedDependenciesTest {
  @Test
  void a_document_waits_for_what_is_gone_on_the_producer_and_is_woken_when_it_comes() {
    try (StandInSite site = Shop.start();
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

  @ParameterizedTest(name = "pages of {0}")
  @ValueSource(ints = {1, 500})
  void a_document_that_is_deleted_again_waits_for_nothing(int page) {
    try (StandInSite site = Shop.start();
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
    try (StandInSite site = Shop.start();
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
    try (StandInSite site = Shop.start();
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

  @ParameterizedTest
  @ValueSource(strings = {"Bolt", "Nut"})
  void the_head_of_a_long_line_waits_for_nothing_that_names_what_the_line_deletes(String named) {
    try (StandInSite site = Shop.start();
        TestStream stream =
            TestStream.following(site, TestRow.of("Part").with(Dependencies.ALL).row())
                .page(1)
                .start()) {
      site.put("Part", part("Nut").put("made_of", "Bolt"));
      stream.pull();
      site.insert("Part", part("Bolt"));
      stream.pull();
      site.update("Part", "Bolt", object("made_of", "Iron"));
      site.update("Part", "Bolt", object("made_of", named));
      site.delete("Part", "Bolt");
      stream.pull();
      stream.clock().advance(Duration.ofHours(2));
      stream.pull();

      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
      assertThat(keys(stream)).doesNotContain("Part Bolt");
    }
  }

  @Test
  void what_is_made_anew_before_its_delete_is_read_has_its_links_translated() {
    try (StandInSite site = Shop.start();
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
    try (StandInSite site = Shop.start();
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
}
