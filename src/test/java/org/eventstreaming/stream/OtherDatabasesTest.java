package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.TargetSiteTest.only;
import static org.eventstreaming.stream.TargetSiteTest.reconcile;
import static org.eventstreaming.stream.TargetSiteTest.target;
import static org.eventstreaming.stream.TargetSiteTest.writes;

import java.util.List;
import java.util.stream.Stream;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.Source;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.SiteDatabase;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A value that a site writes in several ways is one value, whichever database is under the site.
 */
class OtherDatabasesTest {
  private static final String VALUES =
      "'qty': '7', 'rate': 0.30000000000000004, 'count': '3', 'on': true, 'at': '09:05', 'due':"
          + " '2026-02-02 01:00', 'day': '2026-02-02 00:00:00', 'spent': '61', 'settings': {'b': 1,"
          + " 'a': [1.0, 'ü']}";

  static Stream<Arguments> databases() {
    return Stream.of(SiteDatabase.values())
        .flatMap(
            database ->
                Stream.of(Generation.V14, Generation.V15_APP, Generation.STOCK_15)
                    .map(generation -> Arguments.of(database, generation)));
  }

  @ParameterizedTest
  @MethodSource("databases")
  void what_is_equal_by_the_types_of_its_fields_is_reported_once_and_is_equal(
      SiteDatabase database, Generation generation) {
    try (StandInSite site = gauges(generation, database);
        TestStream stream = stream(site, "Gauge")) {
      stream.pull();
      for (String name : List.of("G-1", "G-2", "G-3")) {
        site.insert(
            "Gauge",
            Here.json(
                "{'name': '%s', %s, 'lines': [{%s}, {'qty': 1}]}".formatted(name, VALUES, VALUES)));
      }
      look(stream);
      List<String> reported = reported(stream);
      assertThat(reported).hasSize(3);

      // read by list, and by single read
      for (String name : List.of("G-1", "G-2", "G-3")) {
        site.dbSet("Gauge", name, Here.json("{}"), true);
      }
      look(stream);
      site.dbSet("Gauge", "G-2", Here.json("{}"), true);
      look(stream);

      assertThat(reported(stream)).isEqualTo(reported);
      equal(stream, site, "Gauge");
    }
  }

  @ParameterizedTest
  @EnumSource(SiteDatabase.class)
  void rows_that_share_an_idx_are_the_same_in_whatever_order_they_come(SiteDatabase database) {
    try (StandInSite site = gauges(Generation.STOCK_15, database);
        TestStream stream = stream(site, "Gauge")) {
      stream.pull();
      site.insert("Gauge", Here.json("{'name': 'G-1', 'lines': [{'qty': 1}, {'qty': 2}]}"));
      site.insert("Gauge", Here.json("{'name': 'G-2', 'lines': [{}, {}, {}, {}, {}, {}]}"));
      site.documents("Gauge")
          .forEach(
              gauge ->
                  gauge
                      .path("lines")
                      .forEach(
                          row ->
                              site.dbSet(
                                  "Gauge Line",
                                  row.path("name").asText(),
                                  Here.json("{'idx': 1}"),
                                  true)));
      look(stream);
      List<String> reported = reported(stream);
      List<String> rows = rows(stream);
      assertThat(rows).hasSize(6).isSorted();

      for (int i = 0; i < 5; i++) {
        site.dbSet("Gauge", "G-1", Here.json("{}"), true);
        site.dbSet("Gauge", "G-2", Here.json("{}"), true);
        look(stream);
        equal(stream, site, "Gauge");
      }

      assertThat(reported(stream)).isEqualTo(reported);
      assertThat(rows(stream)).isEqualTo(rows);
    }
  }

  @ParameterizedTest
  @MethodSource("databases")
  void what_is_empty_there_is_empty_here_and_shows_so(
      SiteDatabase database, Generation generation) {
    try (StandInSite site = gauges(generation, database);
        TestStream stream = stream(site, "Gauge")) {
      stream.pull();
      site.insert("Gauge", Here.json("{'name': 'G-1', 'spent': 60, 'serial': 5, 'count': 1}"));
      site.insert("Gauge", Here.json("{'name': 'G-2'}"));
      look(stream);
      site.update("Gauge", "G-1", Here.json("{'spent': null, 'serial': null, 'count': null}"));
      look(stream);

      equal(stream, site, "Gauge");
      assertThat(
              stream
                  .database()
                  .rows(
                      "select spent, serial, stars, count from event_streaming_docs.\"Gauge\" order by name"))
          .allSatisfy(row -> assertThat(row).containsExactly(null, null, null, "0"));
    }
  }

  @ParameterizedTest
  @MethodSource("databases")
  void documents_with_numbers_for_names_are_one_each_and_links_to_them_are_kept(
      SiteDatabase database, Generation generation) {
    try (StandInSite site = gauges(generation, database)) {
      site.putDocType(
          Here.json(
              "{'name': 'Ticket', 'doctype': 'DocType', 'autoname': 'autoincrement', 'fields': ["
                  + "{'fieldname': 'title', 'fieldtype': 'Data'},"
                  + "{'fieldname': 'after', 'fieldtype': 'Link', 'options': 'Ticket'},"
                  + "{'fieldname': 'lines', 'fieldtype': 'Table', 'options': 'Gauge Line'}]}"));
      try (TestStream stream = stream(site, "Ticket")) {
        stream.pull();
        site.insert("Ticket", Here.json("{'name': 7, 'lines': [{'qty': 1}]}"));
        site.insert("Ticket", Here.json("{'name': 12, 'after': 7, 'lines': [{'qty': 1}]}"));
        look(stream);
        site.dbSet("Ticket", "7", Here.json("{}"), true);
        site.dbSet("Ticket", "12", Here.json("{}"), true);
        look(stream);
        site.dbSet("Ticket", "12", Here.json("{}"), true);
        look(stream);

        assertThat(reported(stream)).hasSize(2);
        assertThat(new Here(stream.database()).names("Ticket")).containsExactly("12", "7");
        equal(stream, site, "Ticket");
      }
    }
  }

  static Stream<Arguments> pairs() {
    return Stream.of(SiteDatabase.MARIADB, SiteDatabase.POSTGRESQL, SiteDatabase.SQLITE)
        .flatMap(
            from ->
                Stream.of(SiteDatabase.MARIADB, SiteDatabase.POSTGRESQL, SiteDatabase.SQLITE)
                    .map(to -> Arguments.of(from, to)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void a_target_gets_values_as_its_database_reads_them_and_is_equal_then(
      SiteDatabase from, SiteDatabase to) {
    String inRow =
        VALUES
            .replace("09:05", from == SiteDatabase.SQLITE ? "09:05:00" : "9:05:00")
            .replace("{'b': 1, 'a': [1.0, 'ü']}", "[1.0, {'c': 'ü'}]")
            .replace("2026-02-02 01:00", "2026-02-02T01:00:00.000Z");
    try (StandInSite hq = gauges(Generation.V15_APP, from);
        StandInSite branch = gauges(Generation.STOCK_15, to)) {
      EventProducer producer =
          TargetSiteTest.producer(
              hq, Source.PROBE, target(branch), ProducerDoctype.sameName("Gauge"));
      try (TestStream stream = new TestStream.Builder().and(producer).start()) {
        stream.pull();
        hq.insert(
            "Gauge",
            Here.json("{'name': 'G-1', %s, 'lines': [{%s}, {'qty': 1}]}".formatted(VALUES, inRow)));
        reconcile(stream);
        assertThat(only(branch, "Gauge").path("at").asText()).isEqualTo("09:05:00");
        assertThat(only(branch, "Gauge").path("lines").path(0).path("at").asText())
            .isEqualTo("09:05:00");
        assertThat(only(branch, "Gauge").path("lines").path(0).path("day").asText())
            .isEqualTo("2026-02-02");
        equal(Reported.by(stream, producer, false, true, "Gauge"));

        hq.update("Gauge", "G-1", Here.json("{'spent': null, 'qty': 8}"));
        reconcile(stream);

        assertThat(only(branch, "Gauge").path("spent").isMissingNode()).isTrue();
        assertThat(only(branch, "Gauge").path("qty").asInt()).isEqualTo(8);
        equal(Reported.by(stream, producer, false, true, "Gauge"));

        branch.forgetRequests();
        hq.dbSet("Gauge", "G-1", Here.json("{}"), true);
        reconcile(stream);

        assertThat(writes(branch)).as("writes of nothing new").isZero();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(SiteDatabase.class)
  void a_number_that_the_column_of_a_target_cuts_is_written_once_and_is_equal_then(
      SiteDatabase to) {
    String memo =
        "{'name': 'Memo', 'doctype': 'DocType', 'autoname': 'prompt', 'fields': ["
            + "{'fieldname': 'rate', 'fieldtype': 'Float', 'precision': '2'}]}";
    try (StandInSite hq = StandInSite.start(Generation.V14).database(SiteDatabase.MARIADB);
        StandInSite branch = StandInSite.start(Generation.STOCK_15).database(to)) {
      hq.approveAll();
      hq.putDocType(Here.json(memo));
      branch.putDocType(Here.json(memo));
      EventProducer producer =
          TargetSiteTest.producer(
              hq, Source.PROBE, target(branch), ProducerDoctype.sameName("Memo"));
      try (TestStream stream = new TestStream.Builder().and(producer).start()) {
        stream.pull();
        hq.insert("Memo", Here.json("{'name': 'M-1', 'rate': 1.235}"));
        reconcile(stream);
        equal(Reported.by(stream, producer, false, true, "Memo"));

        branch.forgetRequests();
        hq.dbSet("Memo", "M-1", Here.json("{}"), true);
        reconcile(stream);
        assertThat(writes(branch)).as("writes of nothing new").isZero();

        hq.update("Memo", "M-1", Here.json("{'rate': 1.245}"));
        reconcile(stream);
        assertThat(writes(branch)).isPositive();
        equal(Reported.by(stream, producer, false, true, "Memo"));
      }
    }
  }

  private static StandInSite gauges(Generation generation, SiteDatabase database) {
    StandInSite site = StandInSite.start(generation).database(database);
    if (generation.streams()) {
      site.approveAll();
    }
    String fields =
        "'autoname': 'prompt', 'fields': [{'fieldname': 'qty', 'fieldtype': 'Float'},"
            + "{'fieldname': 'rate', 'fieldtype': 'Currency'},"
            + "{'fieldname': 'count', 'fieldtype': 'Int'},"
            + "{'fieldname': 'serial', 'fieldtype': 'Long Int'},"
            + "{'fieldname': 'on', 'fieldtype': 'Check'},"
            + "{'fieldname': 'at', 'fieldtype': 'Time'},"
            + "{'fieldname': 'due', 'fieldtype': 'Datetime'},"
            + "{'fieldname': 'day', 'fieldtype': 'Date'},"
            + "{'fieldname': 'spent', 'fieldtype': 'Duration'},"
            + "{'fieldname': 'stars', 'fieldtype': 'Rating'},"
            + "{'fieldname': 'settings', 'fieldtype': 'JSON'}%s]}";
    site.putDocType(
        Here.json(
            "{'name': 'Gauge Line', 'doctype': 'DocType', 'istable': 1, " + fields.formatted("")));
    site.putDocType(
        Here.json(
            "{'name': 'Gauge', 'doctype': 'DocType', "
                + fields.formatted(
                    ", {'fieldname': 'lines', 'fieldtype': 'Table', 'options': 'Gauge Line'}")));
    return site;
  }

  private static TestStream stream(StandInSite site, String doctype) {
    return TestStream.following(site, ProducerDoctype.sameName(doctype)).probing().start();
  }

  private static void look(TestStream stream) {
    stream.pull();
    reconcile(stream);
    stream.reconcile();
  }

  private static List<String> rows(TestStream stream) {
    return new Here(stream.database())
        .document("Gauge", "G-2")
        .path("lines")
        .findValuesAsText("name");
  }

  private static List<String> reported(TestStream stream) {
    assertThat(stream.database().count("event_sync_log where status <> 'Synced'")).isZero();
    return new Here(stream.database())
        .texts(
            "select producer_doc || ': ' || coalesce(note, '') from event_sync_log order by seq");
  }

  private static void equal(TestStream stream, StandInSite site, String doctype) {
    equal(
        Reported.by(
            stream,
            TestStream.producer(site, Read.LIST, ProducerDoctype.sameName(doctype)),
            false,
            true,
            doctype));
  }

  private static void equal(Reported reported) {
    assertThat(reported.fields()).isEmpty();
    assertThat(reported.differences()).isEmpty();
    assertThat(reported.ranges).isNotEmpty();
    assertThat(reported.ranges)
        .allSatisfy(range -> assertThat(range.checksumHere()).isEqualTo(range.checksumThere()));
  }
}
