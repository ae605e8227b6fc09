package org.eventstreaming.command;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eventstreaming.main.Application;
import org.eventstreaming.postgres.Database;
import org.eventstreaming.producer.Secrets;
import org.eventstreaming.update.Comparison;
import picocli.CommandLine;

/**
 * {@code compare}: compares what a producer has with what is here, and repairs it where requested.
 */
@CommandLine.Command(
    name = "compare",
    aliases = "diff",
    mixinStandardHelpOptions = true,
    description =
        "Compare the documents of an Event Producer with the documents here, or on its target, by checksums of ranges of names. Differences are printed field by field.",
    exitCodeList = {
      "2:The command line is wrong, or the Event Producer or document type is not followed.",
      ExitCodes.FILES,
      "4:The database or a site cannot be reached, the type is not approved, or another pull did not end in time.",
      "5:Documents differ and were not repaired."
    },
    footer = {"event-streaming compare hq", "event-streaming compare hq Item --repair"})
final class Compare extends ProjectCommand implements Callable<Integer> {
  @CommandLine.Mixin AcceptReplaced routes = new AcceptReplaced();
  @CommandLine.Mixin NamedTypes.Words named = new NamedTypes.Words();

  @CommandLine.Option(
      names = "--repair",
      description = "Make the documents here equal to those of the Event Producer.")
  boolean repair;

  @CommandLine.Option(
      names = "--all",
      description = "Report documents from before the type was followed as missing.")
  boolean all;

  @CommandLine.Mixin OutputFormat output = new OutputFormat();

  @Override
  public Integer call() throws Exception {
    Path directory = directory();
    Project project = Project.read(directory);
    NamedTypes types = named.find(project, directory, Secrets.READ);
    try (Stop stop = new Stop();
        Database database = Database.open(project.configuration().settings())) {
      return compare(project, types, database, stop);
    }
  }

  private int compare(Project project, NamedTypes types, Database database, Stop stop)
      throws Exception {
    String url = types.producer().producerUrl();
    if (Rows.of(
            database,
            "select from event_producer where producer_url = ? and time_zone is not null",
            url)
        .isEmpty()) {
      return refuse(url + " was never polled, so nothing of it is here: run --once polls it.");
    }
    Optional<String> unapproved = types.unapproved(database);
    if (unapproved.isPresent()) {
      refuse(unapproved.get());
      return Command.UNREACHABLE;
    }
    try (PrintComparison print = PrintComparison.to(out(), url, output.format);
        Application application = Application.start(database, project.plan(false, false, routes))) {
      stop.then(application::close);
      application.compare(
          new Comparison(
              types.producer(), types.approved(database), repair, all, Instant.now(), print));
      return print.ended();
    } catch (RuntimeException e) {
      if (!stop.isRequested()) {
        throw e;
      }
      line().getErr().println("Stopped: what is repaired stays.");
      return Command.UNEXPECTED;
    }
  }
}
