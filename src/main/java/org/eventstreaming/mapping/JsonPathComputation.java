package org.eventstreaming.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.JsonPathException;
import com.jayway.jsonpath.PathNotFoundException;
import com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider;
import com.jayway.jsonpath.spi.mapper.JacksonMappingProvider;
import org.eventstreaming.expression.Scope;
import org.eventstreaming.update.DocumentJson;

/** A JSONPath. One that can match several values must match one. */
final class JsonPathComputation implements Computation {
  private static final Configuration JACKSON =
      Configuration.builder()
          .jsonProvider(new JacksonJsonNodeJsonProvider(DocumentJson.MAPPER))
          .mappingProvider(new JacksonMappingProvider(DocumentJson.MAPPER))
          .build();

  private final JsonPath path;

  private JsonPathComputation(JsonPath path) {
    this.path = path;
  }

  static JsonPathComputation compile(String text) throws MalformedText {
    try {
      if (text.stripTrailing().endsWith("[")) {
        throw new InvalidPathException(ExplainJsonPath.OPEN_BRACKET);
      }
      return new JsonPathComputation(JsonPath.compile(text));
    } catch (InvalidPathException malformed) {
      throw new ExplainJsonPath(text).explain(malformed);
    }
  }

  @Override
  public JsonNode value(Scope scope) {
    JsonNode found;
    try {
      Object result = path.read(scope.doc(), JACKSON);
      found = DocumentJson.MAPPER.valueToTree(result);
    } catch (PathNotFoundException nothing) {
      return MissingNode.getInstance();
    } catch (JsonPathException failed) {
      throw new NoValue(path.getPath() + ": " + failed.getMessage());
    }
    if (path.isDefinite() || !found.isArray()) {
      return found;
    }
    if (found.size() > 1) {
      throw new NoValue(
          "%s matches %d values: choose one by its index or a function"
              .formatted(path.getPath(), found.size()));
    }
    return found.path(0);
  }
}
