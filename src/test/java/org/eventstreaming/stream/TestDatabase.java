package org.eventstreaming.stream;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.eventstreaming.postgres.Database;
import org.eventstreaming.settings.DatabaseSettings;
import org.eventstreaming.settings.Settings;
import org.jspecify.annotations.Nullable;

/** A database of its own for each test, in one real PostgreSQL for all of them. */
public final class TestDatabase implements AutoCloseable {
  private static final String MIGRATED = "migrated";
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static @Nullable EmbeddedPostgres server;

  private final String name;
  private final Database database;

  private TestDatabase(String name, Database database) {
    this.name = name;
    this.database = database;
  }

  public static TestDatabase create() {
    String name = "test" + NUMBER.incrementAndGet();
    server();
    create(name + " template " + MIGRATED);
    return new TestDatabase(name, Database.openAsItIs(settings(name)));
  }

  private static void create(String what) {
    try (Connection connection = server().getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + what);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  public Database database() {
    return database;
  }

  public DatabaseSettings databaseSettings() {
    return new DatabaseSettings(jdbcUrl(name), "postgres", null);
  }

  /** The rows of a query, each as its columns' texts. */
  public List<List<@Nullable String>> rows(String sql) {
    try (Connection connection = database.pool().getConnection();
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      List<List<@Nullable String>> rows = new ArrayList<>();
      while (found.next()) {
        List<@Nullable String> row = new ArrayList<>();
        for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
          row.add(found.getString(i));
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The one value that a query gives. */
  public @Nullable String value(String sql) {
    return rows(sql).get(0).get(0);
  }

  public long count(String sql) {
    return Long.parseLong(String.valueOf(value("select count(*) from " + sql)));
  }

  public void execute(String sql) {
    try (Connection connection = database.pool().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** As if time had passed since a pull broke off: it let go of its producer. */
  void letLeasesRunOut() {
    // no trigger that breaks statements is to see this one
    execute(
        """
        begin;
        set local session_replication_role = replica;
        update event_producer set lease_until = clock_timestamp();
        commit
        """);
  }

  @Override
  public void close() {
    database.close();
    try (Connection connection = server().getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("drop database " + name + " with (force)");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Settings settings(String name) {
    Settings defaults = Settings.defaults(Path.of("."));
    return new Settings(
        null,
        defaults.http(),
        new DatabaseSettings(jdbcUrl(name), "postgres", null),
        defaults.dataDir(),
        defaults.poll(),
        defaults.retry(),
        defaults.syncLog(),
        defaults.routes(),
        defaults.documentRoutes());
  }

  private static String jdbcUrl(String name) {
    // the connection's time zone is not UTC: what leans on it fails
    return server().getJdbcUrl("postgres", name);
  }

  private static synchronized EmbeddedPostgres server() {
    EmbeddedPostgres running = server;
    if (running == null) {
      try {
        running =
            EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(Path.of("target", "postgresql").toFile())
                .setServerConfig("max_connections", "200")
                // what a crash of the machine leaves is nobody's concern here
                .setServerConfig("fsync", "off")
                .setServerConfig("full_page_writes", "off")
                .setServerConfig("timezone", "Pacific/Chatham")
                // as the server that comes with the program
                .setLocaleConfig("locale", "C")
                .setLocaleConfig("encoding", "UTF-8")
                .start();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      server = running;
      // to copy what is migrated takes less than to migrate each
      create(MIGRATED);
      Database.open(settings(MIGRATED)).close();
    }
    return running;
  }
}
