package org.eventstreaming.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.jspecify.annotations.Nullable;

/**
 * The one form in which a document is kept, so that equal documents are equal JSON: no null keys,
 * none that start with {@code __}, a docstatus, rows in order that carry what their parent says of
 * them, and 0 where a number or check of a known definition is missing that is never empty.
 *
 * <p>Where the definition is known its table fields are the child tables; else every array whose
 * elements are all objects is one. Doing it twice changes nothing. Safe for many threads.
 */
public final class NormalForm {
  private static final IntNode ZERO = IntNode.valueOf(0);

  private final DocTypes doctypes;
  private final Map<String, Shape> shapes = new ConcurrentHashMap<>();

  public NormalForm(DocTypes doctypes) {
    this.doctypes = doctypes;
  }

  /**
   * The document in normal form; what is given stays as it is. Values that need no change,
   * containers in fields that are no child tables among them, are shared between the two.
   */
  public ObjectNode of(ObjectNode document) {
    return inPlace(copyOf(document), true, Unread.NONE);
  }

  /**
   * The same of a whole document, with an empty list for each child table that it does not have:
   * what an expression looks at has them.
   */
  public ObjectNode withTables(ObjectNode document) {
    ObjectNode complete = sorted(of(document));
    Shape shape = shape(document.get("doctype"));
    if (shape != null) {
      shape.tables.keySet().stream()
          .filter(table -> !complete.has(table))
          .forEach(complete::putArray);
    }
    return complete;
  }

  /**
   * An Update's diff that has numbers as a site stores them: 0 where it has them as null, and in
   * rows that it adds also where it does not say them. What is given stays as it is.
   */
  public ObjectNode ofDiff(String doctype, ObjectNode diff) {
    Shape shape = shape(TextNode.valueOf(doctype));
    if (shape == null) {
      return diff;
    }
    ObjectNode copy = diff.deepCopy();
    if (copy.get("changed") instanceof ObjectNode changed) {
      shape.zeroNulls(changed);
    }
    shape.tables.forEach(
        (table, rowDoctype) -> {
          Shape rows = rowDoctype == null ? null : shape(TextNode.valueOf(rowDoctype));
          if (rows != null) {
            ChildRows.of(copy.path("row_changed").path(table)).forEach(rows::zeroNulls);
            for (ObjectNode row : ChildRows.of(copy.path("added").path(table))) {
              rows.zeroNulls(row);
              rows.fillNumbers(row, Unread.NONE);
            }
          }
        });
    return copy;
  }

  /**
   * The same as {@link #inPlace}, of a document that its site sent whole: rows that share an {@code
   * idx} are put in the order of their names, since a database may answer them in any order.
   */
  public ObjectNode wholeInPlace(ObjectNode document) {
    return sorted(inPlace(document));
  }

  private ObjectNode sorted(ObjectNode document) {
    Shape shape = shape(document.get("doctype"));
    for (var field : document.properties()) {
      if (field.getValue() instanceof ArrayNode array && isTable(field.getKey(), shape)) {
        field.setValue(ChildRows.inOrder(array));
      }
    }
    return document;
  }

  /** Brings the document itself, and the rows in it, into normal form and returns it. */
  public ObjectNode inPlace(ObjectNode document) {
    return inPlace(document, Unread.NONE);
  }

  /**
   * The same of a document that a diff changed.
   *
   * @param unread fields that whole reads do not show: a number of which nothing is known is not 0
   */
  public ObjectNode inPlace(ObjectNode document, Unread unread) {
    return inPlace(document, false, unread);
  }

  private ObjectNode inPlace(ObjectNode document, boolean rowsAreShared, Unread unread) {
    Shape shape = shape(document.get("doctype"));
    Parent parent = Parent.of(document);
    for (var fields = document.properties().iterator(); fields.hasNext(); ) {
      var field = fields.next();
      if (isDropped(field)) {
        fields.remove();
      } else if (field.getValue() instanceof ArrayNode array && isTable(field.getKey(), shape)) {
        String rowDoctype = shape == null ? null : shape.tables.get(field.getKey());
        if (holdsOnlyObjects(array)) {
          field.setValue(rows(array, field.getKey(), rowDoctype, parent, rowsAreShared, unread));
        }
      }
    }
    document.set("docstatus", parent.docstatus);
    if (shape != null) {
      shape.fillNumbers(document, unread);
    }
    return document;
  }

  private ArrayNode rows(
      ArrayNode array,
      String fieldname,
      @Nullable String doctype,
      Parent parent,
      boolean rowsAreShared,
      Unread unread) {
    ArrayNode rows = array;
    if (rowsAreShared && !array.isEmpty()) {
      rows = array.arrayNode(array.size());
      for (JsonNode row : array) {
        rows.add(copyOf((ObjectNode) row));
      }
    }
    TextNode parentfield = TextNode.valueOf(fieldname);
    TextNode rowDoctype = doctype == null ? null : TextNode.valueOf(doctype);
    Shape shape = shape(rowDoctype);
    int idx = 0;
    for (JsonNode element : rows) {
      ObjectNode row = (ObjectNode) element;
      row.properties().removeIf(NormalForm::isDropped);
      row.set("docstatus", parent.docstatus);
      idx++;
      if (!row.path("idx").canConvertToInt()) {
        row.put("idx", idx);
      }
      row.set("parentfield", parentfield);
      if (parent.name != null) {
        row.set("parent", parent.name);
      }
      if (parent.doctype != null) {
        row.set("parenttype", parent.doctype);
      }
      if (rowDoctype != null) {
        row.set("doctype", rowDoctype);
      }
      Shape rowShape = shape != null ? shape : shape(row.get("doctype"));
      if (rowShape != null) {
        rowShape.fillNumbers(row, unread);
      }
    }
    return rows;
  }

  private static boolean isTable(String fieldname, @Nullable Shape shape) {
    return shape == null || shape.tables.containsKey(fieldname);
  }

  private static boolean holdsOnlyObjects(ArrayNode array) {
    for (JsonNode element : array) {
      if (!element.isObject()) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDropped(Map.Entry<String, JsonNode> field) {
    return field.getValue().isNull() || field.getKey().startsWith("__");
  }

  private static ObjectNode copyOf(ObjectNode node) {
    ObjectNode copy = node.objectNode();
    copy.setAll(node);
    return copy;
  }

  private @Nullable Shape shape(@Nullable JsonNode doctype) {
    if (doctype == null || !doctype.isTextual()) {
      return null;
    }
    DocType definition = doctypes.find(doctype.textValue()).orElse(null);
    if (definition == null) {
      return null;
    }
    Shape known = shapes.get(definition.name());
    if (known == null || !known.isOf(definition)) {
      known = new Shape(definition);
      shapes.put(definition.name(), known);
    }
    return known;
  }

  /** What rows repeat of their document. Name and doctype are null where the document has none. */
  private record Parent(@Nullable JsonNode name, @Nullable JsonNode doctype, JsonNode docstatus) {
    static Parent of(ObjectNode document) {
      JsonNode docstatus = present(document, "docstatus");
      return new Parent(
          present(document, "name"),
          present(document, "doctype"),
          docstatus == null ? ZERO : docstatus);
    }

    private static @Nullable JsonNode present(ObjectNode document, String key) {
      JsonNode value = document.get(key);
      return value == null || value.isNull() ? null : value;
    }
  }

  /** The part of a definition that matters here, looked through once and not for every document. */
  private static final class Shape {
    private final DocType definition;
    private final String[] numbers;
    private final Map<String, @Nullable String> tables = new LinkedHashMap<>();

    Shape(DocType definition) {
      this.definition = definition;
      this.numbers =
          definition.fields().stream()
              .filter(DocField::isNeverEmpty)
              .map(DocField::fieldname)
              .toArray(String[]::new);
      definition.fields().stream()
          .filter(DocField::isTable)
          .forEach(field -> tables.put(field.fieldname(), field.options()));
    }

    /** The very same definition: to compare its fields would cost more than to use them. */
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(DocType other) {
      return definition == other;
    }

    void zeroNulls(ObjectNode object) {
      for (String number : numbers) {
        if (object.path(number).isNull()) {
          object.set(number, ZERO);
        }
      }
    }

    void fillNumbers(ObjectNode document, Unread unread) {
      Set<String> unknown = unread.of(definition.name());
      for (String number : numbers) {
        if (!document.has(number) && !unknown.contains(number)) {
          document.set(number, ZERO);
        }
      }
    }
  }
}
