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
import java.util.regex.Matcher;
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

  /** Names of files that were meant to be routes. */
  private static final Pattern MISNAMED =
      Pattern.compile("(?i)([^.].*?)(?:\\.camel)?\\.(ya?ml|xml)");

  private final Path project;
  private final List<RouteFile> changed;
  private final List<Path> equal;

  private RouteFiles(Path project, List<RouteFile> changed, List<Path> equal) {
    this.project = project;
    this.changed = List.copyOf(changed);
    this.equal = List.copyOf(equal);
  }

  /** Reads the project's; what cannot be read is among the problems, and not among the files. */
  static RouteFiles read(Path project, RouteSettings settings, Problems problems) {
    List<RouteFile> changed = new ArrayList<>();
    List<Path> equal = new ArrayList<>();
    Map<String, Path> named = new HashMap<>();
    ProjectFiles files = new ProjectFiles(project);
    for (Path folder : settings.folders()) {
      for (String name : names(project, folder, problems)) {
        Path path = folder.resolve(name);
        Optional<RouteFile> file = files.text(path, problems).map(text -> file(path, text));
        if (file.isEmpty()) {
          continue;
        }
        if (file.get().isBuiltIn()) {
          equal.add(path);
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
    return new RouteFiles(project, changed, equal);
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
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      names.forEach(name -> refuseMisnamed(folder, name, names, problems));
      return names.stream().filter(name -> ROUTES.matcher(name).matches()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file of routes that is passed over in silence would never be missed. */
  private static void refuseMisnamed(
      Path folder, String name, List<String> names, Problems problems) {
    Matcher misnamed = MISNAMED.matcher(name);
    if (ROUTES.matcher(name).matches() || !misnamed.matches()) {
      return;
    }
    String ending = misnamed.group(2).equalsIgnoreCase("xml") ? ".camel.xml" : ".camel.yaml";
    String right = misnamed.group(1) + ending;
    problems.add(
        folder.resolve(name),
        Place.NONE,
        names.contains(right)
            ? "is not loaded, and %s is: remove this file, or give it another name that ends in %s"
                .formatted(right, ending)
            : "is not loaded: name it %s, as files of routes end in .camel.yaml or .camel.xml"
                .formatted(right));
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

  /** Files of the project that are equal to the files of the jar of their names. */
  List<Path> equal() {
    return equal;
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
