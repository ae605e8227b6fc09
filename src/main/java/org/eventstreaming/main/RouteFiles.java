package org.eventstreaming.main;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eventstreaming.files.Place;
import org.eventstreaming.files.Problems;
import org.eventstreaming.files.ProjectFiles;
import org.eventstreaming.settings.RouteSettings;

/**
 * The routes that a project runs: those of the jar, of which a file of the project replaces the one
 * of its name, and the project's own. A file that says what the jar's says is the jar's.
 */
final class RouteFiles {
  static final Path FOLDER = Path.of("routes");

  /** The files of the jar. */
  static final List<String> BUILT_IN =
      Stream.of(
              "attachments",
              "call-site",
              "callbacks",
              "clock",
              "compare",
              "consumer",
              "errors",
              "housekeeping",
              "load",
              "poll",
              "producers",
              "reconcile",
              "retry",
              "views")
          .map("%s.camel.yaml"::formatted)
          .toList();

  private static final Pattern ROUTES = Pattern.compile("[^.].*\\.camel\\.(yaml|xml)");

  private final Path project;
  private final List<RouteFile> changed;

  private RouteFiles(Path project, List<RouteFile> changed) {
    this.project = project;
    this.changed = List.copyOf(changed);
  }

  /** Reads the project's; what cannot be read is among the problems, and not among the files. */
  static RouteFiles read(Path project, RouteSettings settings, Problems problems) {
    List<RouteFile> changed = new ArrayList<>();
    Map<String, Path> named = new HashMap<>();
    ProjectFiles files = new ProjectFiles(project);
    for (Path folder : settings.folders()) {
      for (String name : names(project, folder, problems)) {
        Path path = folder.resolve(name);
        Optional<RouteFile> file =
            files
                .text(path, problems)
                .map(text -> file(path, text))
                .filter(one -> !one.isBuiltIn());
        if (file.isEmpty()) {
          continue;
        }
        Path other =
            file.get().origin() == RouteFile.Origin.REPLACES ? named.put(name, path) : null;
        if (other != null) {
          problems.add(path, Place.NONE, other + " already replaces " + name + " of the jar");
        } else {
          changed.add(file.get());
        }
      }
    }
    return new RouteFiles(project, changed);
  }

  private static RouteFile file(Path path, String text) {
    String name = path.getFileName().toString();
    if (!BUILT_IN.contains(name)) {
      return new RouteFile(path, RouteFile.Origin.OWN, text);
    }
    RouteFile builtIn = builtIn(name);
    RouteFile replaces = new RouteFile(path, RouteFile.Origin.REPLACES, text);
    return replaces.text().equals(builtIn.text()) ? builtIn : replaces;
  }

  private static List<String> names(Path project, Path folder, Problems problems) {
    Path found = project.resolve(folder);
    if (!Files.isDirectory(found)) {
      if (!folder.equals(FOLDER)) {
        problems.add(
            folder,
            Place.NONE,
            "there is no such folder, which eventstreaming.routes.folders names");
      }
      return List.of();
    }
    try (Stream<Path> files = Files.list(found)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> ROUTES.matcher(name).matches())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file of the jar. */
  static RouteFile builtIn(String name) {
    try (InputStream in = RouteFiles.class.getResourceAsStream("/routes/" + name)) {
      if (in == null) {
        throw new IllegalStateException("routes/" + name + " is not in the jar");
      }
      return new RouteFile(
          FOLDER.resolve(name),
          RouteFile.Origin.BUILT_IN,
          new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path project() {
    return project;
  }

  /** The project's file that replaces this one of the jar; that of the jar where none does. */
  RouteFile named(String name) {
    return replacing().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseGet(() -> builtIn(name));
  }

  /** The files of the jar that nothing replaces. */
  List<RouteFile> builtIn() {
    List<String> replaced = replacing().stream().map(RouteFile::name).toList();
    return BUILT_IN.stream()
        .filter(name -> !replaced.contains(name))
        .map(RouteFiles::builtIn)
        .toList();
  }

  /** The project's: those that replace a file of the jar, and its own. */
  List<RouteFile> changed() {
    return changed;
  }

  List<RouteFile> replacing() {
    return changed.stream().filter(one -> one.origin() == RouteFile.Origin.REPLACES).toList();
  }

  /** Where Camel finds all of them. */
  String pattern() {
    return pattern(Stream.concat(builtIn().stream(), changed.stream()).toList());
  }

  String pattern(List<RouteFile> files) {
    return files.stream().map(file -> file.location(project)).collect(Collectors.joining(","));
  }
}
