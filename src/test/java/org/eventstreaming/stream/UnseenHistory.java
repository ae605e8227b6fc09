package org.eventstreaming.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.DocumentJson;
import org.eventstreaming.update.DocumentKey;
import org.jspecify.annotations.Nullable;

/**
 * What people and code do on a site, the same for the same seed: much of it past the update log, as
 * renames with their links, merges, and fields of documents and rows that are set by SQL.
 */
final class UnseenHistory {
  private static final int NAMES = 7;

  private final StandInSite site;
  private final Random random;
  private final String order;
  private final String part;
  private final String line;
  private final boolean traceless;
  private final List<String> steps = new ArrayList<>();
  private final List<ObjectNode> definitions = new ArrayList<>();
  private final Set<DocumentKey> retired = new HashSet<>();
  private boolean retires;

  /**
   * @param number distinguishes its types from those of other histories
   * @param traceless whether some of its writes leave {@code modified} alone, some renames no
   *     Comment, and some deletions no entry
   */
  UnseenHistory(StandInSite site, Random random, long number, boolean traceless) {
    this.traceless = traceless;
    this.site = site;
    this.random = random;
    this.order = "Order " + number;
    this.part = "Part " + number;
    this.line = "Line " + number;
    define(
        line, field("part", "Link", part), field("qty", "Int", null), field("word", "Data", null));
    define(
        order,
        field("title", "Data", null),
        field("part", "Link", part),
        field("party_type", "Link", "DocType"),
        field("party", "Dynamic Link", "party_type"),
        field("lines", "Table", line));
    define(
        part,
        field("title", "Data", null),
        field("made_of", "Link", part),
        field("lines", "Table", line));
  }

  /** A name that a document had before is given to no other. */
  UnseenHistory retiringNames() {
    retires = true;
    return this;
  }

  /** Of its types and their rows. */
  List<ObjectNode> definitions() {
    return definitions;
  }

  List<String> types() {
    return List.of(order, part);
  }

  /** The type that a Link field of these names. */
  String part() {
    return part;
  }

  void write(int writes) {
    for (int i = 0; i < writes; i++) {
      DocumentKey key = new DocumentKey(types().get(random.nextInt(types().size())), name());
      Map<String, ObjectNode> there = there(key.doctype());
      ObjectNode now = there.get(key.name());
      if (retired.contains(key)) {
        continue;
      }
      if (now == null) {
        insert(key);
      } else {
        change(key, now, there);
      }
    }
  }

  void pulled(String how) {
    steps.add("-- " + how);
  }

  /** All documents as the site has them. */
  Map<DocumentKey, ObjectNode> documents() {
    Map<DocumentKey, ObjectNode> all = new LinkedHashMap<>();
    for (String type : types()) {
      there(type).forEach((name, document) -> all.put(new DocumentKey(type, name), document));
    }
    return all;
  }

  private Map<String, ObjectNode> there(String doctype) {
    Map<String, ObjectNode> there = new TreeMap<>();
    site.documents(doctype).forEach(one -> there.put(one.path("name").asText(), one));
    return there;
  }

  private void change(DocumentKey key, ObjectNode now, Map<String, ObjectNode> there) {
    int dice = random.nextInt(12);
    if (dice < 3) {
      ObjectNode changes = fields(key.doctype());
      if (random.nextBoolean()) {
        changes.set("lines", rows());
      }
      steps.add("update " + key + " " + changes);
      site.update(key.doctype(), key.name(), changes);
    } else if (dice < 4) {
      if (isLinked(key)) {
        return;
      }
      boolean silently = silently();
      steps.add((silently ? "remove by SQL " : "delete ") + key);
      if (silently) {
        site.remove(key.doctype(), key.name());
      } else {
        site.delete(key.doctype(), key.name());
      }
    } else if (dice < 7) {
      ObjectNode values = fields(key.doctype());
      boolean silently = silently();
      steps.add("set past the log " + (silently ? "without a trace " : "") + key + " " + values);
      site.dbSet(key.doctype(), key.name(), values, !silently);
    } else if (dice < 9) {
      JsonNode row = now.path("lines").path(0);
      if (row instanceof ObjectNode) {
        ObjectNode values = row();
        boolean silently = silently();
        steps.add(
            "set a row past the log " + (silently ? "without a trace " : "") + key + " " + values);
        site.dbSet(line, row.path("name").asText(), values, !silently);
      }
    } else {
      String other = name();
      if (other.equals(key.name()) || retired.contains(new DocumentKey(key.doctype(), other))) {
        return;
      }
      if (retires) {
        retired.add(key);
      }
      boolean merge = there.containsKey(other);
      steps.add((merge ? "merge " : "rename ") + key + " to " + other);
      if (merge) {
        site.merge(key.doctype(), key.name(), other);
      } else {
        site.rename(key.doctype(), key.name(), other);
      }
      if (silently()) {
        steps.add("remove all comments");
        site.documents("Comment").forEach(one -> site.remove("Comment", one.path("name").asText()));
      }
    }
  }

  private boolean silently() {
    return traceless && random.nextBoolean();
  }

  /** A site lets nobody delete what others link to. */
  private boolean isLinked(DocumentKey key) {
    return documents().entrySet().stream()
        .filter(one -> !one.getKey().equals(key))
        .anyMatch(one -> links(one.getValue(), key));
  }

  private boolean links(JsonNode holder, DocumentKey key) {
    boolean links =
        key.doctype().equals(part)
            && List.of(holder.path("part").asText(""), holder.path("made_of").asText(""))
                .contains(key.name());
    links |=
        holder.path("party_type").asText("").equals(key.doctype())
            && holder.path("party").asText("").equals(key.name());
    for (JsonNode row : holder.path("lines")) {
      links |= links(row, key);
    }
    return links;
  }

  private void insert(DocumentKey key) {
    ObjectNode document = fields(key.doctype()).put("name", key.name());
    document.set("lines", rows());
    steps.add("insert " + key + " " + document);
    site.insert(key.doctype(), document);
  }

  private ObjectNode fields(String type) {
    ObjectNode fields = object().put("title", word());
    if (type.equals(order)) {
      fields.put("part", existing(part));
      String partyType = types().get(random.nextInt(types().size()));
      fields.put("party_type", partyType).put("party", existing(partyType));
    } else {
      fields.put("made_of", existing(part));
    }
    return fields;
  }

  private ArrayNode rows() {
    ArrayNode rows = DocumentJson.MAPPER.createArrayNode();
    for (int i = random.nextInt(3); i > 0; i--) {
      rows.add(row().put("doctype", line));
    }
    return rows;
  }

  private ObjectNode row() {
    return object().put("part", existing(part)).put("qty", random.nextInt(4)).put("word", word());
  }

  /** A site lets nothing link to what is not there. */
  private String existing(String type) {
    List<String> names = List.copyOf(there(type).keySet());
    return names.isEmpty() || random.nextInt(4) == 0 ? "" : names.get(random.nextInt(names.size()));
  }

  private String name() {
    return "n" + (1 + random.nextInt(NAMES));
  }

  private String word() {
    return Integer.toString(random.nextInt(10_000), 36);
  }

  private void define(String doctype, ObjectNode... fields) {
    ObjectNode definition =
        object()
            .put("name", doctype)
            .put("doctype", "DocType")
            .put("allow_rename", 1)
            .put("istable", doctype.equals(line) ? 1 : 0);
    definition.putArray("fields").addAll(List.of(fields));
    definitions.add(definition);
    site.putDocType(definition);
  }

  private static ObjectNode field(String name, String type, @Nullable String options) {
    return object().put("fieldname", name).put("fieldtype", type).put("options", options);
  }

  private static ObjectNode object() {
    return DocumentJson.MAPPER.createObjectNode();
  }

  @Override
  public String toString() {
    return String.join("\n", steps);
  }
}
