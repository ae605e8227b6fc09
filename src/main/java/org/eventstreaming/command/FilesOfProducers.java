package org.eventstreaming.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.eventstreaming.files.Problems;
import org.eventstreaming.producer.EventProducer;

/**
 * The Event Producers of the files, for commands that only show: what is wrong is told, no more.
 */
final class FilesOfProducers {
  private final Path directory;
  private final PrintWriter err;

  FilesOfProducers(Path directory, PrintWriter err) {
    this.directory = directory;
    this.err = err;
  }

  /** None where a file is refused. */
  List<EventProducer> read() {
    Problems problems = new Problems();
    List<EventProducer> producers = Project.producers(directory, problems).orElse(List.of());
    problems.all().forEach(err::println);
    err.flush();
    return producers;
  }
}
