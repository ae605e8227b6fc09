package org.eventstreaming.mapping;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.expression.Scope;
import org.eventstreaming.files.TestProject;
import org.eventstreaming.update.DocumentJson;

/** Mappings written in a test, and the definitions that they are read with. */
record TestMappings(TestProject project, Map<String, DocType> definitions) {
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);

  static TestMappings in(Path directory) {
    return new TestMappings(new TestProject(directory), new LinkedHashMap<>());
  }

  /** One mapping with these rows; other keys may stand before {@code field_mapping}. */
  TestMappings mapping(String name, String rows) {
    return file(
        name.toLowerCase(Locale.ROOT) + ".yaml",
        "mapping_name: %1$s\nlocal_doctype: Our %1$s\nremote_doctype: Their %1$s\n%2$s"
            .formatted(name, rows.contains("field_mapping:") ? rows : "field_mapping:\n" + rows));
  }

  TestMappings file(String name, String text) {
    project.with("mappings/" + name, text);
    return this;
  }

  /** A file of the test resources, under its own name. */
  TestMappings resource(String name) {
    try (var in = TestMappings.class.getResourceAsStream("/mappings/" + name)) {
      return file(name, new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A definition; each field as {@code fieldname:fieldtype} or {@code …:fieldtype:options}. */
  TestMappings define(String doctype, String... fields) {
    var list =
        Arrays.stream(fields)
            .map(field -> field.split(":", -1))
            .map(part -> new DocField(part[0], part[1], part.length > 2 ? part[2] : null))
            .toList();
    definitions.put(doctype, new DocType(doctype, false, null, list));
    return this;
  }

  Mappings read() {
    return new ReadMappingFiles(project.directory(), DocTypes.of(definitions)).read();
  }

  String[] refusal() {
    return TestProject.refusal(this::read);
  }

  MapDocument mapDocument() {
    return mapDocument((uri, document) -> MissingNode.getInstance());
  }

  MapDocument mapDocument(RouteHook routes) {
    return new MapDocument(read(), DocTypes.of(definitions), routes, TestMappings::scope);
  }

  MapDiff mapDiff() {
    return new MapDiff(read(), DocTypes.of(definitions), TestMappings::scope);
  }

  /** The document mapped by the first mapping of the files, without names. */
  MappedDocument map(ObjectNode document) {
    return mapDocument().map(read().all().get(0), document);
  }

  /** As documents are read: each number keeps its digits. */
  static ObjectNode json(String singleQuoted) {
    try {
      return (ObjectNode) DocumentJson.MAPPER.readTree(singleQuoted.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(singleQuoted, e);
    }
  }

  static Scope scope(ObjectNode document) {
    return Scope.of(document, NOON);
  }
}
