package org.eventstreaming.standin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a pull is answered, by the rules of the reference with their defects: grouped by document,
 * judged by the present state, caught up by history. Or plainly: what is newer, in log order.
 */
final class Selection {
  private static final Comparator<LogEntry> NEWEST_FIRST = UpdateLog.BY_TIME.reversed();

  private final UpdateLog log;
  private final Documents documents;
  private final EventConsumers consumers;
  private final Generation generation;
  private final Map<String, Predicate<ObjectNode>> conditions = new ConcurrentHashMap<>();

  Selection(UpdateLog log, Documents documents, EventConsumers consumers, Generation generation) {
    this.log = log;
    this.documents = documents;
    this.consumers = consumers;
    this.generation = generation;
  }

  void condition(String doctype, Predicate<ObjectNode> condition) {
    conditions.put(doctype, condition);
  }

  /** The entries newer than the cursor, made one by one; nothing is marked. */
  Iterator<LogEntry> plain(Set<String> doctypes, String lastUpdate) {
    var after = SiteClock.moment(lastUpdate);
    var size = log.size();
    var first = after != null && log.inOrder() ? log.from(after) : 0;
    return new Iterator<>() {
      private int position = first;
      private @Nullable LogEntry next = advance();

      @Override
      public boolean hasNext() {
        return next != null;
      }

      @Override
      public LogEntry next() {
        var entry = next;
        if (entry == null) {
          throw new NoSuchElementException();
        }
        next = advance();
        return entry;
      }

      private @Nullable LogEntry advance() {
        while (position < size) {
          var entry = log.at(position++);
          if (doctypes.contains(entry.refDoctype())
              && (after == null || entry.moment().compareTo(after) > 0)) {
            return entry;
          }
        }
        return null;
      }
    };
  }

  /** The entries that the reference sends, in its order (frappe-semantics 3.6). */
  List<LogEntry> reference(ObjectNode consumer, Set<String> doctypes, String lastUpdate) {
    var url = consumer.path("name").asText();
    var read = consumers.read(url);
    var after = SiteClock.moment(lastUpdate);
    var histories = new HashMap<String, List<LogEntry>>();
    var newer = new ArrayList<LogEntry>();
    for (var position = 0; position < log.size(); position++) {
      var entry = log.at(position);
      if (doctypes.contains(entry.refDoctype())) {
        histories.computeIfAbsent(entry.document(), unused -> new ArrayList<>()).add(entry);
        if (after == null || entry.moment().compareTo(after) > 0) {
          newer.add(entry);
        }
      }
    }
    histories.values().forEach(history -> history.sort(NEWEST_FIRST));
    newer.sort(NEWEST_FIRST);

    var result = new ArrayList<LogEntry>();
    var caughtUp = new HashSet<String>();
    for (var entry : newer) {
      var history = histories.getOrDefault(entry.document(), List.of());
      if (caughtUp.contains(entry.document()) || !hasAccess(consumer, entry, history, read)) {
        continue;
      }
      if (entry.updateType().equals("Create") || previousIsRead(entry, history, read)) {
        result.add(entry);
      } else {
        caughtUp.add(entry.document());
        history.stream()
            .filter(one -> generation.sendsWholeHistory() || !read.contains(one.name()))
            .forEach(result::add);
      }
    }
    Collections.reverse(result);
    return result;
  }

  private boolean hasAccess(
      ObjectNode consumer, LogEntry entry, List<LogEntry> history, Set<String> read) {
    var document = documents.find(entry.refDoctype(), entry.docname());
    if (document.isEmpty()) {
      return previousIsRead(entry, history, read);
    }
    var row = EventConsumers.row(consumer, entry.refDoctype());
    if (row.isEmpty()) {
      return false;
    }
    if (row.get().path("condition").asText().isEmpty()) {
      return true;
    }
    var condition = conditions.get(entry.refDoctype());
    return condition != null && condition.test(document.get());
  }

  private static boolean previousIsRead(LogEntry entry, List<LogEntry> history, Set<String> read) {
    return history.stream()
        .filter(one -> one.moment().compareTo(entry.moment()) < 0)
        .findFirst()
        .filter(one -> read.contains(one.name()))
        .isPresent();
  }
}
