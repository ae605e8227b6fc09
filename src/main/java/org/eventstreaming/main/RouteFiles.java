package org.eventstreaming.main;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The routes of a project: its own, or those in the jar where it has none. */
final class RouteFiles {
  /** Where Camel finds those in the jar. */
  static final String IN_THE_JAR =
      Stream.of(
              "attachments",
              "callbacks",
              "clock",
              "consumer",
              "diff",
              "errors",
              "housekeeping",
              "load",
              "poll",
              "producers",
              "reconcile",
              "retry",
              "views")
          .map("classpath:routes/%s.camel.yaml"::formatted)
          .collect(Collectors.joining(","));

  static final Path FOLDER = Path.of("routes");

  private RouteFiles() {}

  /** The project's own, relative to its directory and sorted; none where it has none. */
  static List<Path> of(Path project) {
    Path folder = project.resolve(FOLDER);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.camel.yaml")) {
      found.forEach(file -> files.add(FOLDER.resolve(file.getFileName())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    files.sort(null);
    return files;
  }

  /** Where Camel finds these files; those in the jar where there are none. */
  static String pattern(Path project, List<Path> files) {
    return files.isEmpty()
        ? IN_THE_JAR
        : files.stream()
            .map(file -> "file:" + project.resolve(file).toAbsolutePath().normalize())
            .collect(Collectors.joining(","));
  }
}
