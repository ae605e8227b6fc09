package org.eventstreaming.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.eventstreaming.update.DocumentJson;
import org.eventstreaming.update.FieldDifference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DifferenceTest {
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
      })
  void what_people_see_as_the_same_has_the_same_text(String one, String other) {
    assertThat(Difference.between(json(one), json(other))).isEmpty();
    assertThat(Difference.fields(json(one), json(other))).isEmpty();
    assertThat(Difference.visible(json(one))).isEqualTo(Difference.visible(json(other)));
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
  void what_differs_is_told_by_its_place_and_has_another_text(
      String one, String other, String places) {
    assertThat(Difference.fields(json(one), json(other)))
        .extracting(FieldDifference::field)
        .isEqualTo(List.of(places.split(" ", -1)));
    assertThat(Difference.visible(json(one))).isNotEqualTo(Difference.visible(json(other)));
  }

  @Test
  void a_value_that_is_nowhere_is_missing() {
    FieldDifference told = Difference.fields(json("{}"), json("{'a': 7}")).get(0);

    assertThat(told.here().isMissingNode()).isTrue();
    assertThat(told.there().asInt()).isEqualTo(7);
  }

  private static ObjectNode json(String singleQuoted) {
    try {
      return (ObjectNode) DocumentJson.MAPPER.readTree(singleQuoted.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(singleQuoted, e);
    }
  }
}
