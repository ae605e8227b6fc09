package org.eventstreaming.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.eventstreaming.document.ApplyDiff;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random mappings and documents: what the engine makes of them is what a slow reading of the rules,
 * written down apart from it, makes; and a mapped diff leads to the mapped new document.
 */
class RandomMappingTest {
  private static final int MAPPINGS = 100;
  private static final int DOCUMENTS = 20;
  private static final List<String> FIELDS = List.of("f0", "f1", "f2", "f3", "f4", "owner");
  private static final List<String> TABLES = List.of("t0", "t1");

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  @TempDir Path directory;

  @Test
  void a_document_is_mapped_as_the_rules_say() {
    int needed = 0;
    for (int i = 0; i < MAPPINGS; i++) {
      Drawn drawn = draw(i, true);
      for (int j = 0; j < DOCUMENTS; j++) {
        ObjectNode document = document();
        Rules rules = new Rules(drawn);

        MappedDocument mapped = drawn.mapDocument.map(drawn.mapping, document);

        String context = "seed %d: %s of %s".formatted(seed, drawn.outer, document);
        assertThat(mapped.document()).as(context).isEqualTo(rules.map(drawn.outer, document));
        assertThat(mapped.needed())
            .as(context)
            .extracting(one -> one.table() + " " + one.row() + " " + one.fieldname())
            .containsExactlyInAnyOrderElementsOf(rules.needed);
        needed += mapped.needed().size();
      }
    }
    assertThat(needed).as("needed documents of seed %d", seed).isPositive();
  }

  @Test
  void a_mapped_diff_leads_from_the_mapped_old_document_to_the_mapped_new_one() {
    ApplyDiff apply = new ApplyDiff();
    int whole = 0;
    int mappedAlone = 0;
    for (int i = 0; i < MAPPINGS; i++) {
      // every other one without rows that compute, so that more diffs can be mapped alone
      Drawn drawn = draw(i, i % 2 == 0);
      MapDocument mapDocument = drawn.mapDocument;
      for (int j = 0; j < DOCUMENTS; j++) {
        ObjectNode old = document();
        ObjectNode diff = diff(old);
        if (!(drawn.mapDiff.map(drawn.mapping, diff) instanceof MappedDiff.Diff mapped)) {
          whole++;
          continue;
        }
        mappedAlone++;

        ObjectNode there = mapDocument.map(drawn.mapping, old).document();
        ObjectNode led = apply.apply(there, mapped.diff()).document();

        assertThat(led)
            .as("seed %d: %s, %s of %s", seed, drawn.outer, diff, old)
            .isEqualTo(
                mapDocument.map(drawn.mapping, apply.apply(old, diff).document()).document());
      }
    }
    assertThat(List.of(whole, mappedAlone)).as("seed %d", seed).allMatch(count -> count > 50);
  }

  /** The rules, read slowly: for each field that can come out, what it is. */
  private static final class Rules {
    private static final Set<String> STANDARD =
        Set.of("name", "owner", "creation", "modified", "modified_by", "docstatus", "idx");
    private static final JsonNode NONE = MissingNode.getInstance();
    private final Drawn drawn;
    private final List<String> needed = new ArrayList<>();

    Rules(Drawn drawn) {
      this.drawn = drawn;
    }

    ObjectNode map(ObjectNode mapping, ObjectNode document) {
      return map(mapping, document, "null", 0);
    }

    private ObjectNode map(ObjectNode mapping, ObjectNode document, String table, int index) {
      ObjectNode out = document.objectNode();
      out.set("doctype", mapping.get("local_doctype"));
      Set<String> possible = new TreeSet<>();
      document.fieldNames().forEachRemaining(possible::add);
      mapping.get("field_mapping").forEach(row -> possible.add(local(row)));
      possible.remove("doctype");
      for (String field : possible) {
        JsonNode value = NONE;
        JsonNode by = NONE;
        boolean source = false;
        for (JsonNode row : mapping.get("field_mapping")) {
          by = local(row).equals(field) ? row : by;
          source |= row.path("remote_fieldname").asText().equals(field);
        }
        if (by.isObject()) {
          value = value(by, document, table, index);
        } else if (STANDARD.contains(field)) {
          value = document.path(field);
        } else if (!source) {
          value =
              switch (mapping.path("unmapped_fields").asText()) {
                case "keep" -> document.path(field);
                case "drop" -> NONE;
                default -> drawn.known.contains(field) ? document.path(field) : NONE;
              };
        }
        if (!value.isMissingNode() && !value.isNull()) {
          out.set(field, value);
        }
      }
      return out;
    }

    private JsonNode value(JsonNode row, ObjectNode document, String table, int index) {
      JsonNode standsIn = row.path("default_value");
      if (row.has("when")) {
        // drawn as: doc.FIELD == 'a'
        String field = row.get("when").asText().substring(4, row.get("when").asText().indexOf(' '));
        if (!document.path(field).asText().equals("a")) {
          return NONE;
        }
      }
      String type = row.path("mapping_type").asText();
      if (type.equals("Document") && standsIn.isTextual()) {
        return standsIn;
      }
      JsonNode found =
          row.has("constant")
              ? row.get("constant")
              : row.has("jsonpath")
                  ? document.path(row.get("jsonpath").asText().substring(2))
                  : row.has("expression")
                      ? document.path(row.at("/expression/text").asText().substring(4))
                      : document.path(row.path("remote_fieldname").asText());
      if (found.isMissingNode() || found.isNull() || found.equals(TextNode.valueOf(""))) {
        boolean staysEmpty = found.isTextual() && type.isEmpty() && !row.has("value_map");
        return standsIn.isTextual() ? standsIn : staysEmpty ? found : NONE;
      }
      if (type.equals("Document")) {
        needed.add(table + " " + index + " " + local(row));
        return NONE;
      }
      if (type.equals("Child Table")) {
        ArrayNode rows = document.arrayNode();
        for (JsonNode child : found) {
          rows.add(map(drawn.inner, (ObjectNode) child, local(row), rows.size()));
        }
        return rows;
      }
      JsonNode other = row.path("value_map").path(found.asText());
      if (!row.has("value_map") || !other.isMissingNode()) {
        return row.has("value_map") ? other : found;
      }
      return row.path("value_map_missing").asText().equals("default") ? standsIn : found;
    }

    private static String local(JsonNode row) {
      return row.get("local_fieldname").asText();
    }
  }

  /**
   * Two mappings of a project, of the document and of its child rows, and what they are read as.
   */
  private record Drawn(
      ObjectNode outer,
      ObjectNode inner,
      Set<String> known,
      DocumentTypeMapping mapping,
      MapDocument mapDocument,
      MapDiff mapDiff) {}

  private Drawn draw(int number, boolean computing) {
    TestMappings files = TestMappings.in(directory.resolve("p" + number));
    Set<String> known = new TreeSet<>();
    if (random.nextBoolean()) {
      String[] fields = {"f0", "f1", "f2", "l0", "l1", "l2", "l3", "l4", "l5", "t0"};
      for (String doctype : List.of("Ours", "Our Row")) {
        String[] definition = fields.clone();
        for (int i = 0; i < definition.length; i++) {
          definition[i] += ":Data";
        }
        files.define(doctype, definition);
      }
      known.addAll(List.of(fields));
    }
    ObjectNode inner = mapping("Inner", "Our Row", "Their Row", false, computing);
    ObjectNode outer = mapping("Outer", "Ours", "Theirs", true, computing);
    ObjectNode found = mapping("Found", "Party", "Party", false, false);
    files.file("all.json", "[%s, %s, %s]".formatted(outer, inner, found));
    return new Drawn(
        outer,
        inner,
        known,
        files.read().find("Outer").orElseThrow(),
        files.mapDocument(),
        files.mapDiff());
  }

  private ObjectNode mapping(
      String name, String local, String remote, boolean tables, boolean computing) {
    ObjectNode mapping = TestMappings.json("{}");
    mapping.put("mapping_name", name).put("local_doctype", local).put("remote_doctype", remote);
    mapping.put("unmapped_fields", pick("known", "keep", "drop"));
    ArrayNode rows = mapping.putArray("field_mapping");
    Set<String> taken = new TreeSet<>();
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      String field = pick("l0", "l1", "l2", "l3", "f0", "f1", "owner");
      if (taken.add(field)) {
        rows.add(row(field, computing));
      }
    }
    if (tables && random.nextInt(4) > 0) {
      rows.addObject()
          .put("local_fieldname", pick("l4", "t0"))
          .put("remote_fieldname", pick("t0", "t1"))
          .put("mapping_type", "Child Table")
          .put("mapping", "Inner");
    }
    if (tables && random.nextInt(4) == 0) {
      rows.addObject().put("local_fieldname", "l5").put("remote_fieldname", pick("t0", "t1"));
    }
    return mapping;
  }

  private ObjectNode row(String field, boolean computing) {
    ObjectNode row = TestMappings.json("{}").put("local_fieldname", field);
    String remote = pick("f0", "f1", "f2", "f3", "f4", "owner");
    if (random.nextBoolean()) {
      row.put("default_value", pick("d", "e"));
    }
    switch (random.nextInt(computing ? 8 : 4)) {
      case 0, 1 -> row.put("remote_fieldname", remote);
      case 2 -> {
        row.put("remote_fieldname", remote);
        row.putObject("value_map").put("a", "A").put("b", "B");
        row.put("default_value", "d").put("value_map_missing", pick("keep", "default"));
      }
      case 3 -> row.put("constant", pick("c", "k"));
      case 4 -> row.put("jsonpath", "$." + remote);
      case 5 -> row.putObject("expression").put("language", "frappe").put("text", "doc." + remote);
      case 6 ->
          row.put("remote_fieldname", remote)
              .put("mapping_type", "Document")
              .put("mapping", "Found")
              .putObject("remote_value_filters")
              .put("x", pick("f0", "f1", "text"))
              // filters without any value find nothing
              .put("y", "text");
      default -> row.put("remote_fieldname", remote).put("when", "doc." + remote + " == 'a'");
    }
    return row;
  }

  private ObjectNode document() {
    ObjectNode document = fields(TestMappings.json("{}")).put("doctype", "Theirs").put("name", "D");
    for (String table : TABLES) {
      if (random.nextBoolean()) {
        ArrayNode rows = document.putArray(table);
        int count = random.nextInt(4);
        for (int i = 1; i <= count; i++) {
          rows.add(fields(TestMappings.json("{}")).put("name", table + i).put("idx", i));
        }
      }
    }
    return document;
  }

  private ObjectNode fields(ObjectNode into) {
    for (String field : FIELDS) {
      switch (random.nextInt(6)) {
        case 0, 1 -> into.put(field, pick("a", "b", "c"));
        case 2 -> into.put(field, "");
        case 3 -> into.put(field, 0);
        case 4 -> into.put(field, random.nextInt(3));
        default -> {}
      }
    }
    return into;
  }

  /** The diff to some other state of the document. */
  private ObjectNode diff(ObjectNode old) {
    ObjectNode diff = TestMappings.json("{}");
    if (random.nextInt(3) > 0) {
      changes(diff.putObject("changed"));
    }
    for (String table : TABLES) {
      int rows = old.path(table).size();
      if (rows > 0 && random.nextBoolean()) {
        diff.withObject("/removed").putArray(table).add(table + 1);
      }
      if (rows > 1 && random.nextBoolean()) {
        changes(diff.withObject("/row_changed").putArray(table).addObject().put("name", table + 2));
      }
      if (random.nextInt(3) == 0) {
        diff.withObject("/added")
            .putArray(table)
            .add(fields(TestMappings.json("{}")).put("name", table + "n").put("idx", rows + 1));
      }
    }
    return diff;
  }

  private ObjectNode changes(ObjectNode into) {
    for (String field : FIELDS) {
      switch (random.nextInt(5)) {
        case 0 -> into.put(field, pick("a", "b", "new"));
        case 1 -> into.putNull(field);
        case 2 -> into.put(field, 0);
        default -> {}
      }
    }
    return into;
  }

  private String pick(String... from) {
    return from[random.nextInt(from.length)];
  }
}
