package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What a real ERPNext site did in a minute, on a stand-in site. The documents are there from the
 * start in their final state; the log is empty until its entries are released, so that a consumer
 * that registers before has them all to come. With them come the site's Comment and Deleted
 * Document rows of that time. A stock site has it all behind it.
 */
public final class RecordedHistory {
  /** In which of its two recorded forms the log is served. */
  public enum Form {
    /** As list calls read the table: 122 entries in order of creation. */
    TABLE("update-log-table.json", "data"),
    /** As the method answered: the 104 entries that it does not withhold, in its order. */
    METHOD("update-log.json", "message");

    private final String file;
    private final String key;

    Form(String file, String key) {
      this.file = file;
      this.key = key;
    }
  }

  /** What the consumer of the recorded site followed; of notes only the public ones. */
  public static final List<String> DOCTYPES =
      List.of(
          "Customer",
          "Contact",
          "Address",
          "Item",
          "Item Price",
          "Sales Invoice",
          "Payment Entry",
          "Lead",
          "Opportunity",
          "ToDo",
          "Note",
          "Role");

  private static final String FOLDER = "/demo/erpnext-15/";
  private static final ZoneId ZONE = ZoneId.of("Asia/Kolkata");

  private final StandInSite site;
  private final Iterator<LogEntry> entries;
  private final Deque<ObjectNode> traces = new ArrayDeque<>(traces());

  private RecordedHistory(StandInSite site, List<LogEntry> entries) {
    this.site = site;
    this.entries = entries.iterator();
  }

  public static RecordedHistory start(Form form) {
    return start(form, 0);
  }

  /** Starts a Frappe 15 site with the app, a minute before the first entry of its history. */
  public static RecordedHistory start(Form form, int port) {
    var entries = entries(form);
    var site = withDocuments(Generation.V15_APP, port);
    var first = entries.stream().map(LogEntry::moment).sorted().findFirst().orElseThrow();
    site.clock(Clock.fixed(instant(first).minusSeconds(60), ZONE));
    site.condition("Note", note -> note.path("public").asInt() == 1);
    if (form == Form.METHOD) {
      site.plainSelection();
    }
    return new RecordedHistory(site, entries);
  }

  /**
   * Starts a stock Frappe 15 site, a minute after the last thing that happened: the documents in
   * their final state, the Comment and Deleted Document rows, and no log.
   */
  public static StandInSite startStock(int port) {
    var site = withDocuments(Generation.STOCK_15, port);
    traces().forEach(trace -> put(site, trace));
    return site.clock(Clock.fixed(instant(newest()).plusSeconds(60), ZONE));
  }

  public static StandInSite startStock() {
    return startStock(0);
  }

  public StandInSite site() {
    return site;
  }

  /** The recorded entries, in the order in which they are served. */
  public static List<LogEntry> entries(Form form) {
    var entries = new ArrayList<LogEntry>();
    for (var entry : json(form.file).path(form.key)) {
      entries.add(
          new LogEntry(
              entry.path("name").asText(),
              entry.path("creation").asText(),
              entry.path("update_type").asText(),
              entry.path("ref_doctype").asText(),
              entry.path("docname").asText(),
              entry.path("data").isTextual() ? entry.path("data").asText() : null));
    }
    return entries;
  }

  /** The documents that the history is about and all they link to, in their final state. */
  public static List<ObjectNode> documents() {
    return lines("documents.jsonl").stream()
        .map(line -> (ObjectNode) line.path("document"))
        .toList();
  }

  /** The definitions of their types and of their rows'. */
  public static List<ObjectNode> docTypes() {
    return lines("doctypes.jsonl");
  }

  /** Releases the next entries; answers how many there were. */
  public synchronized int release(int count) {
    var released = 0;
    while (released < count && entries.hasNext()) {
      var entry = entries.next();
      releaseTraces(entry.creation());
      site.append(entry);
      released++;
    }
    if (!entries.hasNext()) {
      site.reach(newest());
      releaseTraces(newest());
    }
    return released;
  }

  public void releaseAll() {
    release(Integer.MAX_VALUE);
  }

  /** Releases the entries one by one; completes after the last. */
  public CompletableFuture<Void> play(Duration between) {
    return play(between, site -> {});
  }

  /** Releases the entries one by one, each followed by this, such as a notification. */
  public CompletableFuture<Void> play(Duration between, Consumer<StandInSite> afterEach) {
    var played = new CompletableFuture<Void>();
    var clock = CompletableFuture.delayedExecutor(between.toMillis(), TimeUnit.MILLISECONDS);
    clock.execute(() -> playNext(between, afterEach, played));
    return played;
  }

  private void playNext(
      Duration between, Consumer<StandInSite> afterEach, CompletableFuture<Void> played) {
    try {
      if (played.isDone()) {
        return;
      }
      if (release(1) == 0) {
        played.complete(null);
        return;
      }
      afterEach.accept(site);
      CompletableFuture.delayedExecutor(between.toMillis(), TimeUnit.MILLISECONDS)
          .execute(() -> playNext(between, afterEach, played));
    } catch (RuntimeException e) {
      played.completeExceptionally(e);
    }
  }

  private void releaseTraces(String until) {
    while (!traces.isEmpty() && traces.peek().path("creation").asText().compareTo(until) <= 0) {
      put(site, traces.remove());
    }
  }

  private static StandInSite withDocuments(Generation generation, int port) {
    var site = StandInSite.start(generation, port);
    docTypes().forEach(site::putDocType);
    documents().forEach(document -> put(site, document));
    return site;
  }

  /** The Comment and Deleted Document rows, oldest first. */
  private static List<ObjectNode> traces() {
    return Stream.concat(
            lines("comments.jsonl").stream().map(row -> row.put("doctype", "Comment")),
            lines("deleted-documents.jsonl").stream()
                .map(row -> row.put("doctype", "Deleted Document")))
        .sorted(Comparator.comparing(row -> row.path("creation").asText()))
        .toList();
  }

  private static void put(StandInSite site, ObjectNode document) {
    site.put(document.path("doctype").asText(), document);
  }

  /** The last moment that anything carries. */
  private static String newest() {
    return Stream.concat(
            documents().stream().map(document -> document.path("modified").asText()),
            entries(Form.TABLE).stream().map(LogEntry::creation))
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  private static Instant instant(String moment) {
    return LocalDateTime.parse(moment.replace(' ', 'T')).atZone(ZONE).toInstant();
  }

  private static JsonNode json(String file) {
    try {
      return FrappeJson.MAPPER.readTree(bytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(FOLDER + file, e);
    }
  }

  private static List<ObjectNode> lines(String file) {
    try {
      var lines = new ArrayList<ObjectNode>();
      for (var line : new String(bytes(file), StandardCharsets.UTF_8).split("\n", -1)) {
        if (!line.isBlank()) {
          lines.add((ObjectNode) FrappeJson.read(line));
        }
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(FOLDER + file, e);
    }
  }

  private static byte[] bytes(String file) throws IOException {
    try (var stream =
        Objects.requireNonNull(RecordedHistory.class.getResourceAsStream(FOLDER + file), file)) {
      return stream.readAllBytes();
    }
  }
}
