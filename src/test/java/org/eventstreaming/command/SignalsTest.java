package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process that gets a signal leaves behind. */
class SignalsTest extends CommandLineTest {
  @TempDir Path temporary;
  @TempDir Path logs;

  @Test
  void a_kill_leaves_nothing_in_the_temporary_directory() throws Exception {
    file(
        "config/application.properties",
        "eventstreaming.http.port=0\neventstreaming.management.port=0\n");
    try (RunningProcess process =
        RunningProcess.start(project, temporary, logs.resolve("run.log"), "run")) {
      String address = process.address();
      send(address, "application/x-www-form-urlencoded", "cmd=ping");
      send(address, "multipart/form-data; boundary=x", UPLOAD);

      process.kill();

      assertThat(temporary).isEmptyDirectory();
      assertThat(project.toFile().list()).containsExactlyInAnyOrder("config", "data");
    }
    // takes over the database that was left, and stops it
    assertThat(run("run", "--once")).isEqualTo(Command.DONE);
  }

  @Test
  void a_signal_during_start_ends_it_with_its_exit_code_and_without_a_word() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    file(
        "config/application.properties",
        "eventstreaming.http.port=" + port + "\neventstreaming.management.port=0\n");
    Path home = project.resolve("data/postgresql-16");
    List<Callable<Boolean>> moments =
        List.of(
            () -> Files.exists(home.resolve("owner.lock")),
            () -> Files.exists(home.resolve("data/PG_VERSION")),
            () -> Files.exists(home.resolve("data/postmaster.pid")),
            () -> isOpen(port));
    for (Callable<Boolean> moment : moments) {
      try (RunningProcess process =
          RunningProcess.start(project, temporary, logs.resolve("run.log"), "run")) {
        process.await(moment);

        assertThat(process.terminate()).isEqualTo(143);

        // where the signal comes too late to break off the start, it is an ordinary stop
        assertThat(process.words().lines())
            .allMatch(line -> line.matches("(No Event Producer yet:|Documents are|Stopping:) .*"));
        assertThat(home.resolve("data/postmaster.pid")).doesNotExist();
      }
    }
    assertThat(run("run", "--once")).as(this::err).isEqualTo(Command.DONE);
  }

  private static boolean isOpen(int port) {
    try {
      new Socket(InetAddress.getLoopbackAddress(), port).close();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static final String UPLOAD =
      """
      --x\r
      Content-Disposition: form-data; name="cmd"\r
      \r
      ping\r
      --x\r
      Content-Disposition: form-data; name="file"; filename="a.txt"\r
      Content-Type: text/plain\r
      \r
      what is in it\r
      --x--\r
      """;

  private static void send(String address, String type, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(address))
                    .header("Content-Type", type)
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.body()).contains("pong");
  }
}
