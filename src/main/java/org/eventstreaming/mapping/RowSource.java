package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eventstreaming.expression.Scope;
import org.eventstreaming.update.DocumentJson;
import org.jspecify.annotations.Nullable;

/** Where the value of a row comes from. */
sealed interface RowSource {
  /**
   * The producer's value; missing or null where there is none.
   *
   * @throws NoValue where it cannot be computed
   */
  JsonNode read(Scope scope, RouteHook routes);

  /** Whether it comes from one field, so that a diff with that field is enough. */
  boolean isPlain();

  /** Whether the value is not one that the producer wrote. */
  default boolean isMadeHere() {
    return true;
  }

  /** Whether it may read documents that are here. */
  default boolean readsDocuments() {
    return false;
  }

  /** The producer's field that the row stands for; null where it stands for none. */
  default @Nullable String remoteFieldname() {
    return null;
  }

  record RemoteField(String fieldname) implements RowSource {
    @Override
    public JsonNode read(Scope scope, RouteHook routes) {
      return scope.doc().path(fieldname);
    }

    @Override
    public boolean isPlain() {
      return true;
    }

    @Override
    public boolean isMadeHere() {
      return false;
    }

    @Override
    public String remoteFieldname() {
      return fieldname;
    }
  }

  /** The producer's field is known to the row, but its default stands for it. */
  record Unread(String fieldname) implements RowSource {
    @Override
    public JsonNode read(Scope scope, RouteHook routes) {
      return MissingNode.getInstance();
    }

    @Override
    public boolean isPlain() {
      return true;
    }

    @Override
    public String remoteFieldname() {
      return fieldname;
    }
  }

  record Computed(Computation computation) implements RowSource {
    @Override
    public JsonNode read(Scope scope, RouteHook routes) {
      return DocumentJson.asRead(computation.value(scope));
    }

    @Override
    public boolean isMadeHere() {
      return !(computation instanceof JsonPathComputation);
    }

    @Override
    public boolean readsDocuments() {
      return computation.readsDocuments();
    }

    @Override
    public boolean isPlain() {
      return false;
    }
  }

  record FromRoute(String uri) implements RowSource {
    @Override
    public JsonNode read(Scope scope, RouteHook routes) {
      ObjectNode copy = scope.doc().deepCopy();
      return DocumentJson.asRead(routes.call(uri, copy));
    }

    @Override
    public boolean readsDocuments() {
      return true;
    }

    @Override
    public boolean isPlain() {
      return false;
    }
  }

  record Constant(JsonNode value) implements RowSource {
    @Override
    public JsonNode read(Scope scope, RouteHook routes) {
      return value;
    }

    @Override
    public boolean isPlain() {
      return true;
    }
  }

  /** The row has a default and nothing else. */
  record Nothing() implements RowSource {
    @Override
    public JsonNode read(Scope scope, RouteHook routes) {
      return MissingNode.getInstance();
    }

    @Override
    public boolean isPlain() {
      return true;
    }
  }
}
