package org.eventstreaming.camel;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.eventstreaming.callback.Answer;
import org.eventstreaming.callback.CallBack;

/**
 * Takes a request from the server as it was sent, and gives the answer back. Reads path and
 * arguments from the request itself: Camel's own headers join slashes and let a client's parameters
 * in.
 */
public final class ReadCallBack {
  /** The body as bytes: JSON says itself how it is encoded, and the type may name any charset. */
  public byte[] body(Exchange exchange) {
    return Objects.requireNonNullElse(exchange.getIn().getBody(byte[].class), new byte[0]);
  }

  public boolean isJson(Exchange exchange) {
    return header(request(exchange), "Content-Type").startsWith("application/json");
  }

  /** The request, with the arguments that the route read from a body of JSON. */
  public CallBack read(Exchange exchange) {
    HttpServerRequest request = request(exchange);
    Map<String, String> arguments = new HashMap<>();
    readQuery(request, arguments);
    request.formAttributes().forEach(entry -> arguments.put(entry.getKey(), entry.getValue()));
    JsonNode json = exchange.getVariable("json", JsonNode.class);
    if (json != null) {
      readJson(json, arguments);
    }
    return new CallBack(
        request.method().name(),
        request.path(),
        arguments,
        header(request, "Authorization"),
        header(request, "X-Frappe-Webhook-Signature"),
        exchange.getVariable("sent", byte[].class));
  }

  public void write(Exchange exchange) {
    Answer answer = exchange.getIn().getBody(Answer.class);
    exchange.getMessage().removeHeaders("*");
    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, answer.contentType());
    exchange.getMessage().setBody(answer.body());
  }

  private static HttpServerRequest request(Exchange exchange) {
    return exchange.getIn(HttpMessage.class).getRequest();
  }

  private static String header(HttpServerRequest request, String name) {
    return Objects.requireNonNullElse(request.getHeader(name), "");
  }

  private static void readQuery(HttpServerRequest request, Map<String, String> arguments) {
    try {
      request.params().forEach(entry -> arguments.put(entry.getKey(), entry.getValue()));
    } catch (IllegalArgumentException e) {
      // as with JSON: what cannot be read carries no arguments
    }
  }

  private static void readJson(JsonNode json, Map<String, String> arguments) {
    json.properties()
        .forEach(
            field ->
                arguments.put(
                    field.getKey(),
                    field.getValue().isTextual()
                        ? field.getValue().asText()
                        : field.getValue().toString()));
  }
}
