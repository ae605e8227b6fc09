package org.eventstreaming.target;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.ZoneId;
import java.util.Set;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.update.DocumentJson;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A value of a target site is the producer's where the site would store that as it is. */
class SiteValuesTest {
  private static final DocField DUE = new DocField("due", "Datetime", null);

  private final SiteValues home = values("Asia/Kolkata", "Asia/Kolkata");

  @Test
  void a_moment_in_the_repeated_hour_of_the_target_comes_back_as_another_and_is_the_same() {
    SiteValues values = values("Asia/Kolkata", "America/New_York");
    JsonNode desired = text("2026-11-01 12:00:00");

    JsonNode there = values.sent(DUE, desired);

    assertThat(there.asText()).startsWith("2026-11-01 01:30:00");
    JsonNode back = values.read(DUE, there);
    assertThat(back.asText()).as("the first of two").startsWith("2026-11-01 11:00:00");
    assertThat(values.isSame(DUE, back, desired)).isTrue();
    assertThat(values.digest(DUE, back)).isEqualTo(values.digest(DUE, desired));
    assertThat(values.isSame(DUE, text("2026-11-01 10:59:59"), desired)).isFalse();
  }

  @Test
  void a_moment_in_the_hour_that_the_producer_leaves_out_is_the_one_an_hour_later() {
    SiteValues values = values("America/New_York", "Asia/Kolkata");
    JsonNode desired = text("2026-03-08 02:30:00");

    JsonNode there = values.sent(DUE, desired);

    assertThat(there.asText()).startsWith("2026-03-08 13:00:00");
    JsonNode back = values.read(DUE, there);
    assertThat(back.asText()).startsWith("2026-03-08 03:30:00");
    assertThat(values.isSame(DUE, back, desired)).isTrue();
    assertThat(values.isSame(DUE, text("2026-03-08 01:30:00"), desired)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0001-01-01 00:00:00", "9999-12-31 23:59:59", "9999-12-31 23:59:59.999999"})
  void moments_that_stand_for_never_and_for_ever_are_not_converted(String never) {
    SiteValues values = values("Asia/Kolkata", "America/New_York");

    assertThat(values.sent(DUE, text(never)).asText()).isEqualTo(never);
    assertThat(values.read(DUE, text(never)).asText()).isEqualTo(never);
  }

  @Test
  void moments_go_over_as_they_are_where_the_site_file_says_so() {
    SiteValues values =
        new SiteValues(ZoneId.of("Asia/Kolkata"), ZoneId.of("America/New_York"), false);

    assertThat(values.sent(DUE, text("2026-07-01 12:00:00")).asText())
        .isEqualTo("2026-07-01 12:00:00");
  }

  @ParameterizedTest
  @CsvSource({
    "Check,    'Yes',      0,       1",
    "Check,    'Yes',      '',      1",
    "Check,    '1',        1,       0",
    "Int,      '1,234',    0,       1234",
    "Int,      'abc',      0,       1",
    "Int,      7.9,        7,       8",
    "Float,    'abc',      0.0,     1",
    "Float,    '1,234.5',  1234.5,  0",
    "Currency, '1,234.5',  1234.5,  1",
    "Percent,  '12.50',    12.5,    12",
  })
  void numbers_that_are_written_as_text_are_what_a_site_makes_of_them(
      String fieldtype, String sent, String same, String other) {
    DocField field = new DocField("amount", fieldtype, null);
    JsonNode desired = fieldtype.equals("Int") && sent.contains(".") ? json(sent) : text(sent);

    assertThat(home.isSame(field, stored(same), desired)).isTrue();
    assertThat(home.digest(field, stored(same))).isEqualTo(home.digest(field, desired));
    assertThat(home.isSame(field, stored(other), desired)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Check", "Int", "Float", "Currency", "Percent", "Rating"})
  void an_empty_number_is_0(String fieldtype) {
    DocField field = new DocField("amount", fieldtype, null);

    assertThat(home.isSame(field, json("0"), NullNode.instance)).isTrue();
    assertThat(home.isSame(field, json("0"), MissingNode.getInstance())).isTrue();
    assertThat(home.isSame(field, json("1"), NullNode.instance)).isFalse();
  }

  @Test
  void a_number_is_the_same_where_the_site_cut_it_to_the_precision_of_the_field() {
    DocField field = new DocField("rate", "Float", null, Set.of(), 0, 2);

    assertThat(home.isSame(field, json("1.24"), json("1.235"))).isTrue();
    assertThat(home.isSame(field, json("1.23"), json("1.235"))).isFalse();
  }

  private static SiteValues values(String producer, String site) {
    return new SiteValues(ZoneId.of(producer), ZoneId.of(site), true);
  }

  private static JsonNode stored(@Nullable String number) {
    return number == null || number.isEmpty() ? NullNode.instance : json(number);
  }

  private static JsonNode text(String text) {
    return TextNode.valueOf(text);
  }

  private static JsonNode json(String json) {
    try {
      return DocumentJson.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }
}
