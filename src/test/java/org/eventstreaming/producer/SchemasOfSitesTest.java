package org.eventstreaming.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.files.SchemaKeys.json;
import static org.eventstreaming.files.SchemaKeys.with;
import static org.eventstreaming.files.SchemaKeys.without;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.files.SchemaKeys;
import org.eventstreaming.files.TestProject;
import org.eventstreaming.mapping.ReadMappingFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schemas of producer files and site files say what the readers of these files do. */
class SchemasOfSitesTest {
  private static final JsonNode PRODUCER =
      json(
          """
          {'producer_url': 'https://hq.example.com', 'user': 'stream@example.com', 'api_key': 'abc',
           'api_secret': '{{env:SECRET}}',
           'producer_doctypes': [{'ref_doctype': 'ToDo', 'mapping': 'ToDo', 'attachments': 1}]}
          """);
  private static final JsonNode SITE =
      json(
          """
          {'url': 'https://branch.example.com', 'user': 'stream@example.com', 'api_key': 'abc',
           'api_secret': '{{env:SECRET}}', 'rules': [{'doctype': 'ToDo', 'send': {'set_date': 1}, 'set_by_site': ['sender']}]}
          """);

  /** For each key a value that is not its default. */
  private static final Map<String, String> OF_PRODUCER =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("/producer_url", "'https://other.example.com'"),
              Map.entry("/user", "'other@example.com'"),
              Map.entry("/api_key", "'def'"),
              Map.entry("/api_secret", "'{{env:OTHER}}'"),
              Map.entry("/authentication", "'route'"),
              Map.entry("/source", "'modified'"),
              Map.entry("/read", "'method'"),
              Map.entry("/target", "'branch'"),
              Map.entry("/reconcile", "'5m'"),
              Map.entry("/reconcile_rows", "'1h'"),
              Map.entry("/compare", "'24h'"),
              Map.entry("/attachments_limit", "'1MB'"),
              Map.entry("/nul", "'strip'"),
              Map.entry("/quiet_hours", "'22:00-06:00'"),
              Map.entry("/webhook_secret", "'{{env:OTHER}}'"),
              Map.entry("/producer_doctypes", "[{'ref_doctype': 'Note'}]"),
              Map.entry("/producer_doctypes/0/ref_doctype", "'Note'"),
              Map.entry("/producer_doctypes/0/use_same_name", "1"),
              Map.entry("/producer_doctypes/0/condition", "'doc.docstatus == 1'"),
              Map.entry("/producer_doctypes/0/unsubscribe", "1"),
              Map.entry("/producer_doctypes/0/name_taken", "'adopt'"),
              Map.entry("/producer_doctypes/0/has_mapping", "0"),
              Map.entry("/producer_doctypes/0/mapping", "'Other'"),
              Map.entry("/producer_doctypes/0/initial_load", "'all'"),
              Map.entry("/producer_doctypes/0/initial_load/since", "'2026-01-01'"),
              Map.entry("/producer_doctypes/0/dependencies", "'none'"),
              Map.entry("/producer_doctypes/0/adds", "['credit']"),
              Map.entry("/producer_doctypes/0/attachments", "0"),
              Map.entry("/producer_doctypes/0/leaves", "'remove'")));

  private static final Map<String, String> OF_SITE =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("/url", "'https://other.example.com'"),
              Map.entry("/user", "'other@example.com'"),
              Map.entry("/api_key", "'def'"),
              Map.entry("/api_secret", "'{{env:OTHER}}'"),
              Map.entry("/authentication", "'route'"),
              Map.entry("/convert_times", "0"),
              Map.entry("/users", "{'missing': 'create'}"),
              Map.entry("/users/missing", "'leave_out'"),
              Map.entry("/users/map", "{'a@example.com': 'b@example.com'}"),
              Map.entry("/rules", "[{'doctype': 'ToDo', 'send': {'set_date': 0}}]"),
              Map.entry("/rules/0/doctype", "'Note'"),
              Map.entry("/rules/0/send", "{'set_rate': 1}"),
              Map.entry("/rules/0/keeps", "['rate']"),
              Map.entry("/rules/0/row_references", "['my_row']"),
              Map.entry("/rules/0/made_by_site", "true"),
              Map.entry("/rules/0/begins_as_draft", "true"),
              Map.entry("/rules/0/set_by_site", "['reference']"),
              Map.entry("/rules/0/unless", "'own_sender'"),
              Map.entry("/rules/0/made_with", "['Item Group']"),
              Map.entry(
                  "/rules/0/contents_of",
                  "{'bundle': {'doctype': 'Bundle', 'rows': 'Entry', 'fields': {'a': 'b'}}}"),
              Map.entry("/history", "{'as_is': ['Item']}"),
              Map.entry("/history/as_is", "['Customer']")));

  @TempDir Path directory;

  @Test
  void each_key_of_a_producer_file_is_read() throws IOException {
    SchemaKeys schema = new SchemaKeys("event-producer-1.json");

    assertThat(schema.rules().keySet()).isEqualTo(OF_PRODUCER.keySet());
    OF_PRODUCER.forEach(
        (key, value) ->
            assertThat(
                    producer(with(beside(PRODUCER, key), key, json(value)))
                        .equals(producer(PRODUCER)))
                .as(key + " changes nothing")
                .isFalse());
  }

  @Test
  void each_default_of_a_producer_file_is_what_is_read_without_the_key() throws IOException {
    Map<String, JsonNode> defaults = new SchemaKeys("event-producer-1.json").defaults();

    assertThat(defaults).hasSize(16);
    defaults.forEach(
        (key, value) ->
            assertThat(producer(with(PRODUCER, key, value)))
                .as(key)
                .isEqualTo(producer(without(PRODUCER, key))));
  }

  @Test
  void each_key_of_a_site_file_is_read() throws IOException {
    SchemaKeys schema = new SchemaKeys("site-1.json");

    assertThat(schema.rules().keySet())
        .containsAll(OF_SITE.keySet())
        .hasSize(OF_SITE.size() + 1)
        .contains("/rules/0/seen");
    OF_SITE.forEach(
        (key, value) ->
            assertThat(site(with(beside(SITE, key), key, json(value))).equals(site(SITE)))
                .as(key + " changes nothing")
                .isFalse());
    assertThat(site(with(SITE, "/rules/0/seen", json("'15.0'"))).equals(site(SITE)))
        .as("a note for people changes nothing")
        .isTrue();
  }

  @Test
  void each_default_of_a_site_file_is_what_is_read_without_the_key() throws IOException {
    Map<String, JsonNode> defaults = new SchemaKeys("site-1.json").defaults();

    assertThat(defaults).hasSize(3);
    defaults.forEach(
        (key, value) ->
            assertThat(site(with(SITE, key, value)).equals(site(without(SITE, key))))
                .as(key + " without the key is " + value)
                .isTrue());
  }

  @Test
  void the_words_of_the_schemas_are_those_that_the_readers_know() throws IOException {
    assertThat(new SchemaKeys("event-producer-1.json").words())
        .isEqualTo(
            Map.of(
                "/authentication", List.of("key", "route"),
                "/source", words(Source.values()),
                "/read", words(Read.values()),
                "/nul", words(Nul.values()),
                "/producer_doctypes/0/name_taken", words(NameTaken.values()),
                "/producer_doctypes/0/leaves", words(Leaves.values())));
    assertThat(new SchemaKeys("site-1.json").words())
        .isEqualTo(
            Map.of(
                "/authentication", List.of("key", "route"),
                "/users/missing", words(LinkedUsers.Missing.values())));
  }

  private static List<String> words(Enum<?>[] values) {
    return Stream.of(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
  }

  /** The file without what does not go together with another value of this key. */
  private static JsonNode beside(JsonNode file, String key) {
    return switch (key) {
      case "/producer_doctypes/0/initial_load/since" ->
          without(file, "/producer_doctypes/0/initial_load");
      case "/producer_doctypes/0/ref_doctype" -> without(file, "/producer_doctypes/0/mapping");
      case "/authentication" -> without(without(file, "/api_key"), "/api_secret");
      default -> file;
    };
  }

  private EventProducer producer(JsonNode file) {
    new TestProject(directory)
        .with("producers/hq.json", SchemaKeys.text(file))
        .with("sites/branch.json", SchemaKeys.text(SITE))
        .with("mappings/todo.json", SchemaKeys.text(mapping("ToDo"), mapping("Other")));
    return new ReadProducerFiles(
            directory,
            Map.of("SECRET", "s3cr3t", "OTHER", "0ther"),
            new ReadMappingFiles(directory, DocTypes.of(Map.of())).read(),
            Secrets.READ)
        .read()
        .get(0);
  }

  private TargetSite site(JsonNode file) {
    new TestProject(directory).with("sites/branch.json", SchemaKeys.text(file));
    return Objects.requireNonNull(
        new ReadSiteFiles(directory, Map.of("SECRET", "s3cr3t", "OTHER", "0ther"), Secrets.READ)
            .read()
            .get("branch"));
  }

  private static JsonNode mapping(String name) {
    return json(
        """
        {'mapping_name': '%s', 'local_doctype': 'ToDo', 'remote_doctype': 'ToDo',
         'field_mapping': [{'local_fieldname': 'a', 'remote_fieldname': 'b'}]}
        """
            .formatted(name));
  }
}
