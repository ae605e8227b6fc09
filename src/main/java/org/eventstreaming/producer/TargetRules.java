package org.eventstreaming.producer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.eventstreaming.files.MarkedFile;
import org.eventstreaming.files.Problems;
import org.eventstreaming.files.ReadMarkedFile;

/**
 * What an application does to documents that are written to its site, by DocType, and what keeps
 * the producer's values all the same. The program brings rules for ERPNext along; a file in {@code
 * sites/} adds to them and overrides them.
 */
public record TargetRules(Map<String, Rule> byDoctype) {
  public static final TargetRules NONE = new TargetRules(Map.of());
  private static final List<String> SHIPPED = List.of("targets/erpnext.yaml");
  private static final TargetRules OURS = readShipped();

  public TargetRules {
    byDoctype = Map.copyOf(byDoctype);
  }

  /** Those of the program itself. */
  public static TargetRules shipped() {
    return OURS;
  }

  /** Of a DocType, rows of child tables included. */
  public Rule of(String doctype) {
    return byDoctype.getOrDefault(doctype, Rule.NONE);
  }

  /**
   * These and more: of the same DocType a later switch replaces an earlier one, and one without a
   * value takes it away; row references add up.
   *
   * @param rows as a file has them
   */
  public TargetRules with(JsonNode rows) {
    Map<String, Rule> all = new HashMap<>(byDoctype);
    for (JsonNode row : rows) {
      all.compute(
          row.path("doctype").asText(),
          (doctype, rule) -> Objects.requireNonNullElse(rule, Rule.NONE).and(row));
    }
    return new TargetRules(all);
  }

  private static TargetRules readShipped() {
    TargetRules rules = NONE;
    for (String name : SHIPPED) {
      Problems problems = new Problems();
      Optional<MarkedFile> file = ReadMarkedFile.ofText(Path.of(name), text(name), problems);
      problems.refuseIfAny();
      rules = rules.with(file.orElseThrow().root().path("rules"));
    }
    return rules;
  }

  private static String text(String name) {
    try (InputStream in = TargetRules.class.getResourceAsStream("/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What is known of one DocType.
   *
   * @param send values that are sent along, by the field that they are for
   * @param rowReferences fields that hold the name of a child row of another document
   * @param madeBySite whether the site makes such documents itself, and alone, when it takes
   *     others: they are neither followed nor brought along, and links to them are not sent
   * @param madeWith types with whose documents the site makes such documents: what it made with a
   *     document of a producer becomes the copy of the one that the producer has
   * @param setBySite fields that the site fills in by itself when it takes other documents: they
   *     are neither sent nor compared, and what they link to is not waited for
   * @param setUnless fields that the site fills in by itself, unless another field of the document
   *     has a value other than 0: each with that field. Only where it has none they are neither
   *     sent nor compared
   * @param contents documents of the producer that do not arrive, and whose rows are said in fields
   *     instead
   * @param beginsAsDraft whether a new document is created as a draft and submitted then, since the
   *     site does less with one that is created submitted
   */
  public record Rule(
      Map<String, Switch> send,
      Set<String> rowReferences,
      boolean madeBySite,
      Set<String> madeWith,
      Set<String> setBySite,
      Map<String, String> setUnless,
      List<Contents> contents,
      boolean beginsAsDraft) {
    static final Rule NONE =
        new Rule(Map.of(), Set.of(), false, Set.of(), Set.of(), Map.of(), List.of(), false);

    public Rule {
      send = Map.copyOf(send);
      rowReferences = Set.copyOf(rowReferences);
      madeWith = Set.copyOf(madeWith);
      setBySite = Set.copyOf(setBySite);
      setUnless = Map.copyOf(setUnless);
      contents = List.copyOf(contents);
    }

    private Rule and(JsonNode row) {
      Set<String> keeps = texts(row.path("keeps"));
      Map<String, Switch> switches = new LinkedHashMap<>(send);
      row.path("send")
          .properties()
          .forEach(one -> switches.put(one.getKey(), new Switch(one.getValue(), keeps)));
      switches.values().removeIf(one -> one.value().isNull());
      Set<String> references = texts(row.path("row_references"));
      references.addAll(rowReferences);
      Set<String> types = texts(row.path("made_with"));
      types.addAll(madeWith);
      Set<String> set = new HashSet<>(setBySite);
      Map<String, String> unless = new HashMap<>(setUnless);
      for (String field : texts(row.path("set_by_site"))) {
        if (row.has("unless")) {
          unless.put(field, row.path("unless").asText());
        } else {
          set.add(field);
        }
      }
      Map<String, Contents> byLink = new LinkedHashMap<>();
      contents.forEach(one -> byLink.put(one.link(), one));
      row.path("contents_of")
          .properties()
          .forEach(
              one -> {
                if (one.getValue().isNull()) {
                  byLink.remove(one.getKey());
                } else {
                  byLink.put(one.getKey(), Contents.of(one.getKey(), one.getValue()));
                }
              });
      return new Rule(
          switches,
          references,
          row.path("made_by_site").asBoolean(madeBySite),
          types,
          set,
          unless,
          List.copyOf(byLink.values()),
          row.path("begins_as_draft").asBoolean(beginsAsDraft));
    }

    private static Set<String> texts(JsonNode names) {
      Set<String> texts = new HashSet<>();
      names.forEach(name -> texts.add(name.asText()));
      return texts;
    }
  }

  /**
   * A document that the site makes itself, of which the fields of another say what it holds.
   *
   * @param link the Link field that names the document
   * @param rows where it holds what it holds
   * @param fields those fields, each with the field of the rows that it is filled from
   */
  public record Contents(String link, Rows rows, Map<String, String> fields) {
    public Contents {
      fields = Map.copyOf(fields);
    }

    private static Contents of(String link, JsonNode contents) {
      Map<String, String> fields = new LinkedHashMap<>();
      contents
          .path("fields")
          .properties()
          .forEach(one -> fields.put(one.getKey(), one.getValue().asText()));
      Rows rows = new Rows(contents.path("rows").asText(), contents.path("doctype").asText());
      return new Contents(link, rows, fields);
    }
  }

  /**
   * Child rows.
   *
   * @param doctype of the rows themselves
   * @param parentDoctype of the documents that they belong to
   */
  public record Rows(String doctype, String parentDoctype) {}

  /**
   * A value that makes the site keep others.
   *
   * @param keeps the fields that it is for: it is sent with a document that has one of them; with
   *     none named it is always sent
   */
  public record Switch(JsonNode value, Set<String> keeps) {
    public Switch {
      keeps = Set.copyOf(keeps);
    }
  }
}
