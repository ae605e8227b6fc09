package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.function.Predicate;
import org.eventstreaming.expression.Scope;
import org.eventstreaming.update.DocumentJson;

/** What one field of the document that a Document row points to must be. */
sealed interface FilterValue {
  /**
   * The value for this document; null where it has none.
   *
   * @param isField whether the document's definition, where it is known, has a field of a name
   * @throws NoValue where it cannot be computed
   */
  JsonNode value(Scope scope, Predicate<String> isField);

  /** Whether the value may change when this field of the document does. */
  boolean dependsOn(String fieldname);

  /** Whether it may read documents that are here. */
  default boolean readsDocuments() {
    return false;
  }

  /** Frappe's rule: the document's field of that name if there is one, else the text itself. */
  record FieldOrText(String text) implements FilterValue {
    @Override
    public JsonNode value(Scope scope, Predicate<String> isField) {
      JsonNode field = scope.doc().path(text);
      if (!field.isMissingNode() && !field.isNull()) {
        return field;
      }
      return isField.test(text) ? NullNode.getInstance() : TextNode.valueOf(text);
    }

    @Override
    public boolean dependsOn(String fieldname) {
      return text.equals(fieldname);
    }
  }

  /** A field that the definition of the producer's document has: empty, it is no text. */
  record Field(String fieldname) implements FilterValue {
    @Override
    public JsonNode value(Scope scope, Predicate<String> isField) {
      JsonNode field = scope.doc().path(fieldname);
      return field.isMissingNode() ? NullNode.getInstance() : field;
    }

    @Override
    public boolean dependsOn(String other) {
      return fieldname.equals(other);
    }
  }

  /** What follows {@code eval:}. */
  record Eval(Computation computation) implements FilterValue {
    @Override
    public JsonNode value(Scope scope, Predicate<String> isField) {
      JsonNode value = DocumentJson.asRead(computation.value(scope));
      return value.isMissingNode() ? NullNode.getInstance() : value;
    }

    @Override
    public boolean dependsOn(String fieldname) {
      return true;
    }

    @Override
    public boolean readsDocuments() {
      return computation.readsDocuments();
    }
  }
}
