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
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What a real ERPNext site did in a minute, on a stand-in site. The documents are there from the
 * start in their final state; the log is empty until its entries are released, so that a consumer
 * that registers before has them all to come.
 */
public final class RecordedHistory {
  /** In which of its two recorded forms the log is told. */
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
    var site = StandInSite.start(Generation.V15_APP, port);
    docTypes().forEach(site::putDocType);
    for (var line : lines("documents.jsonl")) {
      site.put(line.path("doctype").asText(), (ObjectNode) line.path("document"));
    }
    site.clock(Clock.fixed(aMinuteBefore(entries), ZONE));
    site.condition("Note", note -> note.path("public").asInt() == 1);
    if (form == Form.METHOD) {
      site.plainSelection();
    }
    return new RecordedHistory(site, entries);
  }

  public StandInSite site() {
    return site;
  }

  /** The recorded entries, in the order in which they are told. */
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
      site.append(entries.next());
      released++;
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

  private static Instant aMinuteBefore(List<LogEntry> entries) {
    var first = entries.stream().map(LogEntry::moment).sorted().findFirst().orElseThrow();
    return LocalDateTime.parse(first.replace(' ', 'T')).atZone(ZONE).toInstant().minusSeconds(60);
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
