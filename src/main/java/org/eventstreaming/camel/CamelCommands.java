package org.eventstreaming.camel;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.FluentProducerTemplate;
import org.eventstreaming.condition.Commands;
import org.eventstreaming.update.DocumentJson;
import org.eventstreaming.update.UpdateLogEntry;
import org.jspecify.annotations.Nullable;

/**
 * Conditions of the form {@code cmd: dotted.name}: a bean of that name that is a {@link Predicate},
 * or a route from {@code direct:cmd.dotted.name}. Both get a map of {@code doc} and {@code
 * update_log}, two maps with Frappe's field names; a route answers with a body that is true or
 * false.
 */
public final class CamelCommands implements Commands {
  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  private final CamelContext context;

  public CamelCommands(CamelContext context) {
    this.context = context;
  }

  @Override
  public boolean offers(String name) {
    return bean(name) != null || hasRoute(name);
  }

  @Override
  public boolean met(String name, ObjectNode doc, UpdateLogEntry entry) {
    Map<String, Object> asked =
        Map.of(
            "doc", DocumentJson.MAPPER.convertValue(doc, FIELDS), "update_log", updateLog(entry));
    Predicate<Object> bean = bean(name);
    return bean != null ? bean.test(asked) : answer(route(name), asked);
  }

  private boolean answer(String route, Map<String, Object> asked) {
    try (FluentProducerTemplate template = context.createFluentProducerTemplate()) {
      Object answer = template.to(route).withBody(asked).request(Object.class);
      Boolean met = context.getTypeConverter().tryConvertTo(Boolean.class, answer);
      if (met == null) {
        throw new IllegalStateException(
            "the route from " + route + " answered neither true nor false but " + answer);
      }
      return met;
    } catch (CamelExecutionException e) {
      throw new IllegalStateException(
          "the route from " + route + " failed: " + Objects.requireNonNullElse(e.getCause(), e), e);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Map<String, Object> updateLog(UpdateLogEntry entry) {
    Map<String, Object> fields = new HashMap<>();
    fields.put("name", entry.name());
    fields.put("update_type", entry.updateType());
    fields.put("ref_doctype", entry.refDoctype());
    fields.put("docname", entry.docname());
    fields.put("creation", entry.creation());
    if (entry.data() != null) {
      fields.put("data", entry.data());
    }
    return fields;
  }

  @SuppressWarnings("unchecked")
  private @Nullable Predicate<Object> bean(String name) {
    return context.getRegistry().lookupByName(name) instanceof Predicate<?> predicate
        ? (Predicate<Object>) predicate
        : null;
  }

  /** An endpoint alone is not enough: whoever sends to a name makes one. */
  private boolean hasRoute(String name) {
    return context.getRoutes().stream()
        .anyMatch(
            route -> route.getEndpoint().getEndpointUri().equals(route(name).replace(":", "://")));
  }

  private static String route(String name) {
    return "direct:cmd." + name;
  }
}
