package org.eventstreaming.standin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * The Event Consumers that registered with the site, with their secrets and what they have read.
 * Their documents are documents of the site like others.
 */
final class EventConsumers {
  static final String DOCTYPE = "Event Consumer";
  private static final String ROW = "Event Consumer Document Type";
  private static final String ROWS = "consumer_doctypes";

  private final Documents documents;
  private final DocTypes definitions;
  private final SiteClock clock;
  private final Writes writes;
  private final Map<String, String> secrets = new HashMap<>();
  private final Map<String, Set<String>> marks = new HashMap<>();
  private boolean approvesAll;

  EventConsumers(Documents documents, DocTypes docTypes, SiteClock clock, Writes writes) {
    this.documents = documents;
    this.definitions = docTypes;
    this.clock = clock;
    this.writes = writes;
  }

  synchronized void approveAll() {
    approvesAll = true;
    documents.all(DOCTYPE).forEach(consumer -> approve(url(consumer), "Approved", List.of()));
  }

  Optional<ObjectNode> find(String url) {
    return documents.find(DOCTYPE, url);
  }

  /** Registers a consumer with rows that wait for approval. */
  synchronized void register(JsonNode data) {
    var given = rows(data.path("consumer_doctypes"));
    if (given.isEmpty()) {
      throw FrappeError.raised(
          417,
          "MandatoryError",
          "[Event Consumer, %s]: consumer_doctypes"
              .formatted(data.path("event_consumer").asText()));
    }
    var consumer = FrappeJson.object();
    var url = data.path("event_consumer").asText();
    consumer.put("name", url).put("callback_url", url);
    consumer.put("api_key", data.path("api_key").asText());
    consumer.put("api_secret", stars(data.path("api_secret").asText()));
    consumer.put("user", data.path("user").asText()).put("incoming_change", 1);
    var rows = consumer.putArray(ROWS);
    var position = 0;
    for (var row : given) {
      position++;
      var doctype = row.path("doctype").asText();
      if (!definitions.exists(doctype)) {
        throw FrappeError.thrown(
            417,
            "LinkValidationError",
            "Could not find Row #%d: Document Type: %s".formatted(position, doctype));
      }
      rows.addObject()
          .put("doctype", ROW)
          .put("ref_doctype", doctype)
          .put("status", status("Pending"))
          .put("unsubscribed", 0)
          .set("condition", row.path("condition"));
    }
    secrets.put(url, data.path("api_secret").asText());
    marks.put(url, new HashSet<>());
    writes.insert(DOCTYPE, consumer, false);
    resetIncomingChange(url);
  }

  /**
   * Saves the document that a client sent. After an incoming change a second write resets the flag:
   * what is stored is then later than what is answered.
   */
  synchronized ObjectNode save(String url, ObjectNode given) {
    var before = writes.existing(DOCTYPE, url);
    Writes.checkTimestamp(before, given);
    var after = given.deepCopy();
    after.remove("modified");
    var secret = given.path("api_secret").asText();
    if (!secret.isEmpty() && !secret.chars().allMatch(c -> c == '*')) {
      secrets.put(url, secret);
      after.put("api_secret", stars(secret));
    }
    var incoming = isTrue(given.path("incoming_change"));
    after.put("incoming_change", incoming ? 1 : 0);
    if (after.path(ROWS) instanceof ArrayNode rows) {
      for (var row : rows) {
        if (row instanceof ObjectNode object) {
          object.put("doctype", ROW);
          object.put("unsubscribed", isTrue(row.path("unsubscribed")) ? 1 : 0);
          object.put("status", status(row.path("status").asText("Pending")));
        }
      }
    }
    var saved = writes.update(DOCTYPE, url, after, false);
    if (incoming) {
      resetIncomingChange(url);
    }
    return saved;
  }

  synchronized void approve(String url, String status, Collection<String> doctypes) {
    var changes = FrappeJson.object();
    var rows = writes.existing(DOCTYPE, url).path(ROWS).deepCopy();
    for (var row : rows) {
      var chosen = doctypes.isEmpty() || doctypes.contains(row.path("ref_doctype").asText());
      if (chosen && row instanceof ObjectNode object) {
        object.put("status", status);
      }
    }
    changes.set(ROWS, rows);
    writes.update(DOCTYPE, url, changes, false);
  }

  synchronized void forget(String url) {
    documents.remove(DOCTYPE, url);
    secrets.remove(url);
    marks.remove(url);
  }

  /** What it was called before is its past alone. */
  synchronized void renamed(String from, String to) {
    secrets.put(to, secret(from));
    marks.put(to, new HashSet<>(read(from)));
    secrets.remove(from);
    marks.remove(from);
  }

  synchronized String secret(String url) {
    return secrets.getOrDefault(url, "");
  }

  synchronized Set<String> read(String url) {
    return Set.copyOf(marks.getOrDefault(url, Set.of()));
  }

  synchronized void mark(String url, Collection<String> names) {
    marks.computeIfAbsent(url, unused -> new HashSet<>()).addAll(names);
  }

  /** Whether anybody wants log entries of this DocType written. */
  boolean follows(String doctype) {
    return documents.all(DOCTYPE).stream()
        .flatMap(consumer -> StreamSupport.stream(consumer.path(ROWS).spliterator(), false))
        .filter(row -> row.path("ref_doctype").asText().equals(doctype))
        .anyMatch(
            row ->
                row.path("status").asText().equals("Approved")
                    && row.path("unsubscribed").asInt() == 0);
  }

  /** The first row with this DocType; status and unsubscribed do not count here. */
  static Optional<JsonNode> row(ObjectNode consumer, String doctype) {
    return StreamSupport.stream(consumer.path(ROWS).spliterator(), false)
        .filter(row -> row.path("ref_doctype").asText().equals(doctype))
        .findFirst();
  }

  private void resetIncomingChange(String url) {
    var stored = writes.existing(DOCTYPE, url).deepCopy();
    documents.put(DOCTYPE, stored.put("incoming_change", 0).put("modified", clock.next()));
  }

  private String status(String given) {
    return approvesAll ? "Approved" : given;
  }

  private static JsonNode rows(JsonNode given) {
    try {
      return given.isTextual() ? FrappeJson.read(given.asText()) : given;
    } catch (JsonProcessingException e) {
      throw FrappeError.python(
          "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
          "JSONDecodeError");
    }
  }

  private static String url(ObjectNode consumer) {
    return consumer.path("name").asText();
  }

  private static boolean isTrue(JsonNode value) {
    return value.asBoolean() || value.asInt() == 1;
  }

  private static String stars(String secret) {
    return "*".repeat(secret.length());
  }
}
