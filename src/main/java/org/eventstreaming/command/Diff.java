package org.eventstreaming.command;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.eventstreaming.files.Nearest;
import org.eventstreaming.main.Application;
import org.eventstreaming.postgres.Database;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ProducerDoctype;
import org.eventstreaming.producer.ReadProducerFiles;
import org.eventstreaming.update.Comparison;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** {@code diff}: compares what a producer has with what is here, and repairs it where wished. */
@CommandLine.Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = "Compare documents there and here by checksums, range by range.")
final class Diff implements Callable<Integer> {
  @CommandLine.ParentCommand @Nullable Command parent;
  @CommandLine.Spec CommandLine.Model.@Nullable CommandSpec spec;

  @CommandLine.Parameters(
      index = "0",
      paramLabel = "PRODUCER",
      description = "An Event Producer, by address or file.")
  String which = "";

  @CommandLine.Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "DOCTYPE",
      description = "Document types, there or here (default: all that are followed).")
  List<String> doctypes = List.of();

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
    EventProducer producer = TrialSite.named(directory, project.mappings(), which).orElse(null);
    if (producer == null) {
      return Command.refuse(spec, unknown(project, directory));
    }
    if (producer.target() != null) {
      return Command.refuse(
          spec,
          "The documents of %s are written to %s: diff compares what is kept here."
              .formatted(producer.producerUrl(), producer.target().url()));
    }
    List<String> asked = new ArrayList<>();
    for (String doctype : doctypes) {
      Optional<ProducerDoctype> row = row(producer, doctype);
      if (row.isEmpty()) {
        return Command.refuse(spec, notFollowed(producer, doctype));
      }
      asked.add(row.get().remoteDoctype());
    }
    try (Stop stop = new Stop();
        Database database = Database.open(project.configuration().settings())) {
      return compare(project, producer, asked, database, stop);
    }
  }

  private int compare(
      Project project, EventProducer producer, List<String> asked, Database database, Stop stop)
      throws Exception {
    String url = producer.producerUrl();
    if (Rows.of(
            database,
            "select from event_producer where producer_url = ? and time_zone is not null",
            url)
        .isEmpty()) {
      return Command.refuse(
          spec, url + " was never polled, so nothing of it is here: run --once polls it.");
    }
    Set<String> approved = approved(database, url);
    for (String doctype : asked) {
      if (!approved.contains(doctype)) {
        Command.line(spec)
            .getErr()
            .printf(
                "%s is not approved by %s, so nothing of it is followed. Approve it in the Event"
                    + " Consumer there; the next poll sees that.%n",
                doctype, url);
        Command.line(spec).getErr().flush();
        return Command.UNREACHABLE;
      }
    }
    List<String> compared =
        asked.isEmpty()
            ? producer.producerDoctypes().stream()
                .filter(row -> !row.unsubscribe())
                .map(ProducerDoctype::remoteDoctype)
                .filter(approved::contains)
                .toList()
            : asked.stream().distinct().toList();
    try (PrintComparison print = PrintComparison.to(Command.out(spec), url, format);
        Application application = Application.start(database, project.plan(false, false))) {
      stop.then(application::close);
      application.compare(new Comparison(producer, compared, repair, all, Instant.now(), print));
      return print.ended();
    } catch (RuntimeException e) {
      if (!stop.isWished()) {
        throw e;
      }
      Command.line(spec).getErr().println("Stopped: what is repaired stays.");
      return Command.UNEXPECTED;
    }
  }

  private static Set<String> approved(Database database, String url) throws SQLException {
    Set<String> approved = new HashSet<>();
    Rows.of(
            database,
            """
            select ref_doctype from event_producer_document_type
             where producer_url = ? and status = 'Approved'
            """,
            url)
        .forEach(row -> approved.add(row.path("ref_doctype").asText()));
    return approved;
  }

  private static Optional<ProducerDoctype> row(EventProducer producer, String doctype) {
    return Stream.concat(
            producer.following(doctype).stream(),
            producer.producerDoctypes().stream().filter(row -> row.refDoctype().equals(doctype)))
        .filter(row -> !row.unsubscribe())
        .findFirst();
  }

  private String unknown(Project project, Path directory) {
    List<String> files =
        new ReadProducerFiles(directory, System.getenv(), project.mappings())
            .byFile().keySet().stream()
                .map(file -> file.getFileName().toString().replaceFirst("\\.[^.]*$", ""))
                .toList();
    return "'%s' is neither the producer_url nor the file of an Event Producer in %s%s"
        .formatted(
            which,
            directory.resolve("producers"),
            nearest(which, files, ": there are " + String.join(", ", files)));
  }

  private static String notFollowed(EventProducer producer, String doctype) {
    List<String> followed =
        producer.producerDoctypes().stream()
            .filter(row -> !row.unsubscribe())
            .flatMap(row -> Stream.of(row.remoteDoctype(), row.refDoctype()))
            .distinct()
            .toList();
    return "'%s' is not followed from %s%s"
        .formatted(
            doctype,
            producer.producerUrl(),
            nearest(doctype, followed, ": its file has " + String.join(", ", followed)));
  }

  private static String nearest(String word, List<String> allowed, String otherwise) {
    return Nearest.to(word, allowed)
        .map("; did you mean %s?"::formatted)
        .orElse(allowed.isEmpty() ? "." : otherwise + ".");
  }
}
