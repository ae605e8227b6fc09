package org.eventstreaming.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.FluentProducerTemplate;
import org.eventstreaming.mapping.NoValue;
import org.eventstreaming.mapping.RouteHook;
import org.eventstreaming.update.NoJson;
import org.jspecify.annotations.Nullable;

/**
 * Asks a route of the project for the value of a field: the body is the document, the answer is the
 * body that the route leaves. The address stands in a mapping file; none is made from data.
 */
public final class AskRoute implements RouteHook {
  private final CamelContext context;

  public AskRoute(CamelContext context) {
    this.context = context;
  }

  @Override
  public JsonNode call(String uri, ObjectNode document) {
    if (context.hasEndpoint(uri) == null) {
      throw new NoValue("no route begins at " + uri);
    }
    Exchange answer = run(uri, document);
    Exception failure = answer.getException();
    if (failure != null) {
      RouteFailure.throwIfOfProgram(failure);
      throw new NoValue(uri + " failed: " + RouteFailure.why(failure));
    }
    return value(uri, answer.getMessage().getBody());
  }

  private Exchange run(String uri, ObjectNode document) {
    try (FluentProducerTemplate template = context.createFluentProducerTemplate()) {
      return template.to(uri).withBody(document).request(Exchange.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode value(String uri, @Nullable Object body) {
    if (body == null) {
      return MissingNode.getInstance();
    }
    try {
      return BodyJson.value(body);
    } catch (IOException e) {
      throw new NoValue(uri + " gave a body that is not JSON: " + NoJson.why(e));
    }
  }
}
