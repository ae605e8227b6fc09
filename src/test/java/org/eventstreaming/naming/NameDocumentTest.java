package org.eventstreaming.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameDocumentTest {
  private static final ZoneId KOLKATA = ZoneId.of("Asia/Kolkata");

  private final Map<String, Long> counted = new HashMap<>();
  private final ObjectNode document = JsonNodeFactory.instance.objectNode();
  private String now = "2024-05-01T04:45:30.123456Z";

  @Test
  void a_naming_series_is_taken_from_the_document_and_counted_per_prefix() {
    document.put("naming_series", "ACC-SINV-.YYYY.-");

    assertThat(name("naming_series:")).isEqualTo("ACC-SINV-2024-00001");
    assertThat(name("naming_series:")).isEqualTo("ACC-SINV-2024-00002");
    assertThat(counted).containsOnlyKeys("ACC-SINV-2024-");
  }

  @Test
  void a_naming_series_with_its_own_hashes_counts_once() {
    document.put("naming_series", "SO-.###");

    assertThat(name("naming_series:")).isEqualTo("SO-001");
  }

  @Test
  void without_a_naming_series_the_first_option_stands_in() {
    assertThat(name("naming_series:", new DocField("naming_series", "Select", "\n INV-.YY.- \nX-")))
        .isEqualTo("INV-24-00001");
  }

  @Test
  void without_any_naming_series_the_naming_fails() {
    assertThatThrownBy(() -> name("naming_series:", new DocField("naming_series", "Select", null)))
        .isInstanceOf(NamingFailed.class)
        .hasMessageContaining("naming_series is missing or empty and the DocType offers no series");
  }

  @Test
  void a_field_rule_takes_the_value_trimmed() {
    document.put("item_code", "  ITEM 1 ").put("number", 42);

    assertThat(name("field:item_code")).isEqualTo("ITEM 1");
    assertThat(name("field:number")).isEqualTo("42");
  }

  @ParameterizedTest
  @CsvSource({
    "field:item_code, item_code",
    "'format:{YYYY}-{item_code}-{###}', item_code",
    "PRE-.{item_code}.-.###, item_code",
    "PRE-.known.-.###, known"
  })
  void a_field_that_is_missing_or_empty_is_named_with_rule_document_and_advice(
      String rule, String field) {
    document.put("item_code", "  ").putNull("known");

    assertThatThrownBy(() -> name(rule))
        .isInstanceOf(NamingFailed.class)
        .hasMessage(
            "Could not name Thing REMOTE-7 by the rule \"%s\": field %s is missing or empty. It is not stored. Fill the field on the producer or in the mapping, or set use_same_name: 1 for this type."
                .formatted(rule, field));
    assertThat(counted).isEmpty();
  }

  @Test
  void a_field_that_only_the_definition_knows_is_missing_too() {
    assertThatThrownBy(() -> name("PRE-.company.-.###", new DocField("company", "Link", "Company")))
        .isInstanceOf(NamingFailed.class)
        .hasMessageContaining("field company is missing or empty");
  }

  @Test
  void a_format_is_filled_with_fields_dates_and_a_number() {
    document.put("company", "Acme");

    assertThat(name("format:INV-{company}-{YYYY}{MM}{DD}-{####}/x"))
        .isEqualTo("INV-Acme-20240501-0001/x");
    assertThat(counted).containsOnlyKeys("INV-Acme-20240501-");
  }

  @Test
  void a_format_needs_no_number() {
    document.put("a", "A").put("b", "B");

    assertThat(name("format:{a}-{ b }")).isEqualTo("A-B");
    assertThat(counted).isEmpty();
  }

  @Test
  void a_series_written_directly_is_filled_between_its_dots() {
    document.put("company", "Acme Ltd.").put("branch", "North");

    assertThat(name("PRE-.YYYY.-.{company}.-.branch.-.#####"))
        .isEqualTo("PRE-2024-Acme Ltd.-North-00001");
  }

  @Test
  void parts_that_are_neither_date_nor_field_stay_text() {
    assertThat(name("PRE-.FY.-.other.-.##")).isEqualTo("PRE-FY-other-01");
    assertThat(name("format:{FY}-{##}")).isEqualTo("FY-01");
  }

  @ParameterizedTest
  @CsvSource({
    "YYYY, 2024",
    "YY, 24",
    "MM, 05",
    "DD, 01",
    "WW, 18",
    "JJJ, 122",
    "timestamp, 2024-05-01 10:15:30.123456"
  })
  void dates_are_those_of_the_clock_in_its_zone(String part, String text) {
    assertThat(name("format:" + "{" + part + "}")).isEqualTo(text);
    assertThat(name("." + part + ".-.#")).isEqualTo(text + "-1");
  }

  @Test
  void the_day_is_that_of_the_zone() {
    now = "2024-04-30T20:00:00Z";

    assertThat(name("format:{DD}.{MM}.")).isEqualTo("01.05.");
  }

  @ParameterizedTest
  @CsvSource({
    "2024-12-30T06:00:00Z, 53",
    "2023-01-01T06:00:00Z, 00",
    "2023-01-02T06:00:00Z, 01",
    "2020-12-31T06:00:00Z, 53"
  })
  void weeks_never_fall_within_a_year(String at, String week) {
    now = at;

    assertThat(name("format:{WW}")).isEqualTo(week);
  }

  @Test
  void a_number_that_outgrows_its_hashes_is_written_in_full() {
    counted.put("A-", 999L);

    assertThat(name("A-.###")).isEqualTo("A-1000");
  }

  @Test
  void autoincrement_counts_per_doctype() {
    assertThat(name("autoincrement")).isEqualTo("1");
    assertThat(name("autoincrement")).isEqualTo("2");
    assertThat(counted).containsOnlyKeys("autoincrement:Thing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"prompt", "Prompt"})
  void a_prompt_is_answered_with_the_remote_name(String rule) {
    assertThat(name(rule)).isEqualTo("REMOTE-7");
  }

  @Test
  void a_hash_is_ten_letters_and_digits_and_differs_each_time() {
    String first = name("hash");

    assertThat(first).matches("[0-9a-v]{10}");
    assertThat(nameOf(null, new Random(2))).matches("[0-9a-v]{10}").isNotEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "Expression", "hash"})
  void a_definition_without_a_rule_that_frappe_knows_gives_a_hash(String rule) {
    assertThat(name(rule)).matches("[0-9a-v]{10}");
  }

  @Test
  void an_unknown_definition_gives_a_hash() {
    document.put("naming_series", "INV-");

    assertThat(nameOf(null, new Random(1))).matches("[0-9a-v]{10}");
    assertThat(counted).isEmpty();
  }

  @Test
  void a_uuid_grows_with_the_time() {
    String first = name("UUID");
    now = "2024-05-01T04:45:30.124456Z";
    String second = name("UUID");

    assertThat(first).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-.{12}");
    assertThat(second).isGreaterThan(first);
  }

  @Test
  void a_name_is_trimmed() {
    assertThat(name("format:  {YYYY} ")).isEqualTo("2024");
  }

  @Test
  void a_name_of_140_characters_is_possible_and_one_more_is_refused() {
    document.put("long", "😀".repeat(140)).put("longer", "x".repeat(141));

    assertThat(name("field:long")).isEqualTo("😀".repeat(140));
    assertThatThrownBy(() -> name("field:longer"))
        .isInstanceOf(NamingFailed.class)
        .hasMessageContaining("would have 141 characters, at most 140 are possible")
        .hasMessageContaining("Thing REMOTE-7 by the rule \"field:longer\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PRE-#####", "PRE-.YYYY.-#####"})
  void a_series_whose_hashes_follow_no_dot_would_never_count_and_is_refused(String rule) {
    assertThatThrownBy(() -> name(rule))
        .isInstanceOf(NamingFailed.class)
        .hasMessageContaining("a series needs a dot before its hashes");
  }

  @Test
  void the_document_stays_as_it_is() {
    document.put("naming_series", "A-").put("x", " y ");
    var before = document.deepCopy();

    name("naming_series:");

    assertThat(document).isEqualTo(before);
  }

  private String name(String autoname, DocField... fields) {
    return nameOf(new DocType("Thing", false, autoname, List.of(fields)), new Random(1));
  }

  private String nameOf(@Nullable DocType definition, Random random) {
    Clock clock = Clock.fixed(Instant.parse(now), KOLKATA);
    NameDraft draft = new NameDocument(clock, random).draft(definition, document, "REMOTE-7");
    String series = draft.series();
    return draft.name().apply(series == null ? 0 : counted.merge(series, 1L, Long::sum));
  }
}
