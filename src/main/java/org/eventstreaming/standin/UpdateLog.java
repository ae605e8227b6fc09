package org.eventstreaming.standin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The site's Event Update Log: entries by position, in the order they became visible. A position
 * once taken never changes, so that readers need no lock; generated runs take no memory.
 */
final class UpdateLog {
  private record Run(int from, int count, IntFunction<LogEntry> entries) {}

  static final Comparator<LogEntry> BY_TIME =
      Comparator.comparing(LogEntry::moment).thenComparing(LogEntry::name, UpdateLog::compareNames);

  private final List<Run> generated = new ArrayList<>();
  private final List<LogEntry> appended = new ArrayList<>();
  private int size;
  private boolean inOrder = true;
  private String newest = "";
  private String newestMoment = "";

  synchronized void append(LogEntry entry) {
    if ((size > 0 && BY_TIME.compare(at(size - 1), entry) > 0)
        || !entry.modified().equals(entry.creation())) {
      inOrder = false;
    }
    appended.add(entry);
    size++;
    noticed(entry);
  }

  /** Appends entries that are made whenever they are read; they are in the order of creation. */
  synchronized void append(int count, IntFunction<LogEntry> entries) {
    if (count == 0) {
      return;
    }
    if (size > 0 && BY_TIME.compare(at(size - 1), entries.apply(0)) > 0) {
      inOrder = false;
    }
    generated.add(new Run(size, count, entries));
    size += count;
    noticed(entries.apply(count - 1));
  }

  synchronized int size() {
    return size;
  }

  synchronized LogEntry at(int position) {
    var before = 0;
    for (var run : generated) {
      if (position < run.from()) {
        break;
      }
      if (position < run.from() + run.count()) {
        return run.entries().apply(position - run.from());
      }
      before += run.count();
    }
    return appended.get(position - before);
  }

  /** Whether the positions are in the order of creation and modified (and name). */
  synchronized boolean inOrder() {
    return inOrder;
  }

  /** The newest creation of any entry; empty while there is none. */
  synchronized String newest() {
    return newest;
  }

  /** The first position whose creation is this moment or later; needs the log in order. */
  int from(String moment) {
    var low = 0;
    var high = size();
    while (low < high) {
      var middle = (low + high) >>> 1;
      if (at(middle).moment().compareTo(moment) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void noticed(LogEntry entry) {
    if (entry.moment().compareTo(newestMoment) > 0) {
      newestMoment = entry.moment();
      newest = entry.creation();
    }
  }

  /** Numbers as numbers, texts as the database of a site orders them. */
  static int compareNames(String one, String other) {
    return isNumber(one) && isNumber(other)
        ? Long.compare(Long.parseLong(one), Long.parseLong(other))
        : one.compareToIgnoreCase(other);
  }

  static boolean isNumber(String name) {
    return !name.isEmpty()
        && name.length() < 19
        && name.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
