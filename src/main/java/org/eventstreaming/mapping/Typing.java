package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The keys {@code type} and {@code format} of a row.
 *
 * @param type null leaves values as they are
 * @param format how the producer writes a date or time; null is Frappe's own way
 */
record Typing(@Nullable FieldType type, @Nullable DateTimeFormatter format) {
  static final Typing NONE = new Typing(null, null);

  /**
   * @throws IllegalArgumentException where the pattern is none
   */
  static Typing of(@Nullable FieldType type, @Nullable String pattern) {
    // a day that does not exist is none; years are then counted without an era
    return new Typing(
        type,
        pattern == null
            ? null
            : DateTimeFormatter.ofPattern(withPlainYears(pattern), Locale.ENGLISH)
                .withResolverStyle(ResolverStyle.STRICT));
  }

  private static String withPlainYears(String pattern) {
    StringBuilder plain = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < pattern.length(); i++) {
      char letter = pattern.charAt(i);
      quoted ^= letter == '\'';
      plain.append(letter == 'y' && !quoted ? 'u' : letter);
    }
    return plain.toString();
  }

  /**
   * @throws NoValue where the value is not of the type
   */
  JsonNode of(JsonNode value) {
    return type == null ? value : type.of(value, format);
  }
}
