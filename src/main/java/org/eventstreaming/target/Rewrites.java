package org.eventstreaming.target;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.eventstreaming.store.Rewritten;
import org.eventstreaming.update.Digest;
import org.jspecify.annotations.Nullable;

/**
 * What a target site made of values of one document when they were written: of a field by its name,
 * of a table by its name where the site added or dropped rows, of a field of a row as {@code
 * table/row/field} by the producer's name of the row.
 */
public record Rewrites(Map<String, Rewritten> byPath) {
  public static final Rewrites NONE = new Rewrites(Map.of());
  private static final int DIGITS = 16;
  private static final int MOST_REPORTED = 10;
  private static final int LONGEST_VALUE = 60;

  public Rewrites {
    byPath = Map.copyOf(byPath);
  }

  static String digest(String text) {
    return Digest.of(text).substring(0, DIGITS);
  }

  /** Whether the site made just this of just that. */
  boolean settle(String path, String sent, String stored) {
    return new Rewritten(sent, stored).equals(byPath.get(path));
  }

  /** Those of fields that were not sent again. */
  Rewrites without(Predicate<String> sent) {
    Map<String, Rewritten> stay = new HashMap<>(byPath);
    stay.keySet().removeIf(path -> sent.test(path.split("/", 2)[0]));
    return new Rewrites(stay);
  }

  /** What was found after a write. */
  static final class Found {
    private final Map<String, Rewritten> byPath;
    private final List<String> reported = new ArrayList<>();

    Found(Rewrites stay) {
      this.byPath = new HashMap<>(stay.byPath);
    }

    /**
     * One value.
     *
     * @param name what a person calls the field; null where nobody needs to know
     */
    void add(
        String path, Rewritten rewritten, @Nullable String name, JsonNode sent, JsonNode stored) {
      byPath.put(path, rewritten);
      if (name != null) {
        reported.add("%s is %s, not %s".formatted(name, text(stored), text(sent)));
      }
    }

    /** One that is known already. */
    void keep(String path, Rewritten rewritten) {
      byPath.put(path, rewritten);
    }

    private static String text(JsonNode value) {
      String text = value.isMissingNode() || value.isNull() ? "" : value.asText();
      return text.isEmpty()
          ? "empty"
          : text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) + "…" : text;
    }

    Map<String, Rewritten> byPath() {
      return byPath;
    }

    /** A sentence for the Event Sync Log; null where the site took all as it was. */
    @Nullable String reported() {
      if (reported.isEmpty()) {
        return null;
      }
      List<String> shown = reported.subList(0, Math.min(reported.size(), MOST_REPORTED));
      return "The site set by itself: "
          + String.join("; ", shown)
          + (reported.size() > shown.size()
              ? "; and %d more".formatted(reported.size() - shown.size())
              : "")
          + ".";
    }
  }
}
