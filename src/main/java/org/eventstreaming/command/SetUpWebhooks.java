package org.eventstreaming.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.eventstreaming.main.SiteConnections;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.Secret;
import org.eventstreaming.producer.Secrets;
import org.eventstreaming.producer.SiteUrl;
import org.eventstreaming.site.FrappeSite;
import org.eventstreaming.update.DocumentKey;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * {@code producers webhooks}: has a site call us when something changes there. Repeatable: it
 * brings the webhooks that call us in line with the file, and touches no others.
 */
@CommandLine.Command(
    name = "webhooks",
    mixinStandardHelpOptions = true,
    description =
        "Create or update the Webhook documents on the site of an Event Producer that call this program when a document changes.",
    exitCodeList = {
      "2:The command line is wrong, or the Event Producer is not known or not set up for webhooks.",
      ExitCodes.FILES,
      "4:The site cannot be reached or refuses the key."
    },
    footer = {
      "event-streaming producers webhooks hq",
      "event-streaming producers webhooks hq --remove"
    })
final class SetUpWebhooks extends ProjectCommand implements Callable<Integer> {
  /**
   * Everything that is done to a document: a change runs on every save but the first, submit and
   * cancel included.
   */
  private static final List<String> EVENTS = List.of("after_insert", "on_change", "on_trash");

  private static final String DOCTYPE = "Webhook";
  private static final int LONGEST_NAME = 140;

  @CommandLine.Parameters(
      paramLabel = "PRODUCER",
      description = "Event Producer, by address or file name.")
  String which = "";

  @CommandLine.Option(
      names = "--remove",
      description = "Remove the Webhook documents that call this program.")
  boolean remove;

  @CommandLine.Option(
      names = "--from",
      paramLabel = "URL",
      description =
          "Change Webhook documents that call this address, the former address of this program.")
  @Nullable String from;

  @CommandLine.Mixin OutputFormat output = new OutputFormat();

  @Override
  public Integer call() {
    Project project = Project.read(directory());
    EventProducer producer =
        NamedProducer.find(directory(), project.mappings(), Secrets.READ, which);
    Secret secret = producer.webhookSecret();
    if (secret == null && !remove) {
      return refuse(
          "The file of %s has no webhook_secret: set it to a placeholder such as {{env:NAME}} for a long random text."
              .formatted(producer.producerUrl()));
    }
    Optional<String> ours = project.configuration().settings().address();
    if (ours.isEmpty()) {
      return refuse(
          "Set eventstreaming.url, our own address as %s sees it.".formatted(producer.host()));
    }
    Set<String> addresses = new LinkedHashSet<>();
    addresses.add(ours.get() + producer.webhookPath());
    if (from != null) {
      try {
        addresses.add(SiteUrl.of(from) + producer.webhookPath());
      } catch (IllegalArgumentException wrong) {
        return refuse("--from " + wrong.getMessage());
      }
    }
    try (SiteConnections connections = new SiteConnections(directory(), project.configuration())) {
      SetUp setUp = new SetUp(connections.sites().of(producer), producer, ours.get(), addresses);
      setUp.run(remove ? null : secret);
      Rows.of(List.of("webhook", "doctype", "event", "what"), setUp.done)
          .print(out(), output.format);
    }
    return Command.DONE;
  }

  /** One going through the webhooks of a site. */
  private static final class SetUp {
    private final FrappeSite site;
    private final EventProducer producer;
    private final String ours;
    private final Set<String> addresses;
    private final List<ObjectNode> done = new ArrayList<>();

    SetUp(FrappeSite site, EventProducer producer, String ours, Set<String> addresses) {
      this.site = site;
      this.producer = producer;
      this.ours = ours;
      this.addresses = addresses;
    }

    /**
     * @param secret what they are to sign with; null removes them
     */
    void run(@Nullable Secret secret) {
      Set<List<String>> missing = new LinkedHashSet<>();
      if (secret != null) {
        for (String doctype : doctypes()) {
          EVENTS.forEach(event -> missing.add(List.of(doctype, event)));
        }
      }
      for (ObjectNode webhook : site.webhooks(producer.webhookPath())) {
        String doctype = webhook.path("webhook_doctype").asText();
        String event = webhook.path("webhook_docevent").asText();
        if (!addresses.contains(webhook.path("request_url").asText())) {
          // of another instance, or of this one under an address that it had
          String address = webhook.path("request_url").asText().replace(producer.webhookPath(), "");
          report(webhook, "not changed: it calls %s; --from changes it".formatted(address));
        } else if (secret != null && missing.remove(List.of(doctype, event))) {
          bringInLine(webhook, secret);
        } else {
          site.writes().delete(key(webhook));
          report(webhook, "removed");
        }
      }
      if (secret != null) {
        missing.forEach(one -> create(one.get(0), one.get(1), secret));
      }
    }

    private static DocumentKey key(ObjectNode webhook) {
      return new DocumentKey(DOCTYPE, webhook.path("name").asText());
    }

    /** The remote types that are followed. */
    private Set<String> doctypes() {
      Set<String> doctypes = new TreeSet<>();
      producer.producerDoctypes().stream()
          .filter(row -> !row.unsubscribe())
          .map(ProducerDoctype::remoteDoctype)
          .forEach(doctypes::add);
      return doctypes;
    }

    private void create(String doctype, String event, Secret secret) {
      String name =
          "Event Streaming %s %s %s".formatted(URI.create(ours).getAuthority(), doctype, event);
      name = name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
      ObjectNode webhook = fields();
      webhook.put("webhook_doctype", doctype).put("webhook_docevent", event);
      webhook.put("webhook_secret", secret.reveal());
      // the type is named by prompt
      webhook.put("name", name).put("__newname", name);
      site.writes().insert(DOCTYPE, webhook);
      report(webhook, "created");
    }

    private void bringInLine(ObjectNode webhook, Secret secret) {
      ObjectNode fields = fields();
      List<String> differing = new ArrayList<>();
      fields
          .properties()
          .forEach(
              field -> {
                if (!webhook.path(field.getKey()).asText("").equals(field.getValue().asText())) {
                  differing.add(field.getKey());
                }
              });
      // a site does not show its secret: it is set anew each time
      site.writes().update(key(webhook), fields.put("webhook_secret", secret.reveal()));
      report(
          webhook,
          differing.isEmpty()
              ? "up to date; secret set again"
              : "changed: " + String.join(", ", differing));
    }

    /** What all have in common. The body says nothing: we read what changed ourselves. */
    private ObjectNode fields() {
      return JsonNodeFactory.instance
          .objectNode()
          .put("enabled", 1)
          .put("request_url", ours + producer.webhookPath())
          .put("request_method", "POST")
          .put("request_structure", "JSON")
          .put("webhook_json", "{}")
          .put("enable_security", 1);
    }

    private void report(ObjectNode webhook, String what) {
      done.add(
          JsonNodeFactory.instance
              .objectNode()
              .put("webhook", webhook.path("name").asText())
              .put("doctype", webhook.path("webhook_doctype").asText())
              .put("event", webhook.path("webhook_docevent").asText())
              .put("what", what));
    }
  }
}
