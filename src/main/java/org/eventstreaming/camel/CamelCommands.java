package org.eventstreaming.camel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.eventstreaming.condition.Commands;
import org.eventstreaming.update.UpdateLogEntry;
import org.jspecify.annotations.Nullable;

/**
 * Conditions of the form {@code cmd: dotted.name}: a bean of that name that is a {@link Predicate},
 * or a route from {@code direct:cmd.dotted.name}. Both get a map of {@code doc} and {@code
 * update_log}; a route answers with a body that is true or false.
 */
public final class CamelCommands implements Commands {
  private final CamelContext context;

  public CamelCommands(CamelContext context) {
    this.context = context;
  }

  @Override
  public boolean offers(String name) {
    return bean(name) != null || context.hasEndpoint(route(name)) != null;
  }

  @Override
  public boolean met(String name, ObjectNode doc, UpdateLogEntry entry) {
    Map<String, Object> asked = Map.of("doc", doc, "update_log", entry);
    @SuppressWarnings("unchecked")
    Predicate<Object> bean = (Predicate<Object>) bean(name);
    if (bean != null) {
      return bean.test(asked);
    }
    try (ProducerTemplate template = context.createProducerTemplate()) {
      Boolean answer = template.requestBody(route(name), asked, Boolean.class);
      if (answer == null) {
        throw new IllegalStateException(route(name) + " answered neither true nor false");
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private @Nullable Predicate<?> bean(String name) {
    return context.getRegistry().lookupByNameAndType(name, Predicate.class);
  }

  private static String route(String name) {
    return "direct:cmd." + name;
  }
}
