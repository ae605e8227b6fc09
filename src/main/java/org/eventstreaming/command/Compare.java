package org.eventstreaming.command;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.eventstreaming.main.Application;
import org.eventstreaming.postgres.Database;
import org.eventstreaming.producer.Secrets;
import org.eventstreaming.update.Comparison;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code compare}: compares what a producer has with what is here, and repairs it where wished. */
@CommandLine.Command(
    name = "compare",
    aliases = "diff",
    mixinStandardHelpOptions = true,
    description = "Compare documents there and here by checksums, range by range.")
final class Compare implements Callable<Integer> {
  @CommandLine.ParentCommand @Nullable Command parent;
  @CommandLine.Spec CommandLine.Model.@Nullable CommandSpec spec;

  @CommandLine.Mixin AcceptReplaced routes = new AcceptReplaced();
  @CommandLine.Mixin NamedTypes.Words named = new NamedTypes.Words();

  @CommandLine.Option(names = "--repair", description = "Make what differs as it is there.")
  boolean repair;

  @CommandLine.Option(
      names = "--all",
      description = "Count documents that were there before following began as missing.")
  boolean all;

  @CommandLine.Option(names = "-o", paramLabel = "FORMAT", description = "table or json.")
  Rows.Format format = Rows.Format.table;

  @Override
  public Integer call() throws Exception {
    Path directory = Objects.requireNonNull(parent).directory();
    Project project = Project.read(directory);
    NamedTypes types;
    try {
      types = named.find(project, directory, Secrets.READ);
    } catch (NamedTypes.NotThere e) {
      return Command.refuse(spec, String.valueOf(e.getMessage()));
    }
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
      return Command.refuse(
          spec, url + " was never polled, so nothing of it is here: run --once polls it.");
    }
    Optional<String> unapproved = types.unapproved(database);
    if (unapproved.isPresent()) {
      Command.refuse(spec, unapproved.get());
      return Command.UNREACHABLE;
    }
    try (PrintComparison print = PrintComparison.to(Command.out(spec), url, format);
        Application application = Application.start(database, project.plan(false, false, routes))) {
      stop.then(application::close);
      application.compare(
          new Comparison(
              types.producer(), types.approved(database), repair, all, Instant.now(), print));
      return print.ended();
    } catch (RuntimeException e) {
      if (!stop.isWished()) {
        throw e;
      }
      Command.line(spec).getErr().println("Stopped: what is repaired stays.");
      return Command.UNEXPECTED;
    }
  }
}
