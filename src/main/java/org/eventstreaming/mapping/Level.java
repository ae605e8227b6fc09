package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.eventstreaming.document.FindLinks;
import org.eventstreaming.mapping.FieldSource.How;
import org.jspecify.annotations.Nullable;

/** Where in a document fields are given their values, and what is to be reported of that. */
final class Level {
  private final @Nullable String table;
  private final int row;
  private final String rowName;
  private final Given given;

  /** Reported of a document at all its levels. */
  private record Given(
      boolean keepsRows,
      List<NeededDocument> needed,
      List<String> notes,
      Set<String> ours,
      @Nullable Consumer<FieldSource> sources) {}

  private Level(@Nullable String table, int row, String rowName, Given given) {
    this.table = table;
    this.row = row;
    this.rowName = rowName;
    this.given = given;
  }

  /**
   * The fields of the document itself.
   *
   * @param keepsRows whether child rows end as they are mapped, and can be identified by their
   *     names
   * @param sources hears of each field; null where nobody listens
   */
  static Level document(boolean keepsRows, @Nullable Consumer<FieldSource> sources) {
    return new Level(
        null,
        0,
        "",
        new Given(keepsRows, new ArrayList<>(), new ArrayList<>(), new HashSet<>(), sources));
  }

  /** The fields of the first row of a child table. */
  Level table(String fieldname) {
    return new Level(fieldname, 0, "", given);
  }

  /** The fields of the row after this. */
  Level next() {
    return new Level(table, row + 1, "", given);
  }

  /** The same, of the row that the producer calls so. */
  Level of(DocumentTypeMapping rowMapping, JsonNode row) {
    if (!given.keepsRows || rowMapping.before() != null || rowMapping.after() != null) {
      return this;
    }
    return new Level(table, this.row, row.path("name").asText(""), given);
  }

  /**
   * @param isMadeHere whether the value is of the mapping file, and not one that the producer wrote
   */
  void given(FieldMapping by, How how, boolean isMadeHere) {
    if (isMadeHere) {
      given.ours.add(
          table == null
              ? by.localFieldname()
              : FindLinks.inRow(table, rowName) + by.localFieldname());
    }
    if (given.sources != null) {
      given.sources.accept(new FieldSource(path(by.localFieldname()), by.origin(), how));
    }
  }

  void stays(String fieldname) {
    if (given.sources != null) {
      given.sources.accept(new FieldSource(path(fieldname), null, How.STAYS));
    }
  }

  void need(FieldMapping by, DocumentTypeMapping mapping, ObjectNode filters) {
    given.needed.add(
        new NeededDocument(
            table, row, by.localFieldname(), mapping, filters, by.origin(), by.standIn()));
  }

  void note(String fieldname, String what) {
    given.notes.add(path(fieldname) + ": " + what);
  }

  List<NeededDocument> needed() {
    return given.needed;
  }

  /** Fields whose values were made here, as {@link FindLinks} takes them. */
  Set<String> ours() {
    return given.ours;
  }

  List<String> notes() {
    return given.notes;
  }

  private String path(String fieldname) {
    return table == null ? fieldname : "%s[%d].%s".formatted(table, row, fieldname);
  }
}
