package org.eventstreaming.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.document.ComparedForm;
import org.eventstreaming.update.DocumentJson;
import org.eventstreaming.update.FieldDifference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DifferenceTest {
  private static final List<String> TYPES =
      List.of(
          "Check",
          "Int",
          "Long Int",
          "Float",
          "Currency",
          "Percent",
          "Rating",
          "Duration",
          "Date",
          "Datetime",
          "Time",
          "JSON",
          "Data",
          "Link",
          "Small Text");

  private final Difference difference =
      new Difference(
          new ComparedForm(
              DocTypes.of(
                  Map.of(
                      "Gauge", new DocType("Gauge", false, null, withRows(TYPES)),
                      "Gauge Line", new DocType("Gauge Line", true, null, fields(TYPES))))));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a': 1} | {'a': 1.0}",
        "{'a': 0} | {'a': -0.00}",
        "{'a': 1000} | {'a': 1e3}",
        "{'a': ''} | {'a': null}",
        "{'a': []} | {}",
        "{'a': 1, 'modified': 'x', 'idx': 3, '_seen': 'y'} | {'a': 1, 'modified_by': 'z'}",
        "{'t': [{'name': 'r', 'a': 1, 'owner': 'x', 'b': ''}]} | {'t': [{'a': 1.0, 'name': 'r'}]}",
        "{'a': {'x': 1, 'y': 2}} | {'a': {'y': 2, 'x': 1}}",
        "{'t': [{'name': 'b', 'idx': 0}, {'name': 'a', 'idx': 0}]} | {'t': [{'name': 'a', 'idx': 0}, {'name': 'b', 'idx': 0}]}",
      })
  void what_people_see_as_the_same_has_the_same_text(String one, String other) {
    assertThat(difference.between(json(one), json(other))).isEmpty();
    assertThat(difference.fields(json(one), json(other))).isEmpty();
    assertThat(difference.visible(json(one))).isEqualTo(difference.visible(json(other)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a': 1} | {'a': '1'} | a",
        "{'a': 0} | {} | a",
        "{'a': 'x', 'b': 'y'} | {'a': 'x:y'} | a b",
        "{'a': 'x\\nb:y'} | {'a': 'x', 'b': 'y'} | a b",
        "{'owner': 'x'} | {'owner': 'y'} | owner",
        "{'t': [{'name': 'r', 'a': 1}]} | {'t': [{'name': 'r', 'a': 2}]} | t[0].a",
        "{'t': [{'name': 'r', 'idx': 1}]} | {'t': [{'name': 'r', 'idx': 2}]} | t[0].idx",
        "{'t': [{'name': 'r'}]} | {'t': [{'name': 's'}, {'name': 'r'}]} | t[0]",
        "{'t': [{'name': 'r'}, {'name': 's'}]} | {'t': [{'name': 's'}]} | t[0]",
        "{'t': [{'name': 'r', 'a': 1}]} | {} | t[0]",
        "{'t': [{'name': 'r'}, {'name': 's'}]} | {'t': [{'name': 's'}, {'name': 'r'}]} | t",
        "{'t': [{'a': 1}, {'a': 2}]} | {'t': [{'a': 1}, {'a': 3}]} | t[1].a",
        "{'t': [{'name': 'r', 'a': 1}]} | {'t': [{'name': 's', 'a': 1}]} | t[0].name",
        "{'a': [1, 2]} | {'a': [12]} | a",
        "{'a': {'x': 1}} | {'a': {'x': 2}} | a",
      })
  void what_differs_is_reported_by_its_place_and_has_another_text(
      String one, String other, String places) {
    assertThat(difference.fields(json(one), json(other)))
        .extracting(FieldDifference::field)
        .isEqualTo(List.of(places.split(" ", -1)));
    assertThat(difference.visible(json(one))).isNotEqualTo(difference.visible(json(other)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Check | true | 1",
        "Check | '1' | 1",
        "Check | 5 | 1",
        "Check | false | 0.0",
        "Int | '7' | 7",
        "Int | ' 7 ' | 7.0",
        "Int | '-0' | 0",
        "Long Int | '-9223372036854775808' | -9223372036854775808",
        "Float | '7' | 7.0",
        "Float | 0.30000000000000004 | 0.3",
        "Float | 1e-10 | 0.0",
        "Float | 0.1234567885 | 0.123456789",
        "Currency | '10.50' | 10.5",
        "Currency | 1e22 | 10000000000000000000000",
        "Percent | '1e2' | 100",
        "Rating | '0.6' | 0.60",
        "Rating | 0.333 | 0.33",
        "Duration | '61' | 61.0",
        "Date | '2026-02-02 00:00:00' | '2026-02-02'",
        "Date | '2026-2-2' | '2026-02-02'",
        "Datetime | '2026-02-02 01:00' | '2026-02-02 01:00:00'",
        "Datetime | '2026-02-02T01:00:00.000Z' | '2026-02-02 01:00:00'",
        "Datetime | '2026-02-02 01:00:00.5' | '2026-02-02 01:00:00.500000'",
        "Time | '09:05' | '9:05:00'",
        "Time | '10:00:00.050000' | '10:00:0.05'",
        "Time | '100:0:0' | '100:00:00'",
        "JSON | {'b': 1, 'a': [1.0]} | '{\\'b\\': 1, \\'a\\': [1]}'",
        "JSON | '{\\n \\'a\\': \\'\\u00fc\\'\\n}' | '{\\'a\\':\\'\\\\u00fc\\'}'",
        "JSON | [] | '[]'",
        "JSON | 'free text' | '\\'free text\\''",
        "JSON | '5' | '\\'5\\''",
        "JSON | 'null' | null",
        "Data | 7 | '7'",
        "Link | 12 | '12'",
        "Small Text | '' | null",
      })
  void what_is_equal_by_the_type_of_the_field_is_equal(String type, String one, String other) {
    for (String place :
        List.of(
            "{'doctype': 'Gauge', '%s': %s}",
            "{'doctype': 'Gauge', 'lines': [{'name': 'r', '%s': %s}]}")) {
      ObjectNode here = json(place.formatted(name(type), one));
      ObjectNode there = json(place.formatted(name(type), other));

      assertThat(difference.between(here, there)).isEmpty();
      assertThat(difference.fields(here, there)).isEmpty();
      assertThat(difference.visible(here)).isEqualTo(difference.visible(there));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Check | 'Yes' | 0",
        "Int | '1,234' | 1234",
        "Int | 7 | 7.5",
        "Int | 0 | null",
        "Long Int | 9007199254740993 | 9007199254740992",
        "Float | '1,5' | 1.5",
        "Float | 0.123456789 | 0.123456788",
        "Currency | 'x' | 0",
        "Duration | 0 | null",
        "Rating | 0.3 | 0.33",
        "Date | '2026-02-02' | '2026-02-03'",
        "Date | '2026-02-30' | '2026-03-02'",
        "Datetime | '2026-02-02 01:00:00' | '2026-02-02 01:00:00.000001'",
        "Time | '09:05:00' | '19:05:00'",
        "Time | '09:65:00' | '10:05:00'",
        "JSON | {'a': 1} | '{\\'a\\': 2}'",
        "JSON | {'a': '1'} | {'a': 1}",
        "JSON | [1, 2] | [2, 1]",
        "JSON | '[]' | null",
        "JSON | {} | []",
        "Data | '007' | '7'",
        "Data | '9:05:00' | '09:05:00'",
        "Data | '5.0' | 5",
        "Small Text | '{\\'a\\': 1}' | '{\\'a\\':1}'",
        "Small Text | 'a\\r\\nb' | 'a\\nb'",
      })
  void what_differs_by_the_type_of_the_field_differs(String type, String one, String other) {
    for (String place :
        List.of(
            "{'doctype': 'Gauge', '%s': %s}",
            "{'doctype': 'Gauge', 'lines': [{'name': 'r', '%s': %s}]}")) {
      ObjectNode here = json(place.formatted(name(type), one));
      ObjectNode there = json(place.formatted(name(type), other));

      assertThat(difference.between(here, there)).hasSize(1);
      assertThat(difference.fields(here, there)).hasSize(1);
      assertThat(difference.visible(here)).isNotEqualTo(difference.visible(there));
    }
  }

  @Test
  void names_of_rows_are_text_whichever_way_they_come() {
    String row = "{'doctype': 'Gauge', 'lines': [{'name': %s, 'parent': %s, 'idx': %s}]}";

    assertThat(
            difference.between(
                json(row.formatted("7", "12", "1")), json(row.formatted("'7'", "'12'", "'1'"))))
        .isEmpty();
  }

  @Test
  void states_without_a_difference_and_those_alone_have_the_same_text() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String values =
        "1 1.0 '1' true 0 '0' -0.0 0.1 0.10000000001 '' null [] {} '[]' '{}' 'null' [1] '[1.0]'"
            + " {'a':1} '{\\'a\\':1.0}' '9:05:00' '09:05' '2026-02-02' '2026-02-02T00:00:00Z' 'x'"
            + " '\\'x\\'' [{'name':'r'}] 1e3 '1e3' 1000";
    List<String> some = List.of(values.split(" ", -1));
    for (int i = 0; i < 2_000; i++) {
      StringBuilder one = new StringBuilder("{'doctype': 'Gauge'");
      StringBuilder other = new StringBuilder("{'doctype': 'Gauge'");
      for (String type : TYPES) {
        String value = some.get(random.nextInt(some.size()));
        String another = random.nextInt(8) > 0 ? value : some.get(random.nextInt(some.size()));
        one.append(", '").append(name(type)).append("': ").append(value);
        other.append(", '").append(name(type)).append("': ").append(another);
      }
      ObjectNode here = json(one.append("}").toString());
      ObjectNode there = json(other.append("}").toString());

      boolean same = difference.between(here, there).isEmpty();

      assertThat(difference.fields(here, there).isEmpty())
          .as("seed %d: %s, %s", seed, here, there)
          .isEqualTo(same);
      assertThat(difference.visible(here).equals(difference.visible(there)))
          .as("seed %d: %s, %s", seed, here, there)
          .isEqualTo(same);
    }
  }

  @Test
  void a_number_with_a_great_exponent_is_compared_without_writing_it_out() {
    assertThat(difference.visible(json("{'doctype': 'Gauge', 'float': 1e999999999}")))
        .hasSizeLessThan(100);
  }

  private static List<DocField> fields(List<String> types) {
    return types.stream().map(type -> new DocField(name(type), type, null)).toList();
  }

  private static List<DocField> withRows(List<String> types) {
    return Stream.concat(
            fields(types).stream(), Stream.of(new DocField("lines", "Table", "Gauge Line")))
        .toList();
  }

  private static String name(String type) {
    return type.toLowerCase(Locale.ROOT).replace(' ', '_');
  }

  @Test
  void a_value_that_is_nowhere_is_missing() {
    FieldDifference reported = difference.fields(json("{}"), json("{'a': 7}")).get(0);

    assertThat(reported.here().isMissingNode()).isTrue();
    assertThat(reported.there().asInt()).isEqualTo(7);
  }

  private static ObjectNode json(String singleQuoted) {
    try {
      return (ObjectNode) DocumentJson.MAPPER.readTree(singleQuoted.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(singleQuoted, e);
    }
  }
}
