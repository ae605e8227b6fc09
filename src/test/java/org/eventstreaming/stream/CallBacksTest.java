package org.eventstreaming.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.awaitility.Awaitility;
import org.eventstreaming.producer.Read;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A producer calls us as a real one does, over HTTP, with the key it was given. */
class CallBacksTest {
  @ParameterizedTest
  @EnumSource(names = {"V13", "V14", "V15_APP"})
  void an_approval_and_a_notification_start_a_poll(Generation generation) {
    try (StandInSite site = StandInSite.start(generation);
        TestStream stream =
            TestStream.following(site, Read.LIST, TestStream.sameName("ToDo")).serving().start()) {
      stream.pull();
      site.approve(stream.url(), "ToDo");

      var pushed = site.pushApproval(stream.url());
      site.insert(
          "ToDo",
          com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
              .objectNode()
              .put("name", "A")
              .put("description", "x"));
      site.notify(stream.url());

      assertThat(pushed).isNotEmpty().allSatisfy(call -> assertThat(call.status()).isEqualTo(200));
      Awaitility.await().until(() -> stream.database().count("event_sync_log") == 1);
      assertThat(stream.database().value("select status from event_producer_document_type"))
          .isEqualTo("Approved");
    }
  }

  @org.junit.jupiter.api.Test
  void a_stranger_learns_only_that_we_are_up() throws Exception {
    try (StandInSite site = StandInSite.start(Generation.V15_APP);
        TestStream stream =
            TestStream.following(site, Read.LIST, TestStream.sameName("ToDo")).serving().start()) {
      stream.pull();
      String document = stream.url() + "/api/resource/Event%20Producer/" + site.url();

      assertThat(status(stream.url() + "/", "")).isEqualTo(200);
      assertThat(status(document, "")).isEqualTo(403);
      assertThat(status(document, "token some:thing")).isEqualTo(401);
    }
  }

  private static int status(String url, String authorization)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return HttpClient.newHttpClient()
        .send(request.build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
