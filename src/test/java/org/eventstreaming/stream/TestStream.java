package org.eventstreaming.stream;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.main.Application;
import org.eventstreaming.main.SiteConnections;
import org.eventstreaming.mapping.Mappings;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.Nul;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.QuietHours;
import org.eventstreaming.producer.Read;
import org.eventstreaming.producer.Reconcile;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.producer.Source;
import org.eventstreaming.settings.Configuration;
import org.eventstreaming.settings.DocumentRouteSettings;
import org.eventstreaming.settings.HttpSettings;
import org.eventstreaming.settings.PollSettings;
import org.eventstreaming.settings.RequestLimits;
import org.eventstreaming.settings.RetrySettings;
import org.eventstreaming.settings.RouteSettings;
import org.eventstreaming.settings.Settings;
import org.eventstreaming.settings.SyncLogSettings;
import org.eventstreaming.standin.StandInSite;
import org.jspecify.annotations.Nullable;

/**
 * Event Streaming as a test wants it: the real routes and a database of its own, the clock turned
 * by hand, polls started by hand. Ordinary by default.
 */
public final class TestStream implements AutoCloseable {
  private final TestDatabase database;
  private final TestClock clock;
  private final Application application;

  private TestStream(TestDatabase database, TestClock clock, Application application) {
    this.database = database;
    this.clock = clock;
    this.application = application;
  }

  public static Builder following(StandInSite site, ProducerDoctype... doctypes) {
    return new Builder().and(site, Read.LIST, doctypes);
  }

  public static Builder following(StandInSite site, Read read, ProducerDoctype... doctypes) {
    return new Builder().and(site, read, doctypes);
  }

  public static EventProducer producer(StandInSite site, Read read, ProducerDoctype... doctypes) {
    return new EventProducer(
        site.url(),
        "Administrator",
        new Secret(site.apiKey()),
        new Secret(site.apiSecret()),
        read,
        List.of(doctypes));
  }

  /** The same, compared and repaired by the clock, and not looked at by reconciliation. */
  static EventProducer comparedDaily(EventProducer plain) {
    return new EventProducer(
        plain.producerUrl(),
        plain.user(),
        plain.apiKey(),
        plain.apiSecret(),
        plain.source(),
        plain.read(),
        new Reconcile(Duration.ZERO, Duration.ZERO, Duration.ofHours(24)),
        null,
        null,
        plain.target(),
        plain.producerDoctypes());
  }

  public static ProducerDoctype[] sameName(String... doctypes) {
    return Arrays.stream(doctypes).map(ProducerDoctype::sameName).toArray(ProducerDoctype[]::new);
  }

  static HttpSettings http(Duration responseTimeout, int attempts) {
    return HttpSettings.DEFAULT
        .withPort(0)
        .withManagementPort(0)
        .withConnectTimeout(Duration.ofSeconds(5))
        .withResponseTimeout(responseTimeout)
        .withAttempts(attempts);
  }

  /** Calls to sites through the route of this project alone, as commands make them. */
  public static SiteConnections connections(Path project, HttpSettings http) {
    return new SiteConnections(
        project, new Configuration(Settings.defaults(project).with(http), Map.of()));
  }

  /** Polls all producers and works off what is due, as {@code run --once} does. */
  public void pull() {
    application.pullOnce();
  }

  /** Reconciles everything, as it happens from time to time. */
  public void reconcile() {
    clock.advance(Reconcile.DEFAULT.rows());
    send("direct:reconcile");
  }

  public void send(String endpoint) {
    application.send(endpoint);
  }

  public TestDatabase database() {
    return database;
  }

  public Application application() {
    return application;
  }

  public String url() {
    return application.url();
  }

  public TestClock clock() {
    return clock;
  }

  @Override
  public void close() {
    application.close();
    database.close();
  }

  /** Builds it. */
  public static final class Builder {
    private final List<EventProducer> producers = new ArrayList<>();
    private PollSettings poll = PollSettings.DEFAULT;
    private RetrySettings retry = RetrySettings.DEFAULT;
    private SyncLogSettings syncLog = SyncLogSettings.DEFAULT;
    private final Map<String, DocType> doctypes = new HashMap<>();
    private Mappings mappings = Mappings.NONE;
    private boolean serves;
    private @Nullable String url;
    private boolean clocks;
    private Duration responseTimeout = Duration.ofSeconds(20);
    private int attempts = 1;
    private RequestLimits limits = RequestLimits.DEFAULT;
    private Path dataDir = Path.of("target");
    private Path project = Path.of("");
    private DocumentRouteSettings documentRoutes = DocumentRouteSettings.DEFAULT;
    private final Map<String, String> camel = new HashMap<>();

    public Builder and(StandInSite site, Read read, ProducerDoctype... rows) {
      producers.add(producer(site, read, rows));
      return this;
    }

    public Builder and(EventProducer producer) {
      producers.add(producer);
      return this;
    }

    /** Reconciles too, as it does by default outside of tests. */
    public Builder reconciling() {
      return with(Source.UPDATE_LOG);
    }

    /** The same, and finds out which of them are stock sites. */
    public Builder probing() {
      return with(Source.PROBE);
    }

    /** Their webhooks sign with this. */
    public Builder webhookSecret(String text) {
      producers.replaceAll(
          one -> changed(one, one.source(), one.reconcile(), one.quietHours(), new Secret(text)));
      return this;
    }

    /** When only their logs are read, as in a producer file. */
    public Builder quietHours(String hours) {
      producers.replaceAll(
          one ->
              changed(
                  one, one.source(), one.reconcile(), QuietHours.of(hours), one.webhookSecret()));
      return this;
    }

    private Builder with(Source source) {
      producers.replaceAll(
          one -> changed(one, source, Reconcile.DEFAULT, one.quietHours(), one.webhookSecret()));
      return this;
    }

    private static EventProducer changed(
        EventProducer one,
        Source source,
        Reconcile reconcile,
        @Nullable QuietHours quietHours,
        @Nullable Secret webhookSecret) {
      return new EventProducer(
          one.producerUrl(),
          one.user(),
          one.apiKey(),
          one.apiSecret(),
          source,
          one.read(),
          reconcile,
          quietHours,
          webhookSecret,
          one.target(),
          one.producerDoctypes());
    }

    /** NUL characters are removed from their texts. */
    public Builder strippingNul() {
      producers.replaceAll(
          one ->
              new EventProducer(
                  one.producerUrl(),
                  one.user(),
                  one.apiKey(),
                  one.apiSecret(),
                  one.source(),
                  one.read(),
                  one.reconcile(),
                  one.quietHours(),
                  one.webhookSecret(),
                  one.target(),
                  Nul.STRIP,
                  one.producerDoctypes()));
      return this;
    }

    /** The producers as they are now. */
    public List<EventProducer> producers() {
      return List.copyOf(producers);
    }

    public Builder page(int entries) {
      poll = new PollSettings(poll.period(), poll.overlap(), entries, poll.lease());
      return this;
    }

    public Builder overlap(Duration overlap) {
      poll = new PollSettings(poll.period(), overlap, poll.page(), poll.lease());
      return this;
    }

    public Builder lease(Duration lease) {
      poll = new PollSettings(poll.period(), poll.overlap(), poll.page(), lease);
      return this;
    }

    public Builder attempts(int attempts) {
      retry = new RetrySettings(attempts, retry.period(), retry.first());
      return this;
    }

    /**
     * How often a read is made that fails in passing; once unless said, so that a test sees each
     * failure.
     */
    public Builder reads(int most) {
      attempts = most;
      return this;
    }

    public Builder responseTimeout(Duration timeout) {
      responseTimeout = timeout;
      return this;
    }

    public Builder dataDir(Path directory) {
      dataDir = directory;
      return this;
    }

    public Builder syncLog(SyncLogSettings settings) {
      syncLog = settings;
      return this;
    }

    public Builder doctype(DocType definition) {
      doctypes.put(definition.name(), definition);
      return this;
    }

    public Builder mappings(Mappings known) {
      mappings = known;
      return this;
    }

    /** Polls and retries go by the clock, as in {@code run}. */
    public Builder byTheClock(Duration period) {
      poll = new PollSettings(period, poll.overlap(), poll.page(), poll.lease());
      clocks = true;
      return this;
    }

    /** As {@code eventstreaming.url} says it. */
    public Builder url(String ours) {
      url = ours;
      return this;
    }

    public Builder serving() {
      serves = true;
      return this;
    }

    /** What a caller may take. */
    public Builder serving(RequestLimits limits) {
      this.limits = limits;
      return serving();
    }

    /** With the routes of this project. */
    public Builder project(Path directory) {
      project = directory;
      return this;
    }

    /** A key of the configuration file that is Camel's, or one that a route names. */
    public Builder property(String key, String value) {
      camel.put(key, value);
      return this;
    }

    public Builder documentRoutes(int parallel, Duration timeout) {
      documentRoutes = new DocumentRouteSettings(parallel, timeout);
      return this;
    }

    public TestStream start() {
      TestDatabase database = TestDatabase.create();
      try {
        return start(database);
      } catch (RuntimeException e) {
        database.close();
        throw e;
      }
    }

    /** The same on a database that exists: as after a restart. */
    public TestStream start(TestDatabase database) {
      TestClock clock = new TestClock();
      Settings settings =
          new Settings(
              url,
              http(responseTimeout, attempts).withLimits(limits),
              database.databaseSettings(),
              dataDir,
              poll,
              retry,
              syncLog,
              RouteSettings.DEFAULT,
              documentRoutes);
      try {
        return new TestStream(
            database,
            clock,
            Application.start(
                database.database(),
                new Application.Plan(
                    project,
                    settings,
                    // clocks of contexts of one name are one: to stop one would stop the next
                    named("event-streaming-" + UUID.randomUUID()),
                    producers,
                    doctypes,
                    mappings,
                    clock,
                    clocks,
                    serves,
                    false)));
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    private Map<String, String> named(String context) {
      Map<String, String> all = new HashMap<>(camel);
      all.put("camel.main.name", context);
      return all;
    }
  }

  /** A clock that stands still until it is turned. */
  public static final class TestClock extends Clock {
    // as exact as the database keeps it
    private volatile Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.MICROS);

    public void advance(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }
}
