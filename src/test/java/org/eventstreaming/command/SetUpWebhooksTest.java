package org.eventstreaming.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Read;
import org.eventstreaming.standin.Exchange;
import org.eventstreaming.standin.Generation;
import org.eventstreaming.standin.StandInSite;
import org.eventstreaming.stream.TestStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code producers webhooks} against a stock site. */
class SetUpWebhooksTest extends CommandLineTest {
  private static final String HUB = "https://hub.example.com";

  private final StandInSite site = StandInSite.start(Generation.STOCK_15);

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void each_followed_type_gets_three_and_a_second_time_changes_nothing() {
    project(HUB, "first", "ToDo", "Note");

    assertThat(run("producers", "webhooks", "site")).isZero();

    assertThat(site.documents("Webhook"))
        .hasSize(6)
        .allSatisfy(
            webhook -> {
              assertThat(webhook.path("request_url").asText())
                  .isEqualTo(HUB + "/api/method/event_streaming.webhook/" + host());
              assertThat(webhook.path("enable_security").asInt()).isEqualTo(1);
              assertThat(webhook.path("webhook_secret").asText()).isEqualTo("*****");
            });
    assertThat(site.documents("Webhook"))
        .extracting(webhook -> webhook.path("name").asText())
        .contains("Event Streaming hub.example.com ToDo on_change");
    List<ObjectNode> before = site.documents("Webhook");

    assertThat(run("producers", "webhooks", site.url(), "-o", "json")).isZero();

    assertThat(out()).contains("up to date").doesNotContain("created", "changed:", "first");
    assertThat(withoutStamps(site.documents("Webhook"))).isEqualTo(withoutStamps(before));
  }

  @Test
  void a_write_on_the_site_then_brings_the_document_here() {
    try (TestStream stream =
        new TestStream.Builder()
            .and(site, Read.LIST, ProducerDoctype.sameName("ToDo"))
            .webhookSecret("hook-secret")
            .probing()
            .serving()
            .start()) {
      project(stream.url(), "hook-secret", "ToDo");
      assertThat(run("producers", "webhooks", "site")).isZero();
      stream.pull();

      site.insert("ToDo", document("{'name': 'TODO-1', 'status': 'Open'}"));

      assertThat(called()).containsExactly(200);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> stream.database().count("document where name = 'TODO-1'") == 1);

      site.update("ToDo", "TODO-1", document("{'status': 'Closed'}"));
      site.delete("ToDo", "TODO-1");

      assertThat(called()).containsExactly(200, 200);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> stream.database().count("document") == 0);
    }
  }

  @Test
  void a_new_secret_and_what_somebody_changed_are_put_right() {
    project(HUB, "first", "ToDo");
    run("producers", "webhooks", "site");
    String name = "Event Streaming hub.example.com ToDo on_trash";
    site.update("Webhook", name, document("{'enabled': 0, 'enable_security': 0}"));
    project(HUB, "longer-than-first", "ToDo");

    assertThat(run("producers", "webhooks", "site")).isZero();

    assertThat(out()).contains("changed: enabled, enable_security");
    assertThat(site.documents("Webhook"))
        .extracting(webhook -> webhook.path("webhook_secret").asText().length())
        .containsOnly("longer-than-first".length());
    assertThat(site.documents("Webhook"))
        .extracting(webhook -> webhook.path("enabled").asInt())
        .containsOnly(1);
  }

  @Test
  void those_of_a_type_that_is_followed_no_more_go_and_those_of_others_stay() {
    project(HUB, "secret", "ToDo", "Note");
    run("producers", "webhooks", "site");
    site.insert(
        "Webhook",
        document(
            "{'name': 'theirs', 'webhook_doctype': 'ToDo', 'request_url': 'https://crm.example.com/hook'}"));
    project(HUB, "secret", "ToDo");

    assertThat(run("producers", "webhooks", "site")).isZero();
    assertThat(site.documents("Webhook")).hasSize(4);

    assertThat(run("producers", "webhooks", "site", "--remove")).isZero();
    assertThat(out()).contains("removed").doesNotContain("theirs");
    assertThat(site.documents("Webhook"))
        .extracting(webhook -> webhook.path("name").asText())
        .containsExactly("theirs");
  }

  @Test
  void those_that_call_our_former_address_are_taken_over_only_where_it_is_named() {
    project("https://old.example.com", "secret", "ToDo");
    run("producers", "webhooks", "site");
    project(HUB, "secret", "ToDo");

    assertThat(run("producers", "webhooks", "site", "--from", "https://old.example.com")).isZero();

    assertThat(out()).contains("changed: request_url").doesNotContain("created");
    assertThat(site.documents("Webhook"))
        .hasSize(3)
        .allSatisfy(one -> assertThat(one.path("request_url").asText()).startsWith(HUB + "/"));

    project("https://second.example.com", "secret", "ToDo");
    assertThat(run("producers", "webhooks", "site", "-o", "json")).isZero();
    assertThat(out()).contains("not changed: it calls " + HUB + "; --from changes it", "created");
    assertThat(site.documents("Webhook")).hasSize(6);
  }

  @Test
  void without_a_secret_or_a_right_nothing_is_done() {
    following(site, "ToDo");
    assertThat(run("producers", "webhooks", "site")).isEqualTo(Command.USAGE);
    assertThat(err()).contains("has no webhook_secret");

    assertThat(run("producers", "webhooks", "nobody")).isEqualTo(Command.USAGE);

    project(HUB, "secret", "ToDo");
    site.forbidden("Webhook");
    assertThat(run("producers", "webhooks", "site")).isEqualTo(Command.UNREACHABLE);
    assertThat(err()).contains("Could not list the webhooks at " + site.url(), "System Manager");
    assertThat(site.documents("Webhook")).isEmpty();
  }

  private static List<ObjectNode> withoutStamps(List<ObjectNode> webhooks) {
    webhooks.forEach(webhook -> webhook.remove("modified"));
    return webhooks;
  }

  private List<Integer> called() {
    return site.callWebhooks().stream().map(Exchange::status).toList();
  }

  private void project(String url, String secret, String... doctypes) {
    following(site, doctypes);
    file("hook", secret);
    alsoInProducerFile("webhook_secret: \"{{file:%s}}\"".formatted(project.resolve("hook")));
    file("config/application.properties", "eventstreaming.url=" + url + "\n");
  }

  private String host() {
    return site.url().replace("http://", "");
  }

  private static ObjectNode document(String text) {
    return (ObjectNode) Rows.parsed(text.replace('\'', '"'));
  }
}
