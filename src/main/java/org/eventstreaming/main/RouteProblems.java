package org.eventstreaming.main;

import com.fasterxml.jackson.core.JsonPointer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eventstreaming.files.MarkedFile;
import org.eventstreaming.files.Place;
import org.eventstreaming.files.Problem;
import org.eventstreaming.files.Problems;
import org.eventstreaming.files.ProjectFiles;
import org.eventstreaming.files.ReadMarkedFile;

/** Reads from what Camel throws where in the routes something is wrong. */
final class RouteProblems {
  private static final Pattern MARK =
      Pattern.compile("\\s*in (?:file|classpath):([^\n]+?), line (\\d+), column (\\d+):");
  private static final Pattern STEP =
      Pattern.compile(
          "Failed to create route: (\\S+) at: >>> (.*?) <<<.*? because: (.*)", Pattern.DOTALL);
  private static final Pattern EMPTY = Pattern.compile("Resource is empty: \\w+:(\\S+)");

  private RouteProblems() {}

  static Problem of(Path project, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = Objects.requireNonNullElse(cause.getMessage(), "");
      Matcher mark = MARK.matcher(message);
      if (mark.find()) {
        return new Problem(
            relative(project, mark.group(1)),
            Integer.parseInt(mark.group(2)),
            Integer.parseInt(mark.group(3)),
            oneLine(message.substring(0, mark.start()) + after(message)));
      }
      Matcher step = STEP.matcher(message);
      if (step.find()) {
        return atRoute(
            project,
            step.group(1),
            "route %s, step %s: %s"
                .formatted(step.group(1), oneLine(step.group(2)), oneLine(step.group(3))));
      }
      Matcher empty = EMPTY.matcher(message);
      if (empty.find()) {
        return Problem.at(relative(project, empty.group(1)), Place.START, "the file is empty");
      }
    }
    return Problem.at(RouteFiles.FOLDER, Place.NONE, oneLine(String.valueOf(failure.getMessage())));
  }

  /** Camel names the route alone: its file is the one where its id stands. */
  private static Problem atRoute(Path project, String id, String message) {
    ProjectFiles files = new ProjectFiles(project);
    Problems unreadable = new Problems();
    List<Path> candidates =
        files.exists(RouteFiles.FOLDER.toString())
            ? files.in(RouteFiles.FOLDER.toString(), unreadable)
            : List.of();
    for (Path path : candidates) {
      Optional<MarkedFile> file = new ReadMarkedFile(files).read(path, unreadable);
      for (int i = 0; i < file.map(read -> read.root().size()).orElse(0); i++) {
        JsonPointer at = JsonPointer.compile("/" + i + "/route/id");
        if (file.orElseThrow().root().at(at).asText().equals(id)) {
          return Problem.at(path, file.orElseThrow().value(at), message);
        }
      }
    }
    return Problem.at(RouteFiles.FOLDER, Place.NONE, message);
  }

  /** Files of the project as a person there names them; others as they are. */
  static Path relative(Path project, String file) {
    Path path = Path.of(file.replaceFirst("^(file|classpath):", ""));
    Path root = project.toAbsolutePath().normalize();
    return path.isAbsolute() && path.startsWith(root) ? root.relativize(path) : path;
  }

  /** A syntax error says what it met after its excerpt of the file. */
  private static String after(String message) {
    return message
        .lines()
        .filter(line -> line.startsWith("found ") || line.startsWith("expected "))
        .findFirst()
        .map(line -> ": " + line)
        .orElse("");
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
