package org.eventstreaming.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadMarkedFileTest {
  @TempDir Path directory;

  private final Problems problems = new Problems();

  @Test
  void keys_and_values_are_placed_where_they_begin() {
    var file = read("a.yaml", "# one\nname: Milk\nrows:\n  - qty: 2\n").orElseThrow();

    assertThat(file.root().at("/rows/0/qty").intValue()).isEqualTo(2);
    assertThat(file.key(JsonPointer.compile("/name"))).isEqualTo(new Place(2, 1));
    assertThat(file.value(JsonPointer.compile("/name"))).isEqualTo(new Place(2, 7));
    assertThat(file.key(JsonPointer.compile("/rows/0/qty"))).isEqualTo(new Place(4, 5));
    assertThat(file.value(JsonPointer.compile("/rows/0/qty"))).isEqualTo(new Place(4, 10));
  }

  @Test
  void what_is_missing_is_placed_at_what_should_hold_it() {
    var file = read("a.yaml", "rows:\n  - qty: 2\n").orElseThrow();

    assertThat(file.value(JsonPointer.compile("/rows/0/rate"))).isEqualTo(new Place(2, 5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"off", "no", "NO", "yes", "2026-01-01", "12:30:00", "doc.docstatus == 1"})
  void what_yaml_1_2_calls_text_stays_text(String text) {
    var file = read("a.yaml", "a: " + text).orElseThrow();

    assertThat(file.root().path("a").textValue()).isEqualTo(text);
  }

  @Test
  void numbers_booleans_and_nothing_are_what_they_look_like() {
    var file =
        read("a.yaml", "[1, 0x1F, 0o17, -1.5, true, ~, 123456789012345678901234567890, .inf]")
            .orElseThrow();

    assertThat(file.root())
        .hasToString("[1,31,15,-1.5,true,null,123456789012345678901234567890,\"Infinity\"]");
  }

  @Test
  void json_indented_by_tabs_loads() {
    var file =
        read("a.json", "{\n\t\"a\": [\n\t\t\"\\ud83d\\ude00 \\/ \\u00e9\"\n\t]\n}").orElseThrow();

    assertThat(file.root().at("/a/0").textValue()).isEqualTo("😀 / é");
    assertThat(file.value(JsonPointer.compile("/a/0"))).isEqualTo(new Place(3, 3));
  }

  @Test
  void a_byte_order_mark_is_passed_over() {
    var file = read("a.yaml", "\uFEFFa: 1").orElseThrow();

    assertThat(file.key(JsonPointer.compile("/a"))).isEqualTo(new Place(1, 1));
  }

  @Test
  void an_alias_stands_for_what_it_names() {
    var file = read("a.yaml", "a: &both {x: 1}\nb: *both\n").orElseThrow();

    assertThat(file.root().at("/b/x").intValue()).isEqualTo(1);
  }

  @Test
  @Timeout(value = 10, threadMode = ThreadMode.SEPARATE_THREAD)
  void a_merge_key_is_a_key_like_any_other() {
    var file = read("a.yaml", "a: &a {x: 1}\nb:\n  <<: *a\n").orElseThrow();

    assertThat(file.root().path("b")).hasToString("{\"<<\":{\"x\":1}}");
    assertThat(refused("a: &a\n  <<: *a\n"))
        .containsExactly(
            "a.yaml:1:4: an alias is within the value that it names: write the values out");
    assertThat(refused("a: &a\n  !!merge <<: *a\n"))
        .containsExactly(
            "a.yaml:2:3: the tag tag:yaml.org,2002:merge is not known here: remove it");
  }

  @Test
  void a_key_that_stands_twice_is_refused() {
    read("a.yaml", "b: 1\na:\n  c: 1\n  d: 2\n  c: 3\nb: 2\n");

    assertThat(problems.all())
        .extracting(Problem::toString)
        .containsExactly(
            "a.yaml:5:3: key 'c' appears twice: first in line 3",
            "a.yaml:6:1: key 'b' appears twice: first in line 1");
  }

  @Test
  void a_tab_that_indents_is_refused() {
    assertThat(refused("a:\n\tb: 1\n"))
        .containsExactly("a.yaml:2:1: a tab cannot indent YAML: use spaces");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "# nothing but a comment\n"})
  void an_empty_file_is_refused(String text) {
    assertThat(refused(text)).containsExactly("a.yaml:1:1: the file is empty");
  }

  @Test
  void a_second_document_is_refused() {
    assertThat(refused("---\na: 1\n---\nb: 1\n"))
        .containsExactly("a.yaml:3:1: a second document begins here: a file holds only one");
  }

  @Test
  void a_file_that_may_hold_several_documents_gives_each_with_its_places() {
    new TestProject(directory).with("a.yaml", "# two\na: 1\n---\nb:\n  - 2\n");

    var documents =
        new ReadMarkedFile(new ProjectFiles(directory)).readAll(Path.of("a.yaml"), problems);

    assertThat(documents)
        .extracting(file -> file.root().toString())
        .containsExactly("{\"a\":1}", "{\"b\":[2]}");
    assertThat(documents.get(0).key(JsonPointer.compile("/a"))).isEqualTo(new Place(2, 1));
    assertThat(documents.get(1).value(JsonPointer.compile("/b/0"))).isEqualTo(new Place(5, 5));
    assertThat(problems.all()).isEmpty();
  }

  @Test
  void a_mistake_in_one_of_several_documents_refuses_the_file() {
    new TestProject(directory).with("a.yaml", "a: 1\n---\nb: 1\nb: 2\n");

    assertThat(new ReadMarkedFile(new ProjectFiles(directory)).readAll(Path.of("a.yaml"), problems))
        .isEmpty();
    assertThat(problems.all())
        .extracting(Problem::toString)
        .containsExactly("a.yaml:4:1: key 'b' appears twice: first in line 3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a: doc.x == 1| 1| 7| 1| 10",
        "a:  \"doc.x == 1\"| 1| 7| 1| 12",
        "{a: \"\uD83D\uDE00.x == 1\"}| 1| 3| 1| 8",
        "'a: |~    doc.x~      + 1'| 2| 3| 3| 7",
        "a: >-~  doc.x~  + 1| 1| 5| 2| 7",
        "a: doc.x| 1| 99| 1| 9",
        "a: \"x\\ny\"| 2| 1| 1| 4"
      })
  void a_character_of_a_text_is_placed_in_the_file(
      String yaml, int line, int column, int fileLine, int fileColumn) {
    var file = read("a.yaml", yaml.replace('~', '\n')).orElseThrow();

    assertThat(file.within(JsonPointer.compile("/a"), line, column))
        .isEqualTo(new Place(fileLine, fileColumn));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: >~  doc.x~  + 1",
        "a: \"doc\\u002Ex + 1\"",
        "a: doc.x~  + 1",
        "a: &b doc.x + 1"
      })
  void where_a_folded_or_escaped_text_cannot_report_its_beginning_is_the_place(String yaml) {
    var file = read("a.yaml", yaml.replace('~', '\n')).orElseThrow();
    var begin = file.value(JsonPointer.compile("/a"));

    assertThat(file.within(JsonPointer.compile("/a"), 1, 9)).isEqualTo(begin);
  }

  @Test
  void a_placeholder_without_quotes_is_refused() {
    assertThat(refused("api_key: {{env:HQ_API_KEY}}\n"))
        .containsExactly("a.yaml:1:11: a placeholder needs quotes: write \"{{env:NAME}}\"");
  }

  @Test
  void a_placeholder_without_quotes_within_a_text_is_refused() {
    assertThat(refused("url: {{env:SCHEME}}://hq\n"))
        .containsExactly("a.yaml:1:20: a placeholder needs quotes: write \"{{env:NAME}}\"");
  }

  @Test
  void a_text_with_a_colon_and_no_quotes_is_refused() {
    assertThat(refused("a: b: c\n"))
        .containsExactly(
            "a.yaml:1:5: ':' is not expected here: put a text that holds ': ' in quotes, and start"
                + " the keys that belong together in one column");
  }

  @Test
  void a_key_without_colon_is_refused() {
    assertThat(refused("a: 1\nfoo\n"))
        .containsExactly("a.yaml:2:1: a key is followed by ': ' and its value, this one is not");
  }

  @Test
  void a_quote_that_stays_open_is_refused() {
    assertThat(refused("b: 1\na: \"x\n"))
        .containsExactly("a.yaml:2:4: the quote that opens here is never closed");
  }

  @Test
  void what_yaml_cannot_read_is_refused_in_its_own_words() {
    assertThat(refused("a: [1, 2\nb: c\n"))
        .containsExactly(
            "a.yaml:2:2: is not YAML: while parsing a flow sequence expected ',' or ']', but got :");
    assertThat(refused("a.json", "{\"a\": 1 \"b\": 2}"))
        .containsExactly(
            "a.json:1:12: is not JSON: while parsing a flow mapping expected ',' or '}', but got :");
  }

  @Test
  void aliases_that_grow_without_bound_are_refused() {
    var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (var i = 1; i < 9; i++) {
      bomb.append("a%d: &a%d [".formatted(i, i)).append("*a%d, ".formatted(i - 1).repeat(9));
      bomb.append("]\n");
    }

    assertThat(refused(bomb.toString()))
        .singleElement()
        .asString()
        .endsWith("aliases make this file too large: write the values out instead of using *");
  }

  @Test
  void an_alias_within_itself_is_refused() {
    assertThat(refused("a: &a [*a]\n"))
        .containsExactly(
            "a.yaml:1:4: an alias is within the value that it names: write the values out");
  }

  @Test
  void bottomless_nesting_is_refused() {
    assertThat(refused("a: " + "[".repeat(100_000)))
        .containsExactly("a.yaml:1:53: is nested deeper than 50 levels");
  }

  @Test
  void tags_are_refused() {
    assertThat(refused("a: !secret x\nb: !!int x\n"))
        .containsExactly(
            "a.yaml:1:4: the tag !secret is not known here: remove it",
            "a.yaml:2:4: 'x' is not a number");
    assertThat(refused("a: !!bool yes\n"))
        .containsExactly("a.yaml:1:4: 'yes' is not true or false");
  }

  @Test
  void a_key_that_is_no_text_is_refused() {
    assertThat(refused("? [1]\n: 2\n")).containsExactly("a.yaml:1:3: a key must be text");
  }

  @Test
  void other_encodings_than_utf_8_are_refused_where_they_show() {
    assertThat(refused("a: 1\nb: é\n".getBytes(ISO_8859_1)))
        .containsExactly("a.yaml:2:4: is not UTF-8 text here (byte 0xE9): save the file as UTF-8");
  }

  @Test
  void a_letter_that_is_cut_off_is_refused() {
    assertThat(refused(new byte[] {'a', ':', ' ', (byte) 0xC3}))
        .containsExactly("a.yaml:1:4: is not UTF-8 text here (byte 0xC3): save the file as UTF-8");
  }

  @Test
  void control_characters_are_refused() {
    assertThat(refused("a: 1\nb: \u0001\n"))
        .containsExactly("a.yaml:2:4: the character U+0001 is not allowed: remove it");
  }

  @Test
  void a_file_larger_than_people_write_is_refused() {
    assertThat(refused("a: " + "x".repeat(10 * 1024 * 1024)))
        .containsExactly("a.yaml: is larger than 10 MB");
  }

  @Test
  void a_file_that_cannot_be_read_is_refused() throws IOException {
    Files.createDirectory(directory.resolve("b.yaml"));
    var read = new ReadMarkedFile(new ProjectFiles(directory));

    read.read(Path.of("gone.yaml"), problems);
    read.read(Path.of("b.yaml"), problems);

    assertThat(problems.all())
        .extracting(Problem::toString)
        .containsExactly(
            "gone.yaml: cannot be read: there is no such file",
            "b.yaml: cannot be read: it is a directory");
  }

  @Test
  void a_directory_that_is_missing_or_a_file_is_refused() {
    new TestProject(directory).with("mappings", "a: 1");
    var files = new ProjectFiles(directory);

    var found = List.of(files.in("producers", problems), files.in("mappings", problems));

    assertThat(found).containsExactly(List.of(), List.of());
    assertThat(problems.all())
        .extracting(Problem::toString)
        .containsExactly(
            "producers: the directory is missing in "
                + directory.toAbsolutePath()
                + ": create it, empty if there is nothing to put in",
            "mappings: must be a directory, is a file");
  }

  @Test
  void files_are_found_by_name_and_others_passed_over() {
    new TestProject(directory)
        .with("p/b.yaml", "")
        .with("p/a.json", "")
        .with("p/c.YML", "")
        .with("p/README.md", "")
        .with("p/.hidden.yaml", "")
        .with("p/below/d.yaml", "");

    var found = new ProjectFiles(directory).in("p", problems);

    assertThat(found).containsExactly(Path.of("p/a.json"), Path.of("p/b.yaml"), Path.of("p/c.YML"));
  }

  private List<String> refused(String text) {
    return refused(text.getBytes(UTF_8));
  }

  private List<String> refused(byte[] bytes) {
    return refused("a.yaml", bytes);
  }

  private List<String> refused(String name, String text) {
    return refused(name, text.getBytes(UTF_8));
  }

  private List<String> refused(String name, byte[] bytes) {
    var found = new Problems();
    new TestProject(directory).with(name, bytes);
    assertThat(new ReadMarkedFile(new ProjectFiles(directory)).read(Path.of(name), found))
        .isEmpty();
    return found.all().stream().map(Problem::toString).toList();
  }

  private Optional<MarkedFile> read(String name, String text) {
    new TestProject(directory).with(name, text);
    return new ReadMarkedFile(new ProjectFiles(directory)).read(Path.of(name), problems);
  }
}
