package org.eventstreaming.target;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.document.ChildRows;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.producer.TargetRules;
import org.eventstreaming.store.Rewritten;
import org.jspecify.annotations.Nullable;

/**
 * Converts documents between a producer and its target site. Fields that the site owns are never
 * sent: names of rows that the site gave, positions in trees, who changed the document and when,
 * keys that begin with an underscore, and fields that the site computes or does not have.
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

  /**
   * Field types that a site fills without a default in the definition: by defaults of the user, by
   * the first option, or by the clock.
   */
  private static final Set<String> FILLED = Set.of("Link", "Select", "Date", "Datetime", "Time");

  /** Field types for which an empty text is no value. Some databases refuse it. */
  private static final Set<String> NO_TEXT = Set.of("JSON", "Long Int", "Duration", "Rating");

  /** By docstatus: its name in messages. */
  private static final List<String> WORD = List.of("a draft", "submitted", "cancelled");

  private final DocTypes site;
  private final DocTypes known;
  private final TargetRules rules;
  private final SiteValues values;
  private final ZoneId producerZone;

  /**
   * @param site the definitions of the target site
   * @param known the definitions of the producer: a field that is defined there and missing in a
   *     whole document is empty
   * @param rules what the application on the site does to documents
   */
  SiteForm(
      DocTypes site,
      DocTypes known,
      TargetRules rules,
      ZoneId producerZone,
      ZoneId siteZone,
      boolean convertsTimes) {
    this.site = site;
    this.known = known;
    this.rules = rules;
    this.values = new SiteValues(producerZone, siteZone, convertsTimes);
    this.producerZone = producerZone;
  }

  /** The creation of a document of the producer; null where the document does not have it. */
  @Nullable Instant made(ObjectNode document) {
    return FrappeTime.instant(document.path("creation").asText(), producerZone).orElse(null);
  }

  /**
   * A document of the site as a document of its producer.
   *
   * @param rowNames the site's names of rows, by their names on the producer
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
        object.set(field.fieldname(), values.read(field, value));
      }
    }
  }

  /**
   * The values that create a document. Rows have no names, since the site gives them.
   *
   * @param name the name to request; null for none. The site may choose another by its own rule
   * @param mapped whether a mapping made the document: only the fields that it has are sent
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
    Said said = Said.of(known, rules, from.path("doctype").asText(definition.name()), true, mapped);
    Predicate<DocField> isSaid = said.about(from);
    ours(definition)
        .filter(field -> !field.isTable() && !said.isLeft(field, from))
        .forEach(
            field -> {
              JsonNode value = from.path(field.fieldname());
              if (SiteValues.isEmpty(value)) {
                if (mayBeFilled(field) && isSaid.test(field)) {
                  to.put(field.fieldname(), "");
                }
              } else if (!SiteValues.isHidden(field, value)) {
                to.set(field.fieldname(), values.sent(field, value));
              }
            });
  }

  /**
   * Whether the site fills the field of a new document that does not have it. An empty text
   * prevents that (protocol: frappe-wire 3). A field that the site demands is left to it.
   */
  private static boolean mayBeFilled(DocField field) {
    return !field.isNeverEmpty()
        && !NO_TEXT.contains(field.fieldtype())
        && !field.is(DocField.Trait.REQD)
        && (field.is(DocField.Trait.DEFAULT) || FILLED.contains(field.fieldtype()));
  }

  /**
   * The changes that turn a document of the site into the desired one.
   *
   * @param stands the document there, as a document of the producer
   * @param desired the desired document
   * @param rowNames the site's names of rows that came from the producer
   * @param rewritten the values that the site changed in earlier writes
   * @param whole whether {@code desired} is the producer's whole document; else it is a change
   * @param mapped whether a mapping made the document: only the fields that it has are sent
   */
  Changes changes(
      ObjectNode stands,
      ObjectNode desired,
      Map<String, String> rowNames,
      Rewrites rewritten,
      boolean whole,
      boolean mapped) {
    Changes changes = new Changes();
    String doctype = stands.path("doctype").asText();
    DocType definition = site.find(doctype).orElse(null);
    if (definition == null) {
      return changes;
    }
    Said said = Said.of(known, rules, doctype, whole, mapped);
    boolean submitted = stands.path("docstatus").asInt() == 1;
    for (DocField field : ours(definition).filter(said.about(desired)).toList()) {
      JsonNode change =
          field.isTable()
              ? changedRows(field, stands, desired, rowNames, rewritten, changes, whole, mapped)
              : changed(field, field.fieldname(), stands, desired, rewritten, changes);
      if (change == null) {
        continue;
      }
      if (field.is(DocField.Trait.SET_ONLY_ONCE)) {
        changes.fixed().add(field.fieldname());
      } else if (submitted && !field.is(DocField.Trait.ALLOW_ON_SUBMIT)) {
        changes.withheld().add(field.fieldname());
      } else {
        changes.values().set(field.fieldname(), change);
      }
    }
    return changes;
  }

  /** The value to send; null where the field is not sent. */
  private @Nullable JsonNode changed(
      DocField field,
      String path,
      ObjectNode stands,
      JsonNode desired,
      Rewrites rewritten,
      Changes changes) {
    JsonNode from = stands.path(field.fieldname());
    JsonNode to = desired.path(field.fieldname());
    if (isSame(field, path, from, to, rewritten)) {
      return null;
    }
    if (rewritten.settle(path, values.digest(field, to), values.digest(field, from))) {
      changes.kept().add(withoutRow(path));
      return null;
    }
    return SiteValues.isEmpty(to)
        ? (field.isNeverEmpty() ? IntNode.valueOf(0) : NullNode.instance)
        : values.sent(field, to);
  }

  /**
   * Whether two values are equal. A text that the site cleaned when it was saved is equal to the
   * text sent, as long as neither changes.
   */
  private boolean isSame(
      DocField field, String path, JsonNode from, JsonNode to, Rewrites rewritten) {
    return values.isSame(field, from, to)
        || SiteValues.isHidden(field, to)
        || (SiteValues.isCleaned(field, to)
            && rewritten.settle(path, values.digest(field, to), values.digest(field, from)));
  }

  private static String withoutRow(String path) {
    String[] steps = path.split("/", -1);
    return steps.length == 1 ? path : steps[0] + "." + steps[steps.length - 1];
  }

  /** The docstatus of a document; 0 where there is none. */
  public static int docstatus(@Nullable ObjectNode document) {
    return document == null ? 0 : document.path("docstatus").asInt();
  }

  static String path(DocField table, ObjectNode row, DocField field) {
    return table.fieldname() + "/" + row.path("name").asText() + "/" + field.fieldname();
  }

  /**
   * All rows of a changed table: a site replaces the rows of a table as a whole. Null where no row
   * changes.
   */
  private @Nullable ArrayNode changedRows(
      DocField table,
      ObjectNode stands,
      ObjectNode desired,
      Map<String, String> rowNames,
      Rewrites rewritten,
      Changes changes,
      boolean whole,
      boolean mapped) {
    DocType type = rowType(table).orElse(null);
    if (type == null) {
      return null;
    }
    PairedRows pairs = PairedRows.of(table, stands, desired);
    if (rewritten.settle(
        table.fieldname(),
        digest(type, pairs.after(), mapped),
        digest(type, pairs.before(), mapped))) {
      changes.kept().add(table.fieldname());
      return null;
    }
    Said said = Said.of(known, rules, type.name(), whole, mapped);
    List<ObjectNode> before = pairs.before();
    List<ObjectNode> after = pairs.after();
    boolean differs = before.size() != after.size();
    ArrayNode rows = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < after.size(); i++) {
      ObjectNode desiredRow = after.get(i);
      ObjectNode row = pairs.standing(i);
      ObjectNode sent = rows.addObject().put("doctype", type.name());
      if (row == null) {
        differs = true;
        values(type, desiredRow, sent, mapped);
      } else {
        String name = row.path("name").asText();
        sent.put("name", rowNames.getOrDefault(name, name));
        differs |= !before.get(Math.min(i, before.size() - 1)).path("name").asText().equals(name);
        for (DocField field : ours(type).filter(one -> !one.isTable()).toList()) {
          boolean isSaid = said.about(desiredRow).test(field);
          JsonNode to = (isSaid ? desiredRow : row).path(field.fieldname());
          differs |=
              isSaid
                  && changed(
                          field,
                          path(table, desiredRow, field),
                          row,
                          desiredRow,
                          rewritten,
                          changes)
                      != null;
          // the site resets a field of a row that is not sent
          if (!SiteValues.isEmpty(to)) {
            sent.set(field.fieldname(), values.sent(field, to));
          }
        }
      }
      sent.put("idx", i + 1);
    }
    return differs ? rows : null;
  }

  /** A digest of the values of the rows, without their names. */
  private String digest(DocType type, List<ObjectNode> rows, boolean mapped) {
    StringBuilder text = new StringBuilder();
    for (ObjectNode row : rows) {
      Said said = Said.of(known, rules, type.name(), true, mapped);
      ours(type)
          .filter(said.about(row))
          .forEach(
              field ->
                  text.append(field.fieldname())
                      .append(values.digest(field, row.path(field.fieldname()))));
      text.append('\n');
    }
    return Rewrites.digest(text.toString());
  }

  /**
   * The values that the site changed in the write just done.
   *
   * @param desired the document that was written
   * @param now the document that the site has, as a document of the producer
   * @param sent the fields that were sent
   * @param whole whether {@code desired} is the producer's whole document; else rows that it does
   *     not change belong to the site
   * @param mapped whether a mapping made it: a field that it does not have is not compared
   * @param before the values that the site changed in earlier writes
   */
  Rewrites.Found rewritten(
      ObjectNode desired,
      ObjectNode now,
      Predicate<String> sent,
      boolean whole,
      boolean mapped,
      Rewrites before) {
    Rewrites.Found found = new Rewrites.Found(before.without(sent));
    DocType definition = site.find(now.path("doctype").asText()).orElse(null);
    if (definition == null) {
      return found;
    }
    Said said = Said.of(known, rules, definition.name(), true, mapped);
    for (DocField field :
        ours(definition)
            .filter(one -> sent.test(one.fieldname()))
            .filter(said.about(desired))
            .toList()) {
      if (field.isTable()) {
        rewrittenRows(field, desired, now, whole ? Rewrites.NONE : before, mapped, found);
      } else {
        rewritten(field, field.fieldname(), desired, now, Rewrites.NONE, found);
      }
    }
    return found;
  }

  private void rewritten(
      DocField field,
      String path,
      ObjectNode desired,
      ObjectNode now,
      Rewrites before,
      Rewrites.Found found) {
    JsonNode to = desired.path(field.fieldname());
    JsonNode has = now.path(field.fieldname());
    Rewritten known = before.byPath().get(path);
    if (known != null
        && known.stored().equals(values.digest(field, to))
        && values.isSame(field, has, to)) {
      found.keep(path, known);
    } else if (!values.isSame(field, has, to) && !SiteValues.isHidden(field, to)) {
      found.add(
          path,
          new Rewritten(values.digest(field, to), values.digest(field, has)),
          SiteValues.isCleaned(field, to) ? null : withoutRow(path),
          values.sent(field, to),
          values.sent(field, has));
    }
  }

  private void rewrittenRows(
      DocField table,
      ObjectNode desired,
      ObjectNode now,
      Rewrites before,
      boolean mapped,
      Rewrites.Found found) {
    DocType type = rowType(table).orElse(null);
    if (type == null) {
      return;
    }
    PairedRows pairs = PairedRows.of(table, now, desired);
    if (pairs.before().size() != pairs.after().size()) {
      found.add(
          table.fieldname(),
          new Rewritten(digest(type, pairs.after(), mapped), digest(type, pairs.before(), mapped)),
          table.fieldname(),
          count(pairs.after()),
          count(pairs.before()));
      return;
    }
    Said said = Said.of(known, rules, type.name(), true, mapped);
    for (int i = 0; i < pairs.after().size(); i++) {
      ObjectNode desiredRow = pairs.after().get(i);
      ObjectNode row = pairs.standing(i);
      if (row != null) {
        ours(type)
            .filter(field -> !field.isTable())
            .filter(said.about(desiredRow))
            .forEach(
                field ->
                    rewritten(
                        field, path(table, desiredRow, field), desiredRow, row, before, found));
      }
    }
  }

  private static TextNode count(List<ObjectNode> rows) {
    return TextNode.valueOf(rows.size() == 1 ? "1 row" : rows.size() + " rows");
  }

  /**
   * A type that the site does not define and that a document of this type needs, types of its child
   * rows included. Documents of it cannot be compared, and must not be reported as equal.
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
   * A document of the site beside the desired one, for a comparison. Both have only the fields that
   * the producer has and the site accepts. Two values that mean the same are shown as the
   * producer's.
   *
   * @param stands the document there, as a document of the producer
   * @param desired the producer's whole document
   * @param rewritten the values that the site changed in earlier writes
   * @param mapped whether a mapping made it: a field that it does not have is not compared
   */
  public Beside beside(ObjectNode stands, ObjectNode desired, Rewrites rewritten, boolean mapped) {
    int from = stands.path("docstatus").asInt();
    int to = desired.path("docstatus").asInt();
    ObjectNode here = JsonNodeFactory.instance.objectNode().put("docstatus", from);
    ObjectNode there = JsonNodeFactory.instance.objectNode().put("docstatus", to);
    String doctype = stands.path("doctype").asText();
    DocType definition = site.find(doctype).orElse(null);
    if (definition != null) {
      Said said = Said.of(known, rules, doctype, true, mapped);
      beside(definition, said, SiteForm::fieldname, stands, desired, here, there, rewritten);
      ours(definition)
          .filter(DocField::isTable)
          .filter(said.about(desired))
          .forEach(table -> rowsBeside(table, stands, desired, rewritten, mapped, here, there));
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
    Changes changes = changes(stands, desired, Map.of(), rewritten, true, mapped);
    return new Beside(
        here, there, to > from || !changes.values().isEmpty(), changes.differsForGood());
  }

  private void beside(
      DocType definition,
      Said said,
      Function<DocField, String> path,
      ObjectNode stands,
      ObjectNode desired,
      ObjectNode here,
      ObjectNode there,
      Rewrites rewritten) {
    ours(definition)
        .filter(field -> !field.isTable())
        .filter(said.about(desired))
        .forEach(
            field -> {
              JsonNode from = stands.path(field.fieldname());
              JsonNode to = desired.path(field.fieldname());
              set(there, field, to);
              set(here, field, isSame(field, path.apply(field), from, to, rewritten) ? to : from);
            });
  }

  private static String fieldname(DocField field) {
    return field.fieldname();
  }

  private static void set(ObjectNode object, DocField field, JsonNode value) {
    if (!value.isMissingNode()) {
      object.set(field.fieldname(), value);
    }
  }

  private void rowsBeside(
      DocField table,
      ObjectNode stands,
      ObjectNode desired,
      Rewrites rewritten,
      boolean mapped,
      ObjectNode here,
      ObjectNode there) {
    DocType type = rowType(table).orElse(null);
    if (type == null) {
      return;
    }
    Said said = Said.of(known, rules, type.name(), true, mapped);
    PairedRows pairs = PairedRows.of(table, stands, desired);
    IdentityHashMap<ObjectNode, ObjectNode> ours = new IdentityHashMap<>();
    ArrayNode rows = there.putArray(table.fieldname());
    for (int i = 0; i < pairs.after().size(); i++) {
      ObjectNode desiredRow = pairs.after().get(i);
      ObjectNode row = pairs.standing(i);
      ObjectNode shown = rows.addObject().put("name", desiredRow.path("name").asText());
      if (row == null) {
        copy(type, desiredRow, shown);
      } else {
        ObjectNode its =
            JsonNodeFactory.instance.objectNode().put("name", shown.path("name").asText());
        beside(
            type,
            said,
            field -> path(table, desiredRow, field),
            row,
            desiredRow,
            its,
            shown,
            rewritten);
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

  /** Why a document cannot get a lower docstatus. */
  static String backwards(int from, int to) {
    return "It is %s there, and would have to become %s again: no site does that."
        .formatted(WORD.get(from), WORD.get(to));
  }

  /**
   * The site's names of the rows of a document, by their names on the producer.
   *
   * @param written the document on the site now
   * @param desired the document as it was sent, with its rows in order
   * @param known the names that were known before
   */
  Map<String, String> rowNames(ObjectNode written, ObjectNode desired, Map<String, String> known) {
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
          ChildRows.of(desired.path(table.fieldname())).stream()
              .map(row -> row.path("name").asText())
              .filter(name -> !name.isEmpty() && !names.containsKey(name))
              .toList();
      rows.stream().filter(there::remove).forEach(name -> names.put(name, name));
      // the rest of both sides is new, in the same order
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

  /** Whether the field is sent and compared, where both sites define it. */
  public static boolean isOurs(DocField field) {
    return !field.isVirtual()
        && (field.isTable() || field.isStoredValue())
        && !OWNED.contains(field.fieldname())
        && !field.fieldname().startsWith("_");
  }

  private Optional<DocType> rowType(DocField table) {
    return table.options() == null ? Optional.empty() : site.find(table.options());
  }

  /**
   * The changes of a document.
   *
   * @param values the fields to send
   * @param withheld fields that differ and are not sent, since the document is submitted
   * @param fixed fields that differ and are not sent, since the site lets them be set once
   * @param kept fields that differ and are not sent, since the site changed them itself when they
   *     were written
   */
  record Changes(ObjectNode values, List<String> withheld, List<String> fixed, Set<String> kept) {
    Changes() {
      this(
          JsonNodeFactory.instance.objectNode(),
          new ArrayList<>(),
          new ArrayList<>(),
          new LinkedHashSet<>());
    }

    /**
     * Why fields are not sent, except those that the site changed itself; null where there are
     * none.
     */
    @Nullable String leftAsTheyAre() {
      return left(List.of());
    }

    /** Why fields differ that no write can make equal; null where there are none. */
    @Nullable String differsForGood() {
      return left(kept.stream().filter(field -> !values.has(field.split("\\.", 2)[0])).toList());
    }

    private @Nullable String left(List<String> set) {
      List<String> reported = new ArrayList<>();
      if (!withheld.isEmpty()) {
        reported.add("as the document is submitted: " + String.join(", ", withheld));
      }
      if (!fixed.isEmpty()) {
        reported.add("as the site lets them be set once: " + String.join(", ", fixed));
      }
      if (!set.isEmpty()) {
        reported.add(
            "as the site set them itself when they were written: " + String.join(", ", set));
      }
      return reported.isEmpty()
          ? null
          : "Left as they are there, " + String.join("; ", reported) + ".";
    }
  }

  /**
   * A document of the site beside the desired one.
   *
   * @param here the document on the site
   * @param there the desired document; equal to {@code here} where a write would change nothing
   * @param repairable whether a write would change something
   * @param stays why a write does not make all fields equal; null where it does
   */
  public record Beside(
      ObjectNode here, ObjectNode there, boolean repairable, @Nullable String stays) {}
}
