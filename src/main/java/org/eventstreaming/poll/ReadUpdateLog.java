package org.eventstreaming.poll;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.eventstreaming.condition.Conditions;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.Read;
import org.eventstreaming.settings.PollSettings;
import org.eventstreaming.site.EntryReader;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.RepeatReads;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.store.ProducerState;
import org.eventstreaming.store.ProducerStates;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.update.CursorMove;
import org.eventstreaming.update.SyncRun;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdatePage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the new entries of a producer's Event Update Log. The log is read by list calls where the
 * key may read it. Else, and for types with a condition that only the producer can evaluate, it is
 * read by Frappe's method, which marks the entries as read.
 */
public final class ReadUpdateLog {
  /** The most characters of all entries of a page together. One entry can have megabytes. */
  private static final int LARGEST_PAGE = 4 * 1024 * 1024;

  private static final int NAMES_A_CALL = 5_000;
  private static final int LATE_ENTRIES_A_CALL = 100;

  /** The most answers of the method in one poll. The next poll reads the rest. */
  private static final int MOST_ANSWERS = 10;

  private static final Logger LOG = LoggerFactory.getLogger(ReadUpdateLog.class);

  private final FrappeSites sites;
  private final ProducerStates producers;
  private final SyncLog syncLog;
  private final Conditions conditions;
  private final PollSettings settings;
  private final Map<String, Boolean> mayList = new ConcurrentHashMap<>();

  public ReadUpdateLog(
      FrappeSites sites,
      ProducerStates producers,
      SyncLog syncLog,
      Conditions conditions,
      PollSettings settings) {
    this.conditions = conditions;
    this.sites = sites;
    this.producers = producers;
    this.syncLog = syncLog;
    this.settings = settings;
  }

  /**
   * The pages of the log, each read while the page before is applied. Closing the iterator ends the
   * reading.
   */
  public Iterator<UpdatePage> read(SyncRun run) {
    String url = run.producer().producerUrl();
    return new PagesAhead(url, sink -> new Reading(run, sites.of(run.producer()), sink).all());
  }

  /** Whether a type is read by list calls, provided that the key may read the log. */
  static boolean asksForList(EventProducer producer, Conditions conditions, String doctype) {
    return producer.read() == Read.LIST
        && producer.following(doctype).map(conditions::canEvaluate).orElse(true);
  }

  /**
   * Names of entries, as one answer has them.
   *
   * @param rows how many entries were in the answer
   * @param asked the names of those that are followed
   */
  private record Names(int rows, Set<String> asked) {}

  /** One reading of one producer's log. */
  private final class Reading {
    private final SyncRun run;
    private final String url;
    private final FrappeSite site;
    private final PagesAhead.PageSink sink;
    private final ProducerState state;

    Reading(SyncRun run, FrappeSite site, PagesAhead.PageSink sink) {
      this.run = run;
      this.url = run.producer().producerUrl();
      this.site = site;
      this.sink = sink;
      this.state = producers.state(url);
    }

    void all() {
      Set<String> byList = new TreeSet<>();
      Set<String> byMethod = new TreeSet<>();
      for (String doctype : run.followed()) {
        (readByList(doctype) ? byList : byMethod).add(doctype);
      }
      if (!byList.isEmpty()) {
        try {
          readTable(byList, span(byList));
        } catch (SiteFailure e) {
          if (e.kind() == SiteFailure.Kind.REFUSED) {
            // the permission may have been withdrawn: the next poll checks it again
            mayList.remove(url);
          }
          throw e;
        }
      }
      if (!byMethod.isEmpty()) {
        readMethod(byMethod, span(byMethod));
      }
    }

    private boolean readByList(String doctype) {
      ProducerState.TypeState type = state.types().get(doctype);
      String cursor = type == null ? null : type.lastUpdate();
      return asksForList(run.producer(), conditions, doctype)
          && (cursor == null || FrappeTime.parse(cursor).isPresent())
          && mayReadTable();
    }

    private boolean mayReadTable() {
      Boolean known = mayList.get(url);
      if (known != null) {
        return known;
      }
      boolean may = site.updateLog().mayReadLogTable();
      String read = may ? "list" : "method";
      if (!may) {
        LOG.info(
            "The key for {} may not read the Event Update Log there: it is read by the method"
                + " instead, which is slower and marks entries as read",
            url);
      }
      if (!read.equals(state.read())) {
        producers.learntReading(url, read);
      }
      mayList.put(url, may);
      return may;
    }

    /** The time from which the log is read for these types. */
    private Span span(Set<String> doctypes) {
      String cursor = null;
      String start = null;
      for (String doctype : doctypes) {
        ProducerState.TypeState type = state.types().get(doctype);
        if (type != null && type.lastUpdate() != null && type.startUpdate() != null) {
          cursor = cursor == null ? type.lastUpdate() : earlier(cursor, type.lastUpdate());
          start = start == null ? type.startUpdate() : earlier(start, type.startUpdate());
        }
      }
      if (cursor == null || start == null || cursor.isEmpty()) {
        throw new IllegalStateException("No cursor is known for " + doctypes + " of " + url);
      }
      String from =
          run.lease().overlap()
              ? FrappeTime.before(cursor, settings.overlap(), run.zone())
              : cursor;
      return new Span(FrappeTime.parse(cursor).isPresent() ? later(from, start) : cursor, cursor);
    }

    /** Whether an entry is from the time since its type is followed. */
    private boolean isAsked(UpdateLogEntry entry) {
      ProducerState.TypeState type = state.types().get(entry.refDoctype());
      return type == null
          || type.startUpdate() == null
          || !isDate(type.startUpdate())
          || !isDate(entry.creation())
          // MariaDB's form of an empty date
          || entry.creation().startsWith("0000")
          || entry.creation().compareTo(type.startUpdate()) >= 0;
    }

    private void readTable(Set<String> doctypes, Span span) {
      if (span.from().compareTo(span.cursor()) < 0) {
        readLateEntries(doctypes, span);
      }
      String from = span.cursor();
      int start = 0;
      String reached = span.cursor();
      RepeatReads.Attempts attempts = site.attempts();
      while (true) {
        int rows = 0;
        boolean isWhole = true;
        int limit = site.rowsACall(settings.page());
        String last = from;
        Set<String> withLast = new HashSet<>();
        PageOfEntries page = new PageOfEntries(false);
        try (EntryReader reader = site.updateLog().log(doctypes, from, start, limit)) {
          for (UpdateLogEntry entry = reader.next(); entry != null; entry = reader.next()) {
            rows++;
            attempts.progressed();
            if (!reader.modified().equals(last)) {
              withLast.clear();
            }
            withLast.add(entry.name());
            last = reader.modified();
            reached = later(reached, last);
            if (isAsked(entry)) {
              page.add(entry);
            }
            if (page.isFull()) {
              sink.page(
                  page.close(span.cursor(), Optional.of(new CursorMove.InLog(doctypes, reached))));
            }
          }
          giveRest(page, span, Optional.of(new CursorMove.InLog(doctypes, reached)));
        } catch (SiteFailure e) {
          giveRest(page, span, Optional.of(new CursorMove.InLog(doctypes, reached)));
          attempts.failed(e);
          isWhole = false;
        }
        if (isWhole && rows < limit) {
          return;
        }
        if (last.compareTo(from) > 0) {
          from = last;
          start = withLast.size();
        } else {
          start += withLast.size();
        }
      }
    }

    /**
     * Reads entries that became visible with a time before the cursor: the entries of the overlap
     * whose names are not known here.
     */
    private void readLateEntries(Set<String> doctypes, Span span) {
      Set<String> late = new LinkedHashSet<>();
      int start = 0;
      int limit;
      Names names;
      do {
        int from = start;
        int most = site.rowsACall(NAMES_A_CALL);
        names = site.repeated(() -> names(doctypes, span, from, most));
        late.addAll(names.asked());
        late.removeAll(syncLog.known(url, names.asked()));
        limit = most;
        start += limit;
      } while (names.rows() == limit);
      List<String> all = List.copyOf(late);
      for (int i = 0; i < all.size(); i += LATE_ENTRIES_A_CALL) {
        readEntries(all.subList(i, Math.min(all.size(), i + LATE_ENTRIES_A_CALL)), span);
      }
    }

    private Names names(Set<String> doctypes, Span span, int start, int limit) {
      int rows = 0;
      Set<String> asked = new LinkedHashSet<>();
      try (EntryReader reader =
          site.updateLog().logNames(doctypes, span.from(), span.cursor(), start, limit)) {
        for (UpdateLogEntry entry = reader.next(); entry != null; entry = reader.next()) {
          rows++;
          if (isAsked(entry)) {
            asked.add(entry.name());
          }
        }
      }
      return new Names(rows, asked);
    }

    private void readEntries(List<String> names, Span span) {
      Set<String> open = new LinkedHashSet<>(names);
      RepeatReads.Attempts attempts = site.attempts();
      while (!open.isEmpty()) {
        PageOfEntries page = new PageOfEntries(false);
        try (EntryReader reader = site.updateLog().logOf(open)) {
          for (UpdateLogEntry entry = reader.next(); entry != null; entry = reader.next()) {
            attempts.progressed();
            open.remove(entry.name());
            page.add(entry);
            if (page.isFull()) {
              sink.page(page.close(span.cursor(), Optional.empty()));
            }
          }
          // the entries that were not answered are deleted there
          open.clear();
          giveRest(page, span, Optional.empty());
        } catch (SiteFailure e) {
          giveRest(page, span, Optional.empty());
          attempts.failed(e);
        }
      }
    }

    /**
     * Gives away the last page, also of an answer that was cut off. Else an answer that is cut off
     * at the same place each time would stop the reading for good.
     */
    private void giveRest(PageOfEntries page, Span span, Optional<CursorMove> move) {
      if (!page.isEmpty()) {
        sink.page(page.close(span.cursor(), move));
      }
    }

    /**
     * Calls the method until an answer has nothing new. For a deleted document the producer sends
     * one entry that has a new name in each answer; {@link #MOST_ANSWERS} ends that.
     */
    private void readMethod(Set<String> doctypes, Span span) {
      Set<String> seen = new HashSet<>();
      for (int answers = 0; answers < MOST_ANSWERS; answers++) {
        if (!site.repeated(() -> readAnswer(doctypes, span, seen))) {
          return;
        }
      }
    }

    /**
     * Reads one answer of the method. True where it was not a full page and had new entries: then a
     * further answer can have more.
     *
     * @param seen the names of the answers before; the names of this one are added
     */
    private boolean readAnswer(Set<String> doctypes, Span span, Set<String> seen) {
      String reached = span.cursor();
      boolean any = false;
      boolean isShort = true;
      PageOfEntries page = new PageOfEntries(true);
      try (EntryReader reader =
          new ProbePrefix(producers, url)
              .call(
                  prefix ->
                      site.updateLog()
                          .updateLogsFor(
                              prefix,
                              Objects.requireNonNull(state.callbackUrl()),
                              doctypes,
                              span.from()))) {
        for (UpdateLogEntry entry = reader.next(); entry != null; entry = reader.next()) {
          any = true;
          reached = later(reached, entry.creation());
          if (seen.contains(entry.name()) || !isAsked(entry)) {
            continue;
          }
          page.add(entry);
          if (page.isFull()) {
            isShort = false;
            sink.page(page.close(span.cursor(), Optional.empty()));
          }
        }
        // looked up before the page is given away: its entries are known soon after
        boolean news = isShort && hasNews(page, doctypes);
        page.entries.forEach(entry -> seen.add(entry.name()));
        if (any) {
          // the entries of an answer are in no order: only the end of the answer may move the
          // cursor
          sink.page(
              page.close(span.cursor(), Optional.of(new CursorMove.InLog(doctypes, reached))));
        }
        return news;
      } catch (SiteFailure e) {
        page.entries.forEach(entry -> seen.add(entry.name()));
        giveRest(page, span, Optional.empty());
        throw e;
      }
    }

    private boolean hasNews(PageOfEntries page, Set<String> doctypes) {
      Set<String> names = new HashSet<>();
      for (UpdateLogEntry entry : page.entries) {
        if (doctypes.contains(entry.refDoctype())) {
          names.add(entry.name());
        }
      }
      names.removeAll(syncLog.known(url, names));
      return !names.isEmpty();
    }

    /** Collects entries until a page is full, by number or by size. */
    private final class PageOfEntries {
      private final boolean selected;
      private List<UpdateLogEntry> entries = new ArrayList<>();
      private int size;

      PageOfEntries(boolean selected) {
        this.selected = selected;
      }

      void add(UpdateLogEntry entry) {
        entries.add(entry);
        String data = entry.data();
        size += data == null ? 0 : data.length();
      }

      boolean isEmpty() {
        return entries.isEmpty();
      }

      boolean isFull() {
        return entries.size() >= settings.page() || size >= LARGEST_PAGE;
      }

      UpdatePage close(String since, Optional<CursorMove> move) {
        if (entries.stream().allMatch(entry -> isDate(entry.creation()))) {
          entries.sort(Comparator.comparing(UpdateLogEntry::creation));
        }
        UpdatePage page = UpdatePage.read(run, entries, since, move, selected);
        entries = new ArrayList<>();
        size = 0;
        return page;
      }
    }
  }

  private static boolean isDate(String creation) {
    return creation.length() >= 19 && creation.charAt(4) == '-' && creation.charAt(13) == ':';
  }

  private static String earlier(String one, String other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  /**
   * The later of two cursors. Dates in Frappe's form sort as text. Of cursors that are no dates the
   * second is later.
   */
  private static String later(String one, String other) {
    if (other.isEmpty()) {
      return one;
    }
    return isDate(one) && isDate(other) && one.compareTo(other) > 0 ? one : other;
  }

  private record Span(String from, String cursor) {}
}
