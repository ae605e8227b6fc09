package org.eventstreaming.settings;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of this project, with its default.
 *
 * @param url our own address as producers see it, no slash at the end; null where it is derived
 *     from the host and port we serve on
 * @param dataDir the embedded database and what else is kept on disk
 */
public record Settings(
    @Nullable String url,
    HttpSettings http,
    DatabaseSettings database,
    Path dataDir,
    PollSettings poll,
    RetrySettings retry,
    SyncLogSettings syncLog,
    RouteSettings routes,
    DocumentRouteSettings documentRoutes) {

  public Settings {
    if (syncLog.keep().compareTo(poll.overlap()) < 0) {
      throw new IllegalArgumentException(
          "eventstreaming.sync-log.keep must not be shorter than eventstreaming.poll.overlap (%s), was %s"
              .formatted(LengthOfTime.text(poll.overlap()), LengthOfTime.text(syncLog.keep())));
    }
  }

  /** What holds with nothing configured, for a project in this directory. */
  public static Settings defaults(Path project) {
    return new Settings(
        null,
        HttpSettings.DEFAULT,
        DatabaseSettings.EMBEDDED,
        project.resolve("data"),
        PollSettings.DEFAULT,
        RetrySettings.DEFAULT,
        SyncLogSettings.DEFAULT,
        RouteSettings.DEFAULT,
        DocumentRouteSettings.DEFAULT);
  }

  /** Our own address, no slash at the end; empty where it is known only once we serve. */
  public Optional<String> address() {
    return url != null || http.port() == 0
        ? Optional.ofNullable(url)
        : Optional.of(http.address(http.port()));
  }

  Settings withUrl(String other) {
    return new Settings(
        other, http, database, dataDir, poll, retry, syncLog, routes, documentRoutes);
  }

  /** Relative to the project directory, which the directory so far lies in. */
  Settings withDataDir(String other) {
    return new Settings(
        url,
        http,
        database,
        dataDir.resolveSibling(other),
        poll,
        retry,
        syncLog,
        routes,
        documentRoutes);
  }

  /** The same with other calls. */
  public Settings with(HttpSettings other) {
    return new Settings(
        url, other, database, dataDir, poll, retry, syncLog, routes, documentRoutes);
  }

  Settings with(DatabaseSettings other) {
    return new Settings(url, http, other, dataDir, poll, retry, syncLog, routes, documentRoutes);
  }

  Settings with(PollSettings other) {
    return new Settings(
        url, http, database, dataDir, other, retry, syncLog, routes, documentRoutes);
  }

  Settings with(RetrySettings other) {
    return new Settings(url, http, database, dataDir, poll, other, syncLog, routes, documentRoutes);
  }

  Settings with(SyncLogSettings other) {
    return new Settings(url, http, database, dataDir, poll, retry, other, routes, documentRoutes);
  }

  Settings with(RouteSettings other) {
    return new Settings(url, http, database, dataDir, poll, retry, syncLog, other, documentRoutes);
  }

  Settings with(DocumentRouteSettings other) {
    return new Settings(url, http, database, dataDir, poll, retry, syncLog, routes, other);
  }
}
