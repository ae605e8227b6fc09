package org.eventstreaming.callback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.site.Prefix;
import org.eventstreaming.store.ApiKeys;
import org.eventstreaming.store.ProducerState;
import org.eventstreaming.store.ProducerStates;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a producer's call-backs. Each producer has a key of its own, which opens its own Event
 * Producer document and nothing else; a stranger learns only that we are up. Webhooks have no key,
 * they sign.
 */
public final class AnswerCallBack {
  private static final String RESOURCE = "/api/resource/";
  private static final String METHOD = "/api/method/";
  private static final int MOST_REPORTED = 1_000;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Logger LOG = LoggerFactory.getLogger(AnswerCallBack.class);

  private final List<EventProducer> producers;
  private final ProducerStates states;
  private final ApiKeys keys;
  private final AnswerWebhook answerWebhook;
  private final Set<String> otherAddresses = ConcurrentHashMap.newKeySet();

  public AnswerCallBack(List<EventProducer> producers, ProducerStates states, ApiKeys keys) {
    this.producers = List.copyOf(producers);
    this.states = states;
    this.keys = keys;
    this.answerWebhook = new AnswerWebhook(producers, states);
  }

  public Answer answer(CallBack call) {
    String path = decoded(call.path());
    if (path.startsWith(EventProducer.WEBHOOKS)) {
      return answerWebhook.answer(path, call.signature(), call.body());
    }
    String command = command(call);
    if (call.path().equals("/") && command.isEmpty() && call.method().equals("GET")) {
      // a site goes on only on status 200 here, asked without a key
      return Answer.page("<!doctype html><title>Event Streaming</title><p>Event Streaming is up.");
    }
    if (command.equals("ping")) {
      return Answer.json(JSON.createObjectNode().put("message", "pong"));
    }
    Optional<EventProducer> caller = caller(call.authorization());
    if (caller.isEmpty()) {
      return call.authorization().isEmpty()
          ? Answer.error(403, "PermissionError", "Login with an API key is needed")
          : Answer.error(401, "AuthenticationError", "Unknown API key or wrong secret");
    }
    EventProducer producer = caller.get();
    for (Prefix prefix : Prefix.values()) {
      if (command.equals(prefix.method("event_producer.event_producer.new_event_notification"))) {
        return notification(call, producer);
      }
    }
    if (command.equals("frappe.client.get_value")) {
      return value(call);
    }
    if (!command.isEmpty()) {
      return Answer.error(417, "ValidationError", "Failed to get method for command " + command);
    }
    return call.path().startsWith(RESOURCE)
        ? resource(call, producer)
        : Answer.error(404, "DoesNotExistError", "Not found");
  }

  private Answer notification(CallBack call, EventProducer producer) {
    // a hint, and only about the caller's own log: its content is never trusted
    String about = call.arguments().getOrDefault("producer_url", "");
    if (!about.equals(producer.producerUrl()) && !isOtherAddress(producer, about)) {
      return Answer.error(
          403, "PermissionError", "This key belongs to " + producer.producerUrl() + " alone");
    }
    states.notified(producer.producerUrl());
    return Answer.json(JSON.createObjectNode()).about(producer.producerUrl());
  }

  /** The producer asks what a mapping's remote type is; no mapping is known here. */
  private static Answer value(CallBack call) {
    String doctype = call.arguments().getOrDefault("doctype", "");
    return doctype.equals("Document Type Mapping")
        ? Answer.json(JSON.createObjectNode().set("message", JSON.createObjectNode()))
        : Answer.error(403, "PermissionError", "No permission for " + doctype);
  }

  /**
   * Whether a producer may mean itself: without a host_name a site calls itself what its
   * administrator's browser does (protocol: frappe-semantics, defect 31).
   */
  private boolean isOtherAddress(EventProducer producer, String url) {
    if (!url.matches("https?://.+")
        || producers.stream().anyMatch(other -> other.producerUrl().equals(url))) {
      return false;
    }
    if (otherAddresses.size() < MOST_REPORTED
        && otherAddresses.add(producer.producerUrl() + " " + url)) {
      LOG.warn(
          "{} calls itself {}, and cannot push approvals under that name; they are read with the next"
              + " poll. {}",
          producer.producerUrl(),
          url,
          hostName(producer));
    }
    return true;
  }

  private static String hostName(EventProducer producer) {
    return "Set host_name in the site_config.json of that site to "
        + producer.producerUrl()
        + ", the producer_url in its file here";
  }

  private Answer resource(CallBack call, EventProducer producer) {
    String[] parts = call.path().substring(RESOURCE.length()).split("/", 2);
    String doctype = decoded(parts[0]);
    String name = parts.length < 2 ? "" : decoded(parts[1]);
    if (!doctype.equals("Event Producer") || !name.equals(producer.producerUrl())) {
      return Answer.error(
          403,
          "PermissionError",
          "No permission for "
              + doctype
              + " "
              + name
              + (doctype.equals("Event Producer") && isOtherAddress(producer, name)
                  ? ". " + hostName(producer)
                  : ""));
    }
    return switch (call.method()) {
      case "GET" -> Answer.json(JSON.createObjectNode().set("data", document(producer)));
      case "PUT" -> approvals(call, producer);
      default -> Answer.error(403, "PermissionError", "Only GET and PUT are served here");
    };
  }

  /** The approval push. It is read back with the next poll all the same. */
  private Answer approvals(CallBack call, EventProducer producer) {
    JsonNode pushed;
    try {
      String data = call.arguments().get("data");
      pushed = data == null ? JSON.valueToTree(call.arguments()) : JSON.readTree(data);
    } catch (JsonProcessingException e) {
      return Answer.error(417, "ValidationError", "data is not JSON");
    }
    JsonNode rows = pushed.path("producer_doctypes");
    if (rows.isTextual()) {
      try {
        rows = JSON.readTree(rows.asText());
      } catch (JsonProcessingException e) {
        return Answer.error(417, "ValidationError", "producer_doctypes is not JSON");
      }
    }
    Map<String, String> statuses = new HashMap<>();
    for (JsonNode row : rows) {
      String status = row.path("status").asText("");
      if (List.of("Pending", "Approved", "Rejected").contains(status)
          && producer.following(row.path("ref_doctype").asText("")).isPresent()) {
        statuses.put(row.path("ref_doctype").asText(), status);
      }
    }
    states.approvals(producer.producerUrl(), statuses);
    states.notified(producer.producerUrl());
    return Answer.json(JSON.createObjectNode().set("data", document(producer)))
        .about(producer.producerUrl());
  }

  private ObjectNode document(EventProducer producer) {
    ProducerState state = states.state(producer.producerUrl());
    ObjectNode document =
        JSON.createObjectNode()
            .put("name", producer.producerUrl())
            .put("doctype", "Event Producer")
            .put("docstatus", 0)
            .put("idx", 0)
            .put("producer_url", producer.producerUrl())
            .put("user", producer.user())
            .put("incoming_change", 0);
    ArrayNode rows = document.putArray("producer_doctypes");
    int idx = 0;
    for (ProducerDoctype row : producer.producerDoctypes()) {
      idx++;
      ProducerState.TypeState type = state.types().get(row.remoteDoctype());
      ObjectNode given =
          rows.addObject()
              .put("name", "row" + idx)
              .put("doctype", "Event Producer Document Type")
              .put("parent", producer.producerUrl())
              .put("parenttype", "Event Producer")
              .put("parentfield", "producer_doctypes")
              .put("idx", idx)
              .put("docstatus", 0)
              .put("ref_doctype", row.remoteDoctype())
              .put("has_mapping", 0)
              .put("use_same_name", row.useSameName() ? 1 : 0)
              .put("status", type == null ? "Pending" : type.status())
              .put("unsubscribe", row.unsubscribe() ? 1 : 0);
      if (row.condition() != null) {
        given.put("condition", row.condition());
      }
    }
    return document;
  }

  /** The dotted method, whether it stands in the path or in the arguments. */
  private static String command(CallBack call) {
    return call.path().startsWith(METHOD)
        ? decoded(call.path().substring(METHOD.length()))
        : call.arguments().getOrDefault("cmd", "");
  }

  /** While the database fails nobody can be known: the site calls again. */
  public Answer unavailable() {
    return Answer.error(503, "ServiceUnavailableError", "The database does not answer; call again");
  }

  private Optional<EventProducer> caller(String authorization) {
    String[] parts = authorization.split(" ", -1);
    if (parts.length != 2) {
      return Optional.empty();
    }
    String pair;
    switch (parts[0].toLowerCase(Locale.ROOT)) {
      case "token" -> pair = parts[1];
      case "basic" -> {
        try {
          pair = new String(Base64.getDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
          return Optional.empty();
        }
      }
      default -> {
        return Optional.empty();
      }
    }
    String[] keyAndSecret = pair.split(":", -1);
    if (keyAndSecret.length != 2) {
      return Optional.empty();
    }
    return keys.scope(keyAndSecret[0], new Secret(keyAndSecret[1]))
        .flatMap(
            scope ->
                producers.stream()
                    .filter(producer -> scope.equals("producer " + producer.producerUrl()))
                    .findFirst());
  }

  private static String decoded(String part) {
    try {
      return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return part;
    }
  }
}
