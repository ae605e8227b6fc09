package org.eventstreaming.settings;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.producer.SiteUrl;
import org.jspecify.annotations.Nullable;

/** Each setting: its key, its type, what it is for, and what its text changes. */
enum Setting {
  URL(
      "eventstreaming.url",
      Type.ADDRESS,
      "Address of this program as producers see it: http or https, host and port, without a path. It is the name of the Event Consumer there. Without it: http, the host and the port below.",
      all -> all.url(),
      (all, text) -> all.withUrl(SiteUrl.of(text))),
  HTTP_HOST(
      "eventstreaming.http.host",
      Type.TEXT,
      "Address that the program listens on.",
      all -> all.http().host(),
      (all, text) -> all.with(all.http().withHost(text))),
  HTTP_PORT(
      "eventstreaming.http.port",
      Type.NUMBER,
      "Port for notifications and webhooks, 0 to 65535; 0 picks a free port.",
      all -> all.http().port(),
      (all, text) -> all.with(all.http().withPort(number(text)))),
  HTTP_CONNECT_TIMEOUT(
      "eventstreaming.http.connect-timeout",
      Type.LENGTH,
      "Time limit for connecting to a site, longer than 0.",
      all -> LengthOfTime.text(all.http().connectTimeout()),
      (all, text) -> all.with(all.http().withConnectTimeout(LengthOfTime.of(text)))),
  HTTP_RESPONSE_TIMEOUT(
      "eventstreaming.http.response-timeout",
      Type.LENGTH,
      "Longest silence of a site during its answer, longer than 0. Frappe itself gives up after 120 s.",
      all -> LengthOfTime.text(all.http().responseTimeout()),
      (all, text) -> all.with(all.http().withResponseTimeout(LengthOfTime.of(text)))),
  HTTP_ATTEMPTS(
      "eventstreaming.http.attempts",
      Type.NUMBER,
      "Attempts of a read that fails with a transient error before the pull ends, 1 to 20.",
      all -> all.http().attempts(),
      (all, text) -> all.with(all.http().withAttempts(number(text)))),
  HTTP_HEADER_TIMEOUT(
      "eventstreaming.http.header-timeout",
      Type.LENGTH,
      "Time limit for the header of the first request of a new connection, longer than 0.",
      all -> LengthOfTime.text(all.http().limits().header()),
      (all, text) -> limited(all, all.http().limits().withHeader(LengthOfTime.of(text)))),
  HTTP_BODY_TIMEOUT(
      "eventstreaming.http.body-timeout",
      Type.LENGTH,
      "Time limit for the body of a request, after its header, longer than 0.",
      all -> LengthOfTime.text(all.http().limits().body()),
      (all, text) -> limited(all, all.http().limits().withBody(LengthOfTime.of(text)))),
  HTTP_IDLE_TIMEOUT(
      "eventstreaming.http.idle-timeout",
      Type.LENGTH,
      "Time limit between an answer and the complete header of the next request on a connection, longer than 0.",
      all -> LengthOfTime.text(all.http().limits().idle()),
      (all, text) -> limited(all, all.http().limits().withIdle(LengthOfTime.of(text)))),
  HTTP_CONNECTIONS(
      "eventstreaming.http.connections",
      Type.NUMBER,
      "Connections that callers may have open at a time on each of the two ports, 1 to 10000.",
      all -> all.http().limits().connections(),
      (all, text) -> limited(all, all.http().limits().withConnections(number(text)))),
  HTTP_BODY_SIZE(
      "eventstreaming.http.body-size",
      Type.SIZE,
      "Largest body of a request, 1KB to 100MB. Bodies are read into memory.",
      all -> SizeOfFile.text(all.http().limits().bodySize()),
      (all, text) -> limited(all, all.http().limits().withBodySize(SizeOfFile.of(text)))),
  MANAGEMENT_PORT(
      "eventstreaming.management.port",
      Type.NUMBER,
      "Port for health and readiness, 0 to 65535; 0 picks a free port.",
      all -> all.http().managementPort(),
      (all, text) -> all.with(all.http().withManagementPort(number(text)))),
  DATABASE_URL(
      "eventstreaming.database.url",
      Type.ADDRESS,
      "JDBC address of a PostgreSQL server, version 13 or newer: jdbc:postgresql://host/database. Without it an embedded server runs in the data directory.",
      all -> all.database().url(),
      (all, text) ->
          all.with(new DatabaseSettings(text, all.database().user(), all.database().password()))),
  DATABASE_USER(
      "eventstreaming.database.user",
      Type.TEXT,
      "User of that server.",
      all -> all.database().user(),
      (all, text) ->
          all.with(new DatabaseSettings(all.database().url(), text, all.database().password()))),
  DATABASE_PASSWORD(
      "eventstreaming.database.password",
      Type.SECRET,
      "Password of that user, as a placeholder; no message shows it.",
      all -> all.database().password(),
      (all, text) ->
          all.with(
              new DatabaseSettings(all.database().url(), all.database().user(), new Secret(text)))),
  DATA_DIR(
      "eventstreaming.data-dir",
      Type.PATH,
      "Directory of the embedded database and of everything else that is kept on disk, relative to the project directory. Other users have no access.",
      all -> all.dataDir(),
      Settings::withDataDir),
  // before the overlap, which it may have to be longer than
  SYNC_LOG_KEEP(
      "eventstreaming.sync-log.keep",
      Type.LENGTH,
      "Age at which Synced rows, and what is remembered of entries that were passed over, are removed; at least 1 day and not shorter than the overlap.",
      all -> LengthOfTime.text(all.syncLog().keep()),
      (all, text) ->
          all.with(new SyncLogSettings(all.syncLog().dataOfAll(), LengthOfTime.of(text)))),
  POLL_PERIOD(
      "eventstreaming.poll.period",
      Type.LENGTH,
      "Time between two polls, longer than 0. A site that requests a pause gets it.",
      all -> LengthOfTime.text(all.poll().period()),
      (all, text) ->
          all.with(
              new PollSettings(
                  LengthOfTime.of(text),
                  all.poll().overlap(),
                  all.poll().page(),
                  all.poll().lease()))),
  POLL_OVERLAP(
      "eventstreaming.poll.overlap",
      Type.LENGTH,
      "How far before the cursor each poll reads again: longer than the longest write transaction on a producer.",
      all -> LengthOfTime.text(all.poll().overlap()),
      (all, text) ->
          all.with(
              new PollSettings(
                  all.poll().period(),
                  LengthOfTime.of(text),
                  all.poll().page(),
                  all.poll().lease()))),
  POLL_PAGE(
      "eventstreaming.poll.page",
      Type.NUMBER,
      "Entries that are applied in one transaction, 1 to 10000.",
      all -> all.poll().page(),
      (all, text) ->
          all.with(
              new PollSettings(
                  all.poll().period(), all.poll().overlap(), number(text), all.poll().lease()))),
  POLL_LEASE(
      "eventstreaming.poll.lease",
      Type.LENGTH,
      "Longest silence of a pull before another process may acquire the lease of its producer, longer than 0.",
      all -> LengthOfTime.text(all.poll().lease()),
      (all, text) ->
          all.with(
              new PollSettings(
                  all.poll().period(),
                  all.poll().overlap(),
                  all.poll().page(),
                  LengthOfTime.of(text)))),
  RETRY_ATTEMPTS(
      "eventstreaming.retry.attempts",
      Type.NUMBER,
      "Attempts of an entry that fails with a permanent error before it stays Failed, at least 1.",
      all -> all.retry().attempts(),
      (all, text) ->
          all.with(new RetrySettings(number(text), all.retry().period(), all.retry().first()))),
  RETRY_PERIOD(
      "eventstreaming.retry.period",
      Type.LENGTH,
      "Time between two checks for rows that are due, longer than 0.",
      all -> LengthOfTime.text(all.retry().period()),
      (all, text) ->
          all.with(
              new RetrySettings(
                  all.retry().attempts(), LengthOfTime.of(text), all.retry().first()))),
  RETRY_FIRST(
      "eventstreaming.retry.first",
      Type.LENGTH,
      "Wait before the first retry, longer than 0. Each further wait is twice as long, up to 1 h.",
      all -> LengthOfTime.text(all.retry().first()),
      (all, text) ->
          all.with(
              new RetrySettings(
                  all.retry().attempts(), all.retry().period(), LengthOfTime.of(text)))),
  SYNC_LOG_DATA(
      "eventstreaming.sync-log.data",
      Type.CHOICE,
      "Rows of the Event Sync Log that keep the data of their entry: all, or failed for those that are not Synced.",
      all -> all.syncLog().dataOfAll() ? "all" : "failed",
      (all, text) -> all.with(new SyncLogSettings(isAll(text), all.syncLog().keep()))),
  ROUTES_FOLDERS(
      "eventstreaming.routes.folders",
      Type.PATHS,
      "Folders with routes of the project, relative to the project directory, separated by commas: routes, routes/alerts. Folders below them are read only if they are named.",
      all -> all.routes().text(),
      (all, text) -> all.with(RouteSettings.of(text))),
  DOCUMENT_ROUTES_PARALLEL(
      "eventstreaming.document-routes.parallel",
      Type.NUMBER,
      "Documents of a page that are in routes for documents at the same time, 1 to 64.",
      all -> all.documentRoutes().parallel(),
      (all, text) ->
          all.with(new DocumentRouteSettings(number(text), all.documentRoutes().timeout()))),
  DOCUMENT_ROUTES_TIMEOUT(
      "eventstreaming.document-routes.timeout",
      Type.LENGTH,
      "Time limit of such a route for one document, longer than 0; a document that exceeds it fails.",
      all -> LengthOfTime.text(all.documentRoutes().timeout()),
      (all, text) ->
          all.with(
              new DocumentRouteSettings(all.documentRoutes().parallel(), LengthOfTime.of(text))));

  /** What a text, never empty, makes of the settings so far. */
  @FunctionalInterface
  interface Change {
    /**
     * The settings with this one changed.
     *
     * @throws IllegalArgumentException with the rule that the text breaks
     */
    Settings apply(Settings settings, String text);
  }

  /** What a setting is written as. */
  enum Type {
    TEXT("text"),
    ADDRESS("address"),
    SECRET("text, as a placeholder"),
    NUMBER("whole number"),
    LENGTH("length of time"),
    SIZE("size"),
    CHOICE("all or failed"),
    PATH("path"),
    PATHS("paths");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  private final String property;
  private final Type type;
  private final String meaning;

  // lambdas without state
  @SuppressWarnings("ImmutableEnumChecker")
  private final Function<Settings, @Nullable Object> value;

  // lambdas without state
  @SuppressWarnings("ImmutableEnumChecker")
  private final Change change;

  Setting(
      String property,
      Type type,
      String meaning,
      Function<Settings, @Nullable Object> value,
      Change change) {
    this.property = property;
    this.type = type;
    this.meaning = meaning;
    this.value = value;
    this.change = change;
  }

  Type type() {
    return type;
  }

  /** What it is for and the rule that its value must follow, for the reference. */
  String meaning() {
    return meaning;
  }

  /** As it is written where nothing is configured; empty where it is not set then. */
  Optional<String> byDefault() {
    return Optional.ofNullable(value.apply(Settings.defaults(Path.of("")))).map(Object::toString);
  }

  /** As it is written in the file. */
  String property() {
    return property;
  }

  /** As it is written in the environment. */
  String variable() {
    return property.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  Settings change(Settings settings, String text) {
    return change.apply(settings, text);
  }

  static Optional<Setting> of(String property) {
    return Arrays.stream(values()).filter(setting -> setting.property.equals(property)).findFirst();
  }

  static List<String> properties() {
    return Arrays.stream(values()).map(Setting::property).toList();
  }

  static List<String> variables() {
    return Arrays.stream(values()).map(Setting::variable).toList();
  }

  private static Settings limited(Settings all, RequestLimits limits) {
    return all.with(all.http().withLimits(limits));
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException none) {
      throw new IllegalArgumentException("must be a whole number, was " + text, none);
    }
  }

  private static boolean isAll(String text) {
    return switch (text) {
      case "all" -> true;
      case "failed" -> false;
      default -> throw new IllegalArgumentException("must be all or failed, was " + text);
    };
  }
}
