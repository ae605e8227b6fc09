package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.Shop.object;
import static org.eventstreaming.stream.Shop.order;
import static org.eventstreaming.stream.Shop.part;

import java.util.List;
import java.util.Locale;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.SiteDatabase;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A site on MariaDB compares names without case, accents and trailing blanks, one on PostgreSQL or
 * SQLite compares them exactly. One document there is one here, under the name that the site has.
 */
class SpellingTest {
  private static final String LINES =
      """
      select o.name, o.data #>> '{lines,0,part}', p.data ->> 'title'
        from document o
        left join document p on p.doctype = 'Part' and p.name = o.data #>> '{lines,0,part}'
       where o.doctype = 'Order'
       order by 1
      """;

  @ParameterizedTest(name = "with names of their own: {0}")
  @ValueSource(booleans = {false, true})
  void a_link_in_another_spelling_names_the_one_document_that_the_site_answers_with(boolean own) {
    try (StandInSite site = Shop.start();
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Order").with(Dependencies.ALL).row(),
                    own ? TestRow.of("Part").locallyNamed().row() : TestRow.of("Part").row())
                .start()) {
      stream.pull();
      site.put("Part", part("Acme Ltd"));
      site.put("Part", part("Müller"));

      site.insert("Order", order("O-1", "ACME LTD"));
      site.insert("Order", order("O-2", "acme ltd "));
      site.insert("Order", order("O-3", "Muller"));
      site.insert("Order", order("O-4", "Acme Ltd"));
      stream.pull();

      assertThat(titles(stream)).containsExactly("Acme Ltd", "Acme Ltd", "Müller", "Acme Ltd");
      assertThat(
              stream
                  .database()
                  .rows("select data ->> 'title' from document where doctype = 'Part' order by 1"))
          .containsExactly(List.of("Acme Ltd"), List.of("Müller"));
      assertThat(new Here(stream.database()).entries("Synced")).isEqualTo(4);

      // once it is here too
      site.insert("Order", order("O-5", "ACME ltd"));
      site.update("Order", "O-4", Here.json("{'party_type': 'Part', 'party': 'MULLER'}"));
      stream.pull();

      assertThat(titles(stream))
          .containsExactly("Acme Ltd", "Acme Ltd", "Müller", "Acme Ltd", "Acme Ltd");
      assertThat(
              stream
                  .database()
                  .value(
                      """
                      select p.data ->> 'title' from document o
                        join document p on p.doctype = 'Part' and p.name = o.data ->> 'party'
                       where o.name = 'O-4'
                      """))
          .isEqualTo("Müller");
      assertThat(stream.database().count("document where doctype = 'Part'")).isEqualTo(2);
      assertThat(
              Reported.by(
                      stream,
                      TestStream.producer(
                          site,
                          Read.LIST,
                          TestRow.of("Order").with(Dependencies.ALL).row(),
                          own ? TestRow.of("Part").locallyNamed().row() : TestRow.of("Part").row()),
                      false,
                      false,
                      "Order",
                      "Part")
                  .differences())
          .isEmpty();
    }
  }

  @Test
  void a_link_in_another_spelling_names_the_document_that_the_same_page_creates() {
    try (StandInSite site = Shop.start();
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Order").with(Dependencies.ALL).row(),
                    TestRow.of("Part").locallyNamed().with(Dependencies.ALL).row())
                .start()) {
      stream.pull();

      site.insert("Part", part("Acme Ltd").put("made_of", "ACME LTD"));
      site.insert("Order", order("O-1", "acme ltd"));
      stream.pull();

      assertThat(titles(stream)).containsExactly("Acme Ltd");
      assertThat(stream.database().count("document where doctype = 'Part'")).isEqualTo(1);
      assertThat(
              stream
                  .database()
                  .count("document where doctype = 'Part' and data ->> 'made_of' = name"))
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "SQLITE"})
  void where_names_are_compared_exactly_two_spellings_are_two_documents(SiteDatabase database) {
    try (StandInSite site = Shop.start().database(database);
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Order").with(Dependencies.ALL).row(),
                    TestRow.of("Part").row())
                .start()) {
      stream.pull();
      site.put("Part", part("abc"));
      site.put("Part", part("ABC"));

      site.insert("Order", order("O-1", "abc"));
      site.insert("Order", order("O-2", "ABC"));
      site.insert("Order", order("O-3", "Abc"));
      stream.pull();

      assertThat(new Here(stream.database()).names("Part")).containsExactly("ABC", "abc");
      assertThat(titles(stream)).containsExactly("abc", "ABC");
      assertThat(new Here(stream.database()).statuses("O-3")).containsExactly("Waiting");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MARIADB", "POSTGRESQL"})
  void a_rename_that_changes_only_the_case_is_a_rename(SiteDatabase database) {
    try (StandInSite site = Shop.start().database(database);
        TestStream stream =
            TestStream.following(
                    site,
                    Read.LIST,
                    TestRow.of("Order").with(Dependencies.ALL).row(),
                    TestRow.of("Part").row())
                .reconciling()
                .start()) {
      stream.pull();
      site.insert("Part", part("Acme Ltd"));
      site.insert("Order", order("O-1", "Acme Ltd"));
      stream.pull();

      site.rename("Part", "Acme Ltd", "ACME Ltd");
      TargetSiteTest.reconcile(stream);

      assertThat(new Here(stream.database()).names("Part")).containsExactly("ACME Ltd");
      assertThat(
              stream
                  .database()
                  .value("select remote_name from document_link where remote_doctype = 'Part'"))
          .isEqualTo("ACME Ltd");
      assertThat(titles(stream)).containsExactly("Acme Ltd");
      assertThat(
              stream
                  .database()
                  .value("select note from event_sync_log where update_type = 'Rename'"))
          .contains("Was Part Acme Ltd");

      // what comes of it later is about the same document
      site.update("Part", "ACME Ltd", object("title", "second"));
      stream.pull();

      assertThat(titles(stream)).containsExactly("second");
      assertThat(new Here(stream.database()).names("Part")).containsExactly("ACME Ltd");
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MARIADB", "POSTGRESQL"})
  void a_comparison_takes_a_rename_that_changes_only_the_case_for_a_rename(SiteDatabase database) {
    try (StandInSite site = Shop.start().database(database);
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Order").with(Dependencies.ALL).row(),
                    TestRow.of("Part").row())
                .start()) {
      stream.pull();
      site.insert("Part", part("Acme Ltd"));
      site.insert("Order", order("O-1", "Acme Ltd"));
      stream.pull();

      site.rename("Part", "Acme Ltd", "ACME Ltd");
      EventProducer producer =
          TestStream.producer(
              site,
              Read.LIST,
              TestRow.of("Order").with(Dependencies.ALL).row(),
              TestRow.of("Part").row());
      Reported.by(stream, producer, true, false, "Part", "Order");

      assertThat(new Here(stream.database()).names("Part")).containsExactly("ACME Ltd");
      assertThat(titles(stream)).containsExactly("Acme Ltd");
      assertThat(Reported.by(stream, producer, false, false, "Part", "Order").differences())
          .isEmpty();
    }
  }

  @Test
  void an_entry_in_another_spelling_is_about_the_one_document() {
    try (StandInSite site = Shop.start();
        TestStream stream = TestStream.following(site, TestRow.of("Part").row()).start()) {
      stream.pull();
      site.put("Part", part("Acme Ltd"));
      String moment = site.insert("Part", part("Other")).path("creation").asText();
      site.append(
          new LogEntry(
              "late", moment, "Update", "Part", "ACME LTD", "{\"changed\": {\"title\": \"x\"}}"));
      stream.pull();

      assertThat(new Here(stream.database()).names("Part")).containsExactly("Acme Ltd", "Other");
      assertThat(
              stream
                  .database()
                  .value("select data ->> 'name' from document where name = 'Acme Ltd'"))
          .isEqualTo("Acme Ltd");
      assertThat(stream.database().count("document_link where remote_name = 'Acme Ltd'"))
          .isEqualTo(1);
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();

      // and so is the next one
      site.append(
          new LogEntry(
              "later", moment, "Update", "Part", "acme ltd", "{\"changed\": {\"title\": \"y\"}}"));
      stream.pull();

      assertThat(new Here(stream.database()).names("Part")).containsExactly("Acme Ltd", "Other");
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void a_row_that_spells_its_document_otherwise_is_not_lost_when_documents_are_read_in_bulk() {
    try (StandInSite site = Shop.start();
        TestStream stream =
            TestStream.following(site, TestRow.of("Order").row()).reconciling().start()) {
      stream.pull();
      for (String name : List.of("O-a", "O-b", "O-c")) {
        site.insert("Order", order(name, "Nut"));
      }
      stream.pull();
      for (String name : List.of("O-a", "O-b", "O-c")) {
        site.dbSet(
            "Order Line", name + "-1", object("parent", name.toUpperCase(Locale.ROOT)), true);
        site.dbSet("Order", name, object("title", "new"), true);
      }
      TargetSiteTest.reconcile(stream);

      assertThat(
              stream
                  .database()
                  .count(
                      "document where data ->> 'title' = 'new' and data #>> '{lines,0,part}' = 'Nut'"))
          .isEqualTo(3);
      assertThat(new Here(stream.database()).names("Order")).containsExactly("O-a", "O-b", "O-c");
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void spellings_cost_one_call_each_and_a_page_without_them_none() {
    try (StandInSite site = Shop.start();
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Order").with(Dependencies.ALL).row(),
                    TestRow.of("Part").row())
                .start()) {
      stream.pull();
      for (int i = 0; i < 20; i++) {
        site.put("Part", part("Part " + i));
        site.insert("Order", order("O-" + i, "Part " + i));
      }
      site.forgetRequests();
      stream.pull();
      int plain = parts(site);
      for (int i = 0; i < 20; i++) {
        site.insert("Order", order("P-" + i, (i < 3 ? "PART " : "Part ") + i));
      }
      site.forgetRequests();
      stream.pull();

      assertThat(plain).isEqualTo(1);
      // one list for all three, and one read for each
      assertThat(parts(site)).isEqualTo(4);
      assertThat(stream.database().count("document where doctype = 'Part'")).isEqualTo(20);
    }
  }

  private static int parts(StandInSite site) {
    return (int)
        site.requests().stream()
            .filter(request -> request.uri().startsWith("/api/resource/Part"))
            .count();
  }

  private static List<String> titles(TestStream stream) {
    return stream.database().rows(LINES).stream().map(row -> String.valueOf(row.get(2))).toList();
  }
}
