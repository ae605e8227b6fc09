package org.eventstreaming.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.eventstreaming.doctype.DocTypeJson;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.DocumentJson;
import org.eventstreaming.update.DocumentKey;
import org.jspecify.annotations.Nullable;

/**
 * What people do with documents that link to each other, the same for the same seed: create,
 * change, delete and create again. Remembers each state that a document ever had.
 */
final class LinkedHistory {
  private static final int NAMES = 6;
  private static final List<String> COLORS = List.of("red", "blue", "grey");

  private final StandInSite site;
  private final RandomTypes types;
  private final Random random;
  private final Map<DocumentKey, List<State>> documents = new LinkedHashMap<>();
  private final List<String> steps = new ArrayList<>();
  private boolean followed;

  LinkedHistory(StandInSite site, RandomTypes types, Random random) {
    this.site = site;
    this.types = types;
    this.random = random;
    types
        .there()
        .forEach(type -> site.putDocType((ObjectNode) Here.parsed(DocTypeJson.write(type))));
  }

  /** From the next pull on what is written is heard. */
  void follow() {
    // the newest entry is heard as well: it is of a type that nobody follows
    site.insert("Note " + types.types().get(0), object().put("name", "last"));
    followed = true;
    steps.add("-- followed from here on");
  }

  void write(int writes) {
    for (int i = 0; i < writes; i++) {
      DocumentKey key =
          new DocumentKey(types.types().get(random.nextInt(types.types().size())), name());
      if (now(key) == null) {
        insert(key);
      } else if (random.nextInt(9) == 0) {
        site.delete(key.doctype(), key.name());
        note(key, null, true, "delete " + key);
      } else {
        update(key);
      }
    }
  }

  void pulled() {
    steps.add("-- pulled");
  }

  /** Each document that ever was, with all its states in order. */
  Map<DocumentKey, List<State>> documents() {
    return documents;
  }

  List<State> states(DocumentKey key) {
    return documents.getOrDefault(key, List.of());
  }

  /** How the document stands on the site; null where it does not. */
  @Nullable ObjectNode now(DocumentKey key) {
    List<State> states = states(key);
    return states.isEmpty() ? null : states.get(states.size() - 1).document();
  }

  /** Since which step the document stands there without a break; the greatest where it does not. */
  int since(DocumentKey key) {
    int since = Integer.MAX_VALUE;
    for (State state : states(key)) {
      since = state.document() == null ? Integer.MAX_VALUE : Math.min(since, state.at());
    }
    return since;
  }

  /** The name of the document that has this code, if there is one. */
  static String nameOf(String code) {
    return code.substring("code ".length());
  }

  private void insert(DocumentKey key) {
    ObjectNode document =
        object()
            .put("name", key.name())
            .put("title", word())
            .put("code", "code " + key.name())
            .put("qty", random.nextInt(3));
    change(document, "color", "remark", "wanted", "link", "other", "party");
    ArrayNode rows = document.putArray("rows");
    for (int i = random.nextInt(3); i > 0; i--) {
      rows.add(row(key.doctype()));
    }
    ArrayNode tags = document.putArray("tags");
    for (int i = random.nextInt(3); i > 0; i--) {
      tags.add(tag(key.doctype()));
    }
    ObjectNode given = document.deepCopy();
    note(key, site.insert(key.doctype(), document), true, "insert " + key + " " + given);
  }

  private void update(DocumentKey key) {
    JsonNode before = Objects.requireNonNull(now(key));
    ObjectNode changes = object();
    switch (random.nextInt(4)) {
      case 0 -> changes.put("title", word());
      case 1 -> changes.put("qty", random.nextInt(3));
      case 2 -> change(changes, one("color", "remark", "wanted"));
      default -> change(changes, one("link", "other", "party", "party_type"));
    }
    if (random.nextInt(3) == 0) {
      changes.set("rows", changed(before.path("rows"), key.doctype(), false));
    }
    if (random.nextInt(5) == 0) {
      changes.set("tags", changed(before.path("tags"), key.doctype(), true));
    }
    int size = site.logSize();
    ObjectNode after = site.update(key.doctype(), key.name(), changes.deepCopy());
    note(key, after, site.logSize() > size, "update " + key + " " + changes);
  }

  private void note(DocumentKey key, @Nullable ObjectNode document, boolean logged, String step) {
    documents
        .computeIfAbsent(key, unused -> new ArrayList<>())
        .add(new State(steps.size(), document, logged && followed));
    steps.add(step);
  }

  private void change(ObjectNode document, String... fields) {
    for (String field : fields) {
      boolean empty = random.nextInt(3) == 0;
      switch (field) {
        case "color" -> put(document, field, empty ? null : one(COLORS.toArray(String[]::new)));
        case "remark" -> put(document, field, empty ? null : word());
        case "wanted" ->
            put(document, field, empty || random.nextBoolean() ? null : "code " + name());
        case "party" -> {
          boolean only = document.isEmpty() && random.nextBoolean();
          if (!only) {
            put(document, "party_type", empty ? null : type());
          }
          put(document, "party", empty ? null : name());
        }
        case "party_type", "kind_type" -> document.put(field, type());
        case "kind" -> {
          put(document, "kind_type", empty ? null : type());
          put(document, "kind", empty ? null : name());
        }
        default -> put(document, field, empty ? null : name());
      }
    }
  }

  private static void put(ObjectNode document, String field, @Nullable String value) {
    document.put(field, value);
  }

  private ObjectNode row(String type) {
    ObjectNode row =
        object()
            .put("doctype", "Row of " + type)
            .put("word", word())
            .put("size", random.nextInt(3));
    change(row, "wanted", "part", "kind");
    return row;
  }

  private ObjectNode tag(String type) {
    ObjectNode tag = object().put("doctype", "Tag of " + type);
    change(tag, "tag");
    return tag;
  }

  /** Some rows gone, some changed, some new ones anywhere between. */
  private ArrayNode changed(JsonNode rows, String type, boolean tags) {
    ArrayNode changed = DocumentJson.MAPPER.createArrayNode();
    for (JsonNode row : rows) {
      if (random.nextInt(5) == 0) {
        changed.add(tags ? tag(type) : row(type));
      }
      int dice = random.nextInt(5);
      if (dice > 0) {
        ObjectNode copy = row.deepCopy();
        if (dice == 1) {
          change(copy, tags ? "tag" : one("wanted", "part", "kind", "kind_type"));
        } else if (dice == 2 && !tags) {
          copy.put("word", word()).put("size", random.nextInt(3));
        }
        changed.add(copy);
      }
    }
    if (changed.isEmpty() || random.nextInt(4) == 0) {
      changed.add(tags ? tag(type) : row(type));
    }
    return changed;
  }

  private String type() {
    return types.types().get(random.nextInt(types.types().size()));
  }

  /** Documents of all types share a few names, and one is of none: what mixes them up is seen. */
  private String name() {
    return "n" + (1 + random.nextInt(NAMES));
  }

  private String word() {
    return Integer.toString(random.nextInt(100_000), 36) + (random.nextInt(10) == 0 ? " é'\"" : "");
  }

  private String one(String... values) {
    return values[random.nextInt(values.length)];
  }

  private static ObjectNode object() {
    return DocumentJson.MAPPER.createObjectNode();
  }

  @Override
  public String toString() {
    return String.join("\n", steps);
  }

  /**
   * A document after a write.
   *
   * @param at which step made it
   * @param document null where it was deleted
   * @param heard whether an entry mentions it to those who follow
   */
  record State(int at, @Nullable ObjectNode document, boolean heard) {}
}
