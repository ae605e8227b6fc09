package org.eventstreaming.camel;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.FluentProducerTemplate;
import org.apache.camel.Route;
import org.eventstreaming.extension.DocumentRoute;
import org.eventstreaming.update.DocumentJson;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.NoJson;
import org.jspecify.annotations.Nullable;

/**
 * Runs routes from {@code direct:document.<DocType>}, and from {@code direct:document} for all
 * other types. The body is the document as a map with Frappe's field names; the variables {@code
 * producer}, {@code doctype} and {@code docname} say which one it is. Variables, unlike headers,
 * are not sent along by an HTTP step. The body that the route leaves is the document to use, as a
 * map or as JSON text; where it leaves a variable {@code drop}, the document is dropped for that
 * reason.
 */
public final class AskDocumentRoute implements DocumentRoute {
  private static final String EVERY_TYPE = "direct:document";
  private static final String ONE_TYPE = EVERY_TYPE + ".";
  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  private final CamelContext context;
  private volatile @Nullable Map<String, Route> byAddress;

  public AskDocumentRoute(CamelContext context) {
    this.context = context;
  }

  /** The DocType of the documents that a route from this address sees; null where it is another. */
  public static @Nullable String doctype(String uri) {
    String address = address(uri);
    return address.startsWith(ONE_TYPE) ? address.substring(ONE_TYPE.length()) : null;
  }

  @Override
  public boolean any() {
    return !routes().isEmpty();
  }

  @Override
  public @Nullable String of(String doctype) {
    Map<String, Route> routes = routes();
    if (routes.isEmpty()) {
      return null;
    }
    return routes.containsKey(ONE_TYPE + doctype)
        ? ONE_TYPE + doctype
        : routes.containsKey(EVERY_TYPE) ? EVERY_TYPE : null;
  }

  @Override
  public String name(String doctype) {
    String address = of(doctype);
    return "route '%s' (%s)".formatted(route(doctype).getRouteId(), address);
  }

  @Override
  public Answer call(String producerUrl, DocumentKey key, ObjectNode document) {
    Exchange exchange = run(producerUrl, key, document);
    Exception failure = exchange.getException();
    if (failure != null) {
      RouteFailure.throwIfOfProgram(failure);
      throw new RouteFailed(RouteFailure.why(failure), failure);
    }
    String drop = exchange.getVariable("drop", String.class);
    return drop != null && !drop.isBlank()
        ? new Answer(null, drop)
        : new Answer(read(exchange.getMessage().getBody()), null);
  }

  private Exchange run(String producerUrl, DocumentKey key, ObjectNode document) {
    try (FluentProducerTemplate template = context.createFluentProducerTemplate()) {
      return template
          .to(route(key.doctype()).getEndpoint())
          .withBody(DocumentJson.MAPPER.convertValue(document, FIELDS))
          .withVariable("producer", producerUrl)
          .withVariable("doctype", key.doctype())
          .withVariable("docname", key.name())
          .request(Exchange.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable JsonNode read(@Nullable Object body) {
    try {
      return body == null ? null : BodyJson.document(body);
    } catch (IOException e) {
      throw new RouteFailed("its body is not JSON: " + NoJson.why(e), e);
    }
  }

  private Route route(String doctype) {
    return Objects.requireNonNull(routes().get(Objects.requireNonNull(of(doctype))));
  }

  /** All routes are there before the first document is. */
  private Map<String, Route> routes() {
    Map<String, Route> known = byAddress;
    if (known == null) {
      known = new HashMap<>();
      for (Route route : context.getRoutes()) {
        String address = address(route.getEndpoint().getEndpointUri());
        if (address.equals(EVERY_TYPE) || address.startsWith(ONE_TYPE)) {
          known.put(address, route);
        }
      }
      byAddress = known;
    }
    return known;
  }

  /** Without options, and with the blanks of a DocType. */
  private static String address(String uri) {
    return URLDecoder.decode(
        uri.replace("://", ":").replaceFirst("\\?.*", "").replace("+", "%2B"),
        StandardCharsets.UTF_8);
  }
}
