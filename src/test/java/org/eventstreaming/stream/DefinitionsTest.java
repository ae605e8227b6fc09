package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.CallKind;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.DocumentJson;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Definitions of DocTypes as they are read from producers. */
class DefinitionsTest {
  private static final ProducerDoctype[] TODO = TestStream.sameName("ToDo");

  @Test
  void a_producer_is_asked_once_for_each_type_also_over_a_restart() {
    try (StandInSite site = site("{'fieldname': 'size', 'fieldtype': 'Int'}");
        TestDatabase database = TestDatabase.create()) {
      TestStream stream = TestStream.following(site, TODO).page(1).start(database);
      try (var application = stream.application()) {
        stream.pull();
        site.insert("ToDo", json("{'name': 'A'}"));
        site.insert("ToDo", json("{'name': 'B'}"));
        stream.pull();
      }
      TestStream again = TestStream.following(site, TODO).start(database);
      try (var application = again.application()) {
        site.insert("ToDo", json("{'name': 'C'}"));
        again.pull();
      }

      assertThat(site.count(CallKind.DOCTYPE)).isEqualTo(1);
      assertThat(database.rows("select name, data ->> 'size' from document order by 1"))
          .containsExactly(List.of("A", "0"), List.of("B", "0"), List.of("C", "0"));
      assertThat(database.rows("select name, source from doctype"))
          .containsExactly(List.of("ToDo", site.url()));
    }
  }

  @Test
  void it_is_asked_again_where_a_document_or_a_row_has_a_field_that_the_definition_has_not() {
    String table = "{'fieldname': 'rows', 'fieldtype': 'Table', 'options': 'ToDo Row'}";
    try (StandInSite site = site(table);
        TestStream stream = TestStream.following(site, TODO).start()) {
      site.putDocType(json("{'name': 'ToDo Row', 'istable': 1, 'fields': []}"));
      stream.pull();
      site.insert("ToDo", json("{'name': 'A', 'rows': [{}]}"));
      stream.pull();

      site.putDocType(
          json(
              "{'name': 'ToDo Row', 'istable': 1,"
                  + " 'fields': [{'fieldname': 'qty', 'fieldtype': 'Int'}]}"));
      site.insert("ToDo", json("{'name': 'B', 'rows': [{'qty': 1}, {}]}"));
      stream.pull();

      assertThat(site.count(CallKind.DOCTYPE)).isEqualTo(2);
      assertThat(
              stream
                  .database()
                  .value("select data #>> '{rows,1,qty}' from document where name = 'B'"))
          .isEqualTo("0");
    }
  }

  @Test
  void a_field_that_the_site_does_not_know_itself_is_asked_about_once() {
    try (StandInSite site = site("");
        TestStream stream = TestStream.following(site, TODO).page(1).start()) {
      stream.pull();
      site.insert("ToDo", json("{'name': 'A', 'ghost': 1, '_user_tags': 'x'}"));
      site.insert("ToDo", json("{'name': 'B', 'ghost': 1}"));
      site.update("ToDo", "A", json("{'ghost': 2}"));
      stream.pull();
      site.insert("ToDo", json("{'name': 'C', 'ghost': 1}"));
      stream.pull();

      // when it came first, and when the field was seen first
      assertThat(site.count(CallKind.DOCTYPE)).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void it_is_read_anew_once_a_day() {
    try (StandInSite site = site("");
        TestStream stream = TestStream.following(site, TODO).start()) {
      stream.pull();
      site.insert("ToDo", json("{'name': 'A'}"));
      stream.pull();

      stream.clock().advance(Duration.ofHours(23));
      site.insert("ToDo", json("{'name': 'B'}"));
      stream.pull();
      assertThat(site.count(CallKind.DOCTYPE)).isEqualTo(1);

      describe(site, "{'fieldname': 'size', 'fieldtype': 'Int'}");
      stream.clock().advance(Duration.ofHours(2));
      site.insert("ToDo", json("{'name': 'C'}"));
      stream.pull();

      assertThat(site.count(CallKind.DOCTYPE)).isEqualTo(2);
      assertThat(stream.database().value("select data ->> 'size' from document where name = 'C'"))
          .isEqualTo("0");
    }
  }

  @Test
  void where_the_key_may_not_read_it_documents_stream_on_and_it_is_asked_for_an_hour_later() {
    try (StandInSite site = site("{'fieldname': 'size', 'fieldtype': 'Int'}");
        TestStream stream = TestStream.following(site, TODO).page(1).start()) {
      stream.pull();
      site.fail(CallKind.DOCTYPE, Fault.forbidden());
      site.insert("ToDo", json("{'name': 'A'}"));
      site.insert("ToDo", json("{'name': 'B'}"));
      stream.pull();
      stream.clock().advance(Duration.ofMinutes(59));
      site.insert("ToDo", json("{'name': 'C'}"));
      stream.pull();
      assertThat(site.count(CallKind.DOCTYPE)).isEqualTo(1);

      stream.clock().advance(Duration.ofMinutes(2));
      site.insert("ToDo", json("{'name': 'D'}"));
      stream.pull();

      assertThat(site.count(CallKind.DOCTYPE)).isEqualTo(2);
      assertThat(sizes(stream))
          .containsExactly(
              Arrays.asList("A", null),
              Arrays.asList("B", null),
              Arrays.asList("C", null),
              List.of("D", "0"));
    }
  }

  @Test
  void failure_that_passes_is_asked_about_again_after_a_minute() {
    try (StandInSite site = site("{'fieldname': 'size', 'fieldtype': 'Int'}");
        TestStream stream = TestStream.following(site, TODO).start()) {
      stream.pull();
      site.fail(CallKind.DOCTYPE, Fault.halfTheJson());
      site.insert("ToDo", json("{'name': 'A'}"));
      stream.pull();

      stream.clock().advance(Duration.ofMinutes(1));
      site.insert("ToDo", json("{'name': 'B'}"));
      stream.pull();

      assertThat(sizes(stream)).containsExactly(Arrays.asList("A", null), List.of("B", "0"));
    }
  }

  @Test
  void of_two_producers_the_first_defines_the_type_and_the_other_adds_what_its_documents_have() {
    try (StandInSite first = site("{'fieldname': 'size', 'fieldtype': 'Int'}");
        StandInSite second =
            site(
                "{'fieldname': 'size', 'fieldtype': 'Data'},"
                    + " {'fieldname': 'weight', 'fieldtype': 'Float'}");
        TestStream stream =
            TestStream.following(first, TODO).and(second, Read.LIST, TODO).start()) {
      stream.pull();
      first.insert("ToDo", json("{'name': 'A'}"));
      stream.pull();
      second.insert("ToDo", json("{'name': 'B', 'weight': 1.5}"));
      stream.pull();

      assertThat(types(stream)).containsExactly(List.of("size", "Int"), List.of("weight", "Float"));
      assertThat(stream.database().value("select source from doctype")).isEqualTo(first.url());

      // what the first reads anew does not have the field of the second: its next document brings
      // it back
      stream.clock().advance(Duration.ofHours(25));
      first.insert("ToDo", json("{'name': 'C'}"));
      stream.pull();
      second.insert("ToDo", json("{'name': 'D', 'weight': 1.5}"));
      stream.pull();

      assertThat(types(stream)).containsExactly(List.of("size", "Int"), List.of("weight", "Float"));
    }
  }

  @Test
  void a_producer_that_is_not_heard_any_more_has_a_successor_after_two_days() {
    try (StandInSite first = site("");
        StandInSite second = site("{'fieldname': 'weight', 'fieldtype': 'Float'}");
        TestStream stream =
            TestStream.following(first, TODO).and(second, Read.LIST, TODO).start()) {
      stream.pull();
      first.insert("ToDo", json("{'name': 'A'}"));
      stream.pull();

      stream.clock().advance(Duration.ofHours(47));
      second.insert("ToDo", json("{'name': 'B'}"));
      stream.pull();
      assertThat(stream.database().value("select source from doctype")).isEqualTo(first.url());

      stream.clock().advance(Duration.ofHours(2));
      second.insert("ToDo", json("{'name': 'C'}"));
      stream.pull();
      assertThat(stream.database().value("select source from doctype")).isEqualTo(second.url());
    }
  }

  @Test
  void a_file_wins_over_the_producer_until_it_is_gone() {
    DocType inFile = new DocType("ToDo", false, null, List.of(new DocField("own", "Int", null)));
    try (StandInSite site = site("{'fieldname': 'size', 'fieldtype': 'Int'}");
        TestDatabase database = TestDatabase.create()) {
      TestStream stream = TestStream.following(site, TODO).doctype(inFile).start(database);
      try (var application = stream.application()) {
        stream.pull();
        site.insert("ToDo", json("{'name': 'A', 'size': 1}"));
        stream.pull();
      }
      assertThat(site.count(CallKind.DOCTYPE)).isZero();
      assertThat(database.value("select source from doctype")).isEqualTo("doctypes/");
      assertThat(database.rows("select name, own from event_streaming_docs.\"ToDo\""))
          .containsExactly(List.of("A", "0"));

      TestStream again = TestStream.following(site, TODO).start(database);
      try (var application = again.application()) {
        site.insert("ToDo", json("{'name': 'B'}"));
        again.pull();
      }
      assertThat(database.value("select source from doctype")).isEqualTo(site.url());
      assertThat(
              database.rows("select name, size, own from event_streaming_docs.\"ToDo\" order by 1"))
          .containsExactly(List.of("A", "1", "0"), Arrays.asList("B", "0", null));
    }
  }

  @Test
  void local_names_follow_the_rule_that_the_producer_tells() {
    try (StandInSite site = site("{'fieldname': 'code', 'fieldtype': 'Data'}");
        TestStream stream =
            TestStream.following(site, TestRow.of("ToDo").locallyNamed().row()).start()) {
      site.putDocType(
          json(
              "{'name': 'ToDo', 'autoname': 'field:code',"
                  + " 'fields': [{'fieldname': 'code', 'fieldtype': 'Data'}]}"));
      stream.pull();
      site.insert("ToDo", json("{'name': 'A', 'code': 'X-1'}"));
      stream.pull();

      assertThat(stream.database().value("select name from document")).isEqualTo("X-1");
    }
  }

  private static List<List<@Nullable String>> sizes(TestStream stream) {
    return stream.database().rows("select name, data ->> 'size' from document order by 1");
  }

  private static List<List<@Nullable String>> types(TestStream stream) {
    return stream
        .database()
        .rows(
            "select field ->> 'fieldname', field ->> 'fieldtype'"
                + " from doctype, jsonb_array_elements(definition -> 'fields') field");
  }

  private static StandInSite site(String fields) {
    StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
    describe(site, fields);
    return site;
  }

  private static void describe(StandInSite site, String fields) {
    site.putDocType(json("{'name': 'ToDo', 'autoname': 'prompt', 'fields': [" + fields + "]}"));
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) DocumentJson.MAPPER.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
