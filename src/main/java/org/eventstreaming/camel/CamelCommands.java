package org.eventstreaming.camel;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.FluentProducerTemplate;
import org.eventstreaming.condition.Commands;
import org.eventstreaming.condition.ConditionFailed;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.update.DocumentJson;
import org.eventstreaming.update.UpdateLogEntry;
import org.jspecify.annotations.Nullable;

/**
 * Conditions of the form {@code cmd: dotted.name}: a bean of that name that is a {@link Predicate},
 * or a route from {@code direct:cmd.dotted.name}. As in Frappe both get {@code consumer}, {@code
 * doc} and {@code update_log}, in one map of three maps with Frappe's field names; a route answers
 * with a body that is true or false.
 */
public final class CamelCommands implements Commands {
  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  private final CamelContext context;
  private final String ownUrl;

  /**
   * @param ownUrl our address as producers know it
   */
  public CamelCommands(CamelContext context, String ownUrl) {
    this.ownUrl = ownUrl;
    this.context = context;
  }

  @Override
  public boolean offers(String name) {
    return bean(name) != null || hasRoute(name);
  }

  @Override
  public boolean met(String name, EventProducer producer, ObjectNode doc, UpdateLogEntry entry) {
    Map<String, Object> asked =
        Map.of(
            "consumer",
            consumer(producer),
            "doc",
            DocumentJson.MAPPER.convertValue(doc, FIELDS),
            "update_log",
            updateLog(entry));
    Predicate<Object> bean = bean(name);
    return bean != null ? answer(name, bean, asked) : answer(route(name), asked);
  }

  /** What a bean of the project throws is its answer about the document. */
  private static boolean answer(String name, Predicate<Object> bean, Map<String, Object> asked) {
    try {
      return bean.test(asked);
    } catch (RuntimeException e) {
      RouteFailure.throwIfOfProgram(e);
      throw new ConditionFailed("the bean " + name + " failed: " + e, e);
    }
  }

  private boolean answer(String route, Map<String, Object> asked) {
    try (FluentProducerTemplate template = context.createFluentProducerTemplate()) {
      Object answer = template.to(route).withBody(asked).request(Object.class);
      Boolean met = context.getTypeConverter().tryConvertTo(Boolean.class, answer);
      if (met == null) {
        throw new ConditionFailed(
            "the route from " + route + " answered neither true nor false but " + answer, null);
      }
      return met;
    } catch (CamelExecutionException e) {
      RouteFailure.throwIfOfProgram(e);
      throw new ConditionFailed(
          "the route from " + route + " failed: " + Objects.requireNonNullElse(e.getCause(), e), e);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Ourselves as the producer knows us, without what is secret. */
  private Map<String, Object> consumer(EventProducer producer) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (ProducerDoctype row : producer.producerDoctypes()) {
      Map<String, Object> fields = new HashMap<>();
      fields.put("ref_doctype", row.remoteDoctype());
      fields.put("unsubscribed", row.unsubscribe() ? 1 : 0);
      if (row.condition() != null) {
        fields.put("condition", row.condition());
      }
      rows.add(fields);
    }
    return Map.of(
        "doctype",
        "Event Consumer",
        "name",
        ownUrl,
        "callback_url",
        ownUrl,
        "user",
        producer.user(),
        "consumer_doctypes",
        rows);
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
