package org.eventstreaming.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.settings.DataDirectory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL for those who have none: kept under the data directory, which nobody else may enter,
 * durable, on loopback, behind a password of its own. One process owns the server, others that come
 * by attach to it. After a kill of its owner the server runs on; the next process takes it over.
 */
public final class EmbeddedServer implements AutoCloseable {
  /** A data directory opens with its own major version alone, so its name says which. */
  private static final String DIRECTORY = "postgresql-16";

  private static final String WORKING_DIRECTORY = "ot.epg.working-dir";
  private static final Duration STARTUP_WAIT = Duration.ofSeconds(60);
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServer.class);

  private final int port;
  private final Secret password;
  private final @Nullable AutoCloseable owned;

  private EmbeddedServer(int port, Secret password, @Nullable AutoCloseable owned) {
    this.port = port;
    this.password = password;
    this.owned = owned;
  }

  /** Starts the server of this data directory, or attaches to the one that runs. */
  public static EmbeddedServer start(Path dataDir) throws IOException {
    Path home = dataDir.resolve(DIRECTORY);
    DataDirectory.claim(dataDir);
    DataDirectory.claim(home);
    Secret password = password(home.resolve("password"));
    Path data = home.resolve("data");
    FileChannel file =
        FileChannel.open(
            home.resolve("owner.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = file.tryLock();
    if (lock == null) {
      file.close();
      return new EmbeddedServer(portOfOwner(data), password, null);
    }
    try {
      DataDirectory.claimAll(home);
      Optional<Running> orphan = running(data);
      if (orphan.isPresent()) {
        LOG.info("Taking over the PostgreSQL server that an earlier process left behind");
        return new EmbeddedServer(
            orphan.get().port(),
            password,
            () -> {
              stop(orphan.get());
              file.close();
            });
      }
      EmbeddedPostgres server = launch(home, data, password);
      // what was unpacked now
      DataDirectory.claimAll(home);
      return new EmbeddedServer(
          server.getPort(),
          password,
          () -> {
            server.close();
            file.close();
          });
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  public String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  public String user() {
    return "postgres";
  }

  public Secret password() {
    return password;
  }

  /** Whether the server is this process's; else another one's, to which this one attached. */
  boolean isOwned() {
    return owned != null;
  }

  @Override
  public void close() {
    if (owned != null) {
      try {
        owned.close();
      } catch (Exception e) {
        LOG.warn("Could not stop the embedded PostgreSQL server: {}", e.getMessage());
      }
    }
  }

  private static EmbeddedPostgres launch(Path home, Path data, Secret password) throws IOException {
    Path binaries = home.resolve("bin");
    dropHalfUnpacked(binaries);
    askForDistribution();
    EmbeddedPostgres.Builder builder =
        builder(binaries)
            .setDataDirectory(data)
            .setPgBinaryResolver(new OurBinaries())
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setOverrideWorkingDirectory(binaries.toFile())
            .setPGStartupWait(STARTUP_WAIT)
            .setConnectConfig("password", password.reveal())
            // the library switches these off, for tests
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("max_connections", "60")
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setServerConfig("unix_socket_directories", "")
            .setServerConfig("max_wal_size", "2GB")
            .setLocaleConfig("locale", "C")
            .setLocaleConfig("encoding", "UTF-8");
    EmbeddedPostgres server = WatchServerStart.of(data).start(builder);
    if (isGone(data)) {
      throw new IOException("its server ended while it started");
    }
    try {
      askForPassword(server, data.resolve("pg_hba.conf"), password);
    } catch (SQLException e) {
      server.close();
      throw new IOException("Could not set the password of the embedded PostgreSQL server", e);
    }
    return server;
  }

  /** The library makes a directory for servers of tests: where this property says. */
  private static EmbeddedPostgres.Builder builder(Path directory) {
    String before = System.getProperty(WORKING_DIRECTORY);
    System.setProperty(WORKING_DIRECTORY, directory.toString());
    try {
      return EmbeddedPostgres.builder();
    } finally {
      if (before == null) {
        System.clearProperty(WORKING_DIRECTORY);
      } else {
        System.setProperty(WORKING_DIRECTORY, before);
      }
    }
  }

  /**
   * The library asks a script, once, and keeps its file to the end of the process: a kill left it.
   */
  private static void askForDistribution() throws IOException {
    Set<Path> before = scripts();
    LinuxUtils.getDistributionName();
    for (Path script : scripts()) {
      if (!before.contains(script)) {
        Files.deleteIfExists(script);
      }
    }
  }

  private static Set<Path> scripts() throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    Set<Path> found = new HashSet<>();
    try (DirectoryStream<Path> scripts =
        Files.newDirectoryStream(temporary, "detect_linux_distribution_*.sh")) {
      scripts.forEach(found::add);
    }
    return found;
  }

  /** The library cannot go on with what a process was unpacking when it was killed. */
  private static void dropHalfUnpacked(Path binaries) throws IOException {
    if (!Files.isDirectory(binaries)) {
      return;
    }
    try (DirectoryStream<Path> releases = Files.newDirectoryStream(binaries)) {
      for (Path release : releases) {
        if (!Files.exists(release.resolve(".exists"))) {
          remove(release);
        }
      }
    }
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }

  /** Whether no server runs on this directory now. */
  static boolean isGone(Path data) {
    try {
      return running(data).isEmpty();
    } catch (IOException e) {
      // the file is being written or removed
      return false;
    }
  }

  /** The server is set up open to everyone on the machine: only the password may open it. */
  private static void askForPassword(EmbeddedPostgres server, Path rules, Secret password)
      throws IOException, SQLException {
    String wanted = "host all all 127.0.0.1/32 scram-sha-256\n";
    if (Files.readString(rules).equals(wanted)) {
      return;
    }
    Properties login = new Properties();
    login.put("user", "postgres");
    login.put("password", password.reveal());
    try (Connection connection =
            DriverManager.getConnection(server.getJdbcUrl("postgres", "postgres"), login);
        Statement statement = connection.createStatement()) {
      // hexadecimal digits only: nothing in it can end the literal
      statement.execute("alter user postgres password '" + password.reveal() + "'");
      Files.writeString(rules, wanted);
      statement.execute("select pg_reload_conf()");
    }
  }

  private static Secret password(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] chosen = new byte[24];
      new SecureRandom().nextBytes(chosen);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, HexFormat.of().formatHex(chosen) + "\n");
    }
    return new Secret(Files.readString(file).strip());
  }

  /** Another process owns the server and may be starting it just now. */
  private static int portOfOwner(Path data) throws IOException {
    long end = System.nanoTime() + STARTUP_WAIT.toNanos();
    while (System.nanoTime() < end) {
      Optional<Running> running = running(data);
      if (running.isPresent() && running.get().ready()) {
        return running.get().port();
      }
      pause();
    }
    throw new IOException(
        "Another process holds " + data.getParent() + " but its PostgreSQL server does not start");
  }

  private static Optional<Running> running(Path data) throws IOException {
    Path pidFile = data.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(pidFile);
    if (lines.size() < 4 || !lines.get(0).strip().matches("\\d+")) {
      return Optional.empty();
    }
    long pid = Long.parseLong(lines.get(0).strip());
    boolean postgres =
        ProcessHandle.of(pid)
            .flatMap(process -> process.info().command())
            .filter(command -> command.endsWith("postgres"))
            .isPresent();
    if (!postgres) {
      return Optional.empty();
    }
    boolean ready = lines.size() > 7 && lines.get(7).strip().equals("ready");
    return Optional.of(new Running(pid, Integer.parseInt(lines.get(3).strip()), ready));
  }

  /** A fast shutdown: what pg_ctl would do, which refuses to run as root. */
  private static void stop(Running server) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(server.pid())).start().waitFor();
    ProcessHandle.of(server.pid())
        .ifPresent(
            process -> {
              try {
                process.onExit().get(30, TimeUnit.SECONDS);
              } catch (Exception e) {
                LOG.warn("The PostgreSQL server {} takes long to stop", server.pid());
              }
            });
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for PostgreSQL", e);
    }
  }

  /** The server that is in the jar; a new one each time, since the library remembers its place. */
  private static final class OurBinaries implements PgBinaryResolver {
    @Override
    public @Nullable InputStream getPgBinary(String system, String machine) {
      return EmbeddedServer.class.getResourceAsStream(
          "/postgres-%s-%s.txz".formatted(system, machine).toLowerCase(Locale.ROOT));
    }
  }

  private record Running(long pid, int port, boolean ready) {}
}
