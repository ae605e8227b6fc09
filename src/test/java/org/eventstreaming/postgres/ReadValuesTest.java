package org.eventstreaming.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.stream.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The functions that the typed views read values with: what is not of the type is null. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadValuesTest {
  @SuppressWarnings("NullAway.Init")
  private TestDatabase database;

  @BeforeAll
  void open() {
    database = TestDatabase.create();
  }

  @AfterAll
  void close() {
    database.close();
  }

  @Test
  void whole_numbers() {
    assertThat(read("as_bigint", "42")).isEqualTo("42");
    assertThat(read("as_bigint", "-7.000")).isEqualTo("-7");
    assertThat(read("as_bigint", "true")).isEqualTo("1");
    assertThat(read("as_bigint", " 7 ")).isEqualTo("7");
    for (String edge : new String[] {"-9223372036854775808", "9223372036854775807"}) {
      assertThat(read("as_bigint", edge)).isEqualTo(edge);
      assertThat(read("as_bigint", edge + ".0")).isEqualTo(edge);
    }
    for (String malformed :
        new String[] {
          "",
          " ",
          "4 2",
          "2.5",
          "1e3",
          "abc",
          "9".repeat(19),
          "٣",
          "{}",
          "NaN",
          "-9223372036854775809",
          "9223372036854775808",
          "9223372036854775807.5"
        }) {
      assertThat(read("as_bigint", malformed)).as(malformed).isNull();
    }
  }

  @Test
  void amounts_keep_their_digits() {
    assertThat(read("as_numeric", "721.10")).isEqualTo("721.10");
    assertThat(read("as_numeric", "-.5E-3")).isEqualTo("-0.0005");
    assertThat(read("as_numeric", " 2.50 ")).isEqualTo("2.50");
    for (String malformed :
        new String[] {"", "1,000.00", "€ 5", "1e9999", "Infinity", "NaN", "0x10", "1_000"}) {
      assertThat(read("as_numeric", malformed)).as(malformed).isNull();
    }
  }

  @Test
  void times_as_sites_write_them() {
    assertThat(read("as_timestamp", "2026-11-22 13:18:06.140767"))
        .isEqualTo("2026-11-22 13:18:06.140767");
    assertThat(read("as_timestamp", "2024-2-29")).isEqualTo("2024-02-29 00:00:00");
    assertThat(read("as_timestamp", "2000-01-01 13:18:6.14")).isEqualTo("2000-01-01 13:18:06.14");
    for (String offset : new String[] {"Z", "+02", "-0530", "+05:30"}) {
      assertThat(read("as_timestamp", "2026-01-01T10:00" + offset))
          .isEqualTo("2026-01-01 10:00:00");
    }
    for (String malformed :
        new String[] {
          "",
          "2026-01-01Z",
          "2026-01-01 10:00+2",
          "2023-02-29",
          "2026-13-01",
          "0000-01-01",
          "2026-01-01 24:00",
          "today",
          "infinity",
          "22-11-2026",
          "2026-01-00"
        }) {
      assertThat(read("as_timestamp", malformed)).as(malformed).isNull();
    }
  }

  @Test
  void whatever_the_text_it_is_read_as_our_own_reading_or_is_null() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String alphabet = "0123456789-: .T+ZeE\t\n٣,_xN";
    for (int i = 0; i < 3_000; i++) {
      String text = random.nextBoolean() ? garbled(random, alphabet) : random(random, alphabet, 30);

      read("as_bigint", text);
      read("as_numeric", text);
      String time = read("as_timestamp", text);

      LocalDateTime ours =
          text.equals(text.strip())
              ? FrappeTime.parse(FrappeTime.withoutOffset(text)).orElse(null)
              : null;
      if (time != null || (ours != null && ours.getYear() > 0)) {
        assertThat(time == null ? null : LocalDateTime.parse(time.replace(' ', 'T')))
            .as("seed %d: '%s'", seed, text)
            .isEqualTo(ours == null ? null : ours.truncatedTo(ChronoUnit.MICROS));
      }
    }
  }

  private static String garbled(Random random, String alphabet) {
    StringBuilder text = new StringBuilder("2026-11-22 13:18:06.140767");
    for (int times = random.nextInt(4); times > 0; times--) {
      text.setCharAt(
          random.nextInt(text.length()), alphabet.charAt(random.nextInt(alphabet.length())));
    }
    text.setLength(random.nextInt(text.length() + 1));
    return text.toString();
  }

  private static String random(Random random, String alphabet, int longest) {
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(longest); length > 0; length--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  private @Nullable String read(String function, String text) {
    try (Connection connection = database.database().pool().getConnection();
        PreparedStatement statement =
            connection.prepareStatement("select " + function + "(?)::text")) {
      statement.setString(1, text);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getString(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(function + " failed on '" + text + "'", e);
    }
  }
}
