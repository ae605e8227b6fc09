package org.eventstreaming.update;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** How documents are read from and written to JSON: every number keeps the digits it came with. */
public final class DocumentJson {
  /** Frappe takes bodies of 25 MB; as text inside JSON text they can double. */
  private static final int LONGEST_TEXT = 64 * 1024 * 1024;

  /** PostgreSQL writes out what it keeps: 131,072 digits before the point and 16,383 behind it. */
  private static final int LONGEST_NUMBER = 150_000;

  public static final ObjectMapper MAPPER =
      JsonMapper.builder(
              new JsonFactoryBuilder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(LONGEST_TEXT)
                          .maxNumberLength(LONGEST_NUMBER)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private DocumentJson() {}

  /**
   * The same JSON as it would have been read: what was computed has other kinds of numbers, which
   * are never equal to those that were read.
   */
  public static JsonNode asRead(JsonNode computed) {
    if (!computed.isNumber() && !computed.isContainerNode()) {
      return computed;
    }
    try {
      return MAPPER.readTree(MAPPER.writeValueAsString(computed));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
