package org.eventstreaming.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
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
  private static final ObjectMapper JSON = new ObjectMapper();

  public CallBack read(Exchange exchange) {
    HttpServerRequest request = exchange.getIn(HttpMessage.class).getRequest();
    Map<String, String> arguments = new HashMap<>();
    readQuery(request, arguments);
    request.formAttributes().forEach(entry -> arguments.put(entry.getKey(), entry.getValue()));
    String type = header(request, "Content-Type");
    // as bytes: JSON says itself how it is encoded, and the type may name a charset nobody knows
    byte[] body = Objects.requireNonNullElse(exchange.getIn().getBody(byte[].class), new byte[0]);
    if (type.startsWith("application/json")) {
      readJson(body, arguments);
    }
    return new CallBack(
        request.method().name(),
        request.path(),
        arguments,
        header(request, "Authorization"),
        header(request, "X-Frappe-Webhook-Signature"),
        body);
  }

  public void write(Exchange exchange) {
    Answer answer = exchange.getIn().getBody(Answer.class);
    exchange.getMessage().removeHeaders("*");
    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, answer.contentType());
    exchange.getMessage().setBody(answer.body());
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

  private static void readJson(byte[] body, Map<String, String> arguments) {
    try {
      JsonNode json = JSON.readTree(body);
      json.properties()
          .forEach(
              field ->
                  arguments.put(
                      field.getKey(),
                      field.getValue().isTextual()
                          ? field.getValue().asText()
                          : field.getValue().toString()));
    } catch (IOException e) {
      // as Frappe does: a body that is no JSON carries no arguments
    }
  }
}
