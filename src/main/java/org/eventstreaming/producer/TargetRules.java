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
   */
  public record Rule(
      Map<String, Switch> send,
      Set<String> rowReferences,
      boolean madeBySite,
      Set<String> madeWith) {
    static final Rule NONE = new Rule(Map.of(), Set.of(), false, Set.of());

    public Rule {
      send = Map.copyOf(send);
      rowReferences = Set.copyOf(rowReferences);
      madeWith = Set.copyOf(madeWith);
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
      return new Rule(switches, references, row.path("made_by_site").asBoolean(madeBySite), types);
    }

    private static Set<String> texts(JsonNode names) {
      Set<String> texts = new HashSet<>();
      names.forEach(name -> texts.add(name.asText()));
      return texts;
    }
  }

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
