package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.eventstreaming.expression.Scope;
import org.eventstreaming.update.DocumentJson;

/** What one field of the document that a Document row points to must be. */
sealed interface FilterValue {
  /**
   * The value for this document; null where it has none.
   *
   * @throws NoValue where it cannot be computed
   */
  JsonNode value(Scope scope);

  /** Whether the value may change when this field of the document does. */
  boolean dependsOn(String fieldname);

  /** Frappe's rule: the document's field of that name if it has one, else the text itself. */
  record FieldOrText(String text) implements FilterValue {
    @Override
    public JsonNode value(Scope scope) {
      JsonNode field = scope.doc().path(text);
      return field.isMissingNode() || field.isNull() ? TextNode.valueOf(text) : field;
    }

    @Override
    public boolean dependsOn(String fieldname) {
      return text.equals(fieldname);
    }
  }

  /** A field that the definition of the producer's document has: empty, it is no text. */
  record Field(String fieldname) implements FilterValue {
    @Override
    public JsonNode value(Scope scope) {
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
    public JsonNode value(Scope scope) {
      JsonNode value = DocumentJson.asRead(computation.value(scope));
      return value.isMissingNode() ? NullNode.getInstance() : value;
    }

    @Override
    public boolean dependsOn(String fieldname) {
      return true;
    }
  }
}
