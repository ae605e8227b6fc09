package org.eventstreaming.site;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypeJson;
import org.junit.jupiter.api.Test;

class DocTypeReaderTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void the_recorded_answer_of_a_site_is_read_with_its_child_table() throws IOException {
    List<DocType> found = DocTypeReader.read(stream(recorded()));

    assertThat(found).extracting(DocType::name).containsExactly("Note", "Note Seen By");
    DocType note = found.get(0);
    assertThat(note.autoname()).isEqualTo("hash");
    assertThat(note.istable()).isFalse();
    assertThat(note.fields())
        .contains(
            new DocField("public", "Check", null, Set.of(), 1),
            new DocField("content", "Text Editor", null));
    assertThat(note.tables())
        .containsExactly(new DocField("seen_by", "Table", "Note Seen By", Set.of(), 1));
    assertThat(note.readers()).containsKeys(0, 1);
    assertThat(note.readers().get(1)).contains("System Manager");
    assertThat(found.get(1).istable()).isTrue();
    assertThat(found.get(1).links())
        .containsExactly(new DocField("user", "Link", "User", Set.of(), 2));
  }

  @Test
  void kinds_of_types_and_fields_are_reported_and_scripts_are_passed_over() throws IOException {
    String script = "\"" + "x".repeat(30_000_000) + "\"";
    List<DocType> found =
        DocTypeReader.read(
            stream(
                "{\"user_settings\": \"{}\", \"docs\": [{\"__js\": "
                    + script
                    + ", \"name\": \"Log\", \"issingle\": 1, \"is_virtual\": 1, \"autoname\": \"\","
                    + " \"fields\": [{\"fieldtype\": \"Column Break\"},"
                    + " {\"fieldname\": \"ref\", \"fieldtype\": \"Dynamic Link\", \"options\": \"type\"},"
                    + " {\"fieldname\": \"sum\", \"fieldtype\": \"Int\", \"is_virtual\": 1}]}]}"));

    assertThat(found)
        .containsExactly(
            new DocType(
                "Log",
                false,
                true,
                true,
                null,
                List.of(
                    new DocField("ref", "Dynamic Link", "type"),
                    new DocField("sum", "Int", null, Set.of(DocField.Trait.IS_VIRTUAL)))));
    assertThat(found.get(0).dynamicLinks()).extracting(DocField::options).containsExactly("type");
  }

  @Test
  void an_answer_that_ends_early_is_none_wherever_it_ends() throws IOException {
    String whole = recorded();
    for (int length = 0; length < whole.length(); length += 97) {
      String cut = whole.substring(0, length);

      assertThatThrownBy(() -> DocTypeReader.read(stream(cut))).isInstanceOf(IOException.class);
    }
  }

  @Test
  void an_answer_without_end_is_not_read_to_its_end() {
    String head = "{\"x\": [\"";
    assertThatThrownBy(
            () ->
                DocTypeReader.read(
                    new SequenceInputStream(
                        stream(head),
                        new InputStream() {
                          @Override
                          public int read() {
                            return ' ';
                          }
                        })))
        .hasMessageContaining("exceeds the maximum");
  }

  @Test
  void what_is_kept_is_read_as_it_was() throws IOException {
    for (DocType found : DocTypeReader.read(stream(recorded()))) {
      try (JsonParser parser = JSON.createParser(DocTypeJson.write(found))) {
        parser.nextToken();

        assertThat(DocTypeJson.read(parser))
            .usingRecursiveComparison()
            .as("who may read what is asked for when it is needed")
            .ignoringFields("readers")
            .isEqualTo(found);
      }
    }
  }

  private static String recorded() throws IOException {
    Path file = Path.of("src/test/resources/recordings/stock-15/getdoctype.jsonl");
    return JSON.readTree(Files.readString(file, UTF_8)).path("response").path("body").asText();
  }

  private static ByteArrayInputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }
}
