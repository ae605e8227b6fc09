package org.eventstreaming.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.DocTypes;
import org.eventstreaming.doctype.ReadDocTypeFiles;
import org.eventstreaming.files.FilesRefused;
import org.eventstreaming.files.Problems;
import org.eventstreaming.main.Application;
import org.eventstreaming.mapping.Mappings;
import org.eventstreaming.mapping.ReadMappingFiles;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ReadProducerFiles;
import org.eventstreaming.producer.ReadSiteFiles;
import org.eventstreaming.producer.Secrets;
import org.eventstreaming.settings.Configuration;
import org.eventstreaming.settings.ReadSettings;

/** The files of one project directory, read and checked. */
record Project(
    Path directory,
    Configuration configuration,
    List<EventProducer> producers,
    Map<String, DocType> doctypes,
    Mappings mappings) {

  /**
   * Reads everything; what is wrong in any file is reported together.
   *
   * @throws FilesRefused with every problem
   */
  static Project read(Path directory) {
    return read(directory, Secrets.READ);
  }

  /** The same, with the secrets of the files or without. */
  static Project read(Path directory, Secrets secrets) {
    Problems problems = new Problems();
    Project read = read(directory, secrets, problems);
    problems.refuseIfAny();
    return read;
  }

  /** The same, for one who has further problems to report: what is right in the files. */
  static Project read(Path directory, Problems problems) {
    return read(directory, Secrets.READ, problems);
  }

  private static Project read(Path directory, Secrets secrets, Problems problems) {
    Configuration configuration = readSettings(directory).read(problems);
    Optional<Map<String, DocType>> doctypes =
        problems.gather(() -> new ReadDocTypeFiles(directory).read());
    Optional<Mappings> mappings =
        problems.gather(() -> mappings(directory, doctypes.orElse(Map.of())));
    Optional<List<EventProducer>> producers = producers(directory, mappings, secrets, problems);
    return new Project(
        directory,
        configuration,
        producers.orElse(List.of()),
        doctypes.orElse(Map.of()),
        mappings.orElse(Mappings.NONE));
  }

  static Configuration settings(Path directory) {
    return readSettings(directory).read();
  }

  private static ReadSettings readSettings(Path directory) {
    Map<String, String> systemProperties = new HashMap<>();
    System.getProperties().forEach((key, value) -> systemProperties.put("" + key, "" + value));
    return new ReadSettings(directory, System.getenv(), systemProperties);
  }

  /**
   * The Event Producers whose files are not refused, for commands that call no site: their secrets
   * are left unread.
   */
  static List<EventProducer> producers(Path directory, Problems problems) {
    Optional<Map<String, DocType>> doctypes =
        problems.gather(() -> new ReadDocTypeFiles(directory).read());
    Mappings mappings =
        problems.gather(() -> mappings(directory, doctypes.orElse(Map.of()))).orElse(null);
    return Files.exists(directory.resolve("producers"))
        ? List.copyOf(
            new ReadProducerFiles(directory, System.getenv(), mappings, Secrets.LEFT)
                .byFile(problems)
                .values())
        : List.of();
  }

  /** A project without the folder follows nobody yet; it may have sites all the same. */
  private static Optional<List<EventProducer>> producers(
      Path directory, Optional<Mappings> mappings, Secrets secrets, Problems problems) {
    if (Files.exists(directory.resolve("producers"))) {
      return problems.gather(
          () ->
              new ReadProducerFiles(directory, System.getenv(), mappings.orElse(null), secrets)
                  .read());
    }
    problems.gather(() -> new ReadSiteFiles(directory, System.getenv(), secrets).read());
    return Optional.of(List.of());
  }

  static Mappings mappings(Path directory, Map<String, DocType> doctypes) {
    return new ReadMappingFiles(directory, DocTypes.of(doctypes)).read();
  }

  Application.Plan plan(boolean clocks, boolean serves, AcceptReplaced routes) {
    return new Application.Plan(
        directory,
        configuration.settings(),
        configuration.others(),
        producers,
        doctypes,
        mappings,
        Clock.systemUTC(),
        clocks,
        serves,
        routes.accepted);
  }
}
