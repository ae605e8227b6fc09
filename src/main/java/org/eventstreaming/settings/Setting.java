package org.eventstreaming.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.producer.SiteUrl;

/** Each setting that can be written down, and what its text makes of the settings. */
enum Setting {
  URL("eventstreaming.url", (all, text) -> all.withUrl(SiteUrl.of(text))),
  HTTP_HOST("eventstreaming.http.host", (all, text) -> all.with(all.http().withHost(text))),
  HTTP_PORT("eventstreaming.http.port", (all, text) -> all.with(all.http().withPort(number(text)))),
  HTTP_CONNECT_TIMEOUT(
      "eventstreaming.http.connect-timeout",
      (all, text) -> all.with(all.http().withConnectTimeout(LengthOfTime.of(text)))),
  HTTP_RESPONSE_TIMEOUT(
      "eventstreaming.http.response-timeout",
      (all, text) -> all.with(all.http().withResponseTimeout(LengthOfTime.of(text)))),
  HTTP_ATTEMPTS(
      "eventstreaming.http.attempts",
      (all, text) -> all.with(all.http().withAttempts(number(text)))),
  HTTP_HEADER_TIMEOUT(
      "eventstreaming.http.header-timeout",
      (all, text) -> limited(all, all.http().limits().withHeader(LengthOfTime.of(text)))),
  HTTP_BODY_TIMEOUT(
      "eventstreaming.http.body-timeout",
      (all, text) -> limited(all, all.http().limits().withBody(LengthOfTime.of(text)))),
  HTTP_IDLE_TIMEOUT(
      "eventstreaming.http.idle-timeout",
      (all, text) -> limited(all, all.http().limits().withIdle(LengthOfTime.of(text)))),
  HTTP_CONNECTIONS(
      "eventstreaming.http.connections",
      (all, text) -> limited(all, all.http().limits().withConnections(number(text)))),
  HTTP_BODY_SIZE(
      "eventstreaming.http.body-size",
      (all, text) -> limited(all, all.http().limits().withBodySize(SizeOfFile.of(text)))),
  MANAGEMENT_PORT(
      "eventstreaming.management.port",
      (all, text) -> all.with(all.http().withManagementPort(number(text)))),
  DATABASE_URL(
      "eventstreaming.database.url",
      (all, text) ->
          all.with(new DatabaseSettings(text, all.database().user(), all.database().password()))),
  DATABASE_USER(
      "eventstreaming.database.user",
      (all, text) ->
          all.with(new DatabaseSettings(all.database().url(), text, all.database().password()))),
  DATABASE_PASSWORD(
      "eventstreaming.database.password",
      (all, text) ->
          all.with(
              new DatabaseSettings(all.database().url(), all.database().user(), new Secret(text)))),
  DATA_DIR("eventstreaming.data-dir", Settings::withDataDir),
  // before the overlap, which it may have to be longer than
  SYNC_LOG_KEEP(
      "eventstreaming.sync-log.keep",
      (all, text) ->
          all.with(new SyncLogSettings(all.syncLog().dataOfAll(), LengthOfTime.of(text)))),
  POLL_PERIOD(
      "eventstreaming.poll.period",
      (all, text) ->
          all.with(
              new PollSettings(
                  LengthOfTime.of(text),
                  all.poll().overlap(),
                  all.poll().page(),
                  all.poll().lease()))),
  POLL_OVERLAP(
      "eventstreaming.poll.overlap",
      (all, text) ->
          all.with(
              new PollSettings(
                  all.poll().period(),
                  LengthOfTime.of(text),
                  all.poll().page(),
                  all.poll().lease()))),
  POLL_PAGE(
      "eventstreaming.poll.page",
      (all, text) ->
          all.with(
              new PollSettings(
                  all.poll().period(), all.poll().overlap(), number(text), all.poll().lease()))),
  POLL_LEASE(
      "eventstreaming.poll.lease",
      (all, text) ->
          all.with(
              new PollSettings(
                  all.poll().period(),
                  all.poll().overlap(),
                  all.poll().page(),
                  LengthOfTime.of(text)))),
  RETRY_ATTEMPTS(
      "eventstreaming.retry.attempts",
      (all, text) ->
          all.with(new RetrySettings(number(text), all.retry().period(), all.retry().first()))),
  RETRY_PERIOD(
      "eventstreaming.retry.period",
      (all, text) ->
          all.with(
              new RetrySettings(
                  all.retry().attempts(), LengthOfTime.of(text), all.retry().first()))),
  RETRY_FIRST(
      "eventstreaming.retry.first",
      (all, text) ->
          all.with(
              new RetrySettings(
                  all.retry().attempts(), all.retry().period(), LengthOfTime.of(text)))),
  SYNC_LOG_DATA(
      "eventstreaming.sync-log.data",
      (all, text) -> all.with(new SyncLogSettings(isAll(text), all.syncLog().keep()))),
  ROUTES_FOLDERS("eventstreaming.routes.folders", (all, text) -> all.with(RouteSettings.of(text))),
  DOCUMENT_ROUTES_PARALLEL(
      "eventstreaming.document-routes.parallel",
      (all, text) ->
          all.with(new DocumentRouteSettings(number(text), all.documentRoutes().timeout()))),
  DOCUMENT_ROUTES_TIMEOUT(
      "eventstreaming.document-routes.timeout",
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

  private final String property;

  // lambdas without state
  @SuppressWarnings("ImmutableEnumChecker")
  private final Change change;

  Setting(String property, Change change) {
    this.property = property;
    this.change = change;
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
