package org.eventstreaming.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.eventstreaming.settings.Settings;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL in use: the configured one, or the embedded one. */
public final class Database implements AutoCloseable {
  /** Connections of the pool. */
  static final int CONNECTIONS = 12;

  private static final int OLDEST = 13;
  private static final String SCHEMA = "event_streaming";
  private static final String VIEWS = "event_streaming_docs";

  private final HikariDataSource pool;
  private final @Nullable EmbeddedServer embedded;

  private Database(HikariDataSource pool, @Nullable EmbeddedServer embedded) {
    this.pool = pool;
    this.embedded = embedded;
  }

  /**
   * Opens the database and brings its schema up to date.
   *
   * @throws DatabaseUnavailable when that cannot be done; says why and what to do
   */
  public static Database open(Settings settings) {
    Database database = connect(settings);
    try {
      database.migrate();
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /**
   * Opens the embedded database with nothing in it: what an earlier process left there is gone.
   *
   * @throws DatabaseUnavailable when another process has it open, or it cannot be opened
   */
  public static Database openEmpty(Settings settings) {
    Database database = connect(settings);
    try {
      if (database.embedded == null || !database.embedded.isOwned()) {
        throw new DatabaseUnavailable(
            "Another process has the database under %s open: stop it first."
                .formatted(settings.dataDir()),
            null);
      }
      database.empty();
      database.migrate();
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /**
   * Opens the database to look at it: its schema stays as it is.
   *
   * @throws DatabaseUnavailable when that cannot be done; says why and what to do
   */
  public static Database openAsItIs(Settings settings) {
    return connect(settings);
  }

  /**
   * What it is, for a person.
   *
   * @throws DatabaseUnavailable when it cannot be used; says why and what to do
   */
  public String describe() {
    try (Connection connection = pool.getConnection()) {
      checkVersion(connection);
      refuseNewer(flyway());
      return "PostgreSQL %s at %s"
          .formatted(connection.getMetaData().getDatabaseProductVersion(), address());
    } catch (SQLException e) {
      throw new DatabaseUnavailable("Could not look at the database: " + reason(e), e);
    }
  }

  public DataSource pool() {
    return pool;
  }

  /** Where SQL users find the documents; no password in it. */
  public String address() {
    return pool.getJdbcUrl().replaceFirst("\\?.*", "");
  }

  @Override
  public void close() {
    pool.close();
    if (embedded != null) {
      embedded.close();
    }
  }

  private static Database connect(Settings settings) {
    EmbeddedServer embedded = null;
    HikariConfig config = new HikariConfig();
    config.setPoolName("event-streaming");
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(10_000);
    config.addDataSourceProperty("ApplicationName", "event-streaming");
    config.addDataSourceProperty("currentSchema", SCHEMA);
    config.addDataSourceProperty("tcpKeepAlive", "true");
    String url = settings.database().url();
    if (url == null) {
      try {
        embedded = EmbeddedServer.start(settings.dataDir());
      } catch (IOException | RuntimeException e) {
        throw new DatabaseUnavailable(
            "Could not start the embedded PostgreSQL under "
                + settings.dataDir()
                + ": "
                + e.getMessage()
                + ". Set eventstreaming.database.url to use a server of your own.",
            e);
      }
      config.setJdbcUrl(embedded.jdbcUrl());
      config.setUsername(embedded.user());
      config.setPassword(embedded.password().reveal());
    } else {
      config.setJdbcUrl(url);
      if (settings.database().user() != null) {
        config.setUsername(settings.database().user());
      }
      if (settings.database().password() != null) {
        config.setPassword(settings.database().password().reveal());
      }
    }
    try {
      return new Database(new HikariDataSource(config), embedded);
    } catch (HikariPool.PoolInitializationException e) {
      if (embedded != null) {
        embedded.close();
      }
      throw new DatabaseUnavailable(
          "Could not connect to "
              + config.getJdbcUrl().replaceFirst("\\?.*", "")
              + ": "
              + reason(e)
              + ". Check eventstreaming.database.url, .user and .password, and that the server runs.",
          e);
    }
  }

  private void empty() {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("drop schema if exists " + SCHEMA + ", " + VIEWS + " cascade");
    } catch (SQLException e) {
      throw new DatabaseUnavailable("Could not empty " + address() + ": " + reason(e), e);
    }
  }

  private void migrate() {
    try (Connection connection = pool.getConnection()) {
      checkVersion(connection);
      Flyway flyway = flyway();
      refuseNewer(flyway);
      flyway.migrate();
    } catch (SQLException | FlywayException e) {
      throw new DatabaseUnavailable(
          "Could not bring the schema " + SCHEMA + " of " + address() + " up to date: " + reason(e),
          e);
    }
  }

  private Flyway flyway() {
    return Flyway.configure()
        .dataSource(pool)
        .schemas(SCHEMA)
        .createSchemas(true)
        .table("schema_history")
        // a newer schema is refused also where it is made between the check and the migration
        .ignoreMigrationPatterns(new String[0])
        .loggers("slf4j")
        .load();
  }

  /** A program that does not know the newest migrations would write what they made impossible. */
  private void refuseNewer(Flyway flyway) {
    MigrationInfo[] migrations = flyway.info().all();
    Optional<MigrationVersion> newest =
        newest(migrations, info -> info.getState() == MigrationState.FUTURE_SUCCESS);
    if (newest.isPresent()) {
      throw new DatabaseUnavailable(
          "The schema %s of %s is at version %s, and this program knows version %s at most: a newer one has migrated it. Nothing was changed. Use the version of the program that migrated it, or a newer one; to stay with this one, restore the backup of the database that was made before the upgrade."
              .formatted(
                  SCHEMA,
                  address(),
                  newest.get(),
                  newest(migrations, info -> info.getState().isResolved())
                      .map(MigrationVersion::toString)
                      .orElse("0")),
          null);
    }
  }

  private static Optional<MigrationVersion> newest(
      MigrationInfo[] migrations, Predicate<MigrationInfo> which) {
    return Stream.of(migrations)
        .filter(which)
        .map(MigrationInfo::getVersion)
        // the creation of the schema has none
        .filter(Objects::nonNull)
        .max(Comparator.naturalOrder());
  }

  private void checkVersion(Connection connection) throws SQLException {
    int version = connection.getMetaData().getDatabaseMajorVersion();
    if (version < OLDEST) {
      throw new DatabaseUnavailable(
          "PostgreSQL " + OLDEST + " or newer is needed, " + address() + " is " + version, null);
    }
  }

  private static String reason(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null && !(cause instanceof SQLException)) {
      cause = cause.getCause();
    }
    return Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName()).strip();
  }

  /** The database cannot be used; the message says why and what a person can do. */
  public static final class DatabaseUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DatabaseUnavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    /** Never null: every one is reported. */
    @Override
    public String getMessage() {
      return Objects.requireNonNull(super.getMessage());
    }
  }
}
