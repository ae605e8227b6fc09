package org.eventstreaming.standin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A call as a Frappe site understands it: the method by path or by {@code cmd}, arguments from
 * query, form or JSON body alike.
 */
final class Call {
  /**
   * What {@code /api/resource/} names: a DocType, and a document of it unless the name is empty.
   */
  record Resource(String doctype, String name) {}

  private static final String RESOURCE = "/api/resource/";
  private static final String METHOD = "/api/method/";

  private final String method;
  private final String uri;
  private final String path;
  private final Map<String, String> headers;
  private final String body;
  private final String binaryBody;
  private final Map<String, JsonNode> arguments = new LinkedHashMap<>();
  private boolean bodyIsJson;

  private Call(String method, String uri, String path, Map<String, String> headers, byte[] body) {
    this.method = method;
    this.uri = uri;
    this.path = path;
    this.headers = headers;
    this.body = new String(body, StandardCharsets.UTF_8);
    this.binaryBody = new String(body, StandardCharsets.ISO_8859_1);
  }

  static Call read(HttpExchange exchange) throws IOException {
    var headers = new LinkedHashMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) ->
                headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
    var uri = exchange.getRequestURI();
    var body = exchange.getRequestBody().readAllBytes();
    var rawPath = uri.getRawPath() == null ? "" : uri.getRawPath();
    var call = new Call(exchange.getRequestMethod(), uri.toString(), rawPath, headers, body);
    call.readArguments(uri.getRawQuery() == null ? "" : uri.getRawQuery());
    return call;
  }

  String method() {
    return method;
  }

  String uri() {
    return uri;
  }

  String path() {
    return path;
  }

  String decodedPath() {
    return decoded(path);
  }

  Map<String, String> headers() {
    return headers;
  }

  String body() {
    return body;
  }

  /** A character for each byte. */
  String binaryBody() {
    return binaryBody;
  }

  boolean isGet() {
    return method.equals("GET");
  }

  boolean bodyIsJson() {
    return bodyIsJson;
  }

  boolean acceptsJson() {
    return path.startsWith("/api/") || headers.getOrDefault("accept", "").contains("json");
  }

  /** The dotted method that is called; empty when none is. */
  String cmd() {
    return path.startsWith(METHOD)
        ? decoded(path.substring(METHOD.length()))
        : text("cmd").orElse("");
  }

  /** Everything after the DocType is the name, slashes included. */
  Optional<Resource> resource() {
    if (!path.startsWith(RESOURCE) || text("cmd").isPresent()) {
      return Optional.empty();
    }
    var rest = path.substring(RESOURCE.length());
    var slash = rest.indexOf('/');
    return Optional.of(
        slash < 0
            ? new Resource(decoded(rest), "")
            : new Resource(decoded(rest.substring(0, slash)), decoded(rest.substring(slash + 1))));
  }

  /** Of a list in a JSON body, Frappe 13 gives a method the first element only. */
  void cutArrays() {
    if (bodyIsJson) {
      arguments.replaceAll((name, value) -> value.isArray() ? value.path(0) : value);
    }
  }

  boolean isTrue(String argument) {
    return text(argument).filter(text -> text.equals("1") || text.equals("true")).isPresent();
  }

  boolean has(String argument) {
    return arguments.containsKey(argument);
  }

  Optional<String> text(String argument) {
    var value = arguments.get(argument);
    return value == null || value.isNull()
        ? Optional.empty()
        : Optional.of(value.isTextual() ? value.asText() : value.toString());
  }

  /** The argument's text; the call fails, as the method's in Python would, where it has none. */
  String required(String argument) {
    return text(argument)
        .orElseThrow(
            () ->
                FrappeError.missing(
                    cmd().substring(cmd().lastIndexOf('.') + 1), List.of(argument)));
  }

  JsonNode argument(String argument) {
    return arguments.getOrDefault(argument, FrappeJson.object().path(argument));
  }

  /** An argument that is JSON, as text or as it is; a text that is not JSON stays one. */
  Optional<JsonNode> json(String argument) {
    var value = arguments.get(argument);
    if (value == null || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      return Optional.of(value);
    }
    try {
      return Optional.of(FrappeJson.read(value.asText()));
    } catch (JsonProcessingException e) {
      return Optional.of(value);
    }
  }

  /** The document in the body: the form field {@code data}, or the JSON body itself. */
  ObjectNode document() {
    if (json("data").orElse(null) instanceof ObjectNode data) {
      return data;
    }
    var document = FrappeJson.object();
    arguments.forEach(document::set);
    return document;
  }

  private void readArguments(String query) {
    if (headers.getOrDefault("content-type", "").contains("json") && !body.isBlank()) {
      try {
        if (FrappeJson.read(body) instanceof ObjectNode object) {
          object.properties().forEach(field -> arguments.put(field.getKey(), field.getValue()));
          bodyIsJson = true;
          return;
        }
      } catch (JsonProcessingException e) {
        // taken as a form, as Frappe 14 and later do
      }
    }
    readForm(query);
    if (!headers.getOrDefault("content-type", "").startsWith("multipart/")) {
      readForm(body);
    }
  }

  private void readForm(String form) {
    var rest = form;
    while (!rest.isEmpty()) {
      var end = rest.indexOf('&');
      var pair = end < 0 ? rest : rest.substring(0, end);
      rest = end < 0 ? "" : rest.substring(end + 1);
      var equals = pair.indexOf('=');
      if (equals > 0) {
        arguments.put(
            URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
            new TextNode(URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8)));
      }
    }
  }

  /** In a path a plus is a plus. */
  private static String decoded(String raw) {
    return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
