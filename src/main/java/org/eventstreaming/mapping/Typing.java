package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.format.DateTimeFormatter;
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
    return new Typing(
        type, pattern == null ? null : DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH));
  }

  /**
   * @throws NoValue where the value is not of the type
   */
  JsonNode of(JsonNode value) {
    return type == null ? value : type.of(value, format);
  }
}
