package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.update.DocumentJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real PostgreSQL that is stopped and started under a process that runs. */
class DatabaseOutageTest extends CommandLineTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path folder;

  @Test
  void a_database_that_is_away_is_one_error_at_its_begin_one_line_at_its_end_and_health_is_down()
      throws Exception {
    int databasePort = freePort();
    int managementPort = freePort();
    EmbeddedPostgres server = server(databasePort);
    try (StandInSite site = StandInSite.start(Generation.V15_APP).approveAll()) {
      ObjectNode definition = DocumentJson.MAPPER.createObjectNode();
      definition.put("name", "ToDo").put("doctype", "DocType").putArray("fields");
      site.putDocType(definition);
      following(site, "ToDo");
      file(
          "config/application.properties",
          """
          eventstreaming.http.port=0
          eventstreaming.management.port=%d
          eventstreaming.database.url=%s
          eventstreaming.database.user=postgres
          eventstreaming.poll.period=300 ms
          eventstreaming.retry.period=300 ms
          """
              .formatted(managementPort, server.getJdbcUrl("postgres", "postgres")));
      try (RunningProcess process =
          RunningProcess.start(project, folder, folder.resolve("run.log"), "run")) {
        String address = process.address();
        String health = "http://127.0.0.1:" + managementPort + "/observe/health";
        insert(site, "A");
        await(() -> names(databasePort).equals(List.of("A")));
        assertThat(status(health)).isEqualTo(200);

        server.close();

        await(() -> status(health) == 503);
        await(() -> lines(process, " ERROR ").size() == 1);
        insert(site, "B");
        for (int i = 0; i < 3; i++) {
          assertThat(call(address).statusCode()).isEqualTo(503);
          assertThat(status(health)).isEqualTo(503);
        }
        assertThat(status(health + "/live")).isEqualTo(200);

        server = server(databasePort);

        await(() -> names(databasePort).equals(List.of("A", "B")));
        await(() -> status(health) == 200);
        assertThat(call(address).statusCode()).isEqualTo(401);
        assertThat(process.terminate()).isEqualTo(143);
        assertThat(lines(process, " ERROR "))
            .singleElement()
            .asString()
            .contains("No answer from the database", "Health is DOWN until then");
        assertThat(lines(process, " INFO "))
            .filteredOn(line -> line.contains("database"))
            .singleElement()
            .asString()
            .contains("The database can be written again");
        assertThat(lines(process, " WARN ")).isEmpty();
        assertThat(process.words()).doesNotContain("\tat ");
      }
    } finally {
      server.close();
    }
  }

  private static void await(Callable<Boolean> condition) {
    Awaitility.await()
        .ignoreExceptionsInstanceOf(SQLException.class)
        .atMost(120, TimeUnit.SECONDS)
        .until(condition);
  }

  private static List<String> lines(RunningProcess process, String with) {
    return process.words().lines().filter(line -> line.contains(with)).toList();
  }

  private static HttpResponse<String> call(String address) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(address + "/api/resource/Event%20Producer/x"))
            .header("Authorization", "token a:b")
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static int status(String url) throws Exception {
    return HTTP.send(
            HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static List<String> names(int port) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select coalesce(string_agg(name, ',' order by name), '') from"
                    + " event_streaming.document")) {
      rows.next();
      return List.of(rows.getString(1).split(","));
    }
  }

  private static void insert(StandInSite site, String name) {
    site.insert("ToDo", DocumentJson.MAPPER.createObjectNode().put("name", name));
  }

  private EmbeddedPostgres server(int port) throws IOException {
    return EmbeddedPostgres.builder()
        .setOverrideWorkingDirectory(Path.of("target", "postgresql").toFile())
        .setDataDirectory(folder.resolve("postgresql"))
        .setCleanDataDirectory(false)
        .setPort(port)
        .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
