package org.eventstreaming.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The rows in what should be a child table. */
public final class ChildRows {
  private static final Comparator<JsonNode> IN_ORDER =
      Comparator.<JsonNode>comparingInt(row -> row.path("idx").asInt())
          .thenComparing(row -> row.path("name").asText());

  private ChildRows() {}

  /**
   * The rows in the order of their idx, and by name where that is equal; as they are where one has
   * no idx.
   */
  public static ArrayNode inOrder(ArrayNode rows) {
    List<JsonNode> sorted = new ArrayList<>(rows.size());
    boolean inOrder = true;
    for (JsonNode row : rows) {
      if (!row.path("idx").canConvertToInt()) {
        return rows;
      }
      inOrder &= sorted.isEmpty() || IN_ORDER.compare(sorted.get(sorted.size() - 1), row) <= 0;
      sorted.add(row);
    }
    if (inOrder) {
      return rows;
    }
    sorted.sort(IN_ORDER);
    return rows.arrayNode(sorted.size()).addAll(sorted);
  }

  /** Its objects in their order; what is none is passed over. */
  public static List<ObjectNode> of(JsonNode rows) {
    List<ObjectNode> objects = new ArrayList<>();
    for (JsonNode row : rows) {
      if (row instanceof ObjectNode object) {
        objects.add(object);
      }
    }
    return objects;
  }
}
