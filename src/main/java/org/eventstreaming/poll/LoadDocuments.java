package org.eventstreaming.poll;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.eventstreaming.condition.Conditions;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.doctype.LearnDocTypes;
import org.eventstreaming.doctype.Workflow;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.settings.PollSettings;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.site.WalkList;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.store.ProducerState;
import org.eventstreaming.store.ProducerStates;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.update.Cause;
import org.eventstreaming.update.CursorMove;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.Lease;
import org.eventstreaming.update.SyncRun;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdatePage;
import org.eventstreaming.update.Watermark;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads documents that were there before their type was followed (initial load). The list that
 * shows changes of a stock site shows them too, in the order of {@code modified} (protocol:
 * frappe-wire 7.6).
 *
 * <p>A load is done in turns, and other work on the producer goes on between them. A turn begins
 * where the one before ended, also after a restart.
 */
public final class LoadDocuments {
  /** The pages of a turn: some seconds of work, in which entries of the log wait. */
  private static final int PAGES_A_TURN = 10;

  /** A target site waits while the next page is prepared: fewer and larger pages go there. */
  private static final int PAGES_IN_ONE_TO_A_SITE = 2;

  private static final int LISTED_A_CALL = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(LoadDocuments.class);

  private final FrappeSites sites;
  private final ProducerStates producers;
  private final DocumentStore documents;
  private final SyncLog syncLog;
  private final DocTypes doctypes;
  private final LearnDocTypes learnDocTypes;
  private final FetchAhead fetchAhead;
  private final Conditions conditions;
  private final PollSettings settings;
  private final Clock clock;

  /** Document types whose list failed, each with the time from which it is requested again. */
  private final Map<TypeOfProducer, PutOff> putOff = new ConcurrentHashMap<>();

  /** Producers that this process is loading from. */
  private final Set<String> loading = ConcurrentHashMap.newKeySet();

  public LoadDocuments(
      FrappeSites sites,
      ProducerStates producers,
      DocumentStore documents,
      SyncLog syncLog,
      DocTypes doctypes,
      LearnDocTypes learnDocTypes,
      FetchAhead fetchAhead,
      Conditions conditions,
      PollSettings settings,
      Clock clock) {
    this.sites = sites;
    this.producers = producers;
    this.documents = documents;
    this.syncLog = syncLog;
    this.doctypes = doctypes;
    this.learnDocTypes = learnDocTypes;
    this.fetchAhead = fetchAhead;
    this.conditions = conditions;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Begins loading from a producer. False where this process is loading from it already; else the
   * load lasts until {@link #end}.
   */
  public boolean begin(EventProducer producer) {
    return loading.add(producer.producerUrl());
  }

  /** Ends what {@link #begin} began. */
  public void end(EventProducer producer) {
    loading.remove(producer.producerUrl());
  }

  /**
   * Whether a turn may begin now: a load is open, the producer has no quiet hours, and its last
   * poll did not fail.
   */
  public boolean isDue(EventProducer producer) {
    ProducerState state = producers.state(producer.producerUrl());
    return state.timeZone() != null
        && !state.failed()
        && !producer.isQuiet(clock.instant(), ZoneId.of(state.timeZone()))
        && open(state, state.run(Lease.none(producer), false)).keySet().stream()
            .anyMatch(doctype -> failureOf(producer.producerUrl(), doctype).isEmpty());
  }

  /** Why the list of a type failed, as long as it is not requested again. */
  private Optional<SiteFailure> failureOf(String producerUrl, String doctype) {
    return Optional.ofNullable(putOff.get(new TypeOfProducer(producerUrl, doctype)))
        .filter(one -> clock.instant().isBefore(one.until()))
        .map(PutOff::failure);
  }

  /**
   * Requests a load of these types. A load that is open or has ended begins again.
   *
   * @param since the least {@code modified} of the documents, in the producer's time
   */
  public void request(EventProducer producer, Collection<String> requested, String since) {
    producers.load(
        producer.producerUrl(),
        requested.stream().collect(Collectors.toMap(doctype -> doctype, doctype -> since)),
        clock.instant(),
        true);
  }

  /** Ends the loads of these types. What was loaded stays. */
  public void cancel(EventProducer producer, Collection<String> cancelled) {
    producers.cancelLoads(producer.producerUrl(), cancelled);
  }

  /**
   * Whether a poll of the producer is due, after a notification or by the clock. It has to wait
   * while a turn holds the lease.
   */
  public boolean keepsOffPolls(EventProducer producer) {
    return producers.isAwaited(producer.producerUrl(), settings.period());
  }

  /** The pages of one turn, each read while the page before is applied. */
  public Iterator<UpdatePage> read(Lease lease) {
    String url = lease.producer().producerUrl();
    ProducerState state = producers.state(url);
    return new PagesAhead(
        url, fetchAhead.reading(), sink -> new Turn(state.run(lease, false), state, sink).take());
  }

  /**
   * Logs that a turn did not begin, since the lease could not be acquired. The next run of the
   * clock tries again.
   *
   * @param failure as the route caught it, with the cause wrapped
   */
  public void putOff(Throwable failure) {
    LOG.info("{} Loading continues later.", RecordPoll.known(failure).getMessage());
  }

  private static Map<String, ProducerState.Load> open(ProducerState state, SyncRun run) {
    Map<String, ProducerState.Load> open = new TreeMap<>();
    for (String doctype : run.followed()) {
      ProducerState.TypeState type = state.types().get(doctype);
      ProducerState.Load load = type == null ? null : type.load();
      if (load != null && !load.ended()) {
        open.put(doctype, load);
      }
    }
    return open;
  }

  /** How far a list was read: up to a time. More documents of that time may follow. */
  private static final class Place {
    private String reached;
    private int passed;
    private int open;
    private boolean isTurnOver;

    Place(String reached) {
      this.reached = reached;
    }

    void pass(String moment) {
      if (!moment.equals(reached)) {
        passed += open;
        open = 0;
        reached = moment;
      }
      open++;
    }

    /**
     * The number of documents that were passed since the last call. Those of the time reached are
     * not counted, since more may follow.
     */
    int passed() {
      int all = passed;
      passed = 0;
      return all;
    }
  }

  private record TypeOfProducer(String producerUrl, String doctype) {}

  private record PutOff(Instant until, SiteFailure failure) {}

  /** An entry of a load, with the creation of its document. */
  private record Loaded(UpdateLogEntry entry, String creation) {
    /** Workflows go first: a Workflow may be younger than the documents whose states it defines. */
    boolean isNoWorkflow() {
      return !entry.refDoctype().equals(Workflow.DOCTYPE);
    }
  }

  /**
   * One turn, of {@link #PAGES_A_TURN} pages.
   *
   * <p>Into PostgreSQL one type is loaded after the other. To a target site the documents of all
   * types go together, in the order of their creation: the site may refuse a document before an
   * older one, such as a delivery before the receipt of the goods.
   */
  private final class Turn {
    private final SyncRun run;
    private final ProducerState state;
    private final FrappeSite site;
    private final PagesAhead.PageSink sink;
    private final ChangedDocuments changed;
    private int left = PAGES_A_TURN * settings.page();
    private final List<SiteFailure> stumbled = new ArrayList<>();
    private final List<Loaded> together = new ArrayList<>();
    private final List<CursorMove> moves = new ArrayList<>();

    Turn(SyncRun run, ProducerState state, PagesAhead.PageSink sink) {
      this.run = run;
      this.state = state;
      this.site = sites.of(run.producer());
      this.sink = sink;
      this.changed = new ChangedDocuments(documents, syncLog, conditions, run, clock.instant());
    }

    void take() {
      Map<String, ProducerState.Load> open = open(state, run);
      learnDocTypes.learn(run.producer(), open.keySet());
      int share = Math.max(settings.page(), left / Math.max(1, open.size()));
      open.forEach(
          (doctype, load) ->
              failureOf(run.producer().producerUrl(), doctype)
                  .ifPresentOrElse(
                      stumbled::add,
                      () -> {
                        if (isTogether()) {
                          left = share;
                        }
                        if (left > 0) {
                          load(doctype, load);
                        }
                      }));
      together.sort(Comparator.comparing(Loaded::isNoWorkflow).thenComparing(Loaded::creation));
      sink.pages(
          run,
          List.of(together.stream().map(Loaded::entry).toList()),
          PAGES_IN_ONE_TO_A_SITE * settings.page(),
          Optional.empty());
      moves.forEach(move -> sink.pages(run, List.of(), settings.page(), Optional.of(move)));
      if (!stumbled.isEmpty()) {
        throw new SomeListsFailed(stumbled);
      }
    }

    private boolean isTogether() {
      return run.producer().target() != null;
    }

    private void load(String doctype, ProducerState.Load load) {
      changed.forget();
      String until = until(doctype, load);
      String from = Objects.requireNonNullElse(load.reached(), load.since());
      if (doctypes.isSingle(doctype)) {
        UpdateLogEntry only =
            OwnEntry.update(new DocumentKey(doctype, doctype), null, until, until);
        give(doctype, load, List.of(only.because(Cause.LOAD)), Map.of(), until, 1, true);
        return;
      }
      try {
        if (!load.counted()) {
          count(doctype, load.since(), until);
        }
        walk(doctype, load, from, until);
      } catch (SiteFailure e) {
        if (e.isSilent()) {
          throw e;
        }
        // the lists of other types may still be readable; the permission for this one may be given
        // at any time
        putOff.put(
            new TypeOfProducer(run.producer().producerUrl(), doctype),
            new PutOff(clock.instant().plus(settings.period()), e));
        stumbled.add(e);
      }
    }

    private void walk(String doctype, ProducerState.Load load, String from, String until) {
      Place place = new Place(from);
      new WalkList(site, settings.overlap(), run.zone(), clock)
          .from(
              new Watermark(doctype, "", from, null, false),
              Math.min(LISTED_A_CALL, PAGES_A_TURN * settings.page()),
              (since, later, skip, limit) -> site.changes(doctype, "", since, later, skip, limit),
              FrappeSite.Change::modified,
              (listed, move) -> {
                List<FrappeSite.Change> before =
                    listed.stream().filter(one -> one.modified().compareTo(until) < 0).toList();
                boolean ends = before.size() < listed.size();
                before.forEach(one -> place.pass(one.modified()));
                left -= listed.size();
                // a place is a time: documents of the same time are read in one turn
                place.isTurnOver = !ends && left <= 0 && !place.reached.equals(from);
                List<UpdateLogEntry> entries =
                    changed.entries(doctype, until, modified -> true, before);
                Map<String, String> creations = new HashMap<>();
                before.forEach(one -> creations.put(one.name(), one.creation()));
                give(doctype, load, entries, creations, place.reached, place.passed(), false);
                return !ends && !place.isTurnOver;
              });
      if (!place.isTurnOver) {
        give(doctype, load, List.of(), Map.of(), until, place.open, true);
      }
    }

    private void count(String doctype, String since, String until) {
      long before = since.equals(FrappeTime.EVER) ? 0 : site.count(doctype, since);
      producers.counted(
          run.producer().producerUrl(), doctype, Math.max(0, site.count(doctype, until) - before));
    }

    /** The end of the load: what changed from this time on is in the stream. */
    private String until(String doctype, ProducerState.Load load) {
      ProducerState.TypeState type = Objects.requireNonNull(state.types().get(doctype));
      String start = type.startUpdate();
      return start != null && FrappeTime.parse(start).isPresent()
          ? start
          : FrappeTime.format(LocalDateTime.ofInstant(load.requested(), run.zone()));
    }

    private void give(
        String doctype,
        ProducerState.Load load,
        List<UpdateLogEntry> entries,
        Map<String, String> creations,
        String reached,
        int passed,
        boolean ended) {
      CursorMove move = new CursorMove.InLoad(doctype, load.requested(), reached, passed, ended);
      if (isTogether()) {
        entries.forEach(
            entry -> together.add(new Loaded(entry, creations.getOrDefault(entry.docname(), ""))));
        moves.add(move);
        return;
      }
      sink.pages(run, List.of(entries), settings.page(), Optional.of(move));
    }
  }
}
