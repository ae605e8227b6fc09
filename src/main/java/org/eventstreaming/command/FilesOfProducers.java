package org.eventstreaming.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.eventstreaming.files.Problems;
import org.eventstreaming.producer.EventProducer;

/**
 * The Event Producers of the files, for commands that only show what is here: what is wrong is
 * reported, no more. No site is called, so their secrets are left unread.
 */
final class FilesOfProducers {
  private final Path directory;
  private final PrintWriter err;

  FilesOfProducers(Path directory, PrintWriter err) {
    this.directory = directory;
    this.err = err;
  }

  /** Those whose files are not refused. */
  List<EventProducer> read() {
    Problems problems = new Problems();
    List<EventProducer> producers = Project.producers(directory, problems);
    problems.all().forEach(err::println);
    err.flush();
    return producers;
  }
}
