package org.eventstreaming.poll;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eventstreaming.condition.Conditions;
import org.eventstreaming.doctype.DocField;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.doctype.LearnDocTypes;
import org.eventstreaming.document.FindLinks;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.settings.PollSettings;
import org.eventstreaming.site.Callers;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.site.WalkList;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.store.ProducerState;
import org.eventstreaming.store.ProducerStates;
import org.eventstreaming.store.StoredVersion;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.update.CursorMove;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.DocumentRoutes;
import org.eventstreaming.update.Lease;
import org.eventstreaming.update.SyncRun;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdatePage;
import org.eventstreaming.update.Watermark;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reconciles a producer, whose update log does not contain everything. It lists what changed of the
 * followed types and of their child tables, and which documents were renamed (protocol: live
 * evidence 2). For each listed document whose last whole reading is older it makes an entry of our
 * own. Whether the document differs is seen when it is read.
 *
 * <p>Of a stock site, which has no log, all changes are found this way.
 */
public final class ReadChanges {
  private static final int LISTED_A_CALL = 1_000;

  /**
   * The lists that are requested at once. Most of many lists are empty, and the time goes into
   * waiting for answers.
   */
  private static final int ASKED_AT_ONCE = 3;

  private static final Logger LOG = LoggerFactory.getLogger(ReadChanges.class);

  private final FrappeSites sites;
  private final Callers callers;
  private final ProducerStates producers;
  private final DocumentStore documents;
  private final SyncLog syncLog;
  private final DocTypes doctypes;
  private final LearnDocTypes learnDocTypes;
  private final FetchAhead fetchAhead;
  private final FindLinks findLinks;
  private final Conditions conditions;
  private final DocumentRoutes documentRoutes;
  private final PollSettings settings;
  private final Clock clock;

  /** When the documents were counted last, by producer. */
  private final Map<String, Instant> counted = new ConcurrentHashMap<>();

  /** The numbers that differed and were looked into (see {@link FindGone}). */
  private final Map<DocumentKey, FindGone.Counts> settledCounts = new ConcurrentHashMap<>();

  /** The state of each tree whose positions are up to date. */
  private final Map<DocumentKey, PlaceInTrees.State> placed = new ConcurrentHashMap<>();

  public ReadChanges(
      FrappeSites sites,
      Callers callers,
      ProducerStates producers,
      DocumentStore documents,
      SyncLog syncLog,
      DocTypes doctypes,
      LearnDocTypes learnDocTypes,
      FetchAhead fetchAhead,
      FindLinks findLinks,
      Conditions conditions,
      DocumentRoutes documentRoutes,
      PollSettings settings,
      Clock clock) {
    this.documentRoutes = documentRoutes;
    this.conditions = conditions;
    this.sites = sites;
    this.callers = callers;
    this.producers = producers;
    this.documents = documents;
    this.syncLog = syncLog;
    this.doctypes = doctypes;
    this.learnDocTypes = learnDocTypes;
    this.fetchAhead = fetchAhead;
    this.findLinks = findLinks;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Whether a reconciliation may begin now. It is never due before the first poll of a producer,
   * nor for a stock site, whose polls are reconciliations.
   *
   * <p>It is not due while polls fail. The log goes first: an entry in it may name a document by a
   * former name, and would be applied after what the lists show of it now.
   */
  public boolean isDue(EventProducer producer) {
    if (!producer.reconcile().isOn()) {
      return false;
    }
    ProducerState state = producers.state(producer.producerUrl());
    return state.timeZone() != null
        && !state.isStock()
        && !state.failed()
        && !producer.isQuiet(clock.instant(), ZoneId.of(state.timeZone()))
        && (isDue(state.reconciledAt(), producer.reconcile().changes())
            || rowsAreDue(producer, state));
  }

  /** The pages of a reconciliation, each read while the page before is applied. */
  public Iterator<UpdatePage> read(Lease lease) {
    ProducerState state = producers.state(lease.producer().producerUrl());
    return pages(state.run(lease, false), state);
  }

  /** The pages of a poll of a stock site. */
  public Iterator<UpdatePage> follow(SyncRun run) {
    return pages(run, producers.state(run.producer().producerUrl()));
  }

  private Iterator<UpdatePage> pages(SyncRun run, ProducerState state) {
    String url = run.producer().producerUrl();
    boolean rows =
        rowsAreDue(run.producer(), state) && !run.producer().isQuiet(clock.instant(), run.zone());
    producers.reconciles(url, clock.instant(), rows);
    return new PagesAhead(
        url,
        fetchAhead.reading(),
        sink -> new Reconciliation(run, state, sites.of(run.producer()), sink).all(rows));
  }

  private boolean rowsAreDue(EventProducer producer, ProducerState state) {
    return !producer.reconcile().rows().isZero()
        && isDue(state.rowsReconciledAt(), producer.reconcile().rows());
  }

  private boolean isDue(@Nullable Instant last, Duration period) {
    return last == null || !clock.instant().isBefore(last.plus(period));
  }

  /** One pass over the lists of one producer. */
  private final class Reconciliation {
    private final SyncRun run;
    private final String url;
    private final ProducerState state;
    private final FrappeSite site;
    private final PagesAhead.PageSink sink;
    private final ChangedDocuments changed;
    private final FindRenames findRenames;
    private final FindSilentRenames findSilentRenames;
    private final FindGone findGone;
    private final PlaceInTrees placeInTrees;
    private final WalkList walk;
    private final ExecutorService threads;
    private final List<RuntimeException> stumbled = new ArrayList<>();

    Reconciliation(SyncRun run, ProducerState state, FrappeSite site, PagesAhead.PageSink sink) {
      this.run = run;
      this.url = run.producer().producerUrl();
      this.state = state;
      this.site = site;
      this.sink = sink;
      this.changed = new ChangedDocuments(documents, syncLog, conditions, run, clock.instant());
      this.findRenames = new FindRenames(documents, syncLog, findLinks, site, run);
      this.findSilentRenames = new FindSilentRenames(documents, findRenames, site, run);
      this.findGone = new FindGone(documents, findRenames, site, run, clock, settledCounts);
      this.placeInTrees = new PlaceInTrees(documents, site, run.producer(), placed);
      this.walk = new WalkList(site, settings.overlap(), run.zone(), clock);
      this.threads = callers.of(run.producer().access());
    }

    void all(boolean rows) {
      Map<String, String> starts = new TreeMap<>();
      for (String doctype : run.followed()) {
        ProducerState.TypeState type = state.types().get(doctype);
        String start = type == null ? null : type.startUpdate();
        if (start != null && FrappeTime.parse(start).isPresent()) {
          starts.put(doctype, start);
        }
      }
      if (starts.isEmpty()) {
        return;
      }
      // links, child tables and Singles are known from the definitions alone
      learnDocTypes.learn(run.producer(), starts.keySet());
      String earliest = Collections.min(starts.values());
      Set<String> unreported =
          starts.keySet().stream()
              .filter(this::hidesDeletions)
              .collect(Collectors.toCollection(TreeSet::new));
      if (!unreported.isEmpty()) {
        // deletions first: another document can have taken the name of a deleted one
        goThrough(
            producers.watermark(url, "Deleted Document", "", earliest),
            (since, later, skip, limit) -> site.deletions(unreported, since, later, skip, limit),
            FrappeSite.Deletion::modified,
            deletions -> List.of(deleted(deletions)));
      }
      // renames before changes: a change of a renamed document is then found under its name here
      goThrough(
          producers.watermark(url, "Comment", "", earliest),
          site::renames,
          FrappeSite.Note::modified,
          notes -> found(findRenames.entries(notes)));
      if (isToBeCounted()) {
        starts.forEach(this::count);
        starts.forEach(this::place);
      }
      List<Look> looks = new ArrayList<>();
      starts.forEach(
          (doctype, start) -> {
            looks.add(new Look(doctype, "", start));
            if (rows) {
              children(doctype).forEach(child -> looks.add(new Look(child, doctype, start)));
            }
          });
      Deque<Future<WalkList.First<FrappeSite.Change>>> asked = new ArrayDeque<>();
      try {
        int next = 0;
        for (Look look : looks) {
          if (mustWait()) {
            break;
          }
          while (next < looks.size() && asked.size() < ASKED_AT_ONCE) {
            asked.add(ask(looks.get(next++)));
          }
          look(look, asked.remove());
        }
      } finally {
        asked.forEach(one -> one.cancel(false));
      }
      if (!run.hasLog()) {
        starts.keySet().forEach(this::noteUnanswered);
      }
      if (!stumbled.isEmpty()) {
        throw new SomeListsFailed(stumbled);
      }
    }

    /**
     * Adds a failure for a type whose condition cannot be evaluated: no new document of it is
     * followed, and only a person can change that.
     */
    private void noteUnanswered(String doctype) {
      run.producer()
          .following(doctype)
          .filter(rule -> !conditions.canEvaluate(rule))
          .ifPresent(rule -> stumbled.add(new ConditionUnanswered(rule, url)));
    }

    /**
     * Whether the producer may not report deletions of a type. A stock site has no log. The method
     * of an update log reports no deletion of a document that it never sent, such as one that was
     * found by reconciliation (protocol: frappe-wire 4.3).
     */
    private boolean hidesDeletions(String doctype) {
      return !run.hasLog()
          || !ReadUpdateLog.asksForList(run.producer(), conditions, doctype)
          || Objects.equals(state.read(), "method");
    }

    private Future<WalkList.First<FrappeSite.Change>> ask(Look look) {
      Watermark from = producers.watermark(url, look.listed(), look.parent(), look.start());
      return threads.submit(() -> walk.first(from, LISTED_A_CALL, listing(look)).early());
    }

    private WalkList.Listing<FrappeSite.Change> listing(Look look) {
      if (doctypes.isSingle(look.listed())) {
        return (since, later, skip, limit) ->
            skip > 0 ? List.of() : single(look.listed(), since, later);
      }
      return (since, later, skip, limit) ->
          site.changes(look.listed(), look.parent(), since, later, skip, limit);
    }

    /** A Single has no table, so it is read instead of listed. */
    private List<FrappeSite.Change> single(String doctype, String since, boolean later) {
      return site.document(doctype, doctype).stream()
          .map(
              document ->
                  new FrappeSite.Change(
                      doctype,
                      document.path("modified").asText(""),
                      document.path("creation").asText(""),
                      document.path("owner").asText("")))
          .filter(change -> change.modified().compareTo(since) >= (later ? 1 : 0))
          .toList();
    }

    /** Whether the rest is left for the time after quiet hours. Polls of a stock site go on. */
    private boolean mustWait() {
      return run.hasLog() && run.producer().isQuiet(clock.instant(), run.zone());
    }

    /**
     * Deletions of documents that are here. A document of the same name that is there now is no
     * deletion.
     */
    private List<UpdateLogEntry> deleted(List<FrappeSite.Deletion> deletions) {
      Map<DocumentKey, FrappeSite.Deletion> last = new LinkedHashMap<>();
      deletions.forEach(one -> last.put(new DocumentKey(one.doctype(), one.document()), one));
      Map<DocumentKey, StoredVersion> held =
          documents.versions(url, last.keySet().stream().map(run::identity).toList());
      Map<String, List<String>> names = new TreeMap<>();
      held.keySet()
          .forEach(
              key ->
                  names.computeIfAbsent(key.doctype(), type -> new ArrayList<>()).add(key.name()));
      List<UpdateLogEntry> entries = new ArrayList<>();
      names.forEach(
          (doctype, some) -> {
            Set<String> there = site.origins(doctype, some).keySet();
            for (String name : some) {
              if (!there.contains(name)) {
                DocumentKey key = new DocumentKey(doctype, name);
                FrappeSite.Deletion deletion = Objects.requireNonNull(last.get(key));
                entries.add(
                    found(
                        OwnEntry.delete(key, held.get(key), deletion.name(), deletion.modified())));
              }
            }
          });
      return entries;
    }

    private boolean isToBeCounted() {
      Duration period = run.producer().reconcile().changes();
      if (period.isZero() || !isDue(counted.get(url), period)) {
        return false;
      }
      counted.put(url, clock.instant());
      return true;
    }

    /** Gives away entries for documents that are gone without a trace (see {@link FindGone}). */
    private void count(String doctype, String start) {
      // a condition or a route selects documents: their number here is not that of the producer
      boolean hasCondition =
          documentRoutes.has(doctype)
              || run.producer().following(doctype).map(row -> row.condition() != null).orElse(true);
      if (doctypes.isSingle(doctype) || hasCondition || mustWait()) {
        return;
      }
      unlessRefused(
          "Documents of " + doctype + " are not counted.",
          () ->
              sink.pages(
                  run,
                  found(
                      findGone.entries(
                          doctype,
                          from(doctype, start),
                          producers.watermark(url, doctype, "", start))),
                  settings.page(),
                  Optional.empty()));
    }

    private void place(String doctype, String start) {
      DocType definition = doctypes.find(doctype).orElse(null);
      if (definition == null || !definition.isTree() || mustWait()) {
        return;
      }
      long held =
          documents.count(url, doctype, run.producer().refDoctype(doctype), null, clock.instant());
      unlessRefused(
          "Positions of " + doctype + " stay as they are.",
          () -> placeInTrees.place(definition, held, producers.watermark(url, doctype, "", start)));
    }

    /** Does a look beside the lists. An error that the site answers is logged, and ends no list. */
    private void unlessRefused(String otherwise, Runnable look) {
      try {
        look.run();
      } catch (SiteFailure e) {
        if (e.isSilent()) {
          throw e;
        }
        LOG.debug("{} {}", e.getMessage(), otherwise);
      }
    }

    /**
     * From which creation on documents are here: null for all, where they were loaded; else since
     * following began.
     */
    private @Nullable String from(String doctype, String start) {
      ProducerState.Load load = load(doctype);
      return load != null && load.ended() && load.since().equals(FrappeTime.EVER) ? null : start;
    }

    private ProducerState.@Nullable Load load(String doctype) {
      ProducerState.TypeState type = state.types().get(doctype);
      return type == null ? null : type.load();
    }

    private List<List<UpdateLogEntry>> found(List<List<UpdateLogEntry>> groups) {
      return groups.stream().map(group -> group.stream().map(this::found).toList()).toList();
    }

    private UpdateLogEntry found(UpdateLogEntry entry) {
      return entry.because(run.foundBeside());
    }

    /** Reads one list, and makes entries for the documents that changed. */
    private void look(Look look, Future<WalkList.First<FrappeSite.Change>> first) {
      if (look.parent().isEmpty()) {
        changed.forget();
      }
      String doctype = look.parent().isEmpty() ? look.listed() : look.parent();
      try {
        goThrough(
            () -> Callers.answer(first),
            listing(look),
            FrappeSite.Change::modified,
            changes ->
                look.parent().isEmpty()
                    ? renamedFirst(doctype, look.start(), changes)
                    : List.of(
                        changed.entries(
                            doctype, look.start(), isRead(doctype, look.start()), changes)));
      } catch (SiteFailure e) {
        if (e.isSilent()) {
          throw e;
        }
        // the other types are read all the same
        stumbled.add(e);
      }
    }

    /**
     * By its {@code modified}, whether a document is read although it is not here. What a load that
     * is open has not reached yet is left to it: the overlap lists it too, but one type after the
     * other, and a target site may refuse a document before an older one of another type.
     */
    private Predicate<String> isRead(String doctype, String start) {
      String earliest = earliest(doctype, start);
      ProducerState.Load load = load(doctype);
      if (load == null || load.ended()) {
        return modified -> modified.compareTo(earliest) >= 0;
      }
      String reached = Objects.requireNonNullElse(load.reached(), load.since());
      return modified ->
          modified.compareTo(earliest) >= 0
              && (modified.compareTo(reached) < 0 || modified.compareTo(start) >= 0);
    }

    /**
     * The least {@code modified} of documents that are read although they are not here. It is the
     * beginning of following the type, or that of its load. The overlap lists earlier times too,
     * and the hour that happens twice shows earlier times after later ones.
     */
    private String earliest(String doctype, String start) {
      ProducerState.Load load = load(doctype);
      return load == null || load.since().compareTo(start) > 0
          ? FrappeTime.before(start, Duration.ZERO, run.zone())
          : load.since();
    }

    /**
     * Entries of a list of documents. Renames by SQL go first: a name that is new here may be a
     * document that is here under its former name.
     */
    private List<List<UpdateLogEntry>> renamedFirst(
        String doctype, String start, List<FrappeSite.Change> changes) {
      FindSilentRenames.Found silent = findSilentRenames.among(doctype, changes);
      List<List<UpdateLogEntry>> groups = new ArrayList<>(found(silent.entries()));
      groups.add(changed.entries(doctype, start, isRead(doctype, start), silent.others()));
      return groups;
    }

    private <T> void goThrough(
        Watermark from,
        WalkList.Listing<T> listing,
        Function<T, String> modified,
        Function<List<T>, List<List<UpdateLogEntry>>> found) {
      goThrough(() -> walk.first(from, LISTED_A_CALL, listing), listing, modified, found);
    }

    private <T> void goThrough(
        Supplier<WalkList.First<T>> first,
        WalkList.Listing<T> listing,
        Function<T, String> modified,
        Function<List<T>, List<List<UpdateLogEntry>>> found) {
      try {
        walk.from(
            first.get(),
            LISTED_A_CALL,
            listing,
            modified,
            (listed, move) -> {
              sink.pages(
                  run,
                  listed.isEmpty() ? List.of() : found.apply(listed),
                  settings.page(),
                  Optional.ofNullable(move).map(CursorMove.InList::new));
              return !mustWait();
            });
      } catch (SiteFailure e) {
        if (e.kind() == SiteFailure.Kind.UNREACHABLE || e.passes()) {
          throw e;
        }
        // the key may be permitted to read another list
        stumbled.add(e);
      }
    }

    private List<String> children(String doctype) {
      return doctypes.find(doctype).map(DocType::tables).orElse(List.of()).stream()
          .map(DocField::options)
          .flatMap(Stream::ofNullable)
          .distinct()
          .toList();
    }
  }

  /**
   * One list to read.
   *
   * @param listed the document type whose table is listed
   * @param parent the type whose child rows are listed; empty where documents are listed
   * @param start when following the type began, in the producer's time
   */
  private record Look(String listed, String parent, String start) {}
}
