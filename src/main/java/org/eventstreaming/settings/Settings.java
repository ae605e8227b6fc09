package org.eventstreaming.settings;

import java.nio.file.Path;
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
    SyncLogSettings syncLog) {

  /** What holds with nothing configured, for a project in this directory. */
  public static Settings defaults(Path project) {
    return new Settings(
        null,
        HttpSettings.DEFAULT,
        DatabaseSettings.EMBEDDED,
        project.resolve("data"),
        PollSettings.DEFAULT,
        RetrySettings.DEFAULT,
        SyncLogSettings.DEFAULT);
  }
}
