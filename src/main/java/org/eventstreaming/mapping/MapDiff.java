package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.expression.Scope;

/**
 * Maps the diff of an Update (protocol: frappe-semantics 3.2) where it contains enough: applied to
 * the mapped old document it gives what the new document, mapped whole, is. Child rows keep the
 * producer's row names. What is no diff comes out as it is: whoever applies it refuses it.
 */
public final class MapDiff {
  private static final String CHANGED = "changed";
  private static final String REMOVED = "removed";
  private static final String ROW_CHANGED = "row_changed";
  private static final String ADDED = "added";
  private static final List<String> TABLE_PARTS = List.of(REMOVED, ROW_CHANGED, ADDED);

  private final MapFields fields;

  /** See {@link MapDocument}; routes are never called, for a diff does not say enough for them. */
  public MapDiff(Mappings mappings, DocTypes doctypes, Function<ObjectNode, Scope> scopes) {
    this.fields =
        new MapFields(
            mappings,
            doctypes,
            (uri, document) -> {
              throw new IllegalStateException("a diff is mapped without " + uri);
            },
            scopes);
  }

  /**
   * The diff in our words, or that it does not say enough.
   *
   * @throws MappingFailed where a row fails
   */
  public MappedDiff map(DocumentTypeMapping mapping, ObjectNode diff) {
    Set<String> fieldsTouched = keys(diff.path(CHANGED));
    Set<String> tablesTouched = new LinkedHashSet<>();
    TABLE_PARTS.forEach(part -> tablesTouched.addAll(keys(diff.path(part))));
    Optional<String> why = needsWhole(mapping, fieldsTouched, tablesTouched);
    if (why.isPresent()) {
      return new MappedDiff.NeedsWhole(why.get());
    }
    Level level = Level.document(true, null);
    ObjectNode mapped = JsonNodeFactory.instance.objectNode();
    for (var part : diff.properties()) {
      JsonNode ours =
          part.getValue() instanceof ObjectNode given && isPart(part.getKey())
              ? part(mapping, part.getKey(), given, level)
              : part.getValue().deepCopy();
      if (!(isPart(part.getKey()) && holdsNothing(ours))) {
        mapped.set(part.getKey(), ours);
      }
    }
    return new MappedDiff.Diff(mapped, level.ours(), level.notes());
  }

  private static boolean holdsNothing(JsonNode part) {
    return part.isContainerNode() && part.isEmpty();
  }

  private static boolean isPart(String key) {
    return key.equals(CHANGED) || TABLE_PARTS.contains(key);
  }

  private ObjectNode part(DocumentTypeMapping mapping, String part, ObjectNode given, Level level) {
    return part.equals(CHANGED)
        ? fields.changed(mapping, given, level)
        : tables(mapping, part, given, level);
  }

  private ObjectNode tables(
      DocumentTypeMapping mapping, String part, ObjectNode given, Level level) {
    ObjectNode ours = JsonNodeFactory.instance.objectNode();
    for (String fieldname : fields.staying(mapping, given)) {
      ours.set(fieldname, given.path(fieldname).deepCopy());
    }
    for (FieldMapping row : mapping.rows()) {
      String remote = row.source().remoteFieldname();
      if (remote != null && given.has(remote)) {
        String rowMapping = row.becomes().rowMapping();
        JsonNode entries =
            rowMapping == null || !(given.get(remote) instanceof ArrayNode list)
                ? given.path(remote).deepCopy()
                : entries(part, rowMapping, list, level.table(row.localFieldname()));
        if (!holdsNothing(entries)) {
          ours.set(row.localFieldname(), entries);
        }
      }
    }
    return ours;
  }

  private ArrayNode entries(String part, String rowMapping, ArrayNode list, Level first) {
    DocumentTypeMapping mapping = fields.named(rowMapping);
    ArrayNode ours = JsonNodeFactory.instance.arrayNode(list.size());
    Level level = first;
    for (JsonNode entry : list) {
      if (part.equals(REMOVED) || !(entry instanceof ObjectNode row)) {
        ours.add(entry);
      } else if (part.equals(ADDED)) {
        ours.add(fields.whole(mapping, row, level.of(mapping, row)));
      } else {
        ObjectNode changed = fields.changed(mapping, row, level.of(mapping, row));
        // the name is in each of them: which row it is
        if (changed.size() > 1) {
          ours.add(changed);
        }
      }
      level = level.next();
    }
    return ours;
  }

  private Optional<String> needsWhole(
      DocumentTypeMapping mapping, Set<String> fieldsTouched, Set<String> tablesTouched) {
    if (fieldsTouched.isEmpty() && tablesTouched.isEmpty()) {
      return Optional.empty();
    }
    Set<String> touched = new LinkedHashSet<>(fieldsTouched);
    touched.addAll(tablesTouched);
    if (mapping.before() != null || mapping.after() != null) {
      return Optional.of("%s reshapes the whole document".formatted(mapping));
    }
    return mapping.rows().stream()
        .filter(row -> needsWhole(row, touched, tablesTouched))
        .findFirst()
        .map(row -> "%s (%s) is not in the diff".formatted(row.localFieldname(), row.origin()));
  }

  private boolean needsWhole(FieldMapping row, Set<String> touched, Set<String> tablesTouched) {
    if (row.when() != null || !row.source().isPlain() || row.becomes().looksAgain(touched)) {
      return true;
    }
    String remote = row.source().remoteFieldname();
    if (remote == null || !touched.contains(remote)) {
      return false;
    }
    String rowMapping = row.becomes().rowMapping();
    if (rowMapping != null) {
      return !isPlain(fields.named(rowMapping));
    }
    return row.becomes().findsDocument()
        || (tablesTouched.contains(remote)
            && (!row.becomes().keepsRows() || row.defaultValue() != null));
  }

  /** Whether each field of a child row comes from one field of it. */
  private static boolean isPlain(DocumentTypeMapping rowMapping) {
    return rowMapping.before() == null
        && rowMapping.after() == null
        && rowMapping.rows().stream()
            .allMatch(
                row ->
                    row.when() == null && row.source().isPlain() && !row.becomes().findsDocument());
  }

  private static Set<String> keys(JsonNode part) {
    Set<String> keys = new LinkedHashSet<>();
    part.fieldNames().forEachRemaining(keys::add);
    return keys;
  }
}
