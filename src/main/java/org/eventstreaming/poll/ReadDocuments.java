package org.eventstreaming.poll;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eventstreaming.condition.Conditions;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.doctype.LearnDocTypes;
import org.eventstreaming.document.FindLinks;
import org.eventstreaming.document.FrappeTime;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.settings.PollSettings;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.store.ProducerState;
import org.eventstreaming.store.ProducerStates;
import org.eventstreaming.store.StoredVersion;
import org.eventstreaming.store.SyncLog;
import org.eventstreaming.target.TargetFailed;
import org.eventstreaming.update.Backlog;
import org.eventstreaming.update.Cause;
import org.eventstreaming.update.ComparedDocument;
import org.eventstreaming.update.ComparedRange;
import org.eventstreaming.update.Comparison;
import org.eventstreaming.update.DocumentKey;
import org.eventstreaming.update.FailedWork;
import org.eventstreaming.update.Guarded;
import org.eventstreaming.update.IdentityKey;
import org.eventstreaming.update.KeyRange;
import org.eventstreaming.update.KnownDocument;
import org.eventstreaming.update.Lease;
import org.eventstreaming.update.LeaseTaken;
import org.eventstreaming.update.RenamedUpdate;
import org.eventstreaming.update.ReportComparison;
import org.eventstreaming.update.Sentence;
import org.eventstreaming.update.SyncRun;
import org.eventstreaming.update.UpdateLogEntry;
import org.eventstreaming.update.UpdatePage;
import org.eventstreaming.update.Work;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Goes through all documents of followed types, on the producer and here, in ranges of names. A
 * comparison does not depend on the update log, on {@code modified} or on Comments.
 *
 * <p>Makes the entries of our own by which a range is read, and those by which it is repaired.
 */
public final class ReadDocuments {
  /** Names for one request: few requests, and a bounded amount of memory. */
  private static final int LISTED_A_CALL = 5_000;

  private static final int LOOKED_FOR_A_CALL = 1_000;

  /** The pause after a comparison by the clock that ended early. */
  private static final Duration ANOTHER_TRY = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(ReadDocuments.class);

  private final FrappeSites sites;
  private final ProducerStates producers;
  private final DocumentStore documents;
  private final SyncLog syncLog;
  private final DocTypes doctypes;
  private final LearnDocTypes learnDocTypes;
  private final FindLinks findLinks;
  private final Conditions conditions;
  private final PollSettings settings;
  private final Clock clock;

  public ReadDocuments(
      FrappeSites sites,
      ProducerStates producers,
      DocumentStore documents,
      SyncLog syncLog,
      DocTypes doctypes,
      LearnDocTypes learnDocTypes,
      FindLinks findLinks,
      Conditions conditions,
      PollSettings settings,
      Clock clock) {
    this.sites = sites;
    this.producers = producers;
    this.documents = documents;
    this.syncLog = syncLog;
    this.doctypes = doctypes;
    this.learnDocTypes = learnDocTypes;
    this.findLinks = findLinks;
    this.conditions = conditions;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * The comparison of a producer that is due by the clock. It repairs. Null where none is due,
   * where another process does it, or before the first poll.
   */
  public @Nullable Comparison due(EventProducer producer) {
    Duration period = producer.reconcile().all();
    String url = producer.producerUrl();
    ProducerState state = producers.state(url);
    Instant now = clock.instant();
    if (period.isZero()
        || state.timeZone() == null
        || !producers.compares(url, now, now.minus(period))) {
      return null;
    }
    return new Comparison(
        producer,
        state.run(Lease.none(producer), false).followed().stream().sorted().toList(),
        true,
        false,
        now,
        new LogComparison(url));
  }

  /** Records that a comparison by the clock came to its end. */
  public void succeeded(Comparison comparison) {
    String url = comparison.producer().producerUrl();
    if (producers.succeeded(url, Work.COMPARE)) {
      LOG.info("The comparison with {} succeeds again.", url);
    }
  }

  /**
   * Records that a comparison by the clock ended early. It begins again within an hour.
   *
   * @return the failure, for the routes of failures, where the comparison before did not fail; else
   *     null
   */
  public @Nullable List<Map<String, @Nullable Object>> failed(
      Comparison comparison, Throwable failure) {
    EventProducer producer = comparison.producer();
    Duration period = producer.reconcile().all();
    Throwable known = RecordPoll.known(failure);
    boolean expected =
        known instanceof SiteFailure
            || known instanceof TargetFailed
            || known instanceof LeaseTaken;
    String message = Sentence.of(String.valueOf(known.getMessage()));
    boolean began =
        producers.failed(producer.producerUrl(), Work.COMPARE, message, true, Duration.ZERO);
    LOG.atLevel(began ? Level.WARN : Level.DEBUG)
        .log(
            "The comparison with {} ended early: {} It starts again within an hour; what was"
                + " repaired stays.",
            producer.producerUrl(),
            message,
            expected ? null : failure);
    producers.compared(
        producer.producerUrl(),
        clock
            .instant()
            .minus(period)
            .plus(period.compareTo(ANOTHER_TRY) < 0 ? period : ANOTHER_TRY));
    return began
        ? new FailedWork(producer.producerUrl(), Work.COMPARE, message, clock.instant()).fields()
        : null;
  }

  /**
   * The ranges of a comparison. Each is read when the one before is reported.
   *
   * <p>Documents of all types that are gone or renamed come first, so that documents that link to
   * them are compared under their present names.
   *
   * <p>The last element is null. Whether there is another range is known only once the range before
   * is repaired, and the route asks earlier.
   */
  public Iterator<@Nullable KeyRange> ranges(Comparison comparison) {
    return new Guarded<>(new Ranges(comparison));
  }

  /** A range as a page, for the steps that make of its documents what the stream would make. */
  public UpdatePage page(KeyRange range) {
    return page(range.run(), range.entries());
  }

  /**
   * The documents of a range that differ, as a page. It is read under the producer's lease, so that
   * no other work changes the documents here meanwhile.
   */
  public UpdatePage again(ComparedRange compared, Lease lease) {
    return page(
        compared.range().run().with(lease),
        compared.differences().stream().map(ComparedDocument::entry).toList());
  }

  /**
   * The entries that repair a range. Each is a new entry, with one exception: where an earlier
   * repair of the same content is in the Event Sync Log and not Synced, that entry is used again.
   * The cause of its failure has to be fixed, not a second row written.
   */
  public UpdatePage repair(ComparedRange compared, Lease lease) {
    SyncRun run = compared.range().run().with(lease);
    List<ComparedDocument> repairable =
        compared.documents().stream().filter(one -> one.verdict().isRepairable()).toList();
    Map<DocumentKey, StoredVersion> held =
        documents.versions(
            run.producer().producerUrl(),
            repairable.stream().map(one -> run.identity(one.remote())).toList());
    Map<UpdateLogEntry, ComparedDocument> entries = new LinkedHashMap<>();
    for (ComparedDocument one : repairable) {
      entries.put(repair(one, held.get(one.remote()), "compared " + one.there()), one);
    }
    Set<String> known =
        syncLog.known(
            run.producer().producerUrl(),
            entries.keySet().stream().map(UpdateLogEntry::name).toList());
    List<UpdateLogEntry> fresh = new ArrayList<>();
    entries.forEach(
        (entry, one) -> {
          Backlog line =
              compared.knownDocuments().getOrDefault(one.remote(), KnownDocument.NEW).backlog();
          boolean again = known.contains(entry.name()) && line == Backlog.NONE;
          String because = "compared " + one.there() + " " + compared.range().comparison().began();
          fresh.add(again ? repair(one, held.get(one.remote()), because) : entry);
        });
    return page(run, fresh);
  }

  /** A page that moves no cursor. */
  private static UpdatePage page(SyncRun run, List<UpdateLogEntry> entries) {
    return UpdatePage.read(run, entries, "", Optional.empty(), false);
  }

  private static UpdateLogEntry repair(
      ComparedDocument one, @Nullable StoredVersion here, String because) {
    String moment = one.entry().creation();
    return switch (one.verdict()) {
      case RENAMED -> one.entry();
      case ONLY_HERE -> OwnEntry.delete(one.remote(), here, because, moment).because(Cause.COMPARE);
      case EQUAL, DIFFERS, PARTLY, STAYS, ONLY_THERE, LEFT, UNREAD, REFUSED ->
          OwnEntry.update(one.remote(), here, because, moment).because(Cause.COMPARE);
    };
  }

  /** The documents that were repaired, to be compared once more. */
  public UpdatePage afterRepair(ComparedRange repaired, Lease lease) {
    return page(
        repaired.range().run().with(lease),
        repaired.differences().stream()
            .filter(ComparedDocument::repaired)
            .filter(one -> one.verdict() != ComparedDocument.Verdict.RENAMED)
            .map(ComparedDocument::entry)
            .toList());
  }

  /** The range with the outcomes of its repair. */
  public ComparedRange repaired(ComparedRange compared, UpdatePage applied) {
    return compared.repaired(
        applied,
        syncLog.firstRows(
            compared.range().run().producer().producerUrl(),
            compared.differences().stream().map(ComparedDocument::remote).toList()));
  }

  /** Reports a range that is done to the requester of the comparison. */
  public void report(ComparedRange compared) {
    Set<DocumentKey> named = compared.namingRows();
    compared
        .range()
        .comparison()
        .reported()
        .compared(
            named.isEmpty()
                ? compared
                : compared.numbered(
                    syncLog.firstRows(compared.range().run().producer().producerUrl(), named)));
  }

  /** Makes the ranges of one type, in one way. */
  private abstract static class Source {
    final String doctype;

    Source(String doctype) {
      this.doctype = doctype;
    }

    /** The next range; null where there is no more. */
    abstract @Nullable KeyRange next();
  }

  private final class Ranges implements Iterator<@Nullable KeyRange>, ReportComparison {
    private final ReportComparison reported;
    private final Comparison comparison;
    private final SyncRun run;
    private final String url;
    private final ProducerState state;
    private final FrappeSite site;
    private final Deque<Source> sources = new ArrayDeque<>();

    /** Ranges that follow from the range before. */
    private final Deque<KeyRange> pending = new ArrayDeque<>();

    /** Documents that have another name on the producer and are not repaired. */
    private final Set<DocumentKey> renamed = new LinkedHashSet<>();

    /** Whether a range was given away and is not reported yet. */
    private boolean open;

    private boolean ended;

    Ranges(Comparison request) {
      this.reported = request.reported();
      this.comparison = request.reportingTo(this);
      this.url = comparison.producer().producerUrl();
      this.state = producers.state(url);
      this.run = state.run(Lease.none(comparison.producer()), false);
      this.site = sites.of(comparison.producer());
      learnDocTypes.learn(comparison.producer(), new LinkedHashSet<>(comparison.doctypes()));
      for (String doctype : comparison.doctypes()) {
        if (!doctypes.isSingle(doctype)) {
          sources.add(new Absent(doctype));
        }
      }
      comparison.doctypes().forEach(doctype -> sources.add(new Present(doctype)));
    }

    @Override
    public boolean hasNext() {
      return !ended;
    }

    @Override
    public @Nullable KeyRange next() {
      if (ended) {
        throw new NoSuchElementException();
      }
      if (open) {
        // the range failed: Camel iterates over the rest to clean up, and must get nothing
        ended = true;
        return null;
      }
      KeyRange next = found();
      open = next != null;
      ended = next == null;
      return next;
    }

    private @Nullable KeyRange found() {
      while (pending.isEmpty() && !sources.isEmpty()) {
        Source source = sources.element();
        try {
          KeyRange next = source.next();
          if (next != null) {
            return next;
          }
          sources.remove();
        } catch (SiteFailure e) {
          if (e.passes()) {
            ended = true;
            throw e;
          }
          // the key may be permitted to list another type
          sources.removeIf(one -> one.doctype.equals(source.doctype));
          reported.refused(source.doctype, String.valueOf(e.getMessage()));
        }
      }
      return pending.poll();
    }

    @Override
    public void compared(ComparedRange range) {
      open = false;
      reported.compared(range);
    }

    @Override
    public void refused(String doctype, String why) {
      reported.refused(doctype, why);
    }

    private KeyRange unlisted(String doctype, List<UpdateLogEntry> entries) {
      return new KeyRange(comparison, run, doctype, null, null, entries, 0);
    }

    private UpdateLogEntry look(DocumentKey document, String moment) {
      return OwnEntry.update(document, null, "compared", moment).because(Cause.COMPARE);
    }

    /**
     * Documents that are held here and that the producer does not list: they are renamed, hidden
     * from the key, or gone.
     */
    private final class Absent extends Source {
      private String after = "";
      private boolean last;

      Absent(String doctype) {
        super(doctype);
      }

      @Override
      @Nullable KeyRange next() {
        while (!last) {
          Collection<DocumentKey> held =
              documents
                  .versionsOf(
                      url,
                      doctype,
                      run.identity(new DocumentKey(doctype, "")).localDoctype(),
                      after,
                      LOOKED_FOR_A_CALL)
                  .keySet();
          last = held.size() < LOOKED_FOR_A_CALL;
          if (held.isEmpty()) {
            return null;
          }
          List<String> names = held.stream().map(DocumentKey::name).toList();
          after = names.get(names.size() - 1);
          Set<String> absent = new LinkedHashSet<>(names);
          absent.removeAll(site.origins(doctype, names).keySet());
          if (!absent.isEmpty()) {
            return range(absent);
          }
        }
        return null;
      }

      private KeyRange range(Set<String> absent) {
        String moment = FrappeTime.format(LocalDateTime.ofInstant(comparison.began(), run.zone()));
        List<List<UpdateLogEntry>> groups =
            new FindRenames(documents, syncLog, findLinks, site, run)
                .entriesOf(doctype, absent, moment);
        List<UpdateLogEntry> entries = new ArrayList<>();
        for (UpdateLogEntry entry : groups.isEmpty() ? List.<UpdateLogEntry>of() : groups.get(0)) {
          if (entry.updateType().equals(RenamedUpdate.TYPE)) {
            entries.add(entry.because(Cause.COMPARE));
            absent.remove(entry.data());
            renamed.add(entry.remote());
          }
        }
        if (comparison.repair() && !entries.isEmpty()) {
          // documents that link to the renamed ones are read when the renames are applied
          pages(groups.get(1))
              .forEach(page -> pending.add(unlisted(page.get(0).refDoctype(), page)));
        }
        absent.forEach(name -> entries.add(look(new DocumentKey(doctype, name), moment)));
        return unlisted(doctype, entries);
      }

      private List<List<UpdateLogEntry>> pages(List<UpdateLogEntry> readings) {
        List<List<UpdateLogEntry>> pages = new ArrayList<>();
        readings.stream()
            .map(entry -> look(entry.remote(), entry.creation()))
            .collect(
                Collectors.groupingBy(
                    UpdateLogEntry::refDoctype, LinkedHashMap::new, Collectors.toList()))
            .values()
            .forEach(
                some -> {
                  for (int i = 0; i < some.size(); i += settings.page()) {
                    pages.add(some.subList(i, Math.min(some.size(), i + settings.page())));
                  }
                });
        return pages;
      }
    }

    /** Documents that the producer lists, in its order. */
    private final class Present extends Source {
      private final ProducerDoctype rule;
      private final Deque<FrappeSite.Listed> listed = new ArrayDeque<>();
      private @Nullable String after;
      private boolean last;

      Present(String doctype) {
        super(doctype);
        this.rule = run.producer().following(doctype).orElseThrow();
      }

      @Override
      @Nullable KeyRange next() {
        if (listed.isEmpty() && !last) {
          list();
        }
        if (listed.isEmpty()) {
          return null;
        }
        Map<DocumentKey, FrappeSite.Listed> page = new LinkedHashMap<>();
        String from = listed.element().name();
        String to = from;
        while (page.size() < settings.page() && !listed.isEmpty()) {
          FrappeSite.Listed one = listed.remove();
          to = one.name();
          page.put(new DocumentKey(doctype, to), one);
        }
        Set<DocumentKey> expected = expected(page);
        return new KeyRange(
            comparison,
            run,
            doctype,
            from,
            to,
            expected.stream()
                .map(key -> look(key, Objects.requireNonNull(page.get(key)).modified()))
                .toList(),
            page.size() - expected.size());
      }

      private void list() {
        if (doctypes.isSingle(doctype)) {
          // a Single is one document with the name of its type, and has no list
          listed.add(new FrappeSite.Listed(doctype, "", "", ""));
          last = true;
          return;
        }
        List<FrappeSite.Listed> more = site.listed(doctype, after, LISTED_A_CALL);
        listed.addAll(more);
        last = more.size() < LISTED_A_CALL;
        if (!more.isEmpty()) {
          after = more.get(more.size() - 1).name();
        }
      }

      /** The listed documents that are here or should be here. */
      private Set<DocumentKey> expected(Map<DocumentKey, FrappeSite.Listed> page) {
        List<IdentityKey> all = page.keySet().stream().map(run::identity).toList();
        Set<DocumentKey> held = documents.versions(url, all).keySet();
        Set<DocumentKey> lost = documents.lost(url, all);
        Set<DocumentKey> expected = new LinkedHashSet<>();
        page.forEach(
            (key, one) -> {
              if (held.contains(key)
                  || (isReportable(key)
                      && (comparison.all() || lost.contains(key) || isSince(one)))) {
                expected.add(key);
              }
            });
        return expected;
      }

      /**
       * Whether a document that is not here is reported. A renamed one was reported under its
       * former name. Where the condition cannot be evaluated here, only the producer knows whether
       * the document is followed.
       */
      private boolean isReportable(DocumentKey key) {
        return conditions.canEvaluate(rule) && (comparison.repair() || !renamed.contains(key));
      }

      /**
       * Whether the document is in the time that the stream or a load covers, so that it should be
       * here.
       */
      private boolean isSince(FrappeSite.Listed one) {
        ProducerState.TypeState type = state.types().get(doctype);
        String start = type == null ? null : type.startUpdate();
        if (start == null || FrappeTime.parse(start).isEmpty()) {
          return false;
        }
        ProducerState.Load load = Objects.requireNonNull(type).load();
        String since = load == null || load.since().compareTo(start) > 0 ? start : load.since();
        return one.modified().compareTo(since) >= 0 || one.creation().compareTo(since) >= 0;
      }
    }
  }
}
