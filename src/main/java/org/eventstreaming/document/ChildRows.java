package org.eventstreaming.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The rows in what should be a child table. */
public final class ChildRows {
  private ChildRows() {}

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
