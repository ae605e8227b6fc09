package org.eventstreaming.site;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.update.DocumentJson;
import org.jspecify.annotations.Nullable;

/** The Event Update Log of a Frappe site, and our subscription to it as an Event Consumer. */
public final class FrappeUpdateLog {
  private static final String LOG_FIELDS =
      "[\"name\",\"creation\",\"modified\",\"update_type\",\"ref_doctype\",\"docname\",\"data\"]";
  private static final ObjectMapper JSON = DocumentJson.MAPPER;

  private final FrappeSite site;
  private final SiteWire wire;

  FrappeUpdateLog(FrappeSite site, SiteWire wire) {
    this.site = site;
    this.wire = wire;
  }

  /**
   * Makes us an Event Consumer there (protocol: frappe-wire 4.2).
   *
   * @return where to begin reading; empty where we are registered already
   */
  public Optional<String> register(
      Prefix prefix, String callbackUrl, List<RequestedType> requested, String key, Secret secret) {
    ArrayNode doctypes = JSON.createArrayNode();
    for (RequestedType type : requested) {
      doctypes.addObject().put("doctype", type.doctype()).put("condition", type.condition());
    }
    ObjectNode data =
        JSON.createObjectNode()
            .put("event_consumer", callbackUrl)
            .put("consumer_doctypes", doctypes.toString())
            .put("user", wire.access().user())
            .put("api_key", key)
            .put("api_secret", secret.reveal());
    // in the body: a query string would end in access logs and has a length limit
    JsonNode message =
        wire.json(
                wire.call(
                    "POST",
                    prefix.path("event_consumer.event_consumer.register_consumer"),
                    Map.of("data", data.toString())),
                "register as Event Consumer")
            .path("message");
    if (message.isMissingNode() || message.isNull()) {
      return Optional.empty();
    }
    JsonNode answer = message.isTextual() ? parsed(message.asText()) : message;
    String lastUpdate = answer.path("last_update").asText("");
    if (lastUpdate.isEmpty()) {
      throw new SiteFailure(
          SiteFailure.Kind.UNREADABLE,
          wire.what("register as Event Consumer")
              + ": the answer has no last_update."
              + SiteWire.NO_FRAPPE_SITE);
    }
    return Optional.of(lastUpdate);
  }

  /** Our Event Consumer document there; empty where we are not registered. */
  public Optional<ObjectNode> eventConsumer(String callbackUrl) {
    return site.document("Event Consumer", callbackUrl);
  }

  /** Writes our Event Consumer; {@code modified} as read guards against a change in between. */
  public void putEventConsumer(ObjectNode document) {
    String name = document.path("name").asText();
    wire.json(
        wire.call(
            "PUT",
            "/api/resource/Event%20Consumer/" + SiteCall.segment(name),
            Map.of("data", document.toString())),
        "change our subscription");
  }

  /** Whether our key may read the log table (protocol: frappe-wire 7.7). */
  public boolean mayReadLogTable() {
    try {
      wire.json(
          wire.get(
              "/api/resource/Event%20Update%20Log",
              Map.of("fields", "[\"name\"]", "limit_page_length", "1")),
          "look into the Event Update Log");
      return true;
    } catch (SiteFailure e) {
      if (e.kind() == SiteFailure.Kind.REFUSED) {
        return false;
      }
      throw e;
    }
  }

  /**
   * The entries of the log table from a moment on, by (modified, name), whole (protocol:
   * frappe-wire 7.7).
   */
  public EntryReader log(Collection<String> doctypes, String from, int start, int limit) {
    return wire.entries(
        logList(LOG_FIELDS, filter(doctypes, "modified", ">=", from), start, limit),
        "read the Event Update Log");
  }

  /** The same, without their content and up to a moment: only to know which there are. */
  public EntryReader logNames(
      Collection<String> doctypes, String from, String to, int start, int limit) {
    ArrayNode filters = filter(doctypes, "modified", ">=", from);
    filters.addArray().add("modified").add("<=").add(to);
    return wire.entries(
        logList("[\"name\",\"creation\",\"ref_doctype\"]", filters, start, limit),
        "read the names in the Event Update Log");
  }

  /** Entries by their names. */
  public EntryReader logOf(Collection<String> names) {
    return wire.entries(
        logList(LOG_FIELDS, SiteWire.in("name", names), 0, names.size()),
        "read late entries of the log");
  }

  /**
   * What the producer has for us since a moment, in one answer without pages; marks it as read
   * there (protocol: frappe-wire 4.3).
   */
  public EntryReader updateLogsFor(
      Prefix prefix, String callbackUrl, Collection<String> doctypes, String lastUpdate) {
    ArrayNode list = JSON.createArrayNode();
    doctypes.forEach(list::add);
    return wire.entries(
        wire.ask(
            prefix.path("event_update_log.event_update_log.get_update_logs_for_consumer"),
            Map.of(
                "event_consumer", callbackUrl,
                "doctypes", list.toString(),
                "last_update", lastUpdate)),
        "pull the Event Update Log");
  }

  private SiteCall logList(String fields, ArrayNode filters, int start, int limit) {
    return wire.list("Event Update Log", SiteWire.inOrder(fields, filters, start, limit));
  }

  private static ArrayNode filter(
      Collection<String> doctypes, String field, String operator, String value) {
    ArrayNode filters = SiteWire.in("ref_doctype", doctypes);
    filters.addArray().add(field).add(operator).add(value);
    return filters;
  }

  private static JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode();
    }
  }

  /** One document type in a subscription, with the condition the producer is to evaluate. */
  public record RequestedType(String doctype, @Nullable String condition) {}
}
