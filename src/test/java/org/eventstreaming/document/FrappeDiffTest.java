package org.eventstreaming.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.eventstreaming.doctype.DocTypes;
import org.junit.jupiter.api.Test;

/** What Frappe's diff says of two states, applied to the first, gives the second. */
class FrappeDiffTest {
  private static final int CASES = 2_000;
  private static final List<String> FIELDS = List.of("title", "status", "qty", "remarks", "due");
  private static final List<String> TABLES = List.of("items", "taxes");
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final NormalForm normalForm = new NormalForm(DocTypes.NONE);
  private int rowsMade;

  @Test
  void the_diff_of_two_states_applied_to_the_first_gives_the_second() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("FrappeDiffTest: repeat with -Dseed=" + seed);
    Random random = new Random(seed);
    for (int i = 0; i < CASES; i++) {
      boolean reordered = random.nextInt(4) == 0;
      ObjectNode before = normalForm.inPlace(document(random));
      ObjectNode after = edited(before, reordered, random);

      var result = new ApplyDiff().apply(before, frappeDiff(before, after));

      ObjectNode is = normalForm.of(result.document());
      ObjectNode should = normalForm.of(after);
      assertThat(reordered ? withoutOrder(is) : withoutNumbers(is))
          .as("seed %d, case %d, from %s", seed, i, before)
          .isEqualTo(reordered ? withoutOrder(should) : withoutNumbers(should));
      assertThat(result.notes()).isEmpty();
    }
  }

  private ObjectNode document(Random random) {
    ObjectNode document = JSON.objectNode();
    document.put("name", "DOC-1").put("doctype", "Thing").put("docstatus", random.nextInt(3));
    fill(document, random);
    for (String table : TABLES) {
      ArrayNode rows = document.putArray(table);
      for (int i = random.nextInt(6); i > 0; i--) {
        rows.add(row(random));
      }
    }
    return document;
  }

  private ObjectNode row(Random random) {
    ObjectNode row = JSON.objectNode();
    String name = Integer.toString(++rowsMade);
    if (random.nextBoolean()) {
      row.put("name", Integer.parseInt(name));
    } else {
      row.put("name", name);
    }
    fill(row, random);
    return row;
  }

  private static void fill(ObjectNode node, Random random) {
    for (String field : FIELDS) {
      if (random.nextBoolean()) {
        node.set(field, value(random));
      }
    }
  }

  private static JsonNode value(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.textNode("");
      case 2 -> JSON.numberNode(random.nextInt(3));
      case 3 -> JSON.numberNode(random.nextInt(10) / 4.0);
      default -> JSON.textNode("text " + random.nextInt(3));
    };
  }

  private ObjectNode edited(ObjectNode before, boolean reordered, Random random) {
    ObjectNode after = before.deepCopy();
    after.put("docstatus", random.nextInt(3));
    edit(after, random);
    for (String table : TABLES) {
      List<JsonNode> rows = new ArrayList<>();
      after.withArray(table).forEach(rows::add);
      rows.removeIf(row -> random.nextInt(4) == 0);
      rows.forEach(row -> edit((ObjectNode) row, random));
      if (reordered) {
        Collections.shuffle(rows, random);
      }
      for (int i = random.nextInt(4); i > 0; i--) {
        rows.add(random.nextInt(rows.size() + 1), row(random));
      }
      ArrayNode array = after.putArray(table);
      rows.forEach(row -> array.add(((ObjectNode) row).put("idx", array.size() + 1)));
    }
    return after;
  }

  private static void edit(ObjectNode node, Random random) {
    for (String field : FIELDS) {
      if (random.nextInt(3) == 0) {
        node.set(field, value(random));
      }
    }
  }

  /** As Frappe does it (protocol: frappe-semantics 3.2), written without regard to ApplyDiff. */
  private static ObjectNode frappeDiff(ObjectNode before, ObjectNode after) {
    ObjectNode diff = JSON.objectNode();
    ObjectNode changed = diff.putObject("changed");
    ObjectNode added = diff.putObject("added");
    ObjectNode removed = diff.putObject("removed");
    ObjectNode rowChanged = diff.putObject("row_changed");
    changed.setAll(changes(before, after));
    if (!before.get("docstatus").equals(after.get("docstatus"))) {
      changed.set("docstatus", after.get("docstatus"));
    }
    for (String table : TABLES) {
      Map<String, ObjectNode> old = byName(before.get(table));
      Map<String, ObjectNode> current = byName(after.get(table));
      current.forEach(
          (name, row) -> {
            if (!old.containsKey(name)) {
              added.withArray("/" + table).add(row);
              return;
            }
            ObjectNode rowChanges = changes(old.get(name), row);
            if (!rowChanges.isEmpty()) {
              rowChanged.withArray("/" + table).add(rowChanges.put("name", name));
            }
          });
      old.keySet().stream()
          .filter(name -> !current.containsKey(name))
          .forEach(name -> removed.withArray("/" + table).add(name));
    }
    return diff;
  }

  private static ObjectNode changes(ObjectNode before, ObjectNode after) {
    ObjectNode changes = JSON.objectNode();
    for (String field : FIELDS) {
      JsonNode is = after.has(field) ? after.get(field) : JSON.nullNode();
      JsonNode was = before.has(field) ? before.get(field) : JSON.nullNode();
      if (!is.equals(was)) {
        changes.set(field, is);
      }
    }
    return changes;
  }

  private static Map<String, ObjectNode> byName(JsonNode rows) {
    Map<String, ObjectNode> byName = new TreeMap<>();
    rows.forEach(row -> byName.put(row.get("name").asText(), (ObjectNode) row));
    return byName;
  }

  /** A diff does not say whether rows that stay got new numbers. */
  private static ObjectNode withoutNumbers(ObjectNode document) {
    ObjectNode unnumbered = document.deepCopy();
    for (String table : TABLES) {
      unnumbered.get(table).forEach(row -> ((ObjectNode) row).remove("idx"));
    }
    return unnumbered;
  }

  /** A diff does not say the order of the rows that stay. */
  private static ObjectNode withoutOrder(ObjectNode document) {
    ObjectNode unordered = document.deepCopy();
    for (String table : TABLES) {
      Map<String, ObjectNode> rows = byName(unordered.get(table));
      rows.values().forEach(row -> row.remove("idx"));
      unordered.putArray(table).addAll(rows.values());
    }
    return unordered;
  }
}
