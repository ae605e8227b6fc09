package org.eventstreaming.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.TestRow;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.DocumentJson;
import org.eventstreaming.update.DocumentKey;

/**
 * What people do on a site, the same for the same seed: they create, change, submit, delete and
 * create again; remembers how each document stands, so that a copy can be compared with it.
 */
final class RandomHistory {
  /** The last one is written to and followed by nobody. */
  private static final List<String> DOCTYPES =
      List.of("Customer", "Sales Invoice", "ToDo", "Ticket", "Note");

  private static final int DOCUMENTS = 300;

  private final StandInSite site;
  private final Random random;
  private final Map<DocumentKey, ObjectNode> documents = new LinkedHashMap<>();
  private final List<DocumentKey> present = new ArrayList<>();
  private final List<DocumentKey> deleted = new ArrayList<>();
  private int created;

  RandomHistory(StandInSite site, Random random) {
    this.site = site;
    this.random = random;
  }

  /** Tickets get names of their own here, the others keep theirs. */
  static ProducerDoctype[] followed() {
    List<ProducerDoctype> followed = new ArrayList<>();
    for (String doctype : DOCTYPES.subList(0, DOCTYPES.size() - 1)) {
      TestRow row = TestRow.of(doctype);
      followed.add((doctype.equals("Ticket") ? row.locallyNamed() : row).row());
    }
    return followed.toArray(ProducerDoctype[]::new);
  }

  /** Works on until the log has grown by so many entries. */
  void write(int entries) {
    int until = site.logSize() + entries;
    while (site.logSize() < until) {
      int dice = random.nextInt(100);
      if (present.size() < 20 || (dice < 20 && created < DOCUMENTS)) {
        insert(new DocumentKey(DOCTYPES.get(random.nextInt(DOCTYPES.size())), "D-" + ++created));
      } else if (dice < 25 && !deleted.isEmpty()) {
        insert(deleted.remove(random.nextInt(deleted.size())));
      } else if (dice < 31) {
        delete(present.get(random.nextInt(present.size())));
      } else {
        update(present.get(random.nextInt(present.size())));
      }
    }
  }

  /** The documents that are followed and there now, by their names on the site. */
  Map<DocumentKey, ObjectNode> followedDocuments() {
    Map<DocumentKey, ObjectNode> followed = new LinkedHashMap<>();
    documents.forEach(
        (key, document) -> {
          if (isFollowed(key.doctype())) {
            followed.put(key, parsed(document.toString()));
          }
        });
    return followed;
  }

  /** The entries of followed types, in the order of the site's log. */
  List<LogEntry> followedEntries() {
    String uri =
        site.url()
            + "/api/resource/Event%20Update%20Log?limit_page_length=0&order_by="
            + URLEncoder.encode("creation asc, name asc", StandardCharsets.UTF_8)
            + "&fields="
            + URLEncoder.encode(
                "[\"name\",\"creation\",\"update_type\",\"ref_doctype\",\"docname\"]",
                StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(uri))
            .header("Authorization", "token " + site.apiKey() + ":" + site.apiSecret())
            .build();
    List<LogEntry> entries = new ArrayList<>();
    try {
      String body =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
      for (JsonNode row : parsed(body).path("data")) {
        if (isFollowed(row.path("ref_doctype").asText())) {
          entries.add(
              new LogEntry(
                  row.path("name").asText(),
                  row.path("creation").asText(),
                  row.path("update_type").asText(),
                  row.path("ref_doctype").asText(),
                  row.path("docname").asText(),
                  null));
        }
      }
      return entries;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static boolean isFollowed(String doctype) {
    return DOCTYPES.indexOf(doctype) < DOCTYPES.size() - 1;
  }

  private void insert(DocumentKey key) {
    ObjectNode document =
        DocumentJson.MAPPER
            .createObjectNode()
            .put("name", key.name())
            .put("title", word())
            .put("status", "Open")
            .put("qty", random.nextInt(100));
    ArrayNode items = document.putArray("items");
    for (int i = random.nextInt(4); i > 0; i--) {
      items.add(row(key));
    }
    documents.put(key, site.insert(key.doctype(), document));
    present.add(key);
  }

  private void update(DocumentKey key) {
    ObjectNode before = document(key);
    ObjectNode changes = DocumentJson.MAPPER.createObjectNode();
    if (before.path("docstatus").asInt() == 0 && random.nextInt(15) == 0) {
      changes.put("docstatus", 1);
    }
    switch (random.nextInt(4)) {
      case 0 -> changes.put("title", word());
      case 1 -> changes.put("qty", random.nextInt(100)).put("rate", random.nextInt(1000) / 8.0);
      case 2 -> changes.putNull("status").put("title", word());
      default -> changes.put("status", word());
    }
    if (random.nextBoolean()) {
      changes.set("items", changed(before.path("items"), key));
    }
    documents.put(key, site.update(key.doctype(), key.name(), changes));
  }

  private void delete(DocumentKey key) {
    site.delete(key.doctype(), key.name());
    documents.remove(key);
    present.remove(key);
    deleted.add(key);
  }

  /** Some rows gone, some changed, some new ones anywhere between. */
  private ArrayNode changed(JsonNode rows, DocumentKey key) {
    ArrayNode changed = DocumentJson.MAPPER.createArrayNode();
    for (JsonNode row : rows) {
      if (random.nextInt(5) == 0) {
        changed.add(row(key));
      }
      int dice = random.nextInt(5);
      if (dice > 0) {
        changed.add(dice == 1 ? ((ObjectNode) row.deepCopy()).put("item", word()) : row.deepCopy());
      }
    }
    if (changed.size() < 2 || random.nextInt(4) == 0) {
      changed.add(row(key));
    }
    return changed;
  }

  private ObjectNode row(DocumentKey key) {
    return DocumentJson.MAPPER
        .createObjectNode()
        .put("doctype", key.doctype() + " Item")
        .put("item", word())
        .put("qty", random.nextInt(10));
  }

  private ObjectNode document(DocumentKey key) {
    ObjectNode document = documents.get(key);
    if (document == null) {
      throw new IllegalStateException("no " + key);
    }
    return document;
  }

  private String word() {
    return Integer.toString(random.nextInt(100_000), 36) + (random.nextInt(10) == 0 ? " é'\"" : "");
  }

  private static ObjectNode parsed(String json) {
    try {
      return (ObjectNode) DocumentJson.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
