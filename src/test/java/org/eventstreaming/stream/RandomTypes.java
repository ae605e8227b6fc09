package org.eventstreaming.stream;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.producer.Dependencies;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.update.DocumentJson;
import org.jspecify.annotations.Nullable;

/**
 * Types of documents that link to each other in all ways, and how they are followed, named and
 * mapped: the same for the same seed, and no two seeds share a type.
 */
final class RandomTypes {
  private static final List<String> NAMES = List.of("Alpha", "Beta", "Gamma", "Delta");

  private final Random random;
  private final long seed;
  private final List<String> types = new ArrayList<>();
  private final Map<String, DocType> there = new LinkedHashMap<>();
  private final Map<String, DocType> here = new LinkedHashMap<>();
  private final Map<String, OneMapping> mappings = new LinkedHashMap<>();
  private final Map<String, ProducerDoctype> rows = new LinkedHashMap<>();
  private final Set<String> mapped = new TreeSet<>();
  private final Set<String> followed = new TreeSet<>();

  RandomTypes(long seed, Random random) {
    this.seed = seed;
    this.random = random;
    NAMES.subList(0, 2 + random.nextInt(3)).forEach(name -> types.add(name + " " + seed));
    types.forEach(this::define);
    for (String type : types) {
      if (random.nextInt(5) < 2) {
        mapped.add(type);
      }
      if (followed.isEmpty() || random.nextInt(4) > 0) {
        followed.add(type);
      }
    }
    mapped.forEach(this::map);
    for (String type : types) {
      if (followed.contains(type)) {
        TestRow row = TestRow.of(mapped.contains(type) ? our(type) : type).with(policy());
        if (mapped.contains(type)) {
          row.mapped(our(type), type);
        }
        rows.put(type, (random.nextBoolean() ? row.locallyNamed() : row).row());
      }
    }
  }

  /** The types of the site that people write documents of. */
  List<String> types() {
    return types;
  }

  /** The definitions that the site has. */
  List<DocType> there() {
    return List.copyOf(there.values());
  }

  /** The definitions that the files here have. */
  List<DocType> here() {
    return List.copyOf(here.values());
  }

  List<OneMapping> mappings() {
    return List.copyOf(mappings.values());
  }

  ProducerDoctype[] rows() {
    return rows.values().toArray(ProducerDoctype[]::new);
  }

  /** How a type of the site is followed. */
  Optional<ProducerDoctype> row(String remoteType) {
    return Optional.ofNullable(rows.get(remoteType));
  }

  /** The definition of a type, of the site's or of ours. */
  DocType definition(String type) {
    return Objects.requireNonNull(here.getOrDefault(type, there.get(type)), type);
  }

  /** How the site's documents become documents of this type here; null where they stay. */
  @Nullable OneMapping mappingTo(String localType) {
    return mappings.get(localType);
  }

  /** The site's type that documents of a type here come from, when a link names it. */
  String remoteType(String localType) {
    return rows.values().stream()
        .filter(row -> row.refDoctype().equals(localType))
        .map(ProducerDoctype::remoteDoctype)
        .findFirst()
        .orElse(localType);
  }

  /** Whether the policy of a row lets documents of the site's type come along. */
  boolean covers(Dependencies which, String remoteType) {
    return switch (which.kind()) {
      case ALL -> true;
      case SUBSCRIBED -> rows.containsKey(remoteType);
      case LISTED -> which.doctypes().contains(remoteType);
    };
  }

  private void define(String type) {
    String row = "Row of " + type;
    String tag = "Tag of " + type;
    String number = "Nr " + type.charAt(0) + seed + "-.###";
    List<@Nullable String> rules = new ArrayList<>();
    rules.add(null);
    rules.addAll(List.of("field:code", number, "prompt"));
    there.put(
        type,
        new DocType(
            type,
            false,
            rules.get(random.nextInt(rules.size())),
            List.of(
                new DocField("title", "Data", null),
                new DocField("color", "Data", null),
                new DocField("remark", "Data", null),
                new DocField("qty", "Int", null),
                new DocField("code", "Data", null),
                new DocField("wanted", "Data", null),
                new DocField("link", "Link", any()),
                new DocField("other", "Link", any()),
                new DocField("party_type", "Link", "DocType"),
                new DocField("party", "Dynamic Link", "party_type"),
                new DocField("rows", "Table", row),
                new DocField("tags", "Table MultiSelect", tag))));
    there.put(
        row,
        new DocType(
            row,
            true,
            null,
            List.of(
                new DocField("word", "Data", null),
                new DocField("size", "Int", null),
                new DocField("wanted", "Data", null),
                new DocField("part", "Link", any()),
                new DocField("kind_type", "Link", "DocType"),
                new DocField("kind", "Dynamic Link", "kind_type"))));
    there.put(tag, new DocType(tag, true, null, List.of(new DocField("tag", "Link", any()))));
  }

  /** Makes a mapping, and the definition of what it makes. */
  private void map(String type) {
    DocType from = definition(type);
    List<DocField> fields = new ArrayList<>();
    List<OneMapping.Row> rows = new ArrayList<>();
    fields.add(new DocField("code", "Data", null));
    plain("title", "heading", fields, rows);
    plain("qty", "amount", fields, rows);
    values("color", "shade", fields, rows);
    values("remark", "note", fields, rows);
    if (random.nextBoolean()) {
      fields.add(new DocField("origin", "Data", null));
      rows.add(OneMapping.Row.constant("origin", "the shop"));
    }
    if (random.nextInt(3) == 0) {
      fields.add(new DocField("house", "Link", ours(any())));
      rows.add(OneMapping.Row.standing("house", "Our house"));
    }
    if (random.nextInt(6) == 0) {
      fields.add(new DocField("twice", "Int", null));
      rows.add(OneMapping.Row.twice("twice", "qty"));
    }
    seek("wanted", "friend", fields, rows);
    for (String link : List.of("link", "other")) {
      if (random.nextInt(4) > 0) {
        fields.add(new DocField(link, "Link", ours(options(from, link))));
      }
    }
    party("party_type", "party", fields, rows);
    if (random.nextInt(4) > 0) {
      fields.add(new DocField("tags", "Table MultiSelect", "Tag of " + type));
    }
    if (random.nextBoolean()) {
      fields.add(new DocField("rows", "Table", "Row of " + type));
    } else {
      mapRows(type);
      fields.add(new DocField("lines", "Table", "Line of " + type));
      rows.add(OneMapping.Row.table("lines", "rows", "Line of " + type));
    }
    if (rows.isEmpty()) {
      // a mapping has at least one row
      fields.add(new DocField("origin", "Data", null));
      rows.add(OneMapping.Row.constant("origin", "the shop"));
    }
    here.put(
        our(type),
        new DocType(our(type), false, random.nextBoolean() ? "field:code" : null, fields));
    mappings.put(our(type), new OneMapping(our(type), type, rows));
  }

  private void mapRows(String type) {
    DocType from = definition("Row of " + type);
    List<DocField> fields = new ArrayList<>();
    List<OneMapping.Row> rows = new ArrayList<>();
    plain("word", "text", fields, rows);
    plain("size", "extent", fields, rows);
    seek("wanted", "mate", fields, rows);
    fields.add(new DocField("part", "Link", ours(options(from, "part"))));
    party("kind_type", "kind", fields, rows);
    fields.add(new DocField("origin", "Data", null));
    rows.add(OneMapping.Row.constant("origin", "the shop"));
    String line = "Line of " + type;
    here.put(line, new DocType(line, true, null, fields));
    mappings.put(line, new OneMapping(line, "Row of " + type, rows));
  }

  private void plain(
      String remote, String local, List<DocField> fields, List<OneMapping.Row> rows) {
    String type = List.of("qty", "size").contains(remote) ? "Int" : "Data";
    switch (random.nextInt(3)) {
      case 0 -> fields.add(new DocField(remote, type, null));
      case 1 -> {
        fields.add(new DocField(local, type, null));
        rows.add(OneMapping.Row.plain(local, remote, null));
      }
      default -> {
        fields.add(new DocField(local, type, null));
        rows.add(OneMapping.Row.plain(local, remote, type.equals("Int") ? "7" : "nothing"));
      }
    }
  }

  private void values(
      String remote, String local, List<DocField> fields, List<OneMapping.Row> rows) {
    if (random.nextBoolean()) {
      plain(remote, local, fields, rows);
    } else {
      fields.add(new DocField(local, "Data", null));
      rows.add(
          OneMapping.Row.valued(
              local,
              remote,
              Map.of("red", "R", "blue", "B"),
              random.nextBoolean() ? "other" : null));
    }
  }

  private void seek(String remote, String local, List<DocField> fields, List<OneMapping.Row> rows) {
    if (mapped.isEmpty() || random.nextBoolean()) {
      return;
    }
    // those that are mapped already: mappings never ask for each other in a circle
    List<String> goals =
        mappings.values().stream()
            .map(OneMapping::localType)
            .filter(goal -> goal.startsWith("Our "))
            .toList();
    if (goals.isEmpty()) {
      return;
    }
    String goal = goals.get(random.nextInt(goals.size()));
    fields.add(new DocField(local, "Link", goal));
    rows.add(
        OneMapping.Row.seek(local, remote, goal, random.nextBoolean(), random.nextInt(3) == 0));
  }

  private void party(
      String typeField, String field, List<DocField> fields, List<OneMapping.Row> rows) {
    if (random.nextInt(4) == 0) {
      return;
    }
    fields.add(new DocField(typeField, "Link", "DocType"));
    fields.add(new DocField(field, "Dynamic Link", typeField));
    if (random.nextBoolean()) {
      Map<String, String> values = new LinkedHashMap<>();
      types.forEach(type -> values.put(type, ours(type)));
      rows.add(OneMapping.Row.valued(typeField, typeField, values, null));
    }
  }

  private Dependencies policy() {
    Set<String> some = new TreeSet<>();
    types.stream().filter(type -> random.nextBoolean()).forEach(some::add);
    return switch (random.nextInt(7)) {
      case 0 -> Dependencies.NONE;
      case 1 -> Dependencies.SUBSCRIBED;
      case 2 -> Dependencies.of(some);
      default -> Dependencies.ALL;
    };
  }

  private static String options(DocType type, String fieldname) {
    return type.fields().stream()
        .filter(field -> field.fieldname().equals(fieldname))
        .map(DocField::options)
        .map(Objects::requireNonNull)
        .findFirst()
        .orElseThrow();
  }

  private String any() {
    return types.get(random.nextInt(types.size()));
  }

  /** What documents of a type are here. */
  private String ours(String type) {
    return mapped.contains(type) && followed.contains(type) ? our(type) : type;
  }

  private static String our(String type) {
    return "Our " + type;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    there.values().forEach(type -> text.append("there ").append(shown(type)).append('\n'));
    here.values().forEach(type -> text.append("here ").append(shown(type)).append('\n'));
    mappings.values().forEach(one -> text.append("mapping ").append(one.json()).append('\n'));
    rows.values().forEach(row -> text.append("follow ").append(row).append('\n'));
    return text.toString();
  }

  private static String shown(DocType type) {
    List<String> fields = new ArrayList<>();
    for (DocField field : type.fields()) {
      fields.add(
          field.options() == null
              ? field.fieldname()
              : field.fieldname() + " " + field.fieldtype() + " " + field.options());
    }
    return type.name() + " (" + type.autoname() + ") " + fields;
  }

  /** A Document Type Mapping as the test understands it; it is named as the type that it makes. */
  record OneMapping(String localType, String remoteType, List<Row> rows) {

    ObjectNode json() {
      ObjectNode json = DocumentJson.MAPPER.createObjectNode();
      json.put("mapping_name", localType);
      json.put("local_doctype", localType);
      json.put("remote_doctype", remoteType);
      ArrayNode list = json.putArray("field_mapping");
      rows.forEach(row -> list.add(row.json()));
      return json;
    }

    /**
     * One field.
     *
     * @param values a value map; empty where there is none
     * @param standsIn the default
     * @param mapping of the rows of a table, or of a document that is sought
     * @param how what else makes the value
     */
    record Row(
        String local,
        @Nullable String remote,
        Map<String, String> values,
        @Nullable String standsIn,
        @Nullable String mapping,
        How how,
        ObjectNode extra) {
      enum How {
        VALUE,
        CONSTANT,
        TWICE,
        ROWS,
        DOCUMENT
      }

      static Row plain(String local, String remote, @Nullable String standsIn) {
        return new Row(local, remote, Map.of(), standsIn, null, How.VALUE, none());
      }

      static Row valued(
          String local, String remote, Map<String, String> values, @Nullable String standsIn) {
        ObjectNode extra = none();
        if (standsIn != null) {
          extra.put("value_map_missing", "default");
        }
        return new Row(local, remote, values, standsIn, null, How.VALUE, extra);
      }

      static Row standing(String local, String standsIn) {
        return new Row(local, null, Map.of(), standsIn, null, How.VALUE, none());
      }

      static Row constant(String local, String value) {
        return new Row(
            local, null, Map.of(), null, null, How.CONSTANT, none().put("constant", value));
      }

      static Row twice(String local, String remote) {
        ObjectNode extra = none();
        extra.putObject("expression").put("language", "frappe").put("text", "doc.qty * 2");
        return new Row(local, remote, Map.of(), null, null, How.TWICE, extra);
      }

      static Row table(String local, String remote, String mapping) {
        return new Row(
            local,
            remote,
            Map.of(),
            null,
            mapping,
            How.ROWS,
            none().put("mapping_type", "Child Table").put("mapping", mapping));
      }

      static Row seek(String local, String remote, String mapping, boolean eval, boolean text) {
        ObjectNode extra = none().put("mapping_type", "Document").put("mapping", mapping);
        ObjectNode filters = extra.putObject("remote_value_filters");
        filters.put("code", eval ? "eval:doc." + remote : remote);
        if (text) {
          filters.put("owner", "Administrator");
        }
        return new Row(local, remote, Map.of(), null, mapping, How.DOCUMENT, extra);
      }

      ObjectNode json() {
        ObjectNode json = none().put("local_fieldname", local);
        if (remote != null && how != How.TWICE) {
          json.put("remote_fieldname", remote);
        }
        if (standsIn != null) {
          json.put("default_value", standsIn);
        }
        if (!values.isEmpty()) {
          ObjectNode map = json.putObject("value_map");
          values.forEach(map::put);
        }
        return json.setAll(extra);
      }

      private static ObjectNode none() {
        return DocumentJson.MAPPER.createObjectNode();
      }
    }
  }
}
