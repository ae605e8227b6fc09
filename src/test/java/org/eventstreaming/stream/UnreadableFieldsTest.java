package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.mapping.ReadMappingFiles;
import org.eventstreaming.producer.EventProducer;
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
import org.junit.jupiter.api.io.TempDir;

/** A field above the permission levels of the key says nothing, in whatever way it is read. */
class UnreadableFieldsTest {
  private static final String STAFF =
      "{'name': 'Staff', 'doctype': 'DocType', 'autoname': 'prompt', 'fields': ["
          + "{'fieldname': 'title', 'fieldtype': 'Data'},"
          + "{'fieldname': 'salary', 'fieldtype': 'Currency', 'permlevel': 1},"
          + "{'fieldname': 'grade', 'fieldtype': 'Data', 'permlevel': 1},"
          + "{'fieldname': 'hours', 'fieldtype': 'Table', 'options': 'Hour'}],"
          + "'permissions': [{'role': 'System Manager', 'permlevel': 0, 'read': 1},"
          + "{'role': 'HR Manager', 'permlevel': 1, 'read': 1}]}";
  private static final String HOUR =
      "{'name': 'Hour', 'doctype': 'DocType', 'istable': 1, 'fields': ["
          + "{'fieldname': 'task', 'fieldtype': 'Data'},"
          + "{'fieldname': 'rate', 'fieldtype': 'Currency', 'permlevel': 1}]}";
  private static final String ADA =
      "{'name': 'E-1', 'title': 'Ada', 'salary': 1000.5, 'grade': 'G1', 'hours': ["
          + "{'name': 'h1', 'doctype': 'Hour', 'task': 'think', 'rate': 40.5}]}";
  private static final String ALAN =
      "{'name': 'E-2', 'title': 'Alan', 'salary': 2000, 'grade': 'G2', 'hours': ["
          + "{'name': 'h2', 'doctype': 'Hour', 'task': 'compute', 'rate': 50}]}";

  @Test
  void what_the_log_says_of_it_stays_when_the_document_is_read_whole() {
    try (StandInSite site = site(Generation.V15_APP);
        TestStream stream = following(site, Source.UPDATE_LOG).start()) {
      stream.pull();
      insert(site);
      stream.pull();
      assertThat(salary(stream, "E-1")).isEqualTo("1000.5");

      site.dbSet("Staff", "E-1", Here.json("{'title': 'Ada L.'}"), true);
      site.dbSet("Staff", "E-2", Here.json("{'title': 'Alan T.'}"), true);
      stream.reconcile();

      assertThat(staff(stream, "E-1").path("title").asText()).isEqualTo("Ada L.");
      assertThat(salary(stream, "E-1")).isEqualTo("1000.5");
      assertThat(staff(stream, "E-1").path("grade").asText()).isEqualTo("G1");
      assertThat(rate(stream, "E-1")).isEqualTo("40.5");
      assertThat(note(stream, "E-1")).contains("title").doesNotContain("salary", "grade", "hours");

      // by a single read as well
      site.dbSet("Staff", "E-1", Here.json("{'title': 'Ada Lovelace'}"), true);
      stream.reconcile();

      assertThat(staff(stream, "E-1").path("title").asText()).isEqualTo("Ada Lovelace");
      assertThat(salary(stream, "E-1")).isEqualTo("1000.5");
      assertThat(rate(stream, "E-1")).isEqualTo("40.5");

      Reported reported =
          Reported.by(stream, producer(site, Source.UPDATE_LOG, null), true, true, "Staff");
      assertThat(reported.differences()).isEmpty();
      assertThat(salary(stream, "E-1")).isEqualTo("1000.5");
    }
  }

  @Test
  void a_number_that_a_single_read_leaves_out_stays_whoever_asks() {
    try (StandInSite site = site(Generation.V15_APP);
        TestStream stream =
            TestStream.following(site, ProducerDoctype.sameName("Staff")).reconciling().start()) {
      stream.pull();
      insert(site);
      stream.pull();

      site.dbSet("Staff", "E-1", Here.json("{'title': 'Ada L.'}"), true);
      ObjectNode shown =
          site.documents("Staff").stream()
              .filter(one -> one.path("name").asText().equals("E-1"))
              .findFirst()
              .orElseThrow()
              .deepCopy();
      shown.remove("salary");
      ((ObjectNode) shown.path("hours").path(0)).remove("rate");
      site.fail(
          100,
          call -> call.uri().startsWith("/api/resource/Staff/E-1"),
          new Fault.Instead(
              200,
              Map.of("Content-Type", "application/json"),
              Here.json("{}").set("data", shown).toString()));
      stream.reconcile();

      assertThat(staff(stream, "E-1").path("title").asText()).isEqualTo("Ada L.");
      assertThat(salary(stream, "E-1")).isEqualTo("1000.5");
      assertThat(rate(stream, "E-1")).isEqualTo("40.5");
    }
  }

  @Test
  void what_the_log_says_later_is_applied() {
    try (StandInSite site = site(Generation.V15_APP);
        TestStream stream = following(site, Source.UPDATE_LOG).start()) {
      stream.pull();
      insert(site);
      stream.pull();
      site.dbSet("Staff", "E-1", Here.json("{'title': 'Ada L.'}"), true);
      stream.reconcile();

      site.update("Staff", "E-1", Here.json("{'salary': 1200}"));
      stream.pull();

      assertThat(salary(stream, "E-1")).isEqualTo("1200");
    }
  }

  @Test
  void a_number_that_nobody_reported_is_not_0() {
    try (StandInSite site = site(Generation.V15_APP);
        TestStream stream = following(site, Source.UPDATE_LOG).start()) {
      insert(site);
      stream.pull();
      // their Creates were before following began: they are read whole
      site.update("Staff", "E-1", Here.json("{'title': 'one'}"));
      site.update("Staff", "E-2", Here.json("{'title': 'two'}"));
      stream.pull();
      assertThat(staff(stream, "E-1").has("salary")).isFalse();
      assertThat(staff(stream, "E-1").path("hours").path(0).has("rate")).isFalse();

      site.update("Staff", "E-1", Here.json("{'title': 'once more'}"));
      stream.pull();

      assertThat(staff(stream, "E-1").path("title").asText()).isEqualTo("once more");
      assertThat(staff(stream, "E-1").has("salary")).isFalse();
      assertThat(
              stream
                  .database()
                  .rows(
                      "select salary, grade from event_streaming_docs.\"Staff\" where name = 'E-1'")
                  .get(0))
          .containsExactly(null, null);
    }
  }

  @Test
  void a_stock_site_whose_lists_leave_it_out_stores_nothing_of_it() {
    try (StandInSite site = site(Generation.STOCK_15);
        TestStream stream = following(site, Source.MODIFIED).start()) {
      stream.pull();
      insert(site);
      look(stream);

      assertThat(new Here(stream.database()).names("Staff")).containsExactly("E-1", "E-2");
      assertThat(staff(stream, "E-1").has("salary")).isFalse();

      // one document is read singly: it shows 0 and empty text
      site.update("Staff", "E-1", Here.json("{'title': 'one'}"));
      look(stream);

      assertThat(staff(stream, "E-1").path("title").asText()).isEqualTo("one");
      assertThat(staff(stream, "E-1").has("salary")).isFalse();
      assertThat(staff(stream, "E-1").has("grade")).isFalse();
      assertThat(staff(stream, "E-1").path("hours").path(0).has("rate")).isFalse();
    }
  }

  @Test
  void documents_are_read_singly_where_single_reads_show_more_than_lists() {
    try (StandInSite site = site(Generation.STOCK_15).readableLevels(Set.of(), true);
        TestStream stream =
            new TestStream.Builder()
                .and(site, Read.LIST, ProducerDoctype.sameName("Staff"))
                .probing()
                .start()) {
      stream.pull();
      insert(site);
      look(stream);

      assertThat(salary(stream, "E-1")).isEqualTo("1000.5");
      assertThat(rate(stream, "E-2")).isEqualTo("50");
    }
  }

  @Test
  void single_reads_of_version_14_show_what_its_lists_leave_out() {
    try (StandInSite site = site(Generation.STOCK_14);
        TestStream stream = following(site, Source.MODIFIED).start()) {
      stream.pull();
      insert(site);
      look(stream);

      assertThat(salary(stream, "E-1")).isEqualTo("1000.5");
      assertThat(rate(stream, "E-2")).isEqualTo("50");
      assertThat(unreadable(stream)).isZero();
    }
  }

  @Test
  void a_table_above_the_level_of_the_key_keeps_its_rows() {
    try (StandInSite site = site(Generation.V15_APP);
        TestStream stream = following(site, Source.UPDATE_LOG).start()) {
      site.putDocType(
          Here.json(STAFF.replace("'options': 'Hour'", "'options': 'Hour', 'permlevel': 1")));
      stream.pull();
      insert(site);
      stream.pull();
      site.dbSet("Staff", "E-1", Here.json("{'title': 'Ada L.'}"), true);
      stream.reconcile();

      assertThat(staff(stream, "E-1").path("title").asText()).isEqualTo("Ada L.");
      assertThat(rate(stream, "E-1")).isEqualTo("40.5");
    }
  }

  @Test
  void the_type_of_rows_of_two_tables_is_reported_twice_and_learnt_once() {
    try (StandInSite site = site(Generation.STOCK_15);
        TestStream stream = following(site, Source.MODIFIED).start()) {
      site.putDocType(
          Here.json(
              STAFF.replace(
                  "'fields': [",
                  "'fields': [{'fieldname': 'past', 'fieldtype': 'Table', 'options': 'Hour'},")));
      stream.pull();
      insert(site);
      look(stream);

      assertThat(new Here(stream.database()).names("Staff")).containsExactly("E-1", "E-2");
      assertThat(stream.database().value("select last_error from event_producer")).isNull();
    }
  }

  @Test
  void what_the_user_s_roles_may_read_is_read_and_a_role_that_is_given_later_counts() {
    try (StandInSite site = site(Generation.STOCK_15);
        TestStream stream = following(site, Source.MODIFIED).start()) {
      stream.pull();
      insert(site);
      look(stream);
      assertThat(staff(stream, "E-1").has("salary")).isFalse();
      assertThat(unreadable(stream)).isEqualTo(4 - 1);

      site.readableLevels(Set.of(1), false);
      site.put(
          "User",
          Here.json(
              "{'name': 'stream@example.com', 'roles': [{'role': 'System Manager'}, {'role': 'HR Manager'}]}"));
      stream.clock().advance(Duration.ofHours(2));
      site.update("Staff", "E-1", Here.json("{'title': 'one'}"));
      look(stream);

      assertThat(salary(stream, "E-1")).isEqualTo("1000.5");
      assertThat(rate(stream, "E-1")).isEqualTo("40.5");
      assertThat(unreadable(stream)).isZero();
    }
  }

  @Test
  void a_role_that_is_given_does_not_show_the_levels_of_other_roles() {
    try (StandInSite site = site(Generation.STOCK_15);
        TestStream stream = following(site, Source.MODIFIED).start()) {
      site.putDocType(
          Here.json(
              STAFF.replace(
                  "'fieldname': 'grade', 'fieldtype': 'Data', 'permlevel': 1",
                  "'fieldname': 'grade', 'fieldtype': 'Int', 'permlevel': 2")));
      stream.pull();
      insert(site);
      look(stream);

      give(site, "HR Manager");
      site.readableLevels(Set.of(1), false);
      site.update("Staff", "E-1", Here.json("{'title': 'one'}"));
      look(stream);

      assertThat(salary(stream, "E-1")).isEqualTo("1000.5");
      assertThat(staff(stream, "E-1").has("grade")).isFalse();
    }
  }

  @Test
  void what_is_known_stays_when_a_role_is_taken_from_the_user() {
    try (StandInSite site = site(Generation.STOCK_15);
        TestStream stream = following(site, Source.MODIFIED).start()) {
      give(site, "HR Manager");
      site.readableLevels(Set.of(1), false);
      stream.pull();
      insert(site);
      look(stream);
      assertThat(salary(stream, "E-1")).isEqualTo("1000.5");

      site.put(
          "User",
          Here.json("{'name': 'stream@example.com', 'roles': [{'role': 'System Manager'}]}"));
      site.readableLevels(Set.of(), false);
      site.update("Staff", "E-1", Here.json("{'title': 'one'}"));
      site.update("Staff", "E-2", Here.json("{'title': 'two'}"));
      look(stream);

      assertThat(staff(stream, "E-1").path("title").asText()).isEqualTo("one");
      assertThat(salary(stream, "E-1")).isEqualTo("1000.5");
      assertThat(salary(stream, "E-2")).isEqualTo("2000");
      assertThat(rate(stream, "E-1")).isEqualTo("40.5");
    }
  }

  @Test
  void a_field_that_the_site_computes_is_not_named_as_unreadable() {
    try (StandInSite site = site(Generation.STOCK_15);
        TestStream stream = following(site, Source.MODIFIED).start()) {
      site.putDocType(
          Here.json(
              STAFF.replace(
                  "'fields': [",
                  "'fields': [{'fieldname': 'age', 'fieldtype': 'Int', 'is_virtual': 1},")));
      stream.pull();
      insert(site);
      look(stream);

      Reported reported =
          Reported.by(stream, producer(site, Source.MODIFIED, null), true, true, "Staff");

      assertThat(reported.ranges)
          .extracting(range -> range.unread().of("Staff"))
          .containsOnly(Set.of("salary", "grade"));
    }
  }

  @Test
  void a_mapping_makes_nothing_of_it(@TempDir Path directory) throws IOException {
    Files.createDirectories(directory.resolve("mappings"));
    Files.writeString(
        directory.resolve("mappings/p.yaml"),
        """
        mapping_name: P
        local_doctype: Person
        remote_doctype: Staff
        field_mapping:
          - {local_fieldname: called, remote_fieldname: title}
          - {local_fieldname: pay, remote_fieldname: salary, default_value: 7}
        """);
    try (StandInSite site = site(Generation.V15_APP);
        TestStream stream =
            new TestStream.Builder()
                .and(
                    producer(
                        site,
                        Source.UPDATE_LOG,
                        null,
                        TestRow.of("Person").mapped("P", "Staff").row()))
                .mappings(new ReadMappingFiles(directory, DocTypes.of(Map.of())).read())
                .start()) {
      stream.pull();
      insert(site);
      stream.pull();
      site.dbSet("Staff", "E-1", Here.json("{'title': 'Ada L.'}"), true);
      stream.reconcile();

      JsonNode person = new Here(stream.database()).document("Person", "E-1");
      assertThat(person.path("called").asText()).isEqualTo("Ada L.");
      assertThat(person.path("pay").asText()).isEqualTo("1000.5");
    }
  }

  @Test
  void what_people_entered_on_a_target_whose_key_does_not_see_it_stays() {
    try (StandInSite hq = site(Generation.V15_APP);
        StandInSite branch = site(Generation.STOCK_15)) {
      EventProducer producer = producer(hq, Source.UPDATE_LOG, target(branch));
      try (TestStream stream = new TestStream.Builder().and(producer).start()) {
        stream.pull();
        insert(hq);
        stream.pull();
        for (String name : Set.of("E-1", "E-2")) {
          branch.update("Staff", name, Here.json("{'salary': 1111, 'grade': 'X'}"));
        }
        hq.dbSet("Staff", "E-1", Here.json("{'title': 'Ada L.'}"), true);
        hq.dbSet("Staff", "E-2", Here.json("{'title': 'Alan T.'}"), true);
        stream.reconcile();

        for (String name : Set.of("E-1", "E-2")) {
          assertThat(TargetSiteTest.find(branch, "Staff", name).path("salary").asInt())
              .isEqualTo(1111);
          assertThat(TargetSiteTest.find(branch, "Staff", name).path("grade").asText())
              .isEqualTo("X");
        }
        assertThat(TargetSiteTest.find(branch, "Staff", "E-1").path("title").asText())
            .isEqualTo("Ada L.");

        Reported reported = Reported.by(stream, producer, true, true, "Staff");

        assertThat(reported.differences()).isEmpty();
        assertThat(TargetSiteTest.find(branch, "Staff", "E-1").path("salary").asInt())
            .isEqualTo(1111);
      }
    }
  }

  private static StandInSite site(Generation generation) {
    StandInSite site = StandInSite.start(generation).readableLevels(Set.of(), false);
    if (generation.streams()) {
      site.approveAll();
    }
    site.putDocType(Here.json(STAFF));
    site.putDocType(Here.json(HOUR));
    site.put(
        "User", Here.json("{'name': 'stream@example.com', 'roles': [{'role': 'System Manager'}]}"));
    return site;
  }

  private static void give(StandInSite site, String role) {
    site.put(
        "User",
        Here.json(
            "{'name': 'stream@example.com', 'roles': [{'role': 'System Manager'}, {'role': '"
                + role
                + "'}]}"));
  }

  private static void insert(StandInSite site) {
    site.insert("Staff", Here.json(ADA));
    site.insert("Staff", Here.json(ALAN));
  }

  private static TestStream.Builder following(StandInSite site, Source source) {
    return new TestStream.Builder().and(producer(site, source, null));
  }

  private static EventProducer producer(
      StandInSite site, Source source, @Nullable TargetSite target) {
    return producer(site, source, target, ProducerDoctype.sameName("Staff"));
  }

  private static EventProducer producer(
      StandInSite site, Source source, @Nullable TargetSite target, ProducerDoctype row) {
    return new EventProducer(
        site.url(),
        "stream@example.com",
        new Secret(site.apiKey()),
        new Secret(site.apiSecret()),
        source,
        Read.LIST,
        Reconcile.DEFAULT,
        null,
        null,
        target,
        List.of(row));
  }

  private static TargetSite target(StandInSite site) {
    return new TargetSite(
        "branch",
        new SiteAccess(
            site.url(),
            "stream@example.com",
            new Secret(site.apiKey()),
            new Secret(site.apiSecret())),
        true);
  }

  private static void look(TestStream stream) {
    stream.clock().advance(Reconcile.DEFAULT.rows());
    stream.pull();
  }

  private static JsonNode staff(TestStream stream, String name) {
    return new Here(stream.database()).document("Staff", name);
  }

  private static String salary(TestStream stream, String name) {
    return staff(stream, name).path("salary").asText();
  }

  private static String rate(TestStream stream, String name) {
    return staff(stream, name).path("hours").path(0).path("rate").asText();
  }

  private static long unreadable(TestStream stream) {
    return stream.database().count("unreadable_field");
  }

  private static String note(TestStream stream, String name) {
    return String.valueOf(
        stream
            .database()
            .value(
                "select note from event_sync_log where producer_doc = '"
                    + name
                    + "' order by seq desc limit 1"));
  }
}
