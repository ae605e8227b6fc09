package org.eventstreaming.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one table field while a diff is applied. What stays keeps its order; inserted rows
 * take their places when all of them are known.
 */
final class ChildTable {
  private record Place(List<@Nullable ObjectNode> rows, int index) {}

  private final String fieldname;
  private final boolean wasHere;
  // a removed row leaves a null, so that the places of the others stay true
  private final List<@Nullable ObjectNode> staying = new ArrayList<>();
  private final List<@Nullable ObjectNode> inserted = new ArrayList<>();
  private final Map<String, Place> places = new HashMap<>();

  private ChildTable(String fieldname, boolean wasHere) {
    this.fieldname = fieldname;
    this.wasHere = wasHere;
  }

  static ChildTable of(String fieldname, @Nullable ArrayNode rows) {
    ChildTable table = new ChildTable(fieldname, rows != null);
    if (rows != null) {
      for (JsonNode row : rows) {
        table.put(table.staying, row.path("name").asText(), (ObjectNode) row);
      }
    }
    return table;
  }

  String fieldname() {
    return fieldname;
  }

  /** Null where no row has the name. */
  @Nullable ObjectNode find(String name) {
    Place place = places.get(name);
    return place == null ? null : place.rows.get(place.index);
  }

  boolean remove(String name) {
    Place place = places.remove(name);
    if (place == null) {
      return false;
    }
    place.rows.set(place.index, null);
    return true;
  }

  boolean replace(String name, ObjectNode row) {
    Place place = places.get(name);
    if (place == null) {
      return false;
    }
    ObjectNode old = place.rows.set(place.index, row);
    if (old != null && old.has("idx")) {
      row.set("idx", old.get("idx"));
    }
    return true;
  }

  /** Puts the row after those that stay. */
  void append(String name, ObjectNode row) {
    put(staying, name, row);
  }

  /** Puts the row where its {@code idx} says, at the end if it says nothing. */
  void insert(String name, ObjectNode row) {
    put(inserted, name, row);
  }

  void insert(ObjectNode row) {
    inserted.add(row);
  }

  /** A table that was not here appears with its first row only. */
  void writeTo(ObjectNode document) {
    List<ObjectNode> rows = inOrder();
    if (rows.isEmpty() && !wasHere) {
      return;
    }
    ArrayNode array = document.arrayNode(rows.size());
    number(rows);
    rows.forEach(array::add);
    document.set(fieldname, array);
  }

  /**
   * Rows keep the number that their site gave them, also where that leaves gaps: sites do so when
   * rows are removed over REST. Only what an inserted row pushes back moves on.
   */
  private void number(List<ObjectNode> rows) {
    Set<ObjectNode> newcomers = Collections.newSetFromMap(new IdentityHashMap<>());
    newcomers.addAll(present(inserted));
    int last = 0;
    boolean pushed = false;
    for (ObjectNode row : rows) {
      int own = idxOfDocument(row);
      boolean isNew = newcomers.contains(row);
      int least = pushed && !isNew ? last + 1 : last;
      last = own == Integer.MAX_VALUE ? last + 1 : Math.max(own, least);
      row.put("idx", last);
      pushed |= isNew;
    }
  }

  private void put(List<@Nullable ObjectNode> rows, String name, ObjectNode row) {
    if (!name.isEmpty()) {
      places.putIfAbsent(name, new Place(rows, rows.size()));
    }
    rows.add(row);
  }

  /** The inserted rows know their final idx, those that stay fill the places between them. */
  private List<ObjectNode> inOrder() {
    List<ObjectNode> newcomers = present(inserted);
    newcomers.sort(Comparator.comparingInt(ChildTable::idxOfDocument));
    List<ObjectNode> rows = new ArrayList<>();
    int next = 0;
    for (ObjectNode row : present(staying)) {
      while (next < newcomers.size() && idxOfDocument(newcomers.get(next)) <= rows.size() + 1) {
        rows.add(newcomers.get(next++));
      }
      rows.add(row);
    }
    rows.addAll(newcomers.subList(next, newcomers.size()));
    return rows;
  }

  private static List<ObjectNode> present(List<@Nullable ObjectNode> rows) {
    List<ObjectNode> present = new ArrayList<>(rows.size());
    for (ObjectNode row : rows) {
      if (row != null) {
        present.add(row);
      }
    }
    return present;
  }

  /** Frappe counts from 1; 0 is a row that was never given a place. */
  private static int idxOfDocument(ObjectNode row) {
    JsonNode idx = row.path("idx");
    return idx.canConvertToInt() && idx.intValue() > 0 ? idx.intValue() : Integer.MAX_VALUE;
  }
}
