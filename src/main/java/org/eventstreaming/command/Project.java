package org.eventstreaming.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eventstreaming.doctype.DocType;
import org.eventstreaming.doctype.ReadDocTypeFiles;
import org.eventstreaming.files.FilesRefused;
import org.eventstreaming.files.Problem;
import org.eventstreaming.main.Application;
import org.eventstreaming.producer.EventProducer;
import org.eventstreaming.producer.ReadProducerFiles;
import org.eventstreaming.settings.Configuration;
import org.eventstreaming.settings.ReadSettings;

/** The files of one project directory, read and checked. */
record Project(
    Path directory,
    Configuration configuration,
    List<EventProducer> producers,
    Map<String, DocType> doctypes) {

  /**
   * Reads everything; what is wrong in any file is told together.
   *
   * @throws FilesRefused with every problem
   */
  static Project read(Path directory) {
    List<Problem> problems = new ArrayList<>();
    Configuration configuration = null;
    List<EventProducer> producers = List.of();
    Map<String, DocType> doctypes = Map.of();
    try {
      configuration = settings(directory);
    } catch (FilesRefused e) {
      problems.addAll(e.problems());
    }
    try {
      // a project without the folder follows nobody yet
      if (Files.exists(directory.resolve("producers"))) {
        producers = new ReadProducerFiles(directory, System.getenv()).read();
      }
    } catch (FilesRefused e) {
      problems.addAll(e.problems());
    }
    try {
      doctypes = new ReadDocTypeFiles(directory).read();
    } catch (FilesRefused e) {
      problems.addAll(e.problems());
    }
    if (configuration == null || !problems.isEmpty()) {
      throw new FilesRefused(problems);
    }
    return new Project(directory, configuration, producers, doctypes);
  }

  static Configuration settings(Path directory) {
    Map<String, String> systemProperties = new HashMap<>();
    System.getProperties().forEach((key, value) -> systemProperties.put("" + key, "" + value));
    return new ReadSettings(directory, System.getenv(), systemProperties).read();
  }

  Application.Plan plan(boolean clocks, boolean serves) {
    return new Application.Plan(
        directory,
        configuration.settings(),
        configuration.others(),
        producers,
        name -> java.util.Optional.ofNullable(doctypes.get(name)),
        Clock.systemUTC(),
        clocks,
        serves);
  }
}
