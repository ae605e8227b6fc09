package org.eventstreaming.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLSocketFactory;
import org.eventstreaming.doctor.CheckAddress;
import org.eventstreaming.doctor.CheckProducer;
import org.eventstreaming.doctor.CheckTarget;
import org.eventstreaming.doctor.Finding;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.main.SiteConnections;
import org.eventstreaming.postgres.Database;
import org.eventstreaming.postgres.DatabaseFailure;
import org.eventstreaming.postgres.PostgresProducerStates;
import org.eventstreaming.postgres.PostgresSiteLinks;
import org.eventstreaming.postgres.Transactions;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.Secrets;
import org.eventstreaming.settings.Configuration;
import org.eventstreaming.settings.HttpSettings;
import org.eventstreaming.settings.Settings;
import org.eventstreaming.target.CheckTargets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code doctor}: checks whether the producers can be followed, and says what to do if not. */
@CommandLine.Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Check Event Producers, their targets and the database with the calls that the stream will make: address, certificate, clock, key, rights, versions. Each finding says what to do.",
      "Nothing is written, with one exception: masters that an ended process left enabled on a target are disabled again."
    },
    exitCodeList = {
      "2:No Event Producer of this address or file exists.",
      "3:A problem was found, or a file of the project is refused.",
      "4:A site or the database cannot be reached, or refuses the key."
    },
    footer = {"event-streaming doctor", "event-streaming doctor hq -o json"})
final class Doctor extends ProjectCommand implements Callable<Integer> {
  /** A site that takes longer for a question this small is reported as one that does not answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @CommandLine.Parameters(
      paramLabel = "PRODUCER",
      arity = "0..*",
      description = "Event Producers, by address or file name (default: all).")
  List<String> which = List.of();

  @CommandLine.Mixin OutputFormat output = new OutputFormat();

  @Override
  public Integer call() {
    Command command = command();
    Project project = Project.read(command.directory());
    List<EventProducer> producers =
        new ArrayList<>(which.isEmpty() ? project.producers() : List.of());
    for (String one : which) {
      producers.add(NamedProducer.find(command.directory(), project.mappings(), Secrets.READ, one));
    }
    Settings settings = project.configuration().settings();
    List<Section> sections = new ArrayList<>();
    Map<String, Finding> targets = new HashMap<>();
    Map<String, String> registered = new HashMap<>();
    sections.add(
        new Section("here", null, List.of(database(settings, producers, targets, registered))));
    try (SiteConnections connections =
        new SiteConnections(command.directory(), patient(project.configuration()))) {
      CheckAddress checkAddress =
          new CheckAddress(
              (SSLSocketFactory) SSLSocketFactory.getDefault(),
              settings.http().connectTimeout(),
              Clock.systemUTC(),
              connections.hasOwnRoute());
      CheckTarget checkTarget =
          new CheckTarget(checkAddress, connections.sites(), Clock.systemUTC());
      CheckProducer checkProducer =
          new CheckProducer(
              checkAddress,
              connections.sites(),
              DocTypes.of(project.doctypes()),
              settings.address().orElse(null),
              Clock.systemUTC());
      Map<String, List<Finding>> leftOpen =
          new FindLeftOpen(settings, connections.sites()).look(producers);
      for (EventProducer one : producers) {
        List<Finding> all =
            new ArrayList<>(checkProducer.check(one, registered.get(one.producerUrl())));
        Optional.ofNullable(targets.get(one.producerUrl())).ifPresent(all::add);
        sections.add(new Section(one.producerUrl(), null, all));
        if (one.target() != null) {
          boolean answers =
              all.stream().noneMatch(finding -> finding.level() == Finding.Level.CLOSED);
          List<Finding> there = new ArrayList<>(checkTarget.check(one, answers));
          there.addAll(leftOpen.getOrDefault(one.producerUrl(), List.of()));
          sections.add(new Section(one.target().url(), one.producerUrl(), there));
        }
      }
    }
    print(sections);
    return exitCode(sections.stream().flatMap(section -> section.findings().stream()).toList());
  }

  /**
   * Looks at the database.
   *
   * @param targets takes what it finds on the targets of the producers
   * @param registered takes the addresses under which we are their Event Consumers
   */
  private static Finding database(
      Settings settings,
      List<EventProducer> producers,
      Map<String, Finding> targets,
      Map<String, String> registered) {
    if (settings.database().url() == null) {
      return Finding.skipped(
          "database",
          "The embedded one under %s is not started for this.".formatted(settings.dataDir()));
    }
    try (Database database = Database.openAsItIs(settings)) {
      Finding finding = Finding.ok("database", database.describe() + ".");
      Transactions transactions = new Transactions(database.pool());
      CheckTargets checkTargets = new CheckTargets(new PostgresSiteLinks(transactions));
      PostgresProducerStates states =
          new PostgresProducerStates(transactions, settings.poll().lease());
      for (EventProducer producer : producers) {
        try {
          checkTargets
              .check(producer)
              .ifPresent(
                  moved ->
                      targets.put(
                          producer.producerUrl(),
                          Finding.problem("target", moved.what(), moved.advice())));
          String address = states.state(producer.producerUrl()).callbackUrl();
          if (address != null) {
            registered.put(producer.producerUrl(), address);
          }
        } catch (DatabaseFailure e) {
          // nothing was streamed yet, or by an earlier release
          break;
        }
      }
      return finding;
    } catch (Database.DatabaseUnavailable e) {
      return Finding.closed("database", e.getMessage(), "");
    }
  }

  private static Configuration patient(Configuration configuration) {
    HttpSettings http = configuration.settings().http();
    return http.responseTimeout().compareTo(PATIENCE) < 0
        ? configuration
        : new Configuration(
            configuration.settings().with(http.withResponseTimeout(PATIENCE)),
            configuration.others());
  }

  private static int exitCode(List<Finding> findings) {
    Finding.Level worst =
        findings.stream().map(Finding::level).max(Finding.Level::compareTo).orElseThrow();
    return switch (worst) {
      case OK, SKIPPED, WARNING -> Command.DONE;
      case PROBLEM -> Command.INVALID_FILES;
      case CLOSED -> Command.UNREACHABLE;
    };
  }

  private void print(List<Section> sections) {
    PrintWriter out = out();
    if (output.format == Rows.Format.json) {
      List<ObjectNode> rows =
          sections.stream()
              .flatMap(section -> section.findings().stream().map(one -> row(section, one)))
              .toList();
      Rows.of(List.of("site", "target_of", "check", "level", "what", "do"), rows)
          .print(out, output.format);
      return;
    }
    for (Section section : sections) {
      out.println(section.heading());
      for (Finding one : section.findings()) {
        out.printf("  %-8s %s: %s%n", one.level().word(), one.check(), one.what());
        if (!one.advice().isEmpty()) {
          out.printf("           %s%n", one.advice());
        }
      }
    }
    out.flush();
  }

  private static ObjectNode row(Section section, Finding finding) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("site", section.site())
        .put("target_of", section.targetOf())
        .put("check", finding.check())
        .put("level", finding.level().word())
        .put("what", finding.what())
        .put("do", finding.advice().isEmpty() ? null : finding.advice());
  }

  /**
   * What was found at one place.
   *
   * @param targetOf the producer whose documents are written there; null where none are
   */
  private record Section(String site, @Nullable String targetOf, List<Finding> findings) {
    String heading() {
      return targetOf == null ? site : "%s, target of %s".formatted(site, targetOf);
    }
  }
}
