package org.eventstreaming.target;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.document.ChildRows;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table before and after a write. Rows whose names on the site are not known are
 * paired by position.
 */
record PairedRows(
    List<ObjectNode> before,
    List<ObjectNode> after,
    Map<String, ObjectNode> byName,
    boolean byPosition) {
  static PairedRows of(DocField table, ObjectNode stands, ObjectNode desired) {
    List<ObjectNode> before = ChildRows.of(stands.path(table.fieldname()));
    List<ObjectNode> after = ChildRows.of(desired.path(table.fieldname()));
    Map<String, ObjectNode> byName = new HashMap<>();
    before.forEach(row -> byName.put(row.path("name").asText(), row));
    boolean byPosition =
        before.size() == after.size()
            && after.stream().noneMatch(row -> byName.containsKey(row.path("name").asText()));
    return new PairedRows(before, after, byName, byPosition);
  }

  /** The row of the site for the row at this place; null where it is new. */
  @Nullable ObjectNode standing(int place) {
    return byPosition ? before.get(place) : byName.get(after.get(place).path("name").asText());
  }
}
