package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.eventstreaming.main.Application;
import org.eventstreaming.standin.Fault;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.LogEntry;
import org.eventstreaming.standin.StandInSite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The examples that hand failures over. */
class FailureExamplesTest extends ExampleTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final StandInSite hq = StandInSite.start(Generation.V15_APP).approveAll();

  @AfterEach
  void close() {
    hq.close();
  }

  @Test
  void failures_are_posted_to_a_chat_with_the_command_that_helps() throws IOException {
    try (Receiver chat = Receiver.start()) {
      site("HQ", hq).set("CHAT_URL", chat.url() + "/hooks/secret");
      Application application = start("failures-to-chat");
      application.pullOnce();
      for (int i = 1; i <= 12; i++) {
        appendBad(i);
      }

      application.pullOnce();

      await().until(() -> chat.calls().size() == 1);
      Receiver.Call call = chat.taken().get(0);
      assertThat(call.method() + " " + call.path()).isEqualTo("POST /hooks/secret");
      JsonNode message = JSON.readTree(call.body());
      assertThat(message.path("text").asText().lines())
          .hasSize(11)
          .first()
          .isEqualTo(
              "12 failure(s). `event-streaming synclog list --status Failed` lists failed entries.");
      assertThat(message.path("text").asText().lines().skip(1))
          .first()
          .asString()
          .startsWith("Customer \"C-1\" of " + hq.url() + ": ")
          .endsWith(
              " Fix the cause, then run `event-streaming resync %s`."
                  .formatted(
                      database.value(
                          "select seq from event_sync_log where update_log = 'bad-01'")));

      hq.fail(1_000, request -> true, Fault.unauthorized());
      application.pullOnce();

      await().until(() -> chat.calls().size() == 1);
      assertThat(JSON.readTree(chat.taken().get(0).body()).path("text").asText())
          .contains("poll of " + hq.url() + ": ", "401", "Run `event-streaming doctor`.");
    }
  }

  @Test
  void failures_are_sent_by_mail_with_the_command_that_helps() throws IOException {
    try (MailServer mail = MailServer.start()) {
      lib();
      site("HQ", hq)
          .set("MAIL_SERVER", "smtp://127.0.0.1:" + mail.port())
          .set("MAIL_USER", "stream@example.com")
          .set("MAIL_PASSWORD", "p+a%s&s")
          .set("MAIL_TO", "operations@example.com");
      Application application = start("failures-by-mail");
      application.pullOnce();
      appendBad(1);

      application.pullOnce();

      await().until(() -> mail.received().contains("."));
      assertThat(mail.received())
          .contains(
              "From: stream@example.com",
              "To: operations@example.com",
              "Subject: Event Streaming: 1 failure(s)",
              "  Fix the cause, then run: event-streaming resync "
                  + database.value("select seq from event_sync_log where status = 'Failed'"))
          .anyMatch(line -> line.startsWith("Customer \"C-1\" of " + hq.url()));
    }
  }

  private void appendBad(int number) {
    hq.append(
        new LogEntry(
            "bad-%02d".formatted(number),
            "2031-01-01 00:00:%02d.000000".formatted(number),
            "Create",
            "Customer",
            "\"C-%d\"".formatted(number),
            "no JSON"));
  }
}
