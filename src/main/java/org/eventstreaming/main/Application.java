package org.eventstreaming.main;

import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.component.seda.SedaEndpoint;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.eventstreaming.accept.AcceptUpdate;
import org.eventstreaming.accept.FailUpdate;
import org.eventstreaming.apply.ApplyUpdates;
import org.eventstreaming.apply.CompareDocuments;
import org.eventstreaming.apply.PlanUpdates;
import org.eventstreaming.attachment.ContentFiles;
import org.eventstreaming.attachment.CopyAttachment;
import org.eventstreaming.attachment.DropAttachments;
import org.eventstreaming.attachment.FindAttachments;
import org.eventstreaming.attachment.TakeTurn;
import org.eventstreaming.callback.AnswerCallBack;
import org.eventstreaming.camel.AskDocumentRoute;
import org.eventstreaming.camel.AskRoute;
import org.eventstreaming.camel.CamelCommands;
import org.eventstreaming.camel.HttpSiteCalls;
import org.eventstreaming.camel.LimitedServers;
import org.eventstreaming.camel.LogRefusals;
import org.eventstreaming.camel.OneTransaction;
import org.eventstreaming.camel.OurHeaders;
import org.eventstreaming.camel.ReadCallBack;
import org.eventstreaming.camel.SiteKeys;
import org.eventstreaming.camel.SplitPage;
import org.eventstreaming.camel.StandingClocks;
import org.eventstreaming.camel.StreamHealth;
import org.eventstreaming.camel.WriteBeside;
import org.eventstreaming.condition.Conditions;
import org.eventstreaming.definition.KnowDocTypes;
import org.eventstreaming.definition.KnownDocTypes;
import org.eventstreaming.definition.ShowDocTypes;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.document.FindLinks;
import org.eventstreaming.expression.FrappeReads;
import org.eventstreaming.expression.Scope;
import org.eventstreaming.extension.CallDocumentRoutes;
import org.eventstreaming.extension.RunDocumentRoutes;
import org.eventstreaming.fetch.FetchFullStates;
import org.eventstreaming.files.FilesRefused;
import org.eventstreaming.files.Problem;
import org.eventstreaming.mapping.MapUpdates;
import org.eventstreaming.mapping.Mappings;
import org.eventstreaming.naming.NameDocument;
import org.eventstreaming.poll.DropKnown;
import org.eventstreaming.poll.FetchAhead;
import org.eventstreaming.poll.LoadDocuments;
import org.eventstreaming.poll.OverlapPages;
import org.eventstreaming.poll.OwnAddress;
import org.eventstreaming.poll.ReadChanges;
import org.eventstreaming.poll.ReadDocuments;
import org.eventstreaming.poll.ReadDueEntries;
import org.eventstreaming.poll.ReadUpdateLog;
import org.eventstreaming.poll.RecordPoll;
import org.eventstreaming.poll.Subscribe;
import org.eventstreaming.poll.TakeLease;
import org.eventstreaming.postgres.Database;
import org.eventstreaming.postgres.JoiningDataSource;
import org.eventstreaming.postgres.PostgresApiKeys;
import org.eventstreaming.postgres.PostgresAttachments;
import org.eventstreaming.postgres.PostgresDocTypeViews;
import org.eventstreaming.postgres.PostgresDocTypes;
import org.eventstreaming.postgres.PostgresDocumentStore;
import org.eventstreaming.postgres.PostgresOpenedMasters;
import org.eventstreaming.postgres.PostgresProducerStates;
import org.eventstreaming.postgres.PostgresReads;
import org.eventstreaming.postgres.PostgresSeries;
import org.eventstreaming.postgres.PostgresSiteLinks;
import org.eventstreaming.postgres.PostgresSyncLog;
import org.eventstreaming.postgres.PostgresUnreadableFields;
import org.eventstreaming.postgres.Transactions;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.resolve.ResolveDependencies;
import org.eventstreaming.select.SelectUpdates;
import org.eventstreaming.settings.DataDirectory;
import org.eventstreaming.settings.HttpSettings;
import org.eventstreaming.settings.Settings;
import org.eventstreaming.site.Callers;
import org.eventstreaming.site.FetchDocuments;
import org.eventstreaming.site.FrappeSites;
import org.eventstreaming.site.LeaveAlone;
import org.eventstreaming.site.RepeatReads;
import org.eventstreaming.site.SiteFailure;
import org.eventstreaming.store.DocTypeStore;
import org.eventstreaming.store.DocumentStore;
import org.eventstreaming.store.LearntDocType;
import org.eventstreaming.store.OpenedMasters;
import org.eventstreaming.store.ReadStoredDocuments;
import org.eventstreaming.store.SiteLinks;
import org.eventstreaming.store.StoreOutage;
import org.eventstreaming.store.UnreadableFields;
import org.eventstreaming.synclog.AdvanceCursor;
import org.eventstreaming.synclog.ListFailures;
import org.eventstreaming.synclog.WriteSyncLog;
import org.eventstreaming.target.CheckTargets;
import org.eventstreaming.target.DocumentsOfProducers;
import org.eventstreaming.target.HideOpenings;
import org.eventstreaming.target.RestoreMasters;
import org.eventstreaming.target.SayContents;
import org.eventstreaming.target.SettleCreations;
import org.eventstreaming.target.TargetFailed;
import org.eventstreaming.target.Targets;
import org.eventstreaming.target.WriteAsHistory;
import org.eventstreaming.target.WriteToSite;
import org.eventstreaming.update.AcceptedUpdate;
import org.eventstreaming.update.Comparison;
import org.eventstreaming.update.DocumentRoutes;
import org.eventstreaming.update.LeaseHolder;
import org.eventstreaming.update.LeaseTaken;
import org.eventstreaming.update.UpdateType;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.quartz.SchedulerException;

/**
 * Event Streaming as it runs: the routes, what they call by name, and the server that producers
 * call. One process, one context.
 */
public final class Application implements AutoCloseable {
  private static final Duration PATIENCE_FOR_DEFINITIONS = Duration.ofSeconds(10);
  private static final int LOOKS = 2;
  private static final Duration MOMENT = Duration.ofSeconds(1);

  private final DataSource pool;
  private final Plan plan;
  private final RouteFiles files;
  private final ComponentJars components;
  private final Main main = new Main();
  private final ScheduledExecutorService heart =
      Executors.newScheduledThreadPool(1, daemons("lease"));

  /**
   * Two threads for each producer that is being pulled from, one of which writes: never more than
   * twice as many as there are producers.
   */
  private final ExecutorService pulls = Executors.newCachedThreadPool(daemons("pull"));

  /** As many threads as the settings let calls run at once for each pull. */
  private final ExecutorService documentCalls =
      Executors.newCachedThreadPool(daemons("document-route"));

  private final Callers callers = new Callers();
  private final StoreOutage outage = new StoreOutage("the database");
  private final StoreOutage fileOutage = new StoreOutage("the attached files");
  private final int port;
  private final int managementPort;
  private final LogRefusals logRefusals;
  private final @Nullable LimitedServers servers;
  private @Nullable HttpSiteCalls calls;

  private Application(DataSource pool, Plan plan, RouteFiles files) {
    this.pool = pool;
    this.plan = plan;
    this.files = files;
    int requested = plan.settings().http().port();
    // where this process does not serve, it is where one will
    this.port =
        plan.serves() || requested == 0 ? chosen(requested, "eventstreaming.http.port") : requested;
    this.managementPort =
        plan.serves()
            ? chosen(plan.settings().http().managementPort(), "eventstreaming.management.port")
            : 0;
    this.components = ComponentJars.open(plan.project());
    this.logRefusals = new LogRefusals(plan.clock());
    this.servers =
        plan.serves() ? new LimitedServers(plan.settings().http().limits(), logRefusals) : null;
  }

  /**
   * What is to run.
   *
   * @param project where {@code routes/} is looked for
   * @param doctypes the definitions of the files, by name
   * @param mappings what the rows of the producers name
   * @param clocks whether polls and retries go by the clock; else they are started by hand
   * @param serves whether producers can call us
   * @param camel keys of the configuration file that are Camel's
   * @param acceptReplaced whether files that replace those of another version are taken as they are
   */
  public record Plan(
      Path project,
      Settings settings,
      Map<String, String> camel,
      List<EventProducer> producers,
      Map<String, DocType> doctypes,
      Mappings mappings,
      Clock clock,
      boolean clocks,
      boolean serves,
      boolean acceptReplaced) {
    public Plan {
      camel = Map.copyOf(camel);
      producers = List.copyOf(producers);
      doctypes = Map.copyOf(doctypes);
    }

    /** The same, offline: by no clock, and no producer can call. */
    Plan offline() {
      return new Plan(
          project,
          settings,
          camel,
          producers,
          doctypes,
          mappings,
          clock,
          false,
          false,
          acceptReplaced);
    }
  }

  /**
   * Starts; when it returns the routes run and the server answers. The database stays the caller's.
   *
   * @throws org.eventstreaming.files.FilesRefused when the routes cannot run as they are written
   * @throws CheckTargets.Refused when documents of a producer went elsewhere than its file says
   * @throws DataDirectory.Refused when the data directory is not this user's alone
   */
  public static Application start(Database database, Plan plan) throws Exception {
    Application application = new Application(database.pool(), plan, CheckRoutes.files(plan));
    try {
      if (Files.isDirectory(plan.settings().dataDir())) {
        DataDirectory.claim(plan.settings().dataDir());
        new ContentFiles(plan.settings().dataDir()).claim();
      }
      Transactions transactions = new Transactions(database.pool());
      PostgresProducerStates states =
          new PostgresProducerStates(transactions, plan.settings().poll().lease());
      new CheckTargets(new PostgresSiteLinks(transactions)).check(plan.producers());
      plan.producers().forEach(states::ensure);
      Instant now = plan.clock().instant();
      new PostgresDocTypes(transactions)
          .keep(
              plan.doctypes().values().stream()
                  .map(inFile -> new LearntDocType(inFile, DocTypeStore.FILE, now))
                  .toList());
      application.start(application.files.pattern(), true);
      return application;
    } catch (Exception | Error e) {
      application.close();
      throw e;
    }
  }

  /** Builds these routes and starts none of them: needs neither a database nor a network. */
  static Application unstarted(Plan plan, RouteFiles files, String routes) {
    Application application = new Application(new PGSimpleDataSource(), plan, files);
    try {
      application.start(routes, false);
      return application;
    } catch (RuntimeException | Error e) {
      application.close();
      throw e;
    }
  }

  /**
   * Polls every producer once, works off what is due, reconciles where it is time for that, loads
   * what is requested of the documents from before, copies attached files where they are requested,
   * and brings the views up to date. Returns when all of it is done.
   */
  public void pullOnce() {
    send("direct:poll");
    send("direct:retry");
    send("direct:reconcile");
    send("direct:load");
    send("direct:attachments");
    awaitTurns();
    send("direct:views");
  }

  /** What was refused because another pull of its producer went on is done afterwards, aside. */
  private void awaitTurns() {
    CamelContext context = main.getCamelContext();
    // one look may fall between the queue and the route
    int idle = 0;
    while (idle < LOOKS && isPaused()) {
      idle = isTurnUnderWay(context) ? 0 : idle + 1;
    }
  }

  private static boolean isTurnUnderWay(CamelContext context) {
    return Stream.of("turns", "notified")
        .anyMatch(
            route ->
                context.getInflightRepository().size(route) > 0
                    || (context.hasEndpoint("seda:" + route) instanceof SedaEndpoint waiting
                        && !waiting.getQueue().isEmpty()));
  }

  /** Polls one producer, whatever the clock says. How it went is reported in its state. */
  public void poll(EventProducer producer) {
    main.getCamelContext().createProducerTemplate().sendBody("direct:poll-producer", producer);
  }

  /**
   * Loads documents that were there before, anew. Returns when all are here, or when the producer
   * does not answer, its hours are quiet or another pull does not end: its state says why.
   *
   * @param doctypes in its words
   * @param since those that changed from then on; in Frappe's form
   */
  public void load(EventProducer producer, Collection<String> doctypes, String since) {
    loadDocuments().request(producer, doctypes, since);
    main.getCamelContext().createProducerTemplate().sendBody("direct:load-producer", producer);
  }

  /** Ends that where it stands. */
  public void cancelLoads(EventProducer producer, Collection<String> doctypes) {
    loadDocuments().cancel(producer, doctypes);
  }

  /** Who has the lease of a producer just now. */
  public Optional<LeaseHolder> leaseHolder(String producerUrl) {
    return Optional.ofNullable(
        new PostgresProducerStates(new Transactions(pool), plan.settings().poll().lease())
            .hindrance(producerUrl)
            .holder());
  }

  private LoadDocuments loadDocuments() {
    return main.getCamelContext()
        .getRegistry()
        .lookupByNameAndType("loadDocuments", LoadDocuments.class);
  }

  /**
   * Compares documents there and here and, where that is requested, repairs what differs. Returns
   * when all is reported.
   *
   * @throws SiteFailure when the producer does not answer
   * @throws TargetFailed when its target site does not
   * @throws LeaseTaken when another pull from it does not end
   */
  public void compare(Comparison comparison) {
    try {
      main.getCamelContext().createProducerTemplate().sendBody("direct:compare", comparison);
    } catch (CamelExecutionException e) {
      // each route wraps it once more
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof SiteFailure failed) {
          throw failed;
        }
        if (cause instanceof LeaseTaken taken) {
          throw taken;
        }
        if (cause instanceof TargetFailed failed) {
          throw failed;
        }
      }
      throw e;
    }
  }

  /** Starts a route and waits until it is done. */
  public void send(String endpoint) {
    main.getCamelContext().createProducerTemplate().sendBody(endpoint, null);
  }

  /** Our own address as producers see it. */
  public String url() {
    return Objects.requireNonNullElse(plan.settings().url(), plan.settings().http().address(port));
  }

  /** Where health is asked for; only where producers can call us too. */
  public String healthUrl() {
    return plan.settings().http().address(managementPort) + "/observe/health";
  }

  public CamelContext context() {
    return main.getCamelContext();
  }

  @Override
  public void close() {
    if (!plan.clocks()) {
      finishWhatIsUnderWay();
    }
    main.stop();
    if (servers != null) {
      servers.close();
    }
    if (calls != null) {
      calls.close();
    }
    heart.shutdownNow();
    pulls.shutdownNow();
    documentCalls.shutdownNow();
    callers.close();
    components.close();
  }

  /** A view, mostly. Camel would look again after a second only. */
  private void finishWhatIsUnderWay() {
    CamelContext context = main.getCamelContext();
    long latest = System.nanoTime() + MOMENT.toNanos();
    while (context != null
        && isSomethingUnderWay(context)
        && System.nanoTime() < latest
        && isPaused()) {
      // it ends by itself
    }
  }

  /** Lets a moment pass; false where we are to stop. */
  private static boolean isPaused() {
    try {
      Thread.sleep(10);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean isSomethingUnderWay(CamelContext context) {
    return context.getEndpoints().stream()
            .anyMatch(one -> one instanceof SedaEndpoint waiting && !waiting.getQueue().isEmpty())
        || context.getInflightRepository().size() > 0;
  }

  private void start(String routes, boolean running) {
    main.setOverrideProperties(overrides(routes, running));
    main.setInitialProperties(properties());
    main.addMainListener(
        new MainListenerSupport() {
          @Override
          public void beforeInitialize(BaseMainSupport starting) {
            components.offer(starting.getCamelContext());
            if (!running || !plan.clocks()) {
              stand(starting.getCamelContext());
            }
            bind(starting.getCamelContext());
          }

          @Override
          public void afterConfigure(BaseMainSupport configured) {
            List<Problem> problems =
                running ? CheckRoutes.built(files, configured.getCamelContext()) : List.of();
            if (!problems.isEmpty()) {
              throw new FilesRefused(problems);
            }
          }
        });
    RouteProblems.start(main, files);
    if (servers != null) {
      takeRequests(servers);
    }
  }

  /**
   * Frappe sites put the content type of a form on requests that have no body, which the server
   * would refuse (protocol: frappe-wire 2.2). What a webhook signed must come through as it is,
   * whatever type somebody gave it.
   */
  private void takeRequests(LimitedServers servers) {
    VertxPlatformHttpRouter server =
        VertxPlatformHttpRouter.lookup(
            main.getCamelContext(), VertxPlatformHttpRouter.getRouterNameFromPort(port));
    server
        .route()
        .order(-4)
        .handler(
            request -> {
              if (request.request().method().equals(HttpMethod.GET)
                  || request.request().path().startsWith(EventProducer.WEBHOOKS)) {
                request.request().headers().remove("Content-Type");
              }
              request.next();
            });
    servers.limit(server);
    servers.limit(
        VertxPlatformHttpRouter.lookup(
            main.getCamelContext(), VertxPlatformHttpRouter.getRouterNameFromPort(managementPort)));
  }

  private static void stand(CamelContext context) {
    try {
      context
          .getComponent("quartz", QuartzComponent.class)
          .setSchedulerFactory(new StandingClocks());
    } catch (SchedulerException e) {
      throw new IllegalStateException(e);
    }
  }

  private void bind(CamelContext context) {
    Settings settings = plan.settings();
    Transactions transactions = new Transactions(pool);
    PostgresProducerStates states =
        new PostgresProducerStates(transactions, settings.poll().lease());
    PostgresSyncLog syncLog =
        new PostgresSyncLog(transactions, settings.retry(), settings.syncLog(), plan.clock());
    PostgresApiKeys keys = new PostgresApiKeys(transactions);
    SiteKeys siteKeys = new SiteKeys();
    calls = new HttpSiteCalls(context, siteKeys);
    FrappeSites sites =
        new FrappeSites(
            new LeaveAlone(calls, plan.clock()),
            plan.clock(),
            new RepeatReads(settings.http().attempts(), plan.clock(), RepeatReads.Waiting::real));
    KnownDocTypes doctypes = new KnownDocTypes(plan.doctypes());
    FindLinks findLinks = new FindLinks(doctypes);
    UnreadableFields unreadable = new PostgresUnreadableFields(transactions);
    OpenedMasters masters = new PostgresOpenedMasters(transactions);
    HideOpenings hideOpenings = new HideOpenings(masters);
    SayContents sayContents = new SayContents(sites, doctypes);
    FetchDocuments documents =
        new FetchDocuments(
            sites,
            doctypes,
            callers,
            unreadable::saw,
            (url, read) ->
                sayContents.ofProducer(plan.producers(), url, hideOpenings.asBefore(url, read)),
            plan.clock());
    FetchAhead fetchAhead = new FetchAhead(documents);
    KnowDocTypes knowDocTypes =
        new KnowDocTypes(
            sites,
            new PostgresDocTypes(transactions),
            doctypes,
            callers,
            plan.clock(),
            PATIENCE_FOR_DEFINITIONS);
    PostgresDocumentStore ours = new PostgresDocumentStore(transactions);
    Targets targets = new Targets(sites, callers, doctypes, states, unreadable, plan.clock());
    SiteLinks links = new PostgresSiteLinks(transactions);
    DocumentStore store = new DocumentsOfProducers(ours, plan.producers(), targets, links);
    FrappeReads reads = new PostgresReads(transactions);
    MapUpdates mapUpdates =
        new MapUpdates(
            plan.mappings(),
            doctypes,
            new AskRoute(context),
            document -> Scope.of(document, plan.clock()).withReads(reads));
    DocumentRoutes documentRoutes =
        new RunDocumentRoutes(
            new AskDocumentRoute(context), doctypes, settings.documentRoutes(), documentCalls);
    CallDocumentRoutes callDocumentRoutes = new CallDocumentRoutes(documentRoutes);
    Conditions conditions =
        new Conditions(doctypes, new CamelCommands(context, url()), plan.clock());
    OwnAddress own = new OwnAddress(url(), settings.url() != null, plan.serves());
    PostgresAttachments attachments = new PostgresAttachments(transactions);
    ContentFiles contents = new ContentFiles(settings.dataDir());
    TakeTurn turns = new TakeTurn(attachments, states, outage, fileOutage, plan.clock());
    FindAttachments findAttachments =
        new FindAttachments(sites, attachments, states, settings.poll().overlap(), plan.clock());

    WriteAsHistory history =
        new WriteAsHistory(new WriteToSite(targets, links, plan.producers()), targets, masters);
    PlanUpdates planUpdates =
        new PlanUpdates(
            store,
            targets,
            links,
            history,
            syncLog,
            doctypes,
            findLinks,
            new NameDocument(plan.clock(), new SecureRandom()),
            new PostgresSeries(transactions),
            unreadable);
    OverlapPages overlapPages = new OverlapPages(mapUpdates::readsDocuments, pulls);
    Map<String, Object> beans =
        Map.ofEntries(
            Map.entry("eventStreaming", new JoiningDataSource(pool, transactions)),
            Map.entry("pulls", pulls),
            Map.entry("logRefusals", logRefusals),
            Map.entry("oneTransaction", new OneTransaction(transactions)),
            // for the language frappe
            Map.entry("clock", plan.clock()),
            Map.entry("frappeReads", reads),
            Map.entry("siteKeys", siteKeys),
            Map.entry("splitPage", new SplitPage()),
            Map.entry("ourHeaders", new OurHeaders()),
            Map.entry("readCallBack", new ReadCallBack()),
            Map.entry("answerCallBack", new AnswerCallBack(plan.producers(), states, keys)),
            Map.entry("eventProducers", new EventProducers(plan.producers())),
            Map.entry("takeLease", new TakeLease(states, heart, settings.poll().lease())),
            Map.entry("recordPoll", new RecordPoll(states, outage, plan.clock())),
            Map.entry("subscribe", new Subscribe(sites, states, keys, own, plan.clock())),
            Map.entry(
                "readUpdateLog",
                new ReadUpdateLog(sites, states, syncLog, conditions, settings.poll())),
            Map.entry(
                "readChanges",
                new ReadChanges(
                    sites,
                    callers,
                    states,
                    store,
                    syncLog,
                    doctypes,
                    knowDocTypes,
                    fetchAhead,
                    findLinks,
                    conditions,
                    documentRoutes,
                    settings.poll(),
                    plan.clock())),
            Map.entry(
                "loadDocuments",
                new LoadDocuments(
                    sites,
                    states,
                    store,
                    syncLog,
                    doctypes,
                    knowDocTypes,
                    fetchAhead,
                    conditions,
                    settings.poll(),
                    plan.clock())),
            Map.entry(
                "readDocuments",
                new ReadDocuments(
                    sites,
                    states,
                    store,
                    syncLog,
                    doctypes,
                    knowDocTypes,
                    findLinks,
                    conditions,
                    settings.poll(),
                    plan.clock())),
            Map.entry("readDueEntries", new ReadDueEntries(states, syncLog, settings.poll())),
            Map.entry("restoreMasters", new RestoreMasters(targets, masters)),
            Map.entry("hideOpenings", hideOpenings),
            Map.entry("settleCreations", new SettleCreations(targets, links, documents)),
            Map.entry("dropKnown", new DropKnown(syncLog)),
            Map.entry("overlapPages", overlapPages),
            Map.entry("writeBeside", new WriteBeside(context, overlapPages)),
            Map.entry("acceptUpdate", new AcceptUpdate()),
            Map.entry("failUpdate", new FailUpdate()),
            Map.entry(
                "fetchFullStates",
                new FetchFullStates(
                    syncLog,
                    documents,
                    new ReadStoredDocuments(store),
                    conditions,
                    (producer, update) ->
                        mapUpdates.needsWhole(update)
                            || callDocumentRoutes.needsWhole(update)
                            || leavesOpen(findLinks, update)
                            || sayContents.isMissing(producer, update))),
            Map.entry("selectUpdates", new SelectUpdates(conditions)),
            Map.entry("callDocumentRoutes", callDocumentRoutes),
            Map.entry("mapUpdates", mapUpdates),
            Map.entry("knowDocTypes", knowDocTypes),
            Map.entry(
                "resolveDependencies",
                new ResolveDependencies(
                    store,
                    syncLog,
                    documents,
                    knowDocTypes,
                    findLinks,
                    mapUpdates,
                    documentRoutes)),
            Map.entry(
                "showDocTypes",
                new ShowDocTypes(doctypes, new PostgresDocTypeViews(transactions), plan.clock())),
            Map.entry("planUpdates", planUpdates),
            Map.entry(
                "applyUpdates",
                new ApplyUpdates(planUpdates, store, ours, history, syncLog, doctypes)),
            Map.entry(
                "compareDocuments",
                new CompareDocuments(
                    store,
                    targets,
                    links,
                    syncLog,
                    doctypes,
                    findLinks,
                    new NameDocument(plan.clock(), new SecureRandom()),
                    unreadable,
                    mapUpdates::added)),
            Map.entry("takeTurn", turns),
            Map.entry("findAttachments", findAttachments),
            Map.entry(
                "dropAttachments",
                new DropAttachments(sites, attachments, contents, turns, plan.clock())),
            Map.entry(
                "copyAttachment",
                new CopyAttachment(
                    sites, attachments, contents, findAttachments, turns, plan.clock())),
            Map.entry("writeSyncLog", new WriteSyncLog(syncLog, links, states)),
            Map.entry("listFailures", new ListFailures()),
            Map.entry("advanceCursor", new AdvanceCursor(states)));
    beans.forEach(context.getRegistry()::bind);
    if (servers != null) {
      context.getRegistry().bind("vertx", servers.vertx());
      HealthCheckRegistry.get(context)
          .register(
              new StreamHealth(
                  () -> outage.current().or(fileOutage::current),
                  () ->
                      states.failures(
                          plan.producers().stream().map(EventProducer::producerUrl).toList())));
    }
  }

  private static boolean leavesOpen(FindLinks findLinks, AcceptedUpdate update) {
    return update.type() == UpdateType.UPDATE
        && findLinks.leavesOpen(
            update.rule().remoteDoctype(), Objects.requireNonNull(update.content()));
  }

  private Properties overrides(String routes, boolean running) {
    HttpSettings http = plan.settings().http();
    Properties properties = new Properties();
    properties.put("camel.main.routesIncludePattern", routes);
    properties.put("camel.main.autoStartup", Boolean.toString(running));
    properties.put("camel.main.sourceLocationEnabled", Boolean.toString(!running));
    properties.put("camel.server.enabled", Boolean.toString(plan.serves()));
    properties.put("camel.management.enabled", Boolean.toString(plan.serves()));
    if (plan.serves()) {
      properties.put("camel.server.host", http.host());
      properties.put("camel.server.port", Integer.toString(port));
      properties.put("camel.server.maxBodySize", Long.toString(http.limits().bodySize()));
      properties.put("camel.management.host", http.host());
      properties.put("camel.management.port", Integer.toString(managementPort));
      properties.put("camel.management.healthCheckEnabled", "true");
      properties.put("camel.health.enabled", "true");
    }
    List<String> idle = new ArrayList<>();
    if (!plan.clocks()) {
      idle.addAll(
          List.of(
              "poll-clock",
              "reconcile-clock",
              "load-clock",
              "retry-clock",
              "compare-clock",
              "attachments-clock",
              "housekeeping"));
    }
    if (!plan.serves()) {
      idle.add("callbacks");
    }
    if (!idle.isEmpty()) {
      properties.put("camel.main.autoStartupExcludePattern", String.join(",", idle));
      // what is not meant to run is not missing
      properties.put(
          "camel.health.excludePattern",
          idle.stream()
              .flatMap(route -> Stream.of("route:" + route, "consumer:" + route))
              .collect(Collectors.joining(",")));
    }
    return properties;
  }

  private Properties properties() {
    Settings settings = plan.settings();
    Properties properties = new Properties();
    properties.put("camel.main.name", "event-streaming");
    properties.put("camel.main.autoConfigurationLogSummary", "false");
    properties.put("camel.main.startupSummaryLevel", "Off");
    properties.put("camel.main.shutdownTimeout", "20");
    properties.put("camel.main.jmxEnabled", "false");
    properties.put("poll.period.millis", Long.toString(settings.poll().period().toMillis()));
    properties.put("retry.period.millis", Long.toString(settings.retry().period().toMillis()));
    properties.put("sync-log.keep.hours", Long.toString(settings.syncLog().keep().toHours()));
    properties.putAll(SiteConnections.properties(settings.http()));
    // a step says itself when a request is repeated: see the error handlers of the routes
    for (String component : List.of("http", "https")) {
      for (String option : List.of("automaticRetries", "cookieManagement", "redirectHandling")) {
        properties.put("camel.component.%s.%sDisabled".formatted(component, option), "true");
      }
    }
    properties.putAll(plan.camel());
    return properties;
  }

  /** The port itself, or a free one for 0; refused with the setting's name where it is in use. */
  private int chosen(int requested, String setting) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(plan.settings().http().host(), requested));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new PortInUse(
          setting
              + " "
              + requested
              + " of "
              + plan.settings().http().host()
              + " cannot be used: "
              + e.getMessage()
              + ". Is another Event Streaming running? Set "
              + setting
              + " to a free port, or to 0.",
          e);
    }
  }

  private static ThreadFactory daemons(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** A port that we are to serve on is not to be had. */
  public static final class PortInUse extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PortInUse(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
