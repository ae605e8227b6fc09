package org.eventstreaming.document;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** An Update whose data cannot be read as a diff: it would fail again however often it is tried. */
public final class MalformedDiff extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int EXCERPT = 60;

  MalformedDiff(String part, String expected, JsonNode found) {
    super("%s must be %s, was %s".formatted(part, expected, excerpt(found)));
  }

  private static String excerpt(JsonNode found) {
    String json = found.toString();
    String type = found.getNodeType().name().toLowerCase(Locale.ROOT);
    if (found.isNull() || found.isMissingNode()) {
      return type;
    }
    return type
        + " "
        + (json.codePointCount(0, json.length()) <= EXCERPT
            ? json
            : json.substring(0, json.offsetByCodePoints(0, EXCERPT)) + "…");
  }
}
