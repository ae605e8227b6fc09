package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.stream.Here.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.camel.builder.RouteBuilder;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.Leaves;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.CallKind;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.StandInSite;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Of a type with a condition only the documents that meet it are followed, and while they do. */
class ConditionsTest {
  private static final String IS_OPEN = "doc.status == 'Open'";
  private static final String NOT_MET = "Does not meet the condition";

  @Test
  void what_does_not_meet_the_condition_gets_no_row_and_is_counted_once() {
    try (StandInSite site = tasks();
        TestStream stream = openTasks(site).start()) {
      Here here = new Here(stream.database());
      stream.pull();
      site.insert("Task", json("{'name': 'T-1', 'status': 'Open'}"));
      site.insert("Task", json("{'name': 'T-2', 'status': 'Closed'}"));
      stream.pull();
      site.update("Task", "T-2", json("{'title': 'still closed'}"));
      stream.pull();
      site.forgetRequests();

      // the overlap shows them again
      stream.pull();

      assertThat(here.names("Task")).containsExactly("T-1");
      assertThat(here.entries()).isEqualTo(1);
      assertThat(here.passedOver("Task")).isEqualTo(2);
      assertThat(site.count(CallKind.DOCUMENT)).isZero();
    }
  }

  @Test
  void a_child_table_that_a_document_does_not_have_is_an_empty_list() {
    try (StandInSite site = tasks()) {
      ObjectNode job = json("{'name': 'Job', 'doctype': 'DocType'}");
      job.putArray("fields")
          .add(json("{'fieldname': 'steps', 'fieldtype': 'Table', 'options': 'Step'}"));
      site.putDocType(job);
      try (TestStream stream =
          TestStream.following(
                  site, TestRow.of("Job").where("not any(row for row in doc.steps)").row())
              .start()) {
        stream.pull();
        site.append(
            new LogEntry(
                "e1",
                TestTimes.next(),
                "Create",
                "Job",
                "J-1",
                "{\"doctype\": \"Job\", \"name\": \"J-1\"}"));
        stream.pull();

        assertThat(new Here(stream.database()).names("Job")).containsExactly("J-1");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_document_that_comes_to_meet_the_condition_arrives_whole(Pulls pulls) {
    try (StandInSite site = tasks();
        Pulling pulling = new Pulling(pulls, openTasks(site))) {
      site.insert("Task", json("{'name': 'T-1', 'status': 'Draft', 'title': 'first'}"));
      pulling.step();
      site.update("Task", "T-1", json("{'title': 'second'}"));
      pulling.step();
      site.update("Task", "T-1", json("{'status': 'Open'}"));
      pulling.last();

      assertThat(pulling.task("T-1")).isEqualTo("Open: second");
      assertThat(pulling.here.statuses("T-1")).contains("Synced").doesNotContain("Failed");
      assertThat(pulling.here.entries() + pulling.here.passedOver("Task")).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_document_that_stops_meeting_the_condition_is_kept_and_no_longer_followed(Pulls pulls) {
    try (StandInSite site = tasks();
        Pulling pulling = new Pulling(pulls, openTasks(site))) {
      site.insert("Task", json("{'name': 'T-1', 'status': 'Open', 'title': 'first'}"));
      pulling.step();
      site.update("Task", "T-1", json("{'status': 'Closed'}"));
      pulling.step();
      pulling.restart();
      site.update("Task", "T-1", json("{'title': 'second'}"));
      pulling.step();
      site.delete("Task", "T-1");
      pulling.last();

      assertThat(pulling.task("T-1")).isEqualTo("Open: first");
      assertThat(pulling.here.statuses("T-1")).containsExactly("Synced", "Synced");
      assertThat(pulling.here.texts("select note from event_sync_log order by seq"))
          .last()
          .asString()
          .contains(NOT_MET, "kept as it is, and no longer followed");
      assertThat(pulling.here.passedOver("Task")).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_document_that_stops_meeting_the_condition_is_deleted_where_the_file_says_remove(
      Pulls pulls) {
    try (StandInSite site = tasks();
        Pulling pulling =
            new Pulling(
                pulls, following(site, TestRow.of("Task").where(IS_OPEN).leaving(Leaves.REMOVE)))) {
      site.insert("Task", json("{'name': 'T-1', 'status': 'Open'}"));
      site.insert("Task", json("{'name': 'T-2', 'status': 'Open'}"));
      pulling.step();
      site.update("Task", "T-1", json("{'status': 'Closed'}"));
      pulling.step();
      site.update("Task", "T-1", json("{'title': 'second'}"));
      pulling.last();

      assertThat(pulling.here.names("Task")).containsExactly("T-2");
      assertThat(pulling.here.statuses("T-1")).containsExactly("Synced", "Synced");
      assertThat(pulling.here.message("T-1", "Update")).contains(NOT_MET, "deleted here");
      assertThat(pulling.here.passedOver("Task")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "EACH_ALONE, KEEP",
    "ALL_AT_ONCE, KEEP",
    "ENTRY_BY_ENTRY, KEEP",
    "EACH_ALONE, REMOVE",
    "ALL_AT_ONCE, REMOVE",
    "ENTRY_BY_ENTRY, REMOVE"
  })
  void a_document_that_meets_the_condition_again_is_followed_again(Pulls pulls, Leaves leaves) {
    try (StandInSite site = tasks();
        Pulling pulling =
            new Pulling(
                pulls, following(site, TestRow.of("Task").where(IS_OPEN).leaving(leaves)))) {
      site.insert("Task", json("{'name': 'T-1', 'status': 'Open', 'title': 'first'}"));
      pulling.step();
      site.update("Task", "T-1", json("{'status': 'Closed'}"));
      pulling.step();
      site.update("Task", "T-1", json("{'title': 'second'}"));
      pulling.step();
      site.update("Task", "T-1", json("{'status': 'Open'}"));
      pulling.step();
      site.update("Task", "T-1", json("{'title': 'third'}"));
      pulling.last();

      assertThat(pulling.task("T-1")).isEqualTo("Open: third");
      assertThat(pulling.here.entries("Synced")).isEqualTo(pulling.here.entries());
      assertThat(pulling.here.entries() + pulling.here.passedOver("Task")).isEqualTo(5);
    }
  }

  @Test
  void a_delete_is_carried_out_for_what_is_followed_and_asks_for_nothing_else() {
    try (StandInSite site = tasks();
        TestStream stream = openTasks(site).start()) {
      Here here = new Here(stream.database());
      stream.pull();
      site.insert("Task", json("{'name': 'T-1', 'status': 'Open'}"));
      site.insert("Task", json("{'name': 'T-2', 'status': 'Closed'}"));
      stream.pull();
      site.forgetRequests();

      site.delete("Task", "T-1");
      site.delete("Task", "T-2");
      site.append(entry("gone", "Delete", "T-3", null));
      stream.pull();

      assertThat(here.names("Task")).isEmpty();
      assertThat(here.statuses("T-1")).containsExactly("Synced", "Synced");
      assertThat(here.entries()).isEqualTo(2);
      assertThat(here.passedOver("Task")).isEqualTo(3);
      assertThat(site.count(CallKind.DOCUMENT) + site.count(CallKind.LIST)).isZero();
    }
  }

  @Test
  void an_update_of_what_was_deleted_since_is_passed_over_with_its_delete() {
    try (StandInSite site = tasks();
        TestStream stream = openTasks(site).start()) {
      Here here = new Here(stream.database());
      stream.pull();

      site.append(entry("update", "Update", "T-1", "{'changed': {'title': 'x'}}"));
      site.append(entry("delete", "Delete", "T-1", null));
      stream.pull();

      assertThat(here.entries()).isZero();
      assertThat(here.passedOver("Task")).isEqualTo(2);
    }
  }

  @Test
  void an_update_that_waits_for_a_document_that_is_gone_ends_with_its_delete() {
    try (StandInSite site = tasks();
        TestStream stream = openTasks(site).start()) {
      Here here = new Here(stream.database());
      stream.pull();
      site.append(entry("update", "Update", "T-1", "{'changed': {'title': 'x'}}"));
      stream.pull();
      List<String> before = here.statuses("T-1");

      site.append(entry("delete", "Delete", "T-1", null));
      stream.pull();

      assertThat(before).containsExactly("Waiting");
      assertThat(here.statuses("T-1")).containsExactly("Synced", "Synced");
    }
  }

  @Test
  void entries_that_are_tried_again_and_do_not_meet_the_condition_any_more_end_with_a_note() {
    try (StandInSite site = tasks();
        TestStream stream = openTasks(site).start()) {
      Here here = new Here(stream.database());
      stream.pull();
      site.put("Task", json("{'name': 'T-1', 'status': 'Open'}"));
      site.append(entry("first", "Update", "T-1", "{'changed': {'title': 'x'}}"));
      site.append(entry("second", "Update", "T-1", "{'changed': {'title': 'y'}}"));
      site.fail(CallKind.DOCUMENT, Fault.maintenance());
      stream.pull();
      List<String> before = here.statuses("T-1");

      site.put("Task", json("{'name': 'T-1', 'status': 'Closed'}"));
      stream.clock().advance(Duration.ofMinutes(1));
      stream.pull();

      assertThat(before).containsExactly("Waiting", "Waiting");
      assertThat(here.texts("select status || ': ' || note from event_sync_log"))
          .hasSize(2)
          .allMatch(text -> text.startsWith("Synced: " + NOT_MET));
      assertThat(here.names("Task")).isEmpty();
      assertThat(here.passedOver("Task")).isZero();
    }
  }

  @Test
  void a_condition_that_fails_stops_its_document_alone_until_it_is_fixed_and_resynced() {
    try (StandInSite site = tasks();
        TestStream failing = following(site, TestRow.of("Task").where("doc.points > 10")).start()) {
      TestDatabase database = failing.database();
      Here here = new Here(database);
      failing.pull();
      site.insert("Task", json("{'name': 'T-1', 'title': 'no points yet'}"));
      site.update("Task", "T-1", json("{'title': 'none still'}"));
      site.update("Task", "T-1", json("{'points': 20}"));
      site.insert("Task", json("{'name': 'T-2', 'points': 30}"));
      failing.pull();
      List<String> before = here.statuses("T-1");
      String error = here.texts("select error from event_sync_log order by seq").get(0);

      TestStream corrected =
          following(site, TestRow.of("Task").where("(doc.points or 0) > 10")).start(database);
      database.execute(
          "update event_sync_log set next_attempt_at = '%s' where status = 'Failed'"
              .formatted(corrected.clock().instant()));
      corrected.send("direct:retry");
      corrected.application().close();

      assertThat(before).containsExactly("Failed", "Waiting", "Waiting");
      assertThat(error)
          .contains(
              "Task T-1 of " + site.url(),
              "'doc.points > 10'",
              "None and int",
              "run event-streaming resync");
      assertThat(here.statuses("T-2")).containsExactly("Synced");
      assertThat(here.statuses("T-1")).containsExactly("Synced", "Synced", "Synced");
      assertThat(here.document("Task", "T-1").path("title").asText()).isEqualTo("none still");
    }
  }

  @Test
  void what_stands_behind_an_entry_that_failed_is_not_judged_before_its_turn() {
    try (StandInSite site = tasks();
        TestStream stream = openTasks(site).start()) {
      Here here = new Here(stream.database());
      stream.pull();

      site.append(entry("create", "Create", "T-1", "{'name': 'T-1', 'status': 'Draft'}"));
      site.append(entry("bad", "Update", "T-1", "no json"));
      site.append(entry("behind", "Update", "T-1", "{'changed': {'title': 'x'}}"));
      stream.pull();

      assertThat(here.statuses("T-1")).containsExactly("Failed", "Waiting");
      assertThat(here.passedOver("Task")).isEqualTo(1);
    }
  }

  @Test
  void a_field_is_none_while_the_definition_is_unknown_and_an_error_where_it_does_not_have_it() {
    try (StandInSite site = tasks();
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Task").where("doc.colour is None").row(),
                    TestRow.of("Memo").where("doc.colour is None").row())
                .start()) {
      Here here = new Here(stream.database());
      site.fail(
          10,
          request -> request.kind() == CallKind.DOCTYPE && request.uri().contains("Memo"),
          Fault.forbidden());
      stream.pull();

      site.insert("Task", json("{'name': 'T-1'}"));
      site.insert("Memo", json("{'name': 'M-1'}"));
      stream.pull();

      assertThat(here.statuses("M-1")).containsExactly("Synced");
      assertThat(here.statuses("T-1")).containsExactly("Failed");
      assertThat(here.message("T-1", "Create")).contains("no field 'colour'", "doc.get('colour')");
    }
  }

  @Test
  void a_number_that_an_entry_leaves_empty_is_zero() {
    try (StandInSite site = tasks();
        TestStream stream = following(site, TestRow.of("Task").where("doc.hours < 5")).start()) {
      Here here = new Here(stream.database());
      stream.pull();

      site.append(
          entry("create", "Create", "T-1", "{'doctype': 'Task', 'name': 'T-1', 'hours': null}"));
      stream.pull();

      assertThat(here.statuses("T-1")).containsExactly("Synced");
    }
  }

  @Test
  void documents_that_are_not_here_are_read_in_bulk_to_be_judged() {
    try (StandInSite site = tasks();
        TestStream stream = openTasks(site).start()) {
      Here here = new Here(stream.database());
      stream.pull();
      for (int i = 0; i < 30; i++) {
        String status = i % 2 == 0 ? "Open" : "Closed";
        site.put("Task", json("{'name': 'T-%d', 'status': '%s'}".formatted(i, status)));
        site.append(entry("e" + i, "Update", "T-" + i, "{'changed': {'title': 'x'}}"));
      }
      site.forgetRequests();

      stream.pull();

      assertThat(here.names("Task")).hasSize(15);
      assertThat(here.passedOver("Task")).isEqualTo(15);
      assertThat(site.count(CallKind.LIST)).isEqualTo(1);
      assertThat(site.count(CallKind.DOCUMENT)).isZero();
    }
  }

  @Test
  void a_document_under_a_name_of_ours_is_judged_by_the_names_of_the_producer() {
    try (StandInSite site = tasks();
        TestStream stream =
            TestStream.following(
                    site,
                    TestRow.of("Task")
                        .locallyNamed()
                        .with(Dependencies.ALL)
                        .where("doc.parent_task == 'T-0' or doc.name == 'T-0'")
                        .row())
                .start()) {
      Here here = new Here(stream.database());
      stream.pull();
      site.insert("Task", json("{'name': 'T-0', 'title': 'parent'}"));
      site.insert("Task", json("{'name': 'T-1', 'parent_task': 'T-0'}"));
      stream.pull();

      site.update("Task", "T-1", json("{'title': 'later'}"));
      stream.pull();

      assertThat(here.statuses("T-1")).containsExactly("Synced", "Synced");
      assertThat(here.names("Task")).hasSize(2).doesNotContain("T-0", "T-1");
      assertThat(here.texts("select data ->> 'title' from document order by 1"))
          .containsExactly("later", "parent");
    }
  }

  @Test
  void a_document_that_was_read_whole_leaves_also_with_an_entry_that_was_in_it() {
    try (StandInSite site = tasks();
        TestStream stream =
            following(site, TestRow.of("Task").locallyNamed().where(IS_OPEN).leaving(Leaves.REMOVE))
                .start()) {
      Here here = new Here(stream.database());
      stream.pull();
      LogEntry late = entry("late", "Update", "T-1", "{'changed': {'title': 'x'}}");
      LogEntry first = entry("first", "Update", "T-1", "{'changed': {'title': 'y'}}");
      String modified = TestTimes.next();
      site.put(
          "Task", json("{'name': 'T-1', 'status': 'Open', 'modified': '%s'}".formatted(modified)));
      site.append(first);
      stream.pull();
      List<String> before = List.copyOf(here.names("Task"));

      site.append(late);
      site.put("Task", json("{'name': 'T-1', 'status': 'Closed'}"));
      stream.pull();

      assertThat(before).hasSize(1);
      assertThat(here.names("Task")).isEmpty();
      assertThat(here.statuses("T-1")).containsExactly("Synced", "Synced");
    }
  }

  @Test
  void what_is_read_by_the_method_was_judged_by_the_producer() {
    try (StandInSite site = tasks().condition("Task", task -> !task.path("title").isMissingNode());
        TestStream stream =
            TestStream.following(
                    site, Read.METHOD, TestRow.of("Task").where("doc.status == 'Never'").row())
                .start()) {
      Here here = new Here(stream.database());
      stream.pull();

      site.insert("Task", json("{'name': 'T-1', 'title': 'one'}"));
      site.insert("Task", json("{'name': 'T-2'}"));
      stream.pull();

      assertThat(here.names("Task")).containsExactly("T-1");
      assertThat(here.passedOver("Task")).isZero();
    }
  }

  @Test
  void a_command_is_asked_of_a_bean_which_can_harm_nothing() {
    try (StandInSite site = tasks();
        TestStream stream = command(site).start()) {
      Here here = new Here(stream.database());
      Predicate<Map<String, Map<String, Object>>> bean =
          asked -> {
            Map<String, Object> doc = asked.getOrDefault("doc", Map.of());
            Map<String, Object> entry = asked.getOrDefault("update_log", Map.of());
            boolean met =
                "Open".equals(doc.get("status")) && "Create".equals(entry.get("update_type"));
            doc.clear();
            return met;
          };
      stream.application().context().getRegistry().bind("shop.is_open", bean);

      insertOneOfEach(site, stream);

      assertThat(here.names("Task")).containsExactly("T-1");
      assertThat(here.document("Task", "T-1").path("status").asText()).isEqualTo("Open");
      assertThat(here.passedOver("Task")).isEqualTo(1);
      assertThat(site.count(CallKind.PULL)).isZero();
    }
  }

  @Test
  void a_command_is_asked_of_a_route() throws Exception {
    try (StandInSite site = tasks();
        TestStream stream = command(site).start()) {
      Here here = new Here(stream.database());
      stream
          .application()
          .context()
          .addRoutes(
              new RouteBuilder() {
                @Override
                public void configure() {
                  from("direct:cmd.shop.is_open")
                      .setBody()
                      .simple("${body[doc][status]} == 'Open'", Boolean.class);
                }
              });

      insertOneOfEach(site, stream);

      assertThat(here.names("Task")).containsExactly("T-1");
      assertThat(here.passedOver("Task")).isEqualTo(1);
      assertThat(site.count(CallKind.PULL)).isZero();
    }
  }

  @Test
  void a_route_gets_the_consumer_the_document_and_the_entry_as_a_function_in_frappe_does()
      throws Exception {
    try (StandInSite site = tasks();
        TestStream stream = command(site).url("https://shop.example.com").start()) {
      List<Map<?, ?>> asked = new ArrayList<>();
      stream
          .application()
          .context()
          .addRoutes(
              new RouteBuilder() {
                @Override
                public void configure() {
                  from("direct:cmd.shop.is_open")
                      .process(exchange -> asked.add(exchange.getIn().getBody(Map.class)))
                      .setBody(constant(true));
                }
              });

      stream.pull();
      site.insert("Task", json("{'name': 'T-1', 'status': 'Open'}"));
      stream.pull();

      assertThat(asked).hasSize(1);
      assertThat(asked.get(0).keySet().stream().map(String::valueOf))
          .containsExactlyInAnyOrder("consumer", "doc", "update_log");
      assertThat(asked.get(0).get("consumer"))
          .isEqualTo(
              Map.of(
                  "doctype",
                  "Event Consumer",
                  "name",
                  "https://shop.example.com",
                  "callback_url",
                  "https://shop.example.com",
                  "user",
                  "Administrator",
                  "consumer_doctypes",
                  List.of(
                      Map.of(
                          "ref_doctype",
                          "Task",
                          "unsubscribed",
                          0,
                          "condition",
                          "cmd: shop.is_open"))));
      assertThat(read(asked.get(0).get("doc")).get("name")).isEqualTo("T-1");
      assertThat(read(asked.get(0).get("update_log")).get("update_type")).isEqualTo("Create");
      assertThat(asked.toString()).doesNotContain(site.apiKey(), site.apiSecret());
    }
  }

  private static Map<?, ?> read(@Nullable Object map) {
    assertThat(map).isInstanceOf(Map.class);
    return (Map<?, ?>) Objects.requireNonNull(map);
  }

  @Test
  void a_route_that_has_no_answer_fails_the_document() throws Exception {
    try (StandInSite site = tasks();
        TestStream stream = command(site).start()) {
      Here here = new Here(stream.database());
      stream
          .application()
          .context()
          .addRoutes(
              new RouteBuilder() {
                @Override
                public void configure() {
                  from("direct:cmd.shop.is_open")
                      .errorHandler(noErrorHandler())
                      .setBody()
                      .simple("${body[doc][title]}")
                      .filter(body().isEqualTo("stop"))
                      .throwException(new IllegalStateException("no rates today"));
                }
              });
      stream.pull();

      site.insert("Task", json("{'name': 'T-1', 'title': 'a title'}"));
      site.insert("Task", json("{'name': 'T-2', 'title': 'stop'}"));
      stream.pull();

      assertThat(here.statuses("T-1")).containsExactly("Failed");
      assertThat(here.message("T-1", "Create"))
          .contains("'cmd: shop.is_open'", "answered neither true nor false but a title");
      assertThat(here.statuses("T-2")).containsExactly("Failed");
      assertThat(here.message("T-2", "Create"))
          .contains("the route from direct:cmd.shop.is_open failed", "no rates today");
    }
  }

  @Test
  void a_command_that_nobody_offers_here_is_left_to_the_producer_also_when_it_is_tried_again() {
    try (StandInSite site =
            tasks().condition("Task", task -> task.path("status").asText().equals("Open"));
        TestStream stream = command(site).start()) {
      Here here = new Here(stream.database());
      insertOneOfEach(site, stream);
      site.put("Task", json("{'name': 'T-3', 'status': 'Open'}"));
      site.append(entry("update", "Update", "T-3", "{'changed': {'title': 'x'}}"));
      site.fail(CallKind.DOCUMENT, Fault.maintenance());
      stream.pull();
      List<String> before = here.statuses("T-3");

      stream.clock().advance(Duration.ofMinutes(1));
      stream.pull();

      assertThat(site.count(CallKind.PULL)).isPositive();
      assertThat(before).containsExactly("Waiting");
      assertThat(here.statuses("T-3")).containsExactly("Synced");
      assertThat(here.names("Task")).containsExactly("T-1", "T-3");
    }
  }

  private static void insertOneOfEach(StandInSite site, TestStream stream) {
    stream.pull();
    site.insert("Task", json("{'name': 'T-1', 'status': 'Open'}"));
    site.insert("Task", json("{'name': 'T-2', 'status': 'Closed'}"));
    stream.pull();
  }

  private static TestStream.Builder openTasks(StandInSite site) {
    return following(site, TestRow.of("Task").where(IS_OPEN));
  }

  private static TestStream.Builder command(StandInSite site) {
    return following(site, TestRow.of("Task").where("cmd: shop.is_open"));
  }

  private static TestStream.Builder following(StandInSite site, TestRow row) {
    return TestStream.following(site, row.row());
  }

  private static StandInSite tasks() {
    StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
    ObjectNode task = json("{'name': 'Task', 'doctype': 'DocType', 'istable': 0}");
    ArrayNode fields = task.putArray("fields");
    fields.add(json("{'fieldname': 'title', 'fieldtype': 'Data'}"));
    fields.add(json("{'fieldname': 'status', 'fieldtype': 'Select'}"));
    // a number in a field that is none has no zero
    fields.add(json("{'fieldname': 'points', 'fieldtype': 'JSON'}"));
    fields.add(json("{'fieldname': 'hours', 'fieldtype': 'Int'}"));
    fields.add(json("{'fieldname': 'parent_task', 'fieldtype': 'Link', 'options': 'Task'}"));
    site.putDocType(task);
    return site;
  }

  private static LogEntry entry(String name, String type, String docname, @Nullable String data) {
    return new LogEntry(
        name,
        TestTimes.next(),
        type,
        "Task",
        docname,
        data == null ? null : data.replace('\'', '"'));
  }

  /** How the entries of a test come. */
  enum Pulls {
    /** Each in a poll of its own. */
    EACH_ALONE,
    /** In one page. */
    ALL_AT_ONCE,
    /** In one poll, a page for each. */
    ENTRY_BY_ENTRY
  }

  /** Pulls as a test is reported to. */
  private static final class Pulling implements AutoCloseable {
    private final TestDatabase database = TestDatabase.create();
    private final Pulls pulls;
    private final TestStream.Builder builder;
    private final Here here = new Here(database);
    private TestStream stream;

    Pulling(Pulls pulls, TestStream.Builder builder) {
      this.pulls = pulls;
      this.builder = pulls == Pulls.ENTRY_BY_ENTRY ? builder.page(1) : builder;
      this.stream = builder.start(database);
      stream.pull();
    }

    void step() {
      if (pulls == Pulls.EACH_ALONE) {
        stream.pull();
      }
    }

    void last() {
      stream.pull();
      // the overlap shows them all again
      stream.pull();
    }

    void restart() {
      stream.application().close();
      stream = builder.start(database);
    }

    String task(String name) {
      JsonNode task = here.document("Task", name);
      return task.path("status").asText() + ": " + task.path("title").asText();
    }

    @Override
    public void close() {
      stream.close();
    }
  }
}
