package org.eventstreaming.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.eventstreaming.files.Nearest;
import org.eventstreaming.files.Place;
import org.eventstreaming.files.Problem;

/** Finds what stands a slip away from the folders and files of a project and is never read. */
final class FindUnread {
  private static final List<String> FOLDERS =
      List.of("config", "data", "doctypes", "lib", "mappings", "producers", "routes", "sites");
  private static final List<String> SETTINGS = List.of("application.yaml", "application.yml");

  private final Path project;

  FindUnread(Path project) {
    this.project = project;
  }

  List<Problem> find() {
    List<Problem> found = new ArrayList<>();
    if (Files.isDirectory(project)) {
      try (Stream<Path> entries = Files.list(project)) {
        entries
            .filter(Files::isDirectory)
            .map(folder -> folder.getFileName().toString())
            .filter(name -> !FOLDERS.contains(name))
            .sorted()
            .forEach(
                name ->
                    Nearest.to(name, FOLDERS)
                        .ifPresent(
                            near ->
                                found.add(
                                    unread(
                                        Path.of(name),
                                        "this folder is not read: did you mean %s?"
                                            .formatted(near)))));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    for (String name : SETTINGS) {
      Path file = Path.of("config", name);
      if (Files.exists(project.resolve(file))) {
        found.add(
            unread(
                file, "this file is not read: settings belong in config/application.properties"));
      }
    }
    return found;
  }

  private static Problem unread(Path path, String message) {
    return Problem.at(path, Place.NONE, message);
  }
}
