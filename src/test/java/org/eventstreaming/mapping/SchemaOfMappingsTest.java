package org.eventstreaming.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eventstreaming.files.SchemaKeys.json;
import static org.eventstreaming.files.SchemaKeys.with;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonDifferenceCalculator;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.files.SchemaKeys;
import org.eventstreaming.files.TestProject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schema of mapping files says what the reader of these files does. */
class SchemaOfMappingsTest {
  private static final JsonNode MAPPING =
      json(
          """
          {'mapping_name': 'ToDo', 'local_doctype': 'ToDo', 'remote_doctype': 'ToDo',
           'field_mapping': [{'local_fieldname': 'a', 'remote_fieldname': 'b'}]}
          """);
  private static final String ROW = "/field_mapping/0/";
  private static final String FRAPPE =
      "{'remote_fieldname': '', 'expression': {'language': 'frappe', 'text': 'doc.b'}}";

  /** Those with one word that is always written, and notes for people. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of("/before/language", "/after/language", "/description", ROW + "description");

  /** For each key a value that is not its default, and a file to put it into. */
  private static final Map<String, List<String>> VALUES =
      new TreeMap<>(
          Map.ofEntries(
              key("/mapping_name", "'Other'", "{}"),
              key("/local_doctype", "'Note'", "{}"),
              key("/remote_doctype", "'Note'", "{}"),
              key("/unmapped_fields", "'drop'", "{}"),
              key("/before", "{'language': 'jsonata', 'text': '$'}", "{}"),
              key("/before/text", "'a'", "{'before': {'language': 'jsonata', 'text': '$'}}"),
              key(
                  "/before/resource",
                  "'file:b.jsonata'",
                  "{'before': {'language': 'jsonata', 'resource': 'file:a.jsonata'}}"),
              key("/after", "{'language': 'jsonata', 'text': '$'}", "{}"),
              key("/after/text", "'a'", "{'after': {'language': 'jsonata', 'text': '$'}}"),
              key(
                  "/after/resource",
                  "'file:b.jsonata'",
                  "{'after': {'language': 'jsonata', 'resource': 'file:a.jsonata'}}"),
              key("/field_mapping", "[{'local_fieldname': 'c', 'remote_fieldname': 'b'}]", "{}"),
              key(ROW + "local_fieldname", "'c'", "{}"),
              key(ROW + "remote_fieldname", "'c'", "{}"),
              key(
                  ROW + "mapping_type",
                  "'Child Table'",
                  "{'mapping_type': 'Document', 'mapping': 'Inner',"
                      + " 'remote_value_filters': {'a': 'b'}}"),
              key(
                  ROW + "mapping",
                  "'Second'",
                  "{'mapping_type': 'Child Table', 'mapping': 'Inner'}"),
              key(
                  ROW + "remote_value_filters",
                  "{'c': 'd'}",
                  "{'mapping_type': 'Document', 'mapping': 'Inner',"
                      + " 'remote_value_filters': {'a': 'b'}}"),
              key(ROW + "default_value", "'d'", "{}"),
              key(ROW + "jsonpath", "'$.b'", "{'remote_fieldname': '', 'jsonpath': '$.c'}"),
              key(
                  ROW + "expression",
                  "{'language': 'frappe', 'text': 'doc.b'}",
                  "{'remote_fieldname': '', 'expression': {'language': 'frappe', 'text': 'doc.c'}}"),
              key(ROW + "expression/text", "'doc.c'", FRAPPE),
              key(ROW + "expression/language", "'jsonata'", FRAPPE),
              key(
                  ROW + "expression/resource",
                  "'file:b.jsonata'",
                  "{'remote_fieldname': '', 'expression': {'language': 'jsonata',"
                      + " 'resource': 'file:a.jsonata'}}"),
              key(ROW + "constant", "'c'", "{'remote_fieldname': '', 'constant': 'd'}"),
              key(
                  ROW + "route",
                  "'direct:group'",
                  "{'remote_fieldname': '', 'route': 'direct:other'}"),
              key(ROW + "value_map", "{'a': 'b'}", "{}"),
              key(ROW + "value_map_missing", "'fail'", "{'value_map': {'a': 'b'}}"),
              key(ROW + "type", "'Int'", "{}"),
              key(ROW + "format", "'dd.MM.yyyy'", "{'type': 'Date'}"),
              key(ROW + "when", "'doc.b'", "{}"),
              key(ROW + "on_error", "'skip'", "{}")));

  @TempDir Path directory;

  @Test
  void each_key_of_a_mapping_file_is_read() throws IOException {
    Set<String> keys = new TreeSet<>(VALUES.keySet());
    keys.addAll(WITHOUT_EFFECT);

    assertThat(new SchemaKeys("document-type-mapping-1.json").rules().keySet()).isEqualTo(keys);
    VALUES.forEach(
        (key, value) -> {
          JsonNode file = MAPPING;
          for (Map.Entry<String, JsonNode> other : json(value.get(1)).properties()) {
            String holder = key.startsWith(ROW) ? ROW : "/";
            file = with(file, holder + other.getKey(), other.getValue());
          }
          assertThat(isSame(file, file)).as(key + ": what is read twice is the same").isTrue();
          assertThat(isSame(with(file, key, json(value.get(0))), file))
              .as(key + " changes nothing")
              .isFalse();
        });
  }

  @Test
  void each_default_of_a_mapping_file_is_what_is_read_without_the_key() throws IOException {
    JsonNode file = with(MAPPING, ROW + "value_map", json("{'a': 'b'}"));
    Map<String, JsonNode> defaults = new SchemaKeys("document-type-mapping-1.json").defaults();

    assertThat(defaults).hasSize(4);
    defaults.forEach(
        (key, value) ->
            assertThat(isSame(with(file, key, value), file))
                .as(key + " without the key is " + value)
                .isTrue());
  }

  @Test
  void the_words_of_the_schema_are_those_that_the_reader_knows() throws IOException {
    Map<String, List<String>> words = new SchemaKeys("document-type-mapping-1.json").words();

    assertThat(words.remove(ROW + "type"))
        .hasSize(FieldType.values().length)
        .allMatch(word -> FieldType.named(word).isPresent());
    assertThat(words)
        .isEqualTo(
            Map.of(
                "/unmapped_fields",
                words(UnmappedFields.values()),
                "/before/language",
                List.of("jsonata"),
                "/after/language",
                List.of("jsonata"),
                ROW + "mapping_type",
                List.of("Child Table", "Document"),
                ROW + "expression/language",
                List.of("frappe", "jsonpath", "jsonata"),
                ROW + "value_map_missing",
                words(ValueMap.Missing.values()),
                ROW + "on_error",
                words(OnError.values())));
  }

  private static List<String> words(Enum<?>[] values) {
    return Stream.of(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
  }

  /** Whether two files are read as the same, but for the places in them. */
  private boolean isSame(JsonNode one, JsonNode other) {
    return new RecursiveComparisonDifferenceCalculator()
        .determineDifferences(
            read(one),
            read(other),
            RecursiveComparisonConfiguration.builder()
                .withIgnoredFieldsOfTypes(Origin.class)
                .build())
        .isEmpty();
  }

  private DocumentTypeMapping read(JsonNode file) {
    new TestProject(directory)
        .with("a.jsonata", "a")
        .with("b.jsonata", "b")
        .with(
            "mappings/todo.json",
            SchemaKeys.text(
                file,
                with(MAPPING, "/mapping_name", json("'Inner'")),
                with(MAPPING, "/mapping_name", json("'Second'"))));
    return new ReadMappingFiles(directory, DocTypes.of(Map.of())).read().all().get(0);
  }

  private static Map.Entry<String, List<String>> key(String key, String value, String row) {
    return Map.entry(key, List.of(value, row));
  }
}
