package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.IntStream;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.Reconcile;
import org.eventstreaming.producer.Source;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.Request;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What ERPNext does with its ledgers by SQL, which neither its log nor a Comment reports. */
class LedgerTest {
  private static final String ENTRY =
      "{'name': 'GL Entry', 'doctype': 'DocType', 'autoname': 'hash', 'allow_rename': 1, 'fields': ["
          + "{'fieldname': 'account', 'fieldtype': 'Data'},"
          + "{'fieldname': 'debit', 'fieldtype': 'Currency'},"
          + "{'fieldname': 'against', 'fieldtype': 'Link', 'options': 'GL Entry'}]}";

  private final StandInSite stock = site(Generation.STOCK_15);
  private final StandInSite app = site(Generation.V15_APP);

  @AfterEach
  void close() {
    stock.close();
    app.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"STOCK_15", "V15_APP"})
  void entries_that_the_clock_renames_stay_one_row_each(Generation generation) {
    StandInSite site = generation.streams() ? app : stock;
    try (TestStream stream = following(site, ProducerDoctype.sameName("GL Entry")).start()) {
      stream.pull();
      insert(site, "a", 1, 4);
      look(stream);
      site.update("GL Entry", "a1", Here.json("{'against': 'a2'}"));
      look(stream);
      assertThat(new Here(stream.database()).names("GL Entry"))
          .containsExactly("a1", "a2", "a3", "a4");
      String before = version(stream, "a1");

      for (int i = 1; i <= 4; i++) {
        site.renameBySql("GL Entry", "a" + i, "ACC-" + i);
      }
      site.dbSet("GL Entry", "ACC-1", Here.json("{'against': 'ACC-2'}"), false);
      look(stream);

      assertThat(new Here(stream.database()).names("GL Entry"))
          .containsExactly("ACC-1", "ACC-2", "ACC-3", "ACC-4");
      assertThat(debit(stream)).isEqualTo("10");
      assertThat(stream.database().count("document_link")).isEqualTo(4);
      assertThat(Integer.parseInt(version(stream, "ACC-1")))
          .isGreaterThan(Integer.parseInt(before));
      assertThat(new Here(stream.database()).document("GL Entry", "ACC-1").path("against").asText())
          .isEqualTo("ACC-2");
      assertThat(stream.database().count("event_sync_log where note like 'Was GL Entry a_ on%'"))
          .isEqualTo(4);
      assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    }
  }

  @Test
  void an_initial_load_doubles_no_entry_that_was_renamed_meanwhile() {
    try (TestStream stream =
        following(stock, TestRow.of("GL Entry").loadedSince("1900-01-01 00:00:00").row()).start()) {
      insert(stock, "a", 1, 4);
      stream.pull();
      stream.send("direct:load");
      look(stream);
      assertThat(stream.database().count("document")).isEqualTo(4);

      for (int i = 1; i <= 4; i++) {
        stock.renameBySql("GL Entry", "a" + i, "ACC-" + i);
      }
      look(stream);

      assertThat(stream.database().count("document")).isEqualTo(4);
      assertThat(debit(stream)).isEqualTo("10");
    }
  }

  @Test
  void entries_that_are_made_anew_without_a_trace_of_the_old_ones_are_counted_and_deleted() {
    try (TestStream stream = following(stock, ProducerDoctype.sameName("GL Entry")).start()) {
      stream.pull();
      insert(stock, "a", 1, 4);
      look(stream);

      stock.remove("GL Entry", "a3");
      stock.remove("GL Entry", "a4");
      insert(stock, "b", 3, 4);
      stock.insert("GL Entry", Here.json("{'name': 'b5', 'debit': 5}"));
      look(stream);
      look(stream);

      assertThat(new Here(stream.database()).names("GL Entry"))
          .containsExactly("a1", "a2", "b3", "b4", "b5");
      assertThat(debit(stream)).isEqualTo("15");
      assertThat(
              stream
                  .database()
                  .rows(
                      "select producer_doc, update_type, status, note from event_sync_log"
                          + " where update_type = 'Delete' order by 1"))
          .containsExactly(
              List.of("a3", "Delete", "Synced", "Is gone on the producer."),
              List.of("a4", "Delete", "Synced", "Is gone on the producer."));
    }
  }

  @Test
  void version_13_is_counted_by_one_field_at_a_time() {
    try (StandInSite old = site(Generation.STOCK_13);
        TestStream stream = following(old, ProducerDoctype.sameName("GL Entry")).start()) {
      stream.pull();
      insert(old, "a", 1, 4);
      look(stream);

      old.remove("GL Entry", "a4");
      look(stream);
      look(stream);

      assertThat(new Here(stream.database()).names("GL Entry")).containsExactly("a1", "a2", "a3");
    }
  }

  @Test
  void as_many_new_entries_as_old_ones_went_hide_none() {
    try (TestStream stream = following(stock, ProducerDoctype.sameName("GL Entry")).start()) {
      stream.pull();
      insert(stock, "a", 1, 4);
      look(stream);

      stock.remove("GL Entry", "a4");
      insert(stock, "b", 4, 4);
      look(stream);
      look(stream);

      assertThat(new Here(stream.database()).names("GL Entry"))
          .containsExactly("a1", "a2", "a3", "b4");
    }
  }

  @Test
  void names_are_looked_for_only_where_the_numbers_differ() {
    try (TestStream stream = following(stock, ProducerDoctype.sameName("GL Entry")).start()) {
      stream.pull();
      insert(stock, "a", 1, 4);
      look(stream);
      look(stream);
      stock.forgetRequests();

      look(stream);

      List<String> calls = stock.requests().stream().map(Request::uri).toList();
      assertThat(calls).filteredOn(uri -> uri.contains("get_count")).hasSizeLessThanOrEqualTo(1);
      assertThat(calls)
          .noneMatch(uri -> uri.contains("resource/GL%20Entry") && uri.contains("%22in%22"));
    }
  }

  @Test
  void a_target_is_renamed_and_not_given_a_second_entry() {
    try (StandInSite branch = site(Generation.STOCK_15)) {
      branch.putDocType(Here.json(ENTRY.replace("hash", "prompt")));
      EventProducer producer =
          TargetSiteTest.producer(
              app, Source.PROBE, TargetSiteTest.target(branch), TestRow.of("GL Entry").row());
      try (TestStream stream = new TestStream.Builder().and(producer).start()) {
        stream.pull();
        insert(app, "a", 1, 2);
        stream.pull();
        app.renameBySql("GL Entry", "a1", "ACC-1");
        app.renameBySql("GL Entry", "a2", "ACC-2");
        stream.reconcile();
        stream.pull();

        assertThat(TargetSiteTest.names(branch, "GL Entry"))
            .containsExactlyInAnyOrder("ACC-1", "ACC-2");
      }
    }
  }

  private static StandInSite site(Generation generation) {
    StandInSite site = StandInSite.start(generation);
    if (generation.streams()) {
      site.approveAll();
    }
    site.putDocType(Here.json(ENTRY));
    return site;
  }

  private static void insert(StandInSite site, String prefix, int from, int to) {
    IntStream.rangeClosed(from, to)
        .mapToObj(i -> entry(prefix + i, i))
        .forEach(entry -> site.insert("GL Entry", entry));
  }

  private static ObjectNode entry(String name, int debit) {
    return Here.json("{'account': 'Cash', 'owner': 'clerk@example.com'}")
        .put("name", name)
        .put("debit", debit);
  }

  private static TestStream.Builder following(StandInSite site, ProducerDoctype row) {
    return new TestStream.Builder().and(site, Read.LIST, row).probing();
  }

  private static void look(TestStream stream) {
    stream.clock().advance(Reconcile.DEFAULT.rows());
    stream.pull();
    stream.send("direct:reconcile");
  }

  private static String debit(TestStream stream) {
    return String.valueOf(
        stream.database().value("select sum((data ->> 'debit')::numeric)::int from document"));
  }

  private static String version(TestStream stream, String name) {
    return String.valueOf(
        stream.database().value("select version from document where name = '" + name + "'"));
  }
}
