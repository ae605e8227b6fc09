package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.eventstreaming.stream.Here.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.producer.NameTaken;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Documents under names of our own, and names that two producers share. */
class LocalNamingTest {
  private final StandInSite site = StandInSite.start(Generation.V15_APP).approveAll();
  private final StandInSite other = StandInSite.start(Generation.V15_APP).approveAll();

  @AfterEach
  void close() {
    other.close();
    site.close();
  }

  @Test
  void a_series_of_our_own_names_the_document_and_later_entries_find_it() {
    DocType definition =
        new DocType(
            "Sales Invoice",
            false,
            "naming_series:",
            List.of(
                new DocField("naming_series", "Select", "LOCAL-"),
                new DocField("items", "Table", "Sales Invoice Item")));
    try (TestStream stream =
        TestStream.following(site, named("Sales Invoice", NameTaken.FAIL))
            .doctype(definition)
            .start()) {
      Here here = new Here(stream.database());
      stream.pull();
      ObjectNode made =
          site.insert(
              "Sales Invoice",
              json(
                  "{'name': 'SINV-1', 'naming_series': 'LOCAL-', 'items': [{'doctype': 'Sales Invoice Item', 'qty': 1}]}"));
      String row = made.path("items").path(0).path("name").asText();
      stream.pull();
      JsonNode created = here.document("Sales Invoice", "LOCAL-00001");

      site.update(
          "Sales Invoice",
          "SINV-1",
          json("{'customer': 'Acme', 'items': [{'name': '%s', 'qty': 5}]}".formatted(row)));
      stream.pull();
      JsonNode updated = here.document("Sales Invoice", "LOCAL-00001");
      site.delete("Sales Invoice", "SINV-1");
      stream.pull();

      assertThat(created.path("remote_docname").asText()).isEqualTo("SINV-1");
      assertThat(created.path("remote_site_name").asText()).isEqualTo(site.url());
      assertThat(created.path("items").path(0).path("name").asText()).isEqualTo(row);
      assertThat(created.path("items").path(0).path("parent").asText()).isEqualTo("LOCAL-00001");
      assertThat(updated.path("customer").asText()).isEqualTo("Acme");
      assertThat(updated.path("remote_docname").asText()).isEqualTo("SINV-1");
      assertThat(updated.path("items").findValuesAsText("name")).containsExactly(row);
      assertThat(updated.path("items").findValuesAsText("qty")).containsExactly("5");
      assertThat(here.names("Sales Invoice")).isEmpty();
      assertThat(here.texts("select docname from event_sync_log"))
          .containsOnly("LOCAL-00001")
          .hasSize(3);
    }
  }

  @Test
  void numbers_of_a_page_are_drawn_together_and_given_in_the_order_of_its_entries() {
    DocType definition = new DocType("Item", false, "IT-.###", List.of());
    try (TestStream stream =
        TestStream.following(site, named("Item", NameTaken.FAIL))
            .doctype(definition)
            .page(10)
            .start()) {
      Here here = new Here(stream.database());
      stream.pull();
      stream
          .database()
          .execute(
              """
              create table draw (prefix text);
              create function drawn() returns trigger language plpgsql as
                'begin insert into draw values (new.prefix); return new; end';
              create trigger drawn after insert or update on naming_series
                for each row execute function drawn();
              """);
      for (int i = 1; i <= 25; i++) {
        site.insert("Item", json("{'name': 'ITEM-%d', 'nr': %d}".formatted(i, i)));
      }

      stream.pull();

      assertThat(here.texts("select name from document order by name"))
          .hasSize(25)
          .startsWith("IT-001")
          .endsWith("IT-025");
      assertThat(here.texts("select data ->> 'nr' from document order by name"))
          .isEqualTo(IntStream.rangeClosed(1, 25).mapToObj(String::valueOf).toList());
      assertThat(here.texts("select prefix from draw")).containsExactly("IT-", "IT-", "IT-");
    }
  }

  @Test
  void a_field_names_the_document_and_one_without_it_fails_alone() {
    DocType definition =
        new DocType(
            "Item", false, "field:item_code", List.of(new DocField("item_code", "Data", null)));
    try (TestStream stream =
        TestStream.following(site, named("Item", NameTaken.FAIL)).doctype(definition).start()) {
      Here here = new Here(stream.database());
      stream.pull();
      site.insert("Item", json("{'name': 'ITEM-1', 'item_code': 'BOLT'}"));
      site.insert("Item", json("{'name': 'ITEM-2'}"));
      site.insert("Item", json("{'name': 'ITEM-3', 'item_code': 'NUT'}"));

      stream.pull();

      assertThat(here.names("Item")).containsExactly("BOLT", "NUT");
      assertThat(here.statuses("ITEM-2")).containsExactly("Failed");
      assertThat(here.message("ITEM-2", "Create"))
          .contains("name", "Item ITEM-2", site.url(), "item_code", "event-streaming resync");
    }
  }

  @Test
  void every_rule_of_a_doctype_names_its_documents() {
    Map<String, String> rules = new LinkedHashMap<>();
    rules.put("format:ACC-{kind}-{###}", "ACC-x-00[12]");
    rules.put("SINV-.####", "SINV-000[12]");
    rules.put("autoincrement", "[12]");
    rules.put("UUID", "[0-9a-f-]{36}");
    rules.put("Prompt", "[AB]");
    rules.put("hash", "[0-9a-v]{10}");
    rules.put("naming_series:", "N-0000[12]");
    rules.put("field:code", "Code [AB]");
    List<ProducerDoctype> rows = new ArrayList<>();
    TestStream.Builder builder = new TestStream.Builder();
    for (String rule : rules.keySet()) {
      rows.add(named("By " + rule, NameTaken.FAIL));
      builder.doctype(
          new DocType(
              "By " + rule,
              false,
              rule,
              List.of(
                  new DocField("kind", "Data", null),
                  new DocField("code", "Data", null),
                  new DocField("naming_series", "Select", "N-"))));
    }
    try (TestStream stream =
        builder.and(site, Read.LIST, rows.toArray(ProducerDoctype[]::new)).start()) {
      Here here = new Here(stream.database());
      stream.pull();
      for (String name : List.of("A", "B")) {
        for (String rule : rules.keySet()) {
          site.insert(
              "By " + rule,
              json("{'name': '%1$s', 'kind': 'x', 'code': 'Code %1$s'}".formatted(name)));
        }
      }

      stream.pull();

      rules.forEach(
          (rule, names) ->
              assertThat(here.names("By " + rule))
                  .as(rule)
                  .hasSize(2)
                  .allMatch(name -> name.matches(names)));
      assertThat(here.entries("Synced")).isEqualTo(16);
    }
  }

  @Test
  void while_the_definition_is_unknown_the_name_is_a_hash() {
    try (TestStream stream = TestStream.following(site, named("Item", NameTaken.FAIL)).start()) {
      Here here = new Here(stream.database());
      stream.pull();
      site.insert("Item", json("{'name': 'ITEM-1', 'description': 'first'}"));
      site.update("Item", "ITEM-1", json("{'description': 'second'}"));

      stream.pull();

      assertThat(here.names("Item")).hasSize(1).allMatch(name -> name.matches("[0-9a-v]{10}"));
      JsonNode held = here.document("Item", here.names("Item").iterator().next());
      assertThat(held.path("description").asText()).isEqualTo("second");
      assertThat(held.path("remote_docname").asText()).isEqualTo("ITEM-1");
    }
  }

  @ParameterizedTest
  @EnumSource(Read.class)
  void without_the_same_name_two_producers_documents_stand_side_by_side(Read read) {
    try (TestStream stream =
        TestStream.following(site, read, named("Item", NameTaken.FAIL))
            .and(other, read, named("Item", NameTaken.FAIL))
            .start()) {
      Here here = new Here(stream.database());
      bothMakeBolt(stream);

      other.update("Item", "BOLT", json("{'description': 'theirs too'}"));
      site.delete("Item", "BOLT");
      stream.pull();

      assertThat(here.texts("select data ->> 'description' from document"))
          .containsExactly("theirs too");
      assertThat(here.texts("select data ->> 'remote_site_name' from document"))
          .containsExactly(other.url());
    }
  }

  @Test
  void a_name_that_another_producers_document_has_fails_the_newcomer_and_leaves_the_holder() {
    try (TestStream stream = following(NameTaken.FAIL)) {
      Here here = new Here(stream.database());
      bothMakeBolt(stream);

      other.update("Item", "BOLT", json("{'description': 'theirs too'}"));
      other.delete("Item", "BOLT");
      stream.pull();

      assertThat(here.document("Item", "BOLT").path("description").asText()).isEqualTo("ours");
      assertThat(
              here.texts(
                  "select status from event_sync_log where event_producer = '%s' order by seq"
                      .formatted(other.url())))
          .containsExactly("Failed", "Waiting", "Waiting");
      assertThat(
              here.texts(
                  "select error from event_sync_log where event_producer = '%s' and status = 'Failed'"
                      .formatted(other.url())))
          .allMatch(
              error -> error.contains("belongs to another Item") && error.contains("name_taken"));
    }
  }

  @Test
  void with_rename_the_newcomer_gets_the_host_into_its_name_and_both_live_on() {
    try (TestStream stream = following(NameTaken.RENAME)) {
      Here here = new Here(stream.database());
      bothMakeBolt(stream);

      other.update("Item", "BOLT", json("{'description': 'theirs too'}"));
      site.update("Item", "BOLT", json("{'description': 'ours too'}"));
      stream.pull();

      String renamed = "BOLT-" + other.url().replace("http://", "");
      assertThat(here.document("Item", "BOLT").path("description").asText()).isEqualTo("ours too");
      assertThat(here.document("Item", renamed).path("description").asText())
          .isEqualTo("theirs too");
    }
  }

  @Test
  void with_adopt_the_newcomer_takes_the_document_over_and_the_old_owner_loses_it() {
    try (TestStream stream = following(NameTaken.ADOPT)) {
      Here here = new Here(stream.database());
      bothMakeBolt(stream);
      String adopted = here.document("Item", "BOLT").path("description").asText();

      site.update("Item", "BOLT", json("{'description': 'ours too'}"));
      site.delete("Item", "BOLT");
      stream.pull();

      assertThat(adopted).isEqualTo("theirs");
      assertThat(here.document("Item", "BOLT").path("description").asText()).isEqualTo("theirs");
    }
  }

  @Test
  @Timeout(60)
  void two_producers_that_bring_one_name_at_the_same_moment_overwrite_nothing() throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (TestStream stream = following(NameTaken.FAIL);
        Connection blocker = stream.database().database().pool().getConnection()) {
      Here here = new Here(stream.database());
      stream.pull();
      site.insert("Item", json("{'name': 'BOLT', 'description': 'ours'}"));
      other.insert("Item", json("{'name': 'BOLT', 'description': 'theirs'}"));
      blocker.setAutoCommit(false);
      try (Statement statement = blocker.createStatement()) {
        statement.execute("lock table document in share mode");
      }
      Future<?> pull = threads.submit(stream::pull);
      await()
          .until(
              () ->
                  stream
                          .database()
                          .count("pg_locks where not granted and relation = 'document'::regclass")
                      == 2);

      blocker.rollback();
      pull.get();

      String holder = here.document("Item", "BOLT").path("description").asText();
      assertThat(here.texts("select event_producer from event_sync_log where status = 'Synced'"))
          .containsExactly(holder.equals("ours") ? site.url() : other.url());
      assertThat(here.texts("select error from event_sync_log where status = 'Failed'"))
          .singleElement()
          .asString()
          .contains("belongs to another Item", "name_taken");
      assertThat(here.texts("select owned from document_link")).containsExactly("t");
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void with_adopt_two_of_one_producer_that_yield_one_name_do_not_stop_the_others() {
    DocType definition =
        new DocType(
            "Item", false, "field:item_code", List.of(new DocField("item_code", "Data", null)));
    try (TestStream stream =
        TestStream.following(site, named("Item", NameTaken.ADOPT)).doctype(definition).start()) {
      Here here = new Here(stream.database());
      stream.pull();
      site.insert("Item", json("{'name': 'ITEM-1', 'item_code': 'BOLT'}"));
      site.insert("Item", json("{'name': 'ITEM-2', 'item_code': 'BOLT'}"));
      site.insert("Item", json("{'name': 'ITEM-3', 'item_code': 'NUT'}"));

      stream.pull();

      assertThat(here.lastError()).isNull();
      assertThat(here.statuses("ITEM-1")).containsExactly("Synced");
      assertThat(here.statuses("ITEM-2")).containsExactly("Failed");
      assertThat(here.statuses("ITEM-3")).containsExactly("Synced");
      assertThat(here.document("Item", "BOLT").path("remote_docname").asText()).isEqualTo("ITEM-1");
    }
  }

  private TestStream following(NameTaken nameTaken) {
    return TestStream.following(site, ProducerDoctype.sameName("Item"))
        .and(other, Read.LIST, TestRow.of("Item").ifTaken(nameTaken).row())
        .start();
  }

  private void bothMakeBolt(TestStream stream) {
    stream.pull();
    site.insert("Item", json("{'name': 'BOLT', 'description': 'ours'}"));
    stream.pull();
    other.insert("Item", json("{'name': 'BOLT', 'description': 'theirs'}"));
    stream.pull();
  }

  private static ProducerDoctype named(String doctype, NameTaken nameTaken) {
    return TestRow.of(doctype).locallyNamed().ifTaken(nameTaken).row();
  }
}
