package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.producer.TestRow;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations of real sites, with our client in the consumer's place. */
class ConversationTest {
  private static final String OUR_URL = "http://consumer.example:8080";

  @ParameterizedTest
  @ValueSource(strings = {"frappe-13", "frappe-14", "app-15"})
  void our_client_asks_what_a_consumer_of_that_generation_asks_and_ends_with_its_documents(
      String folder) throws IOException {
    try (RecordedSite site = new RecordedSite(folder, OUR_URL);
        TestDatabase database = TestDatabase.create()) {
      Here here = new Here(database);
      subscribeAndFollow(site, database);
      Map<String, Set<String>> differences = differences(site, here);
      List<String> heldThen = here.texts("select name from document");
      followUnderNamesOfOurOwn(site, database);
      List<String> locallyNamed =
          here.texts("select docname from event_sync_log where not use_same_name");
      unsubscribe(site, database);

      assertThat(site.unexpected()).isEmpty();
      site.pairs().forEach(ConversationTest::assertSameMeaning);
      assertThat(site.pairs())
          .filteredOn(pair -> RecordedSite.isPull(pair.ours()))
          .hasSizeGreaterThanOrEqualTo(10);
      assertThat(differences).isEmpty();
      assertThat(heldThen).hasSizeGreaterThanOrEqualTo(5);
      assertThat(locallyNamed).hasSize(3).allMatch(name -> name.matches("[0-9a-v]{10}"));
      assertThat(new TreeSet<>(locallyNamed)).hasSize(1);
      assertThat(here.entries()).isEqualTo(here.entries("Synced")).isGreaterThan(10);
      assertThat(here.texts("select status from event_producer_document_type order by ref_doctype"))
          .containsExactly("Approved", "Approved");
    }
  }

  private static void subscribeAndFollow(RecordedSite site, TestDatabase database) {
    ProducerDoctype notes = TestRow.of("Note").where("doc.public == 1").row();
    try (Running stream = running(site, database, ProducerDoctype.sameName("ToDo"), notes)) {
      stream.pull();
      assertThat(database.count("event_sync_log")).isZero();
      // an administrator approves
      site.before("GET", OUR_URL);
      while (site.pullsNext()) {
        stream.pull();
      }
    }
  }

  private static void followUnderNamesOfOurOwn(RecordedSite site, TestDatabase database) {
    site.before("GET", OUR_URL);
    ProducerDoctype local = TestRow.of("ToDo").locallyNamed().row();
    try (Running stream = running(site, database, local)) {
      do {
        stream.pull();
      } while (site.pullsNext());
    }
  }

  private static void unsubscribe(RecordedSite site, TestDatabase database) {
    site.before("GET", OUR_URL);
    ProducerDoctype local = TestRow.of("ToDo").locallyNamed().row();
    ProducerDoctype unsubscribed = TestRow.of("Note").unsubscribed().row();
    long before = database.count("event_sync_log");
    try (Running stream = running(site, database, local, unsubscribed)) {
      stream.pull();
    }
    assertThat(database.count("event_sync_log")).isEqualTo(before);
  }

  /** What is held under the producer's names and is not as the producer itself answered it. */
  private static Map<String, Set<String>> differences(RecordedSite site, Here here) {
    Map<String, ObjectNode> wanted = site.documents();
    CompareDocuments compare = new CompareDocuments();
    Map<String, Set<String>> differences = new TreeMap<>();
    for (String doctype : List.of("ToDo", "Note")) {
      for (String name : here.names(doctype)) {
        ObjectNode document = wanted.get(doctype + " " + name);
        Set<String> found =
            document == null
                ? new TreeSet<>(Set.of("is not on the producer"))
                : new TreeSet<>(compare.differences(document, here.document(doctype, name)));
        // a diff does not say whether rows that stay got new numbers
        found.remove("seen_by.idx");
        if (!found.isEmpty()) {
          differences.put(doctype + " " + name, found);
        }
      }
    }
    return differences;
  }

  private static void assertSameMeaning(RecordedSite.Pair pair) {
    RecordedSite.Asked ours = pair.ours();
    RecordedSite.Asked recorded = pair.recorded();
    String what = ours + "\n" + recorded;
    assertThat(ours.method()).as(what).isEqualTo(recorded.method());
    if (RecordedSite.isPull(ours)) {
      assertThat(ours.arguments().get("event_consumer"))
          .as(what)
          .isEqualTo(recorded.arguments().get("event_consumer"));
      // what is unsubscribed is not asked for; a consumer site asks for it and throws it away
      assertThat(texts(recorded.json("doctypes")))
          .as(what)
          .containsAll(texts(ours.json("doctypes")));
      // a consumer site's cursor can go back, ours does not
      assertThat(ours.arguments().get("last_update"))
          .as(what)
          .isGreaterThanOrEqualTo(recorded.arguments().get("last_update"));
      return;
    }
    assertThat(ours.path()).as(what).isEqualTo(recorded.path());
    JsonNode data = ours.json("data");
    JsonNode recordedData = recorded.json("data");
    if (ours.path().endsWith("register_consumer")) {
      assertThat(data.path("consumer_doctypes").isTextual()).isTrue();
      assertThat(rows(data)).isEqualTo(rows(recordedData));
      assertThat(fieldNames(data)).isEqualTo(fieldNames(recordedData));
      assertThat(data.path("event_consumer")).isEqualTo(recordedData.path("event_consumer"));
      assertThat(data.path("user")).isEqualTo(recordedData.path("user"));
    } else if (ours.method().equals("PUT")) {
      assertThat(rows(data)).as(what).isEqualTo(rows(recordedData));
      assertThat(fieldNames(data)).as(what).isEqualTo(fieldNames(recordedData));
      for (String field : List.of("name", "doctype", "modified", "user", "incoming_change")) {
        assertThat(data.path(field)).as(field).isEqualTo(recordedData.path(field));
      }
    }
  }

  private static List<String> rows(JsonNode data) {
    JsonNode rows = data.path("consumer_doctypes");
    List<String> texts = new ArrayList<>();
    for (JsonNode row : rows.isTextual() ? Here.parsed(rows.asText()) : rows) {
      Map<String, JsonNode> sorted = new TreeMap<>();
      row.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
      texts.add(sorted.toString());
    }
    return texts;
  }

  private static Set<String> fieldNames(JsonNode data) {
    Set<String> names = new TreeSet<>();
    data.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(element -> texts.add(element.asText()));
    return texts;
  }

  private static Running running(
      RecordedSite site, TestDatabase database, ProducerDoctype... doctypes) {
    EventProducer producer =
        new EventProducer(
            site.url(),
            "Administrator",
            new Secret("API-KEY"),
            new Secret("API-SECRET"),
            Read.METHOD,
            List.of(doctypes));
    return new Running(
        new TestStream.Builder().and(producer).overlap(Duration.ZERO).url(OUR_URL).start(database));
  }

  /** Stops the stream, keeps the database. */
  private record Running(TestStream stream) implements AutoCloseable {
    void pull() {
      stream.pull();
    }

    @Override
    public void close() {
      stream.application().close();
    }
  }
}
