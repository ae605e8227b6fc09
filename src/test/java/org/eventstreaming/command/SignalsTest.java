package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
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
                    .version(HttpClient.Version.HTTP_1_1)
                    .header("Content-Type", type)
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.body()).contains("pong");
  }
}
