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
 * The values that a target site changed when one document was written. A key is the name of a
 * field, the name of a table where the site added or dropped rows, or {@code table/row/field} with
 * the producer's name of the row.
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

  /** Whether the site changed exactly this value sent to exactly this value stored. */
  boolean settle(String path, String sent, String stored) {
    return new Rewritten(sent, stored).equals(byPath.get(path));
  }

  /** The values of fields that were not sent again. */
  Rewrites without(Predicate<String> sent) {
    Map<String, Rewritten> stay = new HashMap<>(byPath);
    stay.keySet().removeIf(path -> sent.test(path.split("/", 2)[0]));
    return new Rewrites(stay);
  }

  /** The values that were found changed after a write. */
  static final class Found {
    private final Map<String, Rewritten> byPath;
    private final List<String> reported = new ArrayList<>();

    Found(Rewrites stay) {
      this.byPath = new HashMap<>(stay.byPath);
    }

    /**
     * Adds a value.
     *
     * @param name the label of the field; null where it is not reported
     */
    void add(
        String path, Rewritten rewritten, @Nullable String name, JsonNode sent, JsonNode stored) {
      byPath.put(path, rewritten);
      if (name != null) {
        reported.add("%s is %s, not %s".formatted(name, text(stored), text(sent)));
      }
    }

    /** Adds a value that is known from an earlier write. It is not reported again. */
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

    /** A note for the Event Sync Log; null where the site stored all values as sent. */
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
