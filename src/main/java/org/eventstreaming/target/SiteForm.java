package org.eventstreaming.target;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.document.ChildRows;
import org.eventstreaming.document.ComparedForm;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.update.DocumentJson;
import org.jspecify.annotations.Nullable;

/**
 * What of a document goes over to a target site, and how what is there reads in the words of its
 * producer. What a site owns is never sent: names of rows it did not give, positions in trees, who
 * changed it when, the keys that begin with an underscore, fields it computes or does not have.
 */
public final class SiteForm {
  /** Of these the site has the last word (live evidence 6). */
  private static final Set<String> OWNED =
      Set.of(
          "name",
          "owner",
          "creation",
          "modified",
          "modified_by",
          "docstatus",
          "idx",
          "doctype",
          "parent",
          "parentfield",
          "parenttype",
          "lft",
          "rgt",
          "old_parent",
          "naming_series",
          "remote_docname",
          "remote_site_name");

  /** Without a default too: by the defaults of a user, the first option, the clock. */
  private static final Set<String> FILLED = Set.of("Link", "Select", "Date", "Datetime", "Time");

  /** An empty text is none of these: a database that looks refuses it. */
  private static final Set<String> NO_TEXT = Set.of("JSON", "Long Int", "Duration", "Rating");

  private static final JsonNode ZERO = ComparedForm.of("Int", IntNode.valueOf(0));

  /** Of a docstatus. */
  private static final List<String> WORD = List.of("a draft", "submitted", "cancelled");

  private final DocTypes site;
  private final DocTypes known;
  private final ZoneId producerZone;
  private final ZoneId siteZone;
  private final boolean convertsTimes;

  /**
   * @param site the definitions of the target site
   * @param known those of the producer's side: a field that it has and a whole document lacks is
   *     empty there
   */
  SiteForm(
      DocTypes site, DocTypes known, ZoneId producerZone, ZoneId siteZone, boolean convertsTimes) {
    this.site = site;
    this.known = known;
    this.producerZone = producerZone;
    this.siteZone = siteZone;
    this.convertsTimes = convertsTimes && !producerZone.equals(siteZone);
  }

  /** When a document of the producer was made; null where it does not tell. */
  @Nullable Instant made(ObjectNode document) {
    return FrappeTime.instant(document.path("creation").asText(), producerZone).orElse(null);
  }

  /**
   * A document of the site in its producer's words.
   *
   * @param rowNames what the site calls the rows, by their names on the producer
   */
  ObjectNode read(ObjectNode document, Map<String, String> rowNames) {
    ObjectNode read = document.deepCopy();
    Map<String, String> remote = new HashMap<>();
    rowNames.forEach((onProducer, onSite) -> remote.put(onSite, onProducer));
    DocType definition = site.find(document.path("doctype").asText()).orElse(null);
    if (definition == null) {
      return read;
    }
    times(definition, read);
    for (DocField table : definition.tables()) {
      for (ObjectNode row : ChildRows.of(read.path(table.fieldname()))) {
        String name = row.path("name").asText();
        row.put("name", remote.getOrDefault(name, name));
        rowType(table).ifPresent(type -> times(type, row));
      }
      if (read.get(table.fieldname()) instanceof ArrayNode rows) {
        read.set(table.fieldname(), ChildRows.inOrder(rows));
      }
    }
    return read;
  }

  private void times(DocType definition, ObjectNode object) {
    for (DocField field : definition.fields()) {
      JsonNode value = object.path(field.fieldname());
      if (value.isTextual() && isOurs(field)) {
        object.set(field.fieldname(), converted(field, value, siteZone, producerZone));
      }
    }
  }

  /**
   * What creates a document that is as this one. Rows have no names: the site gives them.
   *
   * @param name to ask for; the site's own rule may know better. Null asks for none
   * @param mapped whether only the fields that it has are meant, as a mapping made it
   */
  ObjectNode creation(ObjectNode document, @Nullable String name, boolean mapped) {
    ObjectNode created = JsonNodeFactory.instance.objectNode();
    String doctype = document.path("doctype").asText();
    created.put("doctype", doctype);
    if (name != null) {
      created.put("name", name).put("__newname", name);
    }
    if (document.path("docstatus").asInt() > 0) {
      created.put("docstatus", 1);
    }
    site.find(doctype)
        .ifPresent(
            definition -> {
              values(definition, document, created, mapped);
              for (DocField table : ours(definition).filter(DocField::isTable).toList()) {
                ArrayNode rows = rows(table, document, mapped);
                if (!rows.isEmpty()) {
                  created.set(table.fieldname(), rows);
                }
              }
            });
    return created;
  }

  private ArrayNode rows(DocField table, ObjectNode document, boolean mapped) {
    ArrayNode rows = JsonNodeFactory.instance.arrayNode();
    rowType(table)
        .ifPresent(
            type -> {
              for (JsonNode row : document.path(table.fieldname())) {
                ObjectNode created = rows.addObject().put("doctype", type.name());
                values(type, row, created, mapped);
                created.put("idx", rows.size());
              }
            });
    return rows;
  }

  private void values(DocType definition, JsonNode from, ObjectNode to, boolean mapped) {
    Predicate<DocField> said =
        Said.of(known, from.path("doctype").asText(definition.name()), true, mapped).about(from);
    ours(definition)
        .filter(field -> !field.isTable())
        .forEach(
            field -> {
              JsonNode value = from.path(field.fieldname());
              if (isEmpty(value)) {
                if (mayBeFilled(field) && said.test(field)) {
                  to.put(field.fieldname(), "");
                }
              } else if (!isHidden(field, value)) {
                to.set(field.fieldname(), sent(field, value));
              }
            });
  }

  /**
   * Whether a new document that lacks it gets something of the site's own, which an empty text
   * keeps off (protocol: frappe-wire 3). What the site demands it may fill.
   */
  private static boolean mayBeFilled(DocField field) {
    return !field.isNeverEmpty()
        && !NO_TEXT.contains(field.fieldtype())
        && !field.is(DocField.Trait.REQD)
        && (field.is(DocField.Trait.DEFAULT) || FILLED.contains(field.fieldtype()));
  }

  /**
   * What turns a document of the site into another.
   *
   * @param stands what it is, in the producer's words
   * @param wished what it is to be
   * @param rowNames what the site calls the rows that came from the producer
   * @param whole whether {@code wished} is the producer's whole document; else a change of what
   *     stands
   * @param mapped whether only the fields that it has are meant, as a mapping made it
   */
  Changes changes(
      ObjectNode stands,
      ObjectNode wished,
      Map<String, String> rowNames,
      boolean whole,
      boolean mapped) {
    ObjectNode values = JsonNodeFactory.instance.objectNode();
    List<String> withheld = new ArrayList<>();
    List<String> fixed = new ArrayList<>();
    String doctype = stands.path("doctype").asText();
    DocType definition = site.find(doctype).orElse(null);
    if (definition == null) {
      return new Changes(values, withheld, fixed);
    }
    Said said = Said.of(known, doctype, whole, mapped);
    boolean submitted = stands.path("docstatus").asInt() == 1;
    for (DocField field : ours(definition).filter(said.about(wished)).toList()) {
      JsonNode change =
          field.isTable()
              ? changedRows(field, stands, wished, rowNames, whole, mapped)
              : changed(field, stands.path(field.fieldname()), wished.path(field.fieldname()));
      if (change == null) {
        continue;
      }
      if (field.is(DocField.Trait.SET_ONLY_ONCE)) {
        fixed.add(field.fieldname());
      } else if (submitted && !field.is(DocField.Trait.ALLOW_ON_SUBMIT)) {
        withheld.add(field.fieldname());
      } else {
        values.set(field.fieldname(), change);
      }
    }
    return new Changes(values, withheld, fixed);
  }

  /** Null where nothing changes. */
  private @Nullable JsonNode changed(DocField field, JsonNode from, JsonNode to) {
    if (isSame(field, from, to) || isHidden(field, to)) {
      return null;
    }
    return isEmpty(to)
        ? (field.isNeverEmpty() ? IntNode.valueOf(0) : NullNode.instance)
        : sent(field, to);
  }

  /** All rows of a table: a site replaces them as wholes. Null where nothing changes. */
  private @Nullable ArrayNode changedRows(
      DocField table,
      ObjectNode stands,
      ObjectNode wished,
      Map<String, String> rowNames,
      boolean whole,
      boolean mapped) {
    DocType type = rowType(table).orElse(null);
    if (type == null) {
      return null;
    }
    Said said = Said.of(known, type.name(), whole, mapped);
    Rows pairs = Rows.of(table, stands, wished);
    List<ObjectNode> before = pairs.before();
    List<ObjectNode> after = pairs.after();
    boolean differs = before.size() != after.size();
    ArrayNode rows = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < after.size(); i++) {
      ObjectNode wish = after.get(i);
      ObjectNode row = pairs.standing(i);
      ObjectNode sent = rows.addObject().put("doctype", type.name());
      if (row == null) {
        differs = true;
        values(type, wish, sent, mapped);
      } else {
        String name = row.path("name").asText();
        sent.put("name", rowNames.getOrDefault(name, name));
        differs |= !before.get(Math.min(i, before.size() - 1)).path("name").asText().equals(name);
        for (DocField field : ours(type).filter(one -> !one.isTable()).toList()) {
          boolean isSaid = said.about(wish).test(field);
          JsonNode from = row.path(field.fieldname());
          JsonNode to = isSaid ? wish.path(field.fieldname()) : from;
          differs |= isSaid && changed(field, from, to) != null;
          // a field that is left out would be reset
          if (!isEmpty(to)) {
            sent.set(field.fieldname(), sent(field, to));
          }
        }
      }
      sent.put("idx", i + 1);
    }
    return differs ? rows : null;
  }

  /**
   * A type that a document needs, rows of its child tables included, and of which the site does not
   * tell: what cannot be compared must not seem equal.
   */
  public Optional<String> unknownType(String doctype) {
    DocType definition = site.find(doctype).orElse(null);
    return definition == null
        ? Optional.of(doctype)
        : ours(definition)
            .filter(DocField::isTable)
            .map(DocField::options)
            .flatMap(Stream::ofNullable)
            .filter(type -> site.find(type).isEmpty())
            .findFirst();
  }

  /**
   * A document of the site beside what it is to be, as far as the producer says something and the
   * site takes it; the producer's value where the two mean the same.
   *
   * @param stands what it is, in the producer's words
   * @param wished the producer's whole document
   * @param mapped whether a mapping made it: fields that it lacks are not meant
   */
  public Beside beside(ObjectNode stands, ObjectNode wished, boolean mapped) {
    int from = stands.path("docstatus").asInt();
    int to = wished.path("docstatus").asInt();
    ObjectNode here = JsonNodeFactory.instance.objectNode().put("docstatus", from);
    ObjectNode there = JsonNodeFactory.instance.objectNode().put("docstatus", to);
    String doctype = stands.path("doctype").asText();
    DocType definition = site.find(doctype).orElse(null);
    if (definition != null) {
      Said said = Said.of(known, doctype, true, mapped);
      beside(definition, said, stands, wished, here, there);
      ours(definition)
          .filter(DocField::isTable)
          .filter(said.about(wished))
          .forEach(table -> rowsBeside(table, stands, wished, mapped, here, there));
    }
    if (here.equals(there)) {
      return new Beside(here, there, false, null);
    }
    if (to < from) {
      return new Beside(here, there, false, backwards(from, to));
    }
    if (from == 2) {
      return new Beside(here, there, false, "It is cancelled there, and takes no change.");
    }
    Changes changes = changes(stands, wished, Map.of(), true, mapped);
    return new Beside(
        here, there, to > from || !changes.values().isEmpty(), changes.leftAsTheyAre());
  }

  private void beside(
      DocType definition,
      Said said,
      ObjectNode stands,
      ObjectNode wished,
      ObjectNode here,
      ObjectNode there) {
    ours(definition)
        .filter(field -> !field.isTable())
        .filter(said.about(wished))
        .forEach(
            field -> {
              JsonNode from = stands.path(field.fieldname());
              JsonNode to = wished.path(field.fieldname());
              set(there, field, to);
              set(here, field, changed(field, from, to) == null ? to : from);
            });
  }

  private static void set(ObjectNode object, DocField field, JsonNode value) {
    if (!value.isMissingNode()) {
      object.set(field.fieldname(), value);
    }
  }

  private void rowsBeside(
      DocField table,
      ObjectNode stands,
      ObjectNode wished,
      boolean mapped,
      ObjectNode here,
      ObjectNode there) {
    DocType type = rowType(table).orElse(null);
    if (type == null) {
      return;
    }
    Said said = Said.of(known, type.name(), true, mapped);
    Rows pairs = Rows.of(table, stands, wished);
    IdentityHashMap<ObjectNode, ObjectNode> ours = new IdentityHashMap<>();
    ArrayNode rows = there.putArray(table.fieldname());
    for (int i = 0; i < pairs.after().size(); i++) {
      ObjectNode wish = pairs.after().get(i);
      ObjectNode row = pairs.standing(i);
      ObjectNode shown = rows.addObject().put("name", wish.path("name").asText());
      if (row == null) {
        copy(type, wish, shown);
      } else {
        ObjectNode its =
            JsonNodeFactory.instance.objectNode().put("name", shown.path("name").asText());
        beside(type, said, row, wish, its, shown);
        ours.put(row, its);
      }
    }
    ArrayNode standing = here.putArray(table.fieldname());
    for (ObjectNode row : pairs.before()) {
      ObjectNode its = ours.get(row);
      if (its == null) {
        its = JsonNodeFactory.instance.objectNode().put("name", row.path("name").asText());
        copy(type, row, its);
      }
      standing.add(its);
    }
  }

  private static void copy(DocType type, ObjectNode row, ObjectNode shown) {
    ours(type).forEach(field -> set(shown, field, row.path(field.fieldname())));
  }

  /** Why a document does not become what it is to be. */
  static String backwards(int from, int to) {
    return "It is %s there, and would have to become %s again: no site does that."
        .formatted(WORD.get(from), WORD.get(to));
  }

  /**
   * What the site calls the rows of a document, by their names on the producer.
   *
   * @param written as it is on the site now
   * @param wished as it was sent, rows in order
   * @param known what was known before
   */
  Map<String, String> rowNames(ObjectNode written, ObjectNode wished, Map<String, String> known) {
    Map<String, String> names = new HashMap<>();
    DocType definition = site.find(written.path("doctype").asText()).orElse(null);
    if (definition == null) {
      return names;
    }
    for (DocField table : definition.tables()) {
      List<String> there =
          new ArrayList<>(
              ChildRows.of(written.path(table.fieldname())).stream()
                  .map(row -> row.path("name").asText())
                  .toList());
      known.forEach(
          (onProducer, onSite) -> {
            if (there.remove(onSite)) {
              names.put(onProducer, onSite);
            }
          });
      List<String> rows =
          ChildRows.of(wished.path(table.fieldname())).stream()
              .map(row -> row.path("name").asText())
              .filter(name -> !name.isEmpty() && !names.containsKey(name))
              .toList();
      rows.stream().filter(there::remove).forEach(name -> names.put(name, name));
      // what is left on both sides is new, in the same order
      int next = 0;
      for (String name : rows) {
        if (!names.containsKey(name) && next < there.size()) {
          names.put(name, there.get(next++));
        }
      }
    }
    return names;
  }

  private static Stream<DocField> ours(DocType definition) {
    return definition.fields().stream().filter(SiteForm::isOurs);
  }

  /** Whether it goes over at all, where both sites have it. */
  public static boolean isOurs(DocField field) {
    return !field.isVirtual()
        && (field.isTable() || field.isStoredValue())
        && !OWNED.contains(field.fieldname())
        && !field.fieldname().startsWith("_");
  }

  private Optional<DocType> rowType(DocField table) {
    return table.options() == null ? Optional.empty() : site.find(table.options());
  }

  /** A password comes as stars. */
  private static boolean isHidden(DocField field, JsonNode value) {
    return field.fieldtype().equals("Password")
        && value.asText("").chars().allMatch(letter -> letter == '*');
  }

  /** Every database reads these forms; some read others wrongly, or refuse them. */
  private JsonNode sent(DocField field, JsonNode value) {
    return switch (field.fieldtype()) {
      case "Time", "Date" -> ComparedForm.of(field.fieldtype(), value);
      case "Datetime" ->
          converted(
              field,
              FrappeTime.isWhole(value.asText()) ? value : ComparedForm.of("Datetime", value),
              producerZone,
              siteZone);
      // a site takes an object, and refuses a list
      case "JSON" -> isJson(value) ? value : TextNode.valueOf(value.toString());
      default -> value;
    };
  }

  private static boolean isJson(JsonNode value) {
    try {
      return value.isTextual() && !DocumentJson.MAPPER.readTree(value.textValue()).isMissingNode();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private JsonNode converted(DocField field, JsonNode value, ZoneId from, ZoneId to) {
    return convertsTimes && field.fieldtype().equals("Datetime")
        ? FrappeTime.instant(value.asText(), from)
            .<JsonNode>map(
                moment -> TextNode.valueOf(FrappeTime.format(moment.atZone(to).toLocalDateTime())))
            .orElse(value)
        : value;
  }

  /** Equal as the site's own type of the field has it. */
  private static boolean isSame(DocField field, JsonNode stands, JsonNode wished) {
    JsonNode one = compared(field, stands);
    JsonNode other = compared(field, wished);
    return stands.equals(wished) || one.equals(other) || isCutTo(field.precision(), one, other);
  }

  /** Whether the site has the number as its database rounded it when it was written. */
  private static boolean isCutTo(@Nullable Integer digits, JsonNode stands, JsonNode wished) {
    return digits != null
        && stands.isNumber()
        && wished.isNumber()
        && wished.decimalValue().scale() > digits
        && wished
                .decimalValue()
                .setScale(digits, RoundingMode.HALF_UP)
                .compareTo(stands.decimalValue())
            == 0;
  }

  private static JsonNode compared(DocField field, JsonNode value) {
    JsonNode form = ComparedForm.of(field.fieldtype(), value);
    // a Rating may be empty in the database, and is 0 once its document is saved
    return form.isMissingNode() && (field.isNeverEmpty() || field.fieldtype().equals("Rating"))
        ? ZERO
        : form;
  }

  private static boolean isEmpty(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || (value.isTextual() && value.asText().isEmpty());
  }

  /**
   * What changes a document.
   *
   * @param values the fields to send
   * @param withheld fields that differ and stay: a submitted document does not let them change
   * @param fixed fields that differ and stay: the site lets them be set once
   */
  record Changes(ObjectNode values, List<String> withheld, List<String> fixed) {
    /** Null where all is sent. */
    @Nullable String leftAsTheyAre() {
      List<String> told = new ArrayList<>();
      if (!withheld.isEmpty()) {
        told.add("as the document is submitted: " + String.join(", ", withheld));
      }
      if (!fixed.isEmpty()) {
        told.add("as the site lets them be set once: " + String.join(", ", fixed));
      }
      return told.isEmpty() ? null : "Left as they are there, " + String.join("; ", told) + ".";
    }
  }

  /**
   * A document of the site beside what it is to be.
   *
   * @param here as it is on the site
   * @param there as it is to be; equal where writing it would change nothing
   * @param mendable whether writing it changes something
   * @param stays why not all of it would become equal; null where it would
   */
  public record Beside(
      ObjectNode here, ObjectNode there, boolean mendable, @Nullable String stays) {}

  /**
   * The rows of a table as they are and as they are to be. Rows whose names we never learnt are the
   * same in the same order.
   */
  private record Rows(
      List<ObjectNode> before,
      List<ObjectNode> after,
      Map<String, ObjectNode> byName,
      boolean byPosition) {
    static Rows of(DocField table, ObjectNode stands, ObjectNode wished) {
      List<ObjectNode> before = ChildRows.of(stands.path(table.fieldname()));
      List<ObjectNode> after = ChildRows.of(wished.path(table.fieldname()));
      Map<String, ObjectNode> byName = new HashMap<>();
      before.forEach(row -> byName.put(row.path("name").asText(), row));
      boolean byPosition =
          before.size() == after.size()
              && after.stream().noneMatch(row -> byName.containsKey(row.path("name").asText()));
      return new Rows(before, after, byName, byPosition);
    }

    /** What stands for the row that is to be at this place; null where it is new. */
    @Nullable ObjectNode standing(int place) {
      return byPosition ? before.get(place) : byName.get(after.get(place).path("name").asText());
    }
  }

  /**
   * Which fields a wished state says something about.
   *
   * @param fields those that its producer has; empty where only the ones that it shows are meant
   */
  private record Said(Set<String> fields, boolean whole) {
    static Said of(DocTypes known, String doctype, boolean whole, boolean mapped) {
      Set<String> fields =
          mapped
              ? Set.of()
              : known.find(doctype).map(DocType::fields).orElse(List.of()).stream()
                  .map(DocField::fieldname)
                  .collect(Collectors.toSet());
      return new Said(fields, whole);
    }

    Predicate<DocField> about(JsonNode wished) {
      return field -> !whole || wished.has(field.fieldname()) || fields.contains(field.fieldname());
    }
  }
}
